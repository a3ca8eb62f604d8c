# SPDX-License-Identifier: Apache-2.0
"""An edition of a scheme as frozen values. See docs/formats/edition.md for what each field means in the YAML.

Everything here is data: the engine names no scheme, no table and no indicator. Formulas are typed expressions of
:mod:`gradus.grading.expressions`, checked when the edition is loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from gradus.grading.expressions import Expression
from gradus.grading.papers import Check, DocumentKind, DocumentTable
from gradus.grading.texts import Text

type_names = ("text", "integer", "decimal", "boolean", "date")

Cell = None | bool | int | Fraction | date | str


class Provenance(StrEnum):
    """Where a number comes from: the scheme's public description, a documented assumption, or a named source."""

    BRIEF = "brief"
    ASSUMED = "assumed"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number beside its provenance; booleans and ordinals are numbers too (yes = 1)."""

    value: Fraction
    provenance: Provenance
    source: str = ""
    note: Text | None = None


class Empty(StrEnum):
    """What an empty cell means. Only ``unknown`` is a missing fact; the others are facts."""

    ERROR = "error"
    UNKNOWN = "unknown"
    NO = "no"
    NOT_YET = "not_yet"
    NO_END = "no_end"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a closed list, with its words."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a dossier table. What is ``for_assessor`` the certification body fills in, never the applicant."""

    id: str
    text: Text
    type: str
    unit: str
    empty: Empty
    unknown_where: str = ""
    key: bool = False
    options: tuple[Option, ...] = ()
    ref: tuple[str, str] | None = None
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    above: Fraction | None = None
    first_of_month: bool = False
    not_after: tuple[str, str] | None = None
    with_column: str = ""
    within: str = ""
    better: str = ""
    for_assessor: bool = False
    range: tuple[Expression, Expression] | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A dossier table: its columns in order; ``single`` means exactly one row."""

    id: str
    text: Text
    single: bool
    rejectable: bool
    columns: tuple[Column, ...]
    note: Text | None = None

    def position(self, column: str) -> int:
        """The index of a column in every row's cells."""
        for index, each in enumerate(self.columns):
            if each.id == column:
                return index
        raise KeyError(column)

    def column(self, column: str) -> Column:
        """The column of that id."""
        return self.columns[self.position(column)]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a population, with the words for rows that fail it."""

    formula: Expression
    source: str
    text: Text


@dataclass(frozen=True, slots=True)
class Population:
    """A named row filter over a table or another population."""

    id: str
    text: Text
    table: str
    parent: str
    where: tuple[Condition, ...]
    expects: tuple[str, Expression] | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter: a named constant with provenance. ``value`` is a number, a text or texts."""

    id: str
    text: Text
    value: Fraction | str | tuple[str, ...]
    unit: str
    provenance: Provenance
    source: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The months up to and including the as-of date, after (A minus months)."""

    id: str
    text: Text
    months: Number


@dataclass(frozen=True, slots=True)
class Term:
    """A named formula used by several others."""

    id: str
    text: Text
    formula: Expression
    source: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A crosswalk line: where the same subject stands in another framework."""

    framework: str
    ref: str
    text: Text
    inferred: bool


@dataclass(frozen=True, slots=True)
class Dimension:
    """A branch of the tree with its weight in the overall score."""

    id: str
    text: Text
    weight: Number


@dataclass(frozen=True, slots=True)
class Element:
    """A group of indicators inside a dimension, and its crosswalk."""

    id: str
    dimension: str
    text: Text
    crosswalk: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A scored measure. A target below its floor is a falling scale."""

    id: str
    element: str
    dimension: str
    text: Text
    measure: Expression
    formula: str
    unit: str
    floor: Number
    target: Number
    weight: Number
    applies_when: Expression | None
    rating: bool
    says: Text
    change: Text
    source: Text | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A gate: ``asks`` maps an outcome's id to what is asked of it; an outcome that is not there asks nothing."""

    id: str
    group: str
    text: Text
    measure: Expression
    formula: str
    unit: str
    compare: str
    asks: Mapping[str, Number]
    says: Text
    change: Text
    source: Text | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of the ordered outcomes; ``rank`` counts from 1, lowest first."""

    rank: int
    id: str
    level: str
    stars: int
    band: str
    text: Text
    overall_at_least: Number | None
    each_dimension_at_least: Number | None
    meaning: Text


@dataclass(frozen=True, slots=True)
class Veto:
    """An event that rules out every outcome."""

    id: str
    text: Text
    when: Expression
    formula: str
    effect: Text
    source: Text | None = None


@dataclass(frozen=True, slots=True)
class PathException:
    """When one level more than the path allows may be granted, and which outcomes never that way."""

    text: Text
    when: Expression
    formula: str
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """From the entry level upward, one step at a time. Cells are (table, column) of one-row tables; ("", "") when
    the scheme has
    none."""

    entry: str
    entry_provenance: Provenance
    months_before_step: Number
    level_held: tuple[str, str]
    since_held: tuple[str, str]
    requested: tuple[str, str]
    exception: PathException | None


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """Which values of a column are granted: those whose row satisfies the formula."""

    text: Text
    table: str
    column: str
    granted_when: Expression
    formula: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Ordered words for numbers: position 0 first. ``bounds`` (strict?, number) turn a number into a position."""

    id: str
    text: Text
    values: tuple[Option, ...]
    bounds: tuple[tuple[bool, Number] | None, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A contradiction in the scheme's texts, and how this edition reads it."""

    id: str
    about: Text
    conflict: Text
    resolution: Text


@dataclass(frozen=True, slots=True)
class Source:
    """A document that numbers and texts come from."""

    id: str
    text: Text
    clause: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """One immutable edition of a scheme, named by the hash of its content.

    ``content`` is the plain data it was read from (strings, lists and mappings only), so that a result can carry its
    edition and be graded again from itself.
    """

    scheme: str
    id: str
    hash: str
    text: Text
    owner: Text
    criterion: Text
    as_of: tuple[str, str]
    subject: tuple[str, str]
    none: Text
    claimed: Text | None
    report: Text | None
    rounding: Number
    sources: Mapping[str, Source]
    notes: tuple[Note, ...]
    scales: Mapping[str, Scale]
    parameters: Mapping[str, Named]
    windows: Mapping[str, Window]
    tables: Mapping[str, Table]
    populations: Mapping[str, Population]
    terms: Mapping[str, Term]
    frameworks: Mapping[str, Text]
    dimensions: tuple[Dimension, ...]
    elements: tuple[Element, ...]
    indicators: tuple[Indicator, ...]
    levels: tuple[Option, ...]
    bands: tuple[Option, ...]
    outcomes: tuple[Outcome, ...]
    requirement_groups: tuple[Option, ...]
    requirements: tuple[Requirement, ...]
    vetoes: tuple[Veto, ...]
    path: Path | None
    scope: ScopeRule | None
    document_groups: tuple[Option, ...]
    documents: tuple[DocumentKind, ...]
    document_table: DocumentTable | None
    checks: tuple[Check, ...]
    stages: tuple[Option, ...]
    process: Mapping[str, Named]
    content: Mapping[str, object]

    @property
    def name(self) -> str:
        """``scheme/edition``, as the command line takes it."""
        return f"{self.scheme}/{self.id}"

    def outcome(self, rank: int) -> Outcome | None:
        """The outcome of a rank; None for rank 0."""
        return self.outcomes[rank - 1] if rank else None
