# SPDX-License-Identifier: Apache-2.0
"""How the body knows of a tie, in words: a place in the client's papers is kept by the ids of its table and column."""

import re

from gradus.formats.wording import words
from gradus.grading.scheme import Edition
from gradus.grading.texts import Text

_IN_PAPERS = re.compile(r"(\w+) (\d+) · (\w+)")


def source_words(edition: Edition, source: str) -> Text:
    """A place in the papers in the edition's words; anything else as it was written."""
    found = _IN_PAPERS.fullmatch(source)
    table = edition.tables.get(found[1]) if found else None
    column = next((each for each in table.columns if each.id == found[3]), None) if found and table else None
    if found is None or table is None or column is None:
        return Text(source, source)
    rows = {each: words("report.veto_row", each, table=table.text[each], row=found[2]) for each in ("zh", "en")}
    return Text(**{each: f"{row} · {column.text[each]}" for each, row in rows.items()})
