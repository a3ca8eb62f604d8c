# SPDX-License-Identifier: Apache-2.0
"""Full-width signs where a formula or YAML needs the half-width ones: the usual slip of a Chinese keyboard."""

import re

_NAMED = {"“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "。": ".", "【": "[", "】": "]", "\u3000": " "}
_SIGN = re.compile(f"[\uff01-\uff5e{''.join(_NAMED)}]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def half_width(sign: str) -> str:
    """The sign that was meant."""
    return _NAMED.get(sign) or chr(ord(sign) - 0xFEE0)


def outside_quotes(text: str) -> str:
    """The text with blanks for what stands between quotation marks, every other sign at its place."""
    return _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)


def first_full_width(text: str) -> int:
    """Where the first full-width sign outside quotation marks stands; -1 without one."""
    found = _SIGN.search(outside_quotes(text))
    return found.start() if found else -1
