# SPDX-License-Identifier: Apache-2.0
"""The body's letters as PDF/A-3b, in Chinese or English: the same bytes from the same values.

The template is constant; what it says goes in as JSON and is never pasted into markup. Vermilion is in a letter only
when ``seal`` says so.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import typst

from gradus.formats.palette import colours, vermilion
from gradus.formats.report_pdf import printable, typst_fonts
from gradus.formats.wording import words

_TEMPLATE = Path(__file__).resolve().parent / "templates" / "letter.typ"


@dataclass(frozen=True, slots=True)
class Line:
    """A fact: what it is of, and what it is."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed, in which part, and when."""

    part: str
    name: str
    at: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, in one language. ``seal`` is the body's name in the seal, "" where there is none;
    ``digest`` names the file or decision behind it."""

    language: str
    number: str
    title: str
    body: str
    addressee: str
    opening: str
    facts: tuple[Line, ...]
    items: tuple[str, ...]
    closing: str
    issued_on: date
    signed: tuple[Signed, ...] = ()
    seal: str = ""
    digest: str = ""


def render_letter(letter: Letter) -> bytes:
    """The letter as PDF."""
    model = {
        **asdict(letter),
        "issued_on": letter.issued_on.isoformat(),
        "colours": {**colours, "vermilion": vermilion},
        "labels": {
            **{code: words(f"letters.{code}", letter.language) for code in ("number", "digest")},
            "page_of": words("letters.page_of", letter.language, page="{page}", pages="{pages}"),
        },
    }
    pdf = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=typst_fonts(),
        sys_inputs={"letter": printable(json.dumps(model, ensure_ascii=False))},
        pdf_standards="a-3b",
        timestamp=datetime.combine(letter.issued_on, time(), UTC),
    )
    assert isinstance(pdf, bytes)
    return pdf if pdf.endswith(b"\n") else pdf + b"\n"
