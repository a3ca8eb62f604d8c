# SPDX-License-Identifier: Apache-2.0
"""``gradus verify certificate.pdf``: the page's own steps, then those of the credential that it carries."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
import typst

from gradus.cli.main import main
from gradus.formats.certificate_pdf import render_certificate
from gradus.formats.certificate_signature import sign_certificate
from gradus.formats.report_pdf import typst_fonts
from gradus.trust.bundle import PdfChain, write_bundle
from tests.formats.certificate_faces import AT, numbered
from tests.formats.certificate_keys import CERTIFICATE, ROOT, SIGNER
from tests.trust.world import BUNDLE, GOOD, HOST, NUMBER

ASKED = "2026-06-20T05:00:00Z"
CHAIN = PdfChain(tuple(b64encode(each).decode() for each in (CERTIFICATE, ROOT)), None)


@cache
def certificate() -> bytes:
    return sign_certificate(
        render_certificate(numbered(NUMBER, f"{HOST}/v/{NUMBER}"), GOOD.credential, GOOD.receipt, AT), SIGNER, AT
    )


@pytest.fixture
def verified(tmp_path, capsys):
    def run(data: bytes, chain: PdfChain = CHAIN, *, trust: bool = True, language: str = "en") -> tuple[int, str]:
        (tmp_path / "certificate.pdf").write_bytes(data)
        (tmp_path / "trust.json").write_bytes(write_bundle(replace(BUNDLE, pdf=(chain,))))
        (tmp_path / "status").mkdir(exist_ok=True)
        for number, listed in enumerate(GOOD.lists):
            (tmp_path / "status" / f"{number}.json").write_bytes(listed)
        trusting = ["--trust", str(tmp_path / "trust.json"), "--status", str(tmp_path / "status")] if trust else []
        file = str(tmp_path / "certificate.pdf")
        code = main(["verify", file, "--at", ASKED, "--lang", language, *trusting])
        return code, capsys.readouterr().out

    return run


@pytest.mark.parametrize(("language", "word"), [("zh", "成立"), ("en", "It holds")])
def test_a_good_page_holds_with_every_step_passed(verified, language, word):
    code, said = verified(certificate(), language=language)
    assert code == 0
    assert said.startswith(word)
    assert said.count("✓") == 8 + 9


def test_an_altered_page_does_not_hold_and_its_credential_is_not_asked(verified):
    code, said = verified(certificate().replace(b"/MediaBox [ 0 0 5", b"/MediaBox [ 0 0 4"))
    assert code == 1
    assert said.startswith("It does not hold")
    assert "The credential is readable" not in said


def test_without_a_trust_file_it_can_not_be_told(verified):
    code, said = verified(certificate(), trust=False)
    assert code == 3
    assert said.startswith("It cannot be told")


def test_a_page_signed_with_a_stolen_key_can_not_be_told_from_a_forged_one(verified):
    stolen = replace(CHAIN, compromised_at=AT + timedelta(days=30))
    code, said = verified(certificate(), stolen)
    assert code == 3
    assert "stolen on 2026-07-31" in said


@pytest.mark.parametrize("place", [0, 4, 7, 12])
def test_one_whose_header_was_altered_is_still_a_certificate_that_does_not_hold(verified, place):
    data = certificate()
    code, said = verified(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    assert code == 1
    assert said.startswith("It does not hold")


def test_a_page_that_the_body_signed_without_a_certificate_in_it_tells_of_none(verified):
    blank = typst.compile(b"A page", pdf_standards="a-3b", timestamp=AT, font_paths=typst_fonts())
    code, said = verified(sign_certificate(blank + b"\n", SIGNER, AT))
    assert code == 3
    assert said.startswith("This is a page that the certification body signed, and no certificate\n")
