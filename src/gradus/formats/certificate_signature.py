# SPDX-License-Identifier: Apache-2.0
"""Sign a certificate's PDF: PAdES baseline B (ETSI EN 319 142-1), ECDSA P-256 with SHA-256, in one incremental update.

The key stays with the caller: ``sign`` takes the bytes to be signed and gives a DER signature, from memory or from a
hardware module. The same page, key, certificates and instant give the same file, as long as ``sign`` is deterministic
(RFC 6979). What is written here, and nothing else, is what ``trust/pdf_check.py`` accepts.

The signature certifies the page (DocMDP, no changes). The certificates are written into
the document security store by the same update. Nothing of the page is rewritten, so that it stays
PDF/A: the signature has no picture of its own.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from pyhanko.pdf_utils.extensions import DeveloperExtension, DevExtensionMultivalued
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject, DictionaryObject, StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import Signer
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData

from gradus.trust.keys import P256_ORDER

FIELD = "Certification"
RESERVED = 6144  # hexadecimal digits for the signature container; a certificate has about 600 bytes, all else 500


@dataclass(frozen=True, slots=True)
class PdfSigner:
    """Who signs: a function from bytes to a DER signature of ECDSA P-256 with SHA-256, and the certificates as DER, the
    signer's own first."""

    sign: Callable[[bytes], bytes]
    certificates: tuple[bytes, ...]


def sign_certificate(pdf: bytes, signer: PdfSigner, at: datetime) -> bytes:
    """The page with its signature, which claims to have been made ``at`` that instant."""
    writer = _Update(BytesIO(pdf))
    writer.register_extension(_PADES)
    _store_certificates(writer, signer)
    embedder = PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, writer)
    next(embedder)
    placeholder = PdfSignedData(pdf_name("/Sig"), SigSeedSubFilter.PADES, at, RESERVED)
    mdp = SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    embedder.send(SigObjSetup(placeholder, mdp))
    prepared, output = embedder.send(SigIOSetup("sha256"))
    container = asyncio.run(_Seam(signer).async_sign(prepared.document_digest, "sha256", use_pades=True))
    embedder.send(container)
    signed: bytes = output.getvalue()
    return signed


_PADES = DeveloperExtension(
    prefix_name=pdf_name("/ESIC"),
    base_version=pdf_name("/1.7"),
    extension_level=1,
    multivalued=DevExtensionMultivalued.NEVER,
)


class _Update(IncrementalPdfFileWriter):
    """An incremental update made of what it is given alone: no clock, no chance, the page's metadata as it is."""

    def _update_meta(self) -> None:
        """A changed modification date would have to stand in the XMP too, which pyHanko writes in a form that loses
        PDF/A."""

    @classmethod
    def _handle_id(cls, prev: Any) -> ArrayObject:  # noqa: ANN401
        """The first half is the page's own; the second names this version (ISO 32000-1, 14.4)."""
        first, _ = prev.trailer["/ID"]
        prev.stream.seek(0)
        second = ByteStringObject(sha256(prev.stream.read()).digest()[:16])
        return ArrayObject([ByteStringObject(first.original_bytes), second])


class _Seam(Signer):
    """pyHanko's view of a signer; the signature is brought to its lower form, so that nobody else can change it into
    the other valid one."""

    def __init__(self, signer: PdfSigner) -> None:
        super().__init__(signing_cert=Certificate.load(signer.certificates[0]))
        self._sign = signer.sign

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> bytes:
        assert digest_algorithm == "sha256"
        r, s = decode_dss_signature(self._sign(data))
        return encode_dss_signature(r, min(s, P256_ORDER - s))


def _store_certificates(writer: IncrementalPdfFileWriter, signer: PdfSigner) -> None:
    """The document security store (ETSI EN 319 142-1, 5.4.2.2)."""
    kept = ArrayObject([writer.add_object(StreamObject(stream_data=each)) for each in signer.certificates])
    store = DictionaryObject({pdf_name("/Type"): pdf_name("/DSS"), pdf_name("/Certs"): kept})
    writer.root[pdf_name("/DSS")] = writer.add_object(store)
    writer.update_root()
