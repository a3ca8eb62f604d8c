# SPDX-License-Identifier: Apache-2.0
"""How a certificate stood, stands or will stand at an instant, on one page in both languages, as PDF/A-3b: the same
bytes from the same values. Buyers put it into the file of a tender, for the day on which bids were opened.

The template is constant; what it shows goes in as JSON. ``sign`` is whoever signs papers of the body (as
certificate_signature.sign_certificate does); without one the page says that it is not signed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import typst

from gradus.formats.palette import colours, vermilion
from gradus.formats.report_pdf import printable, typst_fonts
from gradus.formats.wording import words
from gradus.grading.texts import Text

_TEMPLATE = Path(__file__).resolve().parent / "templates" / "standing.typ"
_TWO = ("zh", "en")

Sign = Callable[[bytes, datetime], bytes]
"""From a page and the instant to the signed page."""


@dataclass(frozen=True, slots=True)
class StandingFace:
    """What the page says. ``asked`` is the instant it is about, ``verdict`` how it stands then, ``tone`` the colour
    beside these words, ``because`` why (or "" twice); ``history`` has the spans: since when, as what, why.
    ``to_come``: what is to be said where the instant asked about lies ahead."""

    number: str
    holder: Text
    uscc: str
    scheme: Text
    outcome: Text
    meaning: Text
    order: Text
    services: tuple[Text, ...]
    valid_from: date
    last_valid_on: date
    issuer: Text
    approval_no: str
    asked: str
    verdict: Text
    sign: str
    tone: str
    because: Text
    history: tuple[tuple[str, Text, Text], ...]
    verification_url: str
    to_come: Text


def render_standing(face: StandingFace, made: str, at: datetime, sign: Sign | None = None) -> bytes:
    """The page, made ``at`` that instant, which ``made`` writes for people; signed where somebody signs."""
    pdf = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=typst_fonts(),
        sys_inputs={"face": printable(json.dumps(_model(face, made, signed=sign is not None), ensure_ascii=False))},
        pdf_standards="a-3b",
        timestamp=at,
    )
    assert isinstance(pdf, bytes)
    page = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    return sign(page, at) if sign else page


def _model(face: StandingFace, made: str, *, signed: bool) -> dict[str, object]:
    span = {"first": face.valid_from.isoformat(), "last": face.last_valid_on.isoformat()}
    return {
        "colours": colours | {"vermilion": vermilion},
        "title": _both("standing_pdf.title"),
        "number": face.number,
        "number_label": _both("certificate.number"),
        "issuer": _text(face.issuer),
        "approval": _both("certificate.approval", number=face.approval_no),
        "holder": _text(face.holder),
        "asked": _both("standing_pdf.asked", at=face.asked),
        "verdict": _text(face.verdict),
        "sign": face.sign,
        "tone": face.tone,
        "because": _text(face.because),
        "to_come": _text(face.to_come),
        "facts": [
            {"label": _both("certificate.credit_code"), "texts": [{"zh": face.uscc, "en": ""}]},
            {"label": _both("standing_pdf.scheme"), "texts": [_text(face.scheme)]},
            {"label": _both("standing_pdf.outcome"), "texts": [_text(each) for each in _outcome(face)]},
            {"label": _both("certificate.scope"), "texts": [_text(each) for each in face.services]},
            {"label": _both("certificate.validity"), "texts": [_both("certificate.from_to", **span)]},
        ],
        "history_label": _both("standing_pdf.history"),
        "history": [
            {"since": since, "standing": _text(standing), "because": _text(because)}
            for since, standing, because in face.history
        ],
        "notes": [
            _both("standing_pdf.known", at=made),
            _both("standing_pdf.signed" if signed else "standing_pdf.unsigned"),
            _both("standing_pdf.not_proved"),
        ],
        "address": face.verification_url,
    }


def _outcome(face: StandingFace) -> tuple[Text, ...]:
    return face.outcome, face.meaning, face.order


def _both(code: str, **blanks: str) -> dict[str, str]:
    return {language: words(code, language, **blanks) for language in _TWO}


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
