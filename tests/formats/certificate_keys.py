# SPDX-License-Identifier: Apache-2.0
"""A small PKI that is the same in every run, and pages signed with it."""

from datetime import UTC, datetime
from functools import cache

import typst
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

from gradus.formats.certificate_pdf import render_certificate
from gradus.formats.certificate_pki import Span, Subject, make_root, make_signing_certificate
from gradus.formats.certificate_signature import PdfSigner, sign_certificate
from gradus.formats.report_pdf import typst_fonts
from gradus.trust.pdf_attachments import CERTIFICATE_FILES
from tests.formats.certificate_faces import AT, USUAL

CREDENTIAL = f'{{"credential":"内容","id":"{USUAL.verification_url}"}}'.encode()
RECEIPT = b'{"receipt":' + b'"x"' + b"}"

ROOT_SPAN = Span(datetime(2025, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC))
SPAN = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))
BODY = Subject("某某认证中心有限公司", "Example document signing")


def key(secret: int) -> EllipticCurvePrivateKey:
    return derive_private_key(secret, SECP256R1())


def signing(private: EllipticCurvePrivateKey):
    return lambda data: private.sign(data, ECDSA(SHA256(), deterministic_signing=True))


ROOT_KEY, SIGNING_KEY = key(1001), key(1002)
ROOT = make_root(ROOT_KEY, Subject("某某认证中心有限公司", "Example root"), ROOT_SPAN)
CERTIFICATE = make_signing_certificate(ROOT, ROOT_KEY, SIGNING_KEY.public_key(), BODY, SPAN)
SIGNER = PdfSigner(signing(SIGNING_KEY), (CERTIFICATE, ROOT))


@cache
def page() -> bytes:
    return render_certificate(USUAL, CREDENTIAL, RECEIPT, AT)


@cache
def signed() -> bytes:
    return sign_certificate(page(), SIGNER, AT)


@cache
def small() -> bytes:
    """The smallest signed file of the form: a blank page with the attachments of a certificate."""
    source = "".join(
        f'#pdf.attach("{name}", bytes(sys.inputs.text), relationship: "{relationship.lower()}",'
        ' mime-type: "application/json", description: "-")\n'
        for name, relationship in CERTIFICATE_FILES.items()
    )
    blank = typst.compile(
        source.encode(), sys_inputs={"text": "{}"}, pdf_standards="a-3b", timestamp=AT, font_paths=typst_fonts()
    )
    return sign_certificate(blank + b"\n", SIGNER, AT)
