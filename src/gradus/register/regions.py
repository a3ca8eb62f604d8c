# SPDX-License-Identifier: Apache-2.0
"""The province-level division that a holder is registered in (GB/T 2260, the first two digits)."""

from gradus.formats.wording import words

REGIONS = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split()
)


def region_of(address: str, uscc: str) -> str:
    """The division that a Chinese address begins with; else the one where the credit code was given, its third and
    fourth digit (GB 32100-2015); "" where neither tells. The address comes first: a code stays when a firm moves."""
    written = address.strip().removeprefix("中国")
    named = next((each for each in REGIONS if written.startswith(words(f"region.{each}", "zh"))), "")
    return named or (uscc[2:4] if uscc[2:4] in REGIONS else "")
