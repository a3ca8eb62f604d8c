# SPDX-License-Identifier: Apache-2.0
"""An edition's documents and cross-checks as frozen values."""

from dataclasses import dataclass

from gradus.grading.expressions import Expression
from gradus.grading.texts import Text


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document and from which level it is owed, per what. ``issued_in`` is the window in which it must be
    issued to be there; "" is any time."""

    id: str
    text: Text
    group: str
    from_level: str
    stars: int
    any_of: str
    owed_when: Expression | None
    also_owed_when: Expression | None
    per: str
    subject: str
    latest: int
    issued_in: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """Which table and columns of a dossier list its documents."""

    table: str
    kind: str
    subject: str
    file: str
    issue_day: str


@dataclass(frozen=True, slots=True)
class Check:
    """A cross-check of a dossier's rows; an error stops grading, a warning is shown."""

    id: str
    table: str
    must: Expression
    formula: str
    at: str
    error: bool
    text: Text
