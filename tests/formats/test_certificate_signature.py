# SPDX-License-Identifier: Apache-2.0
"""The signature on a certificate's PDF, as programs see it that are not ours: poppler, qpdf, openssl, a PDF/A check."""

import os
import re
import subprocess
from datetime import timedelta

import page as validator
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from gradus.formats.certificate_signature import PdfSigner, sign_certificate
from tests.formats.certificate_faces import AT
from tests.formats.certificate_keys import CERTIFICATE, ROOT, SIGNER, page, signed

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.fixture
def file(tmp_path):
    def write(data: bytes, name: str = "certificate.pdf") -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return write


def run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, check=False, env=os.environ | {"TZ": "UTC"})
    return (done.stdout + done.stderr).decode() + f"exit {done.returncode}"


def taken_apart(pdf: bytes) -> tuple[bytes, bytes]:
    """What is signed, and the CMS without its padding."""
    found = re.search(rb"/Contents (<[0-9A-F]+>)", pdf)
    content = bytes.fromhex(found[1][1:-1].decode())
    length = int.from_bytes(content[2:4]) + 4
    return pdf[: found.start(1)] + pdf[found.end(1) :], content[:length]


def test_poppler_accepts_it(file):
    said = run("pdfsig", file(signed()))
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said
    assert "Jul 01 2026 01:00:00" in said


@pytest.mark.parametrize("at", [20, 5000, 60_000, -300])
def test_poppler_refuses_it_with_one_bit_altered(file, at):
    altered = bytearray(signed())
    altered[at] ^= 1
    assert "Signature is Valid." not in run("pdfsig", file(bytes(altered)))


def test_qpdf_finds_no_fault_in_its_structure(file):
    said = run("qpdf", "--check", file(signed()))
    assert "No syntax or stream encoding errors found" in said
    assert "exit 0" in said


def test_openssl_verifies_the_signature_and_its_chain(file):
    content, container = taken_apart(signed())
    root = x509.load_der_x509_certificate(ROOT).public_bytes(Encoding.PEM)
    words = "openssl cms -verify -inform DER -binary -purpose any -cades -out /dev/null".split()
    at = str(int(AT.timestamp()))
    paths = ["-in", file(container, "cms"), "-CAfile", file(root, "root.pem"), "-attime", at]
    assert "CAdES Verification successful" in run(*words, *paths, "-content", file(content, "content"))
    altered = content[:-1] + b" "
    assert "CAdES Verification failure" in run(*words, *paths, "-content", file(altered, "altered"))


def test_an_independent_validator_finds_nothing_against_pdf_a_3b():
    report = validator.validate_pdf_bytes(signed(), profile="3b")
    assert [each.message for each in report.failures] == []
    assert report.is_compliant


def test_the_page_stands_unchanged_before_the_signature():
    assert signed().startswith(page())


def test_the_same_page_key_and_instant_give_the_same_file():
    assert sign_certificate(page(), SIGNER, AT) == signed()
    assert sign_certificate(page(), SIGNER, AT + timedelta(seconds=1)) != signed()


def test_a_key_that_gives_the_higher_form_of_a_signature_still_yields_the_lower(file):
    def higher(data: bytes) -> bytes:
        r, s = decode_dss_signature(SIGNER.sign(data))
        return encode_dss_signature(r, max(s, ORDER - s))

    assert sign_certificate(page(), PdfSigner(higher, (CERTIFICATE, ROOT)), AT) == signed()


def test_certificates_stand_beside_the_signature():
    update = signed()[len(page()) :]
    assert all(value in update for value in (CERTIFICATE, ROOT))
