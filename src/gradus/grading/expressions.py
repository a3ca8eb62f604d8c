# SPDX-License-Identifier: Apache-2.0
"""The formula language's typed intermediate representation: what a checked formula is, before anything runs it."""

from dataclasses import dataclass
from fractions import Fraction

Unit = tuple[tuple[str, int], ...]
"""Base units with their exponents, sorted; () is a ratio."""


def unit_named(name: str) -> Unit:
    """The unit written ``name``; "" and "ratio" are dimensionless."""
    return () if name in ("", "ratio", "boolean") else ((name, 1),)


def unit_text(unit: Unit | None) -> str:
    """How a unit is written for people."""
    if unit is None:
        return "any unit"
    return " ".join(name if power == 1 else f"{name}^{power}" for name, power in unit) or "ratio"


def unit_product(left: Unit | None, right: Unit | None, sign: int) -> Unit | None:
    """The unit of left * right (sign 1) or left / right (sign -1); a bare literal fits every unit."""
    powers = dict(left or ())
    for name, power in right or ():
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


@dataclass(frozen=True, slots=True)
class Type:
    """``kind``: boolean, number, date, text, texts, numbers, window or unknown. ``unit`` None: fits every unit."""

    kind: str
    unit: Unit | None = ()

    def __str__(self) -> str:
        return f"number ({unit_text(self.unit)})" if self.kind == "number" else self.kind


BOOLEAN, DATE, TEXT, TEXTS, NUMBERS, UNKNOWN = (
    Type(kind) for kind in ("boolean", "date", "text", "texts", "numbers", "unknown")
)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Any part of a formula."""

    type: Type


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Node):
    value: Fraction | str | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class AsOf(Node):
    """The as-of date."""


@dataclass(frozen=True, slots=True, eq=False)
class Window(Node):
    months: int


@dataclass(frozen=True, slots=True, eq=False)
class Cell(Node):
    """A column of the row at hand, or of the outer row."""

    table: str
    index: int
    column: str
    empty: str
    outer: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Single(Node):
    """A cell of a table that has exactly one row."""

    table: str
    index: int
    column: str
    empty: str


@dataclass(frozen=True, slots=True, eq=False)
class Values(Node):
    """The values of a column over a population's rows."""

    population: str
    index: int


@dataclass(frozen=True, slots=True, eq=False)
class Not(Node):
    item: Node


@dataclass(frozen=True, slots=True, eq=False)
class Both(Node):
    """``and`` (every=True) or ``or`` over the items."""

    every: bool
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Compare(Node):
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Arithmetic(Node):
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Choose(Node):
    """``left if condition else right``."""

    condition: Node
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Member(Node):
    item: Node
    container: Node
    negated: bool


@dataclass(frozen=True, slots=True, eq=False)
class Given(Node):
    cell: Node


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """A pure function of its arguments."""

    name: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Aggregate(Node):
    """A function over a population's rows: count, distinct, sum, mean, median, largest, share, exists, every, the,
    streak. ``written`` is its condition as it was written."""

    kind: str
    population: str
    condition: Node | None = None
    value: Node | None = None
    at_least: Node | None = None
    written: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ContainsAll(Node):
    values: Values
    wanted: Node


@dataclass(frozen=True, slots=True, eq=False)
class Term(Node):
    id: str


@dataclass(frozen=True, slots=True, eq=False)
class Rated(Node):
    """The ids of the rating indicators that apply."""


@dataclass(frozen=True, slots=True, eq=False)
class Score(Node):
    dimension: str


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A checked formula: its root and the text it was written as."""

    root: Node
    source: str

    @property
    def type(self) -> Type:
        return self.root.type


def parts(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, in reading order."""
    match node:
        case Not(item=item):
            return (item,)
        case Both(items=items) | Call(items=items):
            return items
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Choose(condition=condition, left=left, right=right):
            return (condition, left, right)
        case Member(item=item, container=container):
            return (item, container)
        case Given(cell=cell):
            return (cell,)
        case Aggregate(condition=condition, value=value, at_least=at_least):
            return tuple(part for part in (condition, value, at_least) if part is not None)
        case ContainsAll(values=values, wanted=wanted):
            return (values, wanted)
        case _:
            return ()


def reads_row(node: Node) -> bool:
    """Whether the node depends on the row at hand (and not only on the whole dossier)."""
    if isinstance(node, Cell):
        return not node.outer
    if isinstance(node, Aggregate):
        return any(reads_outer(part) for part in parts(node))
    return any(reads_row(part) for part in parts(node))


def reads_outer(node: Node) -> bool:
    """Whether an inner formula refers to its outer row; what a function inside it calls outer is its own row."""
    if isinstance(node, Cell | Aggregate):
        return isinstance(node, Cell) and node.outer
    return any(reads_outer(part) for part in parts(node))


def conjuncts(node: Node | None) -> tuple[Node, ...]:
    """The conditions that a formula joins with ``and``."""
    if node is None:
        return ()
    return node.items if isinstance(node, Both) and node.every else (node,)
