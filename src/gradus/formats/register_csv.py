# SPDX-License-Identifier: Apache-2.0
"""What was found in the register as CSV (RFC 4180) that spreadsheets open: UTF-8 with a byte order mark, which Excel
needs, and no cell that a spreadsheet would take for a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV."""
    written = StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """An apostrophe before what looks like the beginning of a formula makes it text (OWASP, CSV injection)."""
    return f"'{cell}" if cell.lstrip().startswith(_STARTS_FORMULA) else cell
