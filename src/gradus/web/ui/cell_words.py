# SPDX-License-Identifier: Apache-2.0
"""A cell of a dossier as it is read on a page; where it is typed it stands as it is kept."""

import re
from fractions import Fraction

from gradus.formats.numbers import in_unit
from gradus.formats.template_words import a_year, unit_words
from gradus.grading.scheme import Column
from gradus.web.ui.templates import language, t

# Sentences cut numbers after two decimals; a fact with more of them is shown whole.
_SAID_WHOLE = re.compile(r"-?\d+(\.\d\d?)?", re.ASCII)


def cell_words(column: Column, text: str) -> str:
    """What was chosen from a closed list in words, yes and no too; a number with separators and its unit; anything
    else as it stands."""
    if column.type == "boolean":
        return {"yes": t("grid.yes"), "no": t("grid.no")}.get(text, text)
    if column.type in ("integer", "decimal"):
        return _number(column.unit, text)
    return next((each.text[language()] for each in column.options if each.id == text), text)


def _number(unit: str, text: str) -> str:
    if unit == a_year or not _SAID_WHOLE.fullmatch(text):
        return text
    return in_unit(Fraction(text), unit if unit_words(unit, language()) else "", language())
