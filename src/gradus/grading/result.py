# SPDX-License-Identifier: Apache-2.0
"""The result: one immutable tree. Terminal, JSON, HTML and PDF are renderings of it and compute nothing.

Points and scores are exact Fractions already rounded down as the edition declares. Row numbers are those of the
user's file. Values are Fractions (yes = 1, no = 0), or None when unknown or not applicable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from gradus.grading.dossier import Dossier
from gradus.grading.faults import Fault
from gradus.grading.scheme import Edition
from gradus.grading.texts import Text


class Status(StrEnum):
    """What became of an indicator or a requirement."""

    SCORED = "scored"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    MET = "met"
    NOT_MET = "not_met"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not there: a cell of a row, or (row 0) of a row that is itself missing, named by its key."""

    table: str
    row: int
    column: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows left out of a population, and why (in the edition's words)."""

    why: Text
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """A leaf: which rows of a table a measure looked at.

    ``counted`` are the rows of the population, ``credited`` those of them that earned credit (None: no such
    distinction) by fulfilling ``condition`` ("": none), ``left_out`` the table's other rows with the reason,
    ``rejected`` those an assessor rejected. ``amount`` is what the leaf contributes (a count, a sum ...), exact.
    """

    table: str
    population: str
    operation: str
    formula: str
    counted: tuple[int, ...]
    credited: tuple[int, ...] | None
    left_out: tuple[LeftOut, ...]
    rejected: tuple[int, ...]
    amount: Fraction | None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a value came about: the formula, the facts it rests on, and the numbers for the edition's sentence.

    ``blanks`` holds n (numerator or count), d (denominator or population size) and v (value) where they exist. Where
    ``too_few`` names a population, its rows are too few to tell the value: there is their number, least how many it
    takes. ``values`` are the single values behind a median, a rejected row's being the floor.
    """

    formula: str
    facts: tuple[Facts, ...]
    missing: tuple[Missing, ...]
    blanks: Mapping[str, Fraction]
    values: tuple[Fraction, ...] = ()
    too_few: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """An indicator's value and points (0 to 100); ``claimed`` when it rests on a self-rating only."""

    id: str
    status: Status
    value: Fraction | None
    points: Fraction | None
    explanation: Explanation
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """A gate's value, and by outcome id: met, not_met, unknown or not_asked."""

    id: str
    value: Fraction | None
    status: Mapping[str, Status]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class VetoEvent:
    """A row for which a veto holds: its ``day``, and the first day on which it no longer counts, ``ends_on``.

    ``ends_on`` is None where no window of time passes over the row: then it counts until one of the conditions of its
    population no longer holds. ``day`` is None where those conditions read no date.
    """

    table: str
    population: str
    row: int
    day: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class VetoResult:
    """Whether a veto holds, with its facts; ``holds`` None when it cannot be told. ``events``: its rows."""

    id: str
    holds: bool | None
    explanation: Explanation
    events: tuple[VetoEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of the path rule: a code for its words (path.entry, path.next, path.same, path.any, path.exception,
    path.requested, path.capability), the blanks of the words, and the highest rank admitted after it."""

    code: str
    params: Mapping[str, str]
    rank: int


class Reach(StrEnum):
    """How far a change of facts goes, when the rows that an assessor rejected can earn nothing any more.

    ``ENOUGH``: to what is asked. ``NEW_ROWS``: the rows that are there do not suffice. ``NEVER``: nothing suffices
    while the rejection stands. ``TOO_FEW``: to as many rows as it takes to tell the value. ``UNTOLD``: no distance can
    be told, mostly because facts are missing.
    """

    ENOUGH = "enough"
    NEW_ROWS = "new_rows"
    NEVER = "never"
    TOO_FEW = "too_few"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of facts: how many of what. The edition's ``change`` sentence with its blanks filled says it in words.

    ``amount`` is the distance in ``unit``, the unit of the fact (rows, money, months ...); None when there is none to
    tell, and ``reach`` says why. ``blanks`` holds k (the amount), t (what is asked), n, d, v. Where rows are too few,
    k new ones are lacking, of which ``tell`` make the value tellable (or ``moved`` of the present ones), and of then d
    rows ``credits`` more must earn credit. ``lacking`` names rows that are not there by the value of a column.
    """

    amount: Fraction | None
    unit: str
    blanks: Mapping[str, Fraction]
    reach: Reach
    lacking: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Gain:
    """For a missed score: what one indicator could add, in points of the score that is missed, and how.

    ``full`` is the smallest change that brings the indicator to its target and ``adds`` what that adds; where rejected
    rows keep the target out of reach, both go as far as the other rows still can. ``enough`` is the smallest change
    that by itself closes the gap, None when it cannot.
    """

    indicator: str
    adds: Fraction
    full: Change
    enough: Change | None


@dataclass(frozen=True, slots=True)
class Block:
    """One thing in the way of an outcome: a requirement, a dimension's minimum or the overall minimum.

    ``kind`` is "requirement", "dimension", "overall" or "veto"; ``id`` the requirement's, dimension's or veto's id.
    """

    kind: str
    id: str
    status: Status
    value: Fraction | None
    asked: Fraction | None
    distance: Change | None
    gains: tuple[Gain, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The outcome's rank if every unknown fact turned out worst, and best.

    ``facts`` are the unknown facts that were set. ``tried_all`` is False when so many of them pull both ways that rows
    of one column were tried together. ``left_out`` are the indicators and requirements that stay unknown in both,
    mostly because rows are too few: nothing is supposed about rows that nobody has entered.
    """

    worst: int
    best: int
    facts: tuple[Missing, ...]
    tried_all: bool
    left_out: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether nothing that is unknown now could lead beyond the bounds."""
        return self.tried_all and not self.left_out


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line of the material checklist: a kind of document that is owed, for which subject, and whether it is there.

    ``owed_from`` lists the outcomes that ask for it (empty: never owed); ``rows`` are the document rows that serve it;
    ``files_missing`` those of them whose file is not in the evidence folder. ``any_of`` groups alternatives.
    """

    kind: str
    subject: str
    owed_by: tuple[str, ...]
    any_of: str
    rows: tuple[int, ...]
    files_missing: tuple[int, ...]
    present: bool


@dataclass(frozen=True, slots=True)
class Grade:
    """What the rules say about one dossier at one date. Ranks: 0 is none, see ``edition.outcome``."""

    as_of: date
    capability: int
    grantable: int
    path: tuple[PathStep, ...]
    overall: Fraction | None
    dimensions: Mapping[str, Fraction | None]
    indicators: Mapping[str, IndicatorResult]
    requirements: Mapping[str, RequirementResult]
    vetoes: Mapping[str, VetoResult]
    scope: tuple[str, ...]
    scope_not_granted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result(Grade):
    """A grade with what it was graded from and by, and what follows from it."""

    edition: Edition
    dossier: Dossier
    rejected: frozenset[tuple[str, int]]
    claimed: bool
    blocking: tuple[Block, ...]
    next_rank: int
    bounds: Bounds | None
    documents: tuple[DocumentLine, ...]
    warnings: tuple[Fault, ...]

    @property
    def vetoed(self) -> tuple[str, ...]:
        """The ids of the vetoes that hold, sorted."""
        return tuple(sorted(veto.id for veto in self.vetoes.values() if veto.holds))
