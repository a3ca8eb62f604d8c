# SPDX-License-Identifier: Apache-2.0
"""The edition's sentences with their blanks filled: {n} {d} {v} {k} {t}, and {k:one|many}, which picks a form."""

import re
from collections.abc import Mapping
from fractions import Fraction

from gradus.formats.numbers import in_unit, no_scales, number, percent
from gradus.grading.scheme import Scale
from gradus.grading.texts import Text

not_known = "?"

_BLANK = re.compile(r"\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}")


def fill(
    text: Text | str,
    blanks: Mapping[str, Fraction],
    language: str,
    unit: str = "",
    scales: Mapping[str, Scale] = no_scales,
    *,
    distance_unit: str = "",
) -> str:
    """The sentence in words. {v} and {t} carry ``unit``; the sentence itself names what the others count.

    {k} is a distance: it is rounded up, and a percentage where ``distance_unit`` is a ratio. A blank without a number
    shows a question mark.
    """

    def word(blank: re.Match[str]) -> str:
        name, one, many = blank.groups()
        value = blanks.get(name)
        if one is not None:
            return one if value == 1 else many
        if value is None:
            return not_known
        if name in ("v", "t"):
            return in_unit(value, unit, language, scales)
        if name == "k":
            return percent(value, language, up=True) if distance_unit == "ratio" else number(value, up=True)
        return number(value)

    return _BLANK.sub(word, text if isinstance(text, str) else text[language])


def names_blank(text: Text | str, name: str) -> bool:
    """Whether a sentence shows a number in that blank."""
    words = text if isinstance(text, str) else text.zh
    return f"{{{name}}}" in words
