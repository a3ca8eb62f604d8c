# SPDX-License-Identifier: Apache-2.0
"""The report as PDF/A-3b: the same bytes from the same result, on every machine.

The result itself is attached as result.json, so that whoever has the report can check it.

The template is constant. The report goes in as JSON and is never pasted into markup. Only the fonts beside this file
are used; a sign that they lack is shown as a geta mark, which is what printers put in its place.
"""

import json
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import typst

from gradus.formats.palette import colours
from gradus.formats.report_model import report_model
from gradus.formats.result_json import dumps, result_to_json
from gradus.grading.result import Result

_HERE = Path(__file__).resolve().parent
_FONTS = _HERE / "fonts"
_TEMPLATE = _HERE / "templates" / "report.typ"
_GETA = "\u3013"


def render_pdf(result: Result, language: str) -> bytes:
    """The report of a result in one language ("zh" or "en")."""
    report = report_model(result, language) | {"colours": colours}
    text = printable(json.dumps(report, ensure_ascii=False))
    midnight = datetime.combine(result.as_of, time(), UTC)
    pdf = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=typst_fonts(),
        sys_inputs={"report": text, "result": dumps(result_to_json(result))},
        pdf_standards="a-3b",
        timestamp=midnight,
    )
    assert isinstance(pdf, bytes)
    return pdf if pdf.endswith(b"\n") else pdf + b"\n"


def printable(text: str) -> str:
    """The text with a geta mark for every sign that the fonts lack."""
    lacking = {ord(sign): _GETA for sign in set(text) if sign >= " " and ord(sign) not in covered()}
    return text.translate(lacking) if lacking else text


@cache
def typst_fonts() -> typst.Fonts:
    """The fonts beside this file, and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)])


@cache
def covered() -> frozenset[int]:
    """The code points that every weight of the typeface has."""
    every = [frozenset(_code_points(path.read_bytes())) for path in sorted(_FONTS.glob("*.ttf"))]
    return frozenset.intersection(*every)


def _code_points(font: bytes) -> Iterator[int]:
    """Read an OpenType font's character map, subtable format 12: groups of (first, last, first glyph)."""
    count = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * index) for index in range(count))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        table = start + struct.unpack_from(">HHI", font, start + 4 + 8 * index)[2]
        if struct.unpack_from(">H", font, table)[0] == 12:
            for group in range(struct.unpack_from(">I", font, table + 12)[0]):
                first, last, _ = struct.unpack_from(">III", font, table + 16 + 12 * group)
                yield from range(first, last + 1)
