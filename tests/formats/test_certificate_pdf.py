# SPDX-License-Identifier: Apache-2.0
"""The certificate's page: everything is on it, it fits, it reads from a phone, and it is PDF/A with its attachments."""

import io
import re
import subprocess
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache

import page as validator
import pytest
import zxingcpp
from PIL import Image

from gradus.formats.certificate_pdf import render_certificate, render_preview
from gradus.grading.texts import Text
from tests.formats.certificate_faces import AT, FACES, LONG, LONG_EN, LONG_ZH, NO_ENGLISH, SHORT, USUAL
from tests.formats.certificate_keys import CREDENTIAL, RECEIPT

WIDTH, HEIGHT = 595.276, 841.89
MARGIN = 62.0  # 23 mm in points, less what a full-width bracket at a line's end may hang over


@cache
def drawn(name: str) -> bytes:
    return render_certificate(FACES[name], CREDENTIAL, RECEIPT, AT)


def poppler(command: str, pdf: bytes, *options: str) -> str:
    words = [command, *options, "-", *(["-"] if command == "pdftotext" else [])]
    return subprocess.run(words, input=pdf, capture_output=True, check=True).stdout.decode()


def bare(text: str) -> str:
    return "".join(text.split())


def said(value: object) -> list[str]:
    """Every text and date of a face."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, tuple):
        return [text for each in value for text in said(each)]
    if is_dataclass(value):
        return [
            text
            for each in fields(value)
            if each.name not in ("seal", "qr_text")
            for text in said(getattr(value, each.name))
        ]
    return []


def word_heights(pdf: bytes) -> list[tuple[float, str]]:
    """The words of the page, each with the height of its line in points."""
    pattern = r'<word xMin="[\d.-]+" yMin="([\d.-]+)" xMax="[\d.-]+" yMax="([\d.-]+)">(.*?)</word>'
    found = re.findall(pattern, poppler("pdftotext", pdf, "-bbox"))
    return [(float(bottom) - float(top), word) for top, bottom, word in found]


def tallest(pdf: bytes, start: str) -> float:
    return max(height for height, word in word_heights(pdf) if word.startswith(start))


@pytest.mark.parametrize("name", FACES)
def test_everything_that_is_given_is_on_the_page_in_both_languages(name):
    face = FACES[name]
    text = bare(poppler("pdftotext", drawn(name)))
    given = replace(face, issuer=replace(face.issuer, address=Text("", "")), outcome=Text("", face.outcome.en))
    missing = [each for each in said(given) if bare(each) not in text]
    assert missing == []
    level, stars = face.rungs[face.reached].level.zh, face.rungs[face.reached].stars
    assert bare(level + ("★" * stars + "☆" * (5 - stars) if stars else "")) in text


@pytest.mark.parametrize("name", FACES)
def test_it_is_one_page_and_nothing_runs_out_of_it(name):
    assert "Pages:           1\n" in poppler("pdfinfo", drawn(name))
    places = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>',
        poppler("pdftotext", drawn(name), "-bbox"),
    )
    assert places
    outside = [
        word
        for left, top, right, bottom, word in places
        if float(left) < MARGIN or float(right) > WIDTH - MARGIN or float(top) < 45 or float(bottom) > HEIGHT - 45
    ]
    assert outside == []


def test_names_are_large_whatever_their_length():
    assert (len(SHORT.holder.name.zh), len(LONG_ZH), len(LONG_EN)) == (4, 40, 120)
    assert tallest(drawn("short"), "天工软件") > 28
    assert tallest(drawn("long"), LONG_ZH[:18]) > 18  # on two lines
    assert tallest(drawn("long"), "Hulunbuir") > 11


@pytest.mark.parametrize("reached", range(8))
def test_the_mark_and_the_words_name_the_outcome_that_was_granted(reached):
    rung = USUAL.rungs[reached]
    pdf = render_certificate(replace(USUAL, reached=reached), CREDENTIAL, RECEIPT, AT)
    mark = "★" * rung.stars + "☆" * (5 - rung.stars)
    text = poppler("pdftotext", pdf)
    assert tallest(pdf, rung.level.zh) > 25
    assert (mark in text) if rung.stars else ("☆" not in text)


def test_the_same_values_give_the_same_bytes():
    assert render_certificate(USUAL, CREDENTIAL, RECEIPT, AT) == drawn("usual")


def test_a_sign_that_no_font_has_leaves_a_mark_in_its_place():
    face = replace(USUAL, holder=replace(USUAL.holder, name=Text("天工𠮷公司", "")))
    assert "天工〓公司" in bare(poppler("pdftotext", render_certificate(face, CREDENTIAL, RECEIPT, AT)))


def test_names_are_data_and_never_markup():
    name = '#panic("!") *天工* $x$ @a \\ "'
    face = replace(USUAL, holder=replace(USUAL.holder, name=Text(name, "")))
    assert bare(name) in bare(poppler("pdftotext", render_certificate(face, CREDENTIAL, RECEIPT, AT)))


@pytest.mark.parametrize("face", [LONG, NO_ENGLISH], ids=["long", "no English"])
def test_the_code_reads_from_a_crooked_jpeg_of_the_printed_page(face):
    pdf = render_certificate(face, CREDENTIAL, RECEIPT, AT)
    words = ["pdftoppm", "-r", "150", "-png", "-singlefile", "-"]
    picture = subprocess.run(words, input=pdf, capture_output=True, check=True).stdout
    turned = Image.open(io.BytesIO(picture)).convert("RGB").rotate(5, expand=True, fillcolor="white")
    photo = io.BytesIO()
    turned.save(photo, "JPEG", quality=60)
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(photo.getvalue())))
    assert [each.text for each in found] == [face.qr_text]
    assert face.number in found[0].text


@pytest.mark.parametrize("name", FACES)
def test_code_and_address_lead_to_the_address_when_they_are_clicked(name):
    """poppler lists the links, each with the words or the picture under it."""
    listed = poppler("pdfinfo", drawn(name), "-url").splitlines()[1:]
    assert [line.split()[1:] for line in listed] == [["Annotation", FACES[name].verification_url]] * 2
    code, address = (
        [float(each) for each in found]
        for found in re.findall(rb"/Rect\[([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)\]", drawn(name))
    )
    assert code[2] - code[0] == pytest.approx(code[3] - code[1], abs=1)
    assert code[2] - code[0] > 80
    assert address[0] > code[2]


def test_a_preview_has_no_link_but_its_address():
    assert render_preview(USUAL, AT).count(b"/Subtype/Link") == 1


def test_the_vermilion_seal_is_the_only_red_and_only_where_the_body_gave_one():
    def reds(pdf: bytes) -> int:
        words = ["pdftoppm", "-r", "50", "-png", "-singlefile", "-"]
        picture = Image.open(io.BytesIO(subprocess.run(words, input=pdf, capture_output=True, check=True).stdout))
        return sum(
            red > 150 and green < 110 and blue < 110 for red, green, blue in picture.convert("RGB").get_flattened_data()
        )

    unsealed = replace(USUAL, issuer=replace(USUAL.issuer, seal=""))
    assert reds(drawn("usual")) > 100
    assert reds(render_certificate(unsealed, CREDENTIAL, RECEIPT, AT)) == 0
    assert reds(render_preview(USUAL, AT)) == 0


def test_a_preview_says_that_it_is_none_and_carries_nothing():
    preview = render_preview(USUAL, AT)
    text = poppler("pdftotext", preview)
    assert "不是证书" in bare(text)
    assert "not a certificate" in text
    assert b"EmbeddedFile" not in preview
    words = ["pdftoppm", "-r", "150", "-png", "-singlefile", "-"]
    picture = subprocess.run(words, input=preview, capture_output=True, check=True).stdout
    assert zxingcpp.read_barcodes(Image.open(io.BytesIO(picture))) == []


def test_credential_and_receipt_are_attached_byte_for_byte(tmp_path):
    (tmp_path / "certificate.pdf").write_bytes(drawn("usual"))
    subprocess.run(["pdfdetach", "-saveall", "certificate.pdf"], cwd=tmp_path, check=True)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.json")} == {
        "credential.json": CREDENTIAL,
        "receipt.json": RECEIPT,
    }


@pytest.mark.parametrize("name", FACES)
def test_an_independent_validator_finds_nothing_against_pdf_a_3b(name):
    report = validator.validate_pdf_bytes(drawn(name), profile="3b")
    assert [each.message for each in report.failures] == []
    assert report.is_compliant
