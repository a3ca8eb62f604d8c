# SPDX-License-Identifier: Apache-2.0
"""The gates of an edition: its requirements, and what each asks at which outcome."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from gradus.formats.edition_ladder import is_ordered, rises
from gradus.formats.edition_tree import NO_FORMULA, sentence
from gradus.formats.fields import Fields
from gradus.formats.formulas import NO_ID, Formulas
from gradus.formats.written_numbers import Limits, limits_of_measure
from gradus.grading.names import Scope
from gradus.grading.scheme import Number, Outcome, Requirement

_YES = {"yes": Fraction(1), "no": Fraction(0)}


def read_requirements(root: Fields, formulas: Formulas, outcomes: tuple[Outcome, ...]) -> dict[str, object]:
    """Requirements and their groups, as keyword arguments of Edition."""
    ordered = is_ordered(root) and all(rises(root, below, above) for below, above in pairwise(outcomes))
    return {
        "requirement_groups": tuple(each.option() for each in root.section("requirement_groups")),
        "requirements": tuple(
            _requirement(each, formulas, outcomes, ordered=ordered) for each in root.section("requirements")
        ),
    }


def _requirement(fields: Fields, formulas: Formulas, outcomes: tuple[Outcome, ...], *, ordered: bool) -> Requirement:
    name, unit = fields.identifier(), fields.string("unit")
    compare = fields.choice("compare", (">=", "<=", "="))
    measure = formulas.under(fields, "measure", Scope(this=name or NO_ID), formulas.wanted(unit))
    words, limits = _words(unit, formulas), limits_of_measure(unit, measure, formulas.names.tables)
    if unit == "boolean" and compare in (">=", "<="):
        fields.fault("scheme.boolean_compare", "compare")
    judged = measure is not None or words is not None or fields.findings.root.ids("scales").complete
    asks = _asks(fields, words, limits if judged else None, outcomes)
    measure = measure or NO_FORMULA
    if ordered:
        _check_rising(fields, compare, asks, outcomes)
    return Requirement(
        id=name,
        group=fields.known("group", "requirement_groups"),
        text=fields.text(),
        measure=measure,
        formula=measure.source,
        unit=unit,
        compare=compare,
        asks={outcome: number for outcome, (number, _) in asks.items()},
        says=sentence(fields, "says"),
        change=sentence(fields, "change"),
        source=fields.optional_words("source"),
    )


def _words(unit: str, formulas: Formulas) -> Mapping[str, Fraction] | None:
    """The words that stand for numbers in a unit: yes and no, or a scale's values."""
    if unit == "boolean":
        return _YES
    scale = formulas.names.scales.get(unit)
    return None if scale is None else {each.id: Fraction(position) for position, each in enumerate(scale.values)}


def _asks(
    fields: Fields, words: Mapping[str, Fraction] | None, limits: Limits | None, outcomes: tuple[Outcome, ...]
) -> dict[str, tuple[Number, str]]:
    """What is asked at each outcome, and under which key: a level (all its outcomes) or one outcome. Without limits
    the values are not judged: they may be words of a scale that can not be read."""
    asks = fields.fields("asks")
    found: dict[str, tuple[Number, str]] = {}
    if asks is None:
        return found
    root = fields.findings.root
    if isinstance(asks.item.value, dict) and not asks.item.value and not asks.item.told:
        asks.fault("scheme.asks_nothing", asks.place)
    for key in asks.any_key():
        number = asks.number(key, limits, words=words) if limits else None
        meant = [each.id for each in outcomes if key in (each.id, each.level)]
        if not meant and key not in root.ids("outcomes").places and key not in root.ids("levels").places:
            _unknown(asks, key)
        twice = [outcome for outcome in meant if outcome in found]
        if twice:
            asks.fault("scheme.asked_twice", asks.key_place(key), value=twice[0], other=found[twice[0]][1])
        elif number is not None:
            found |= dict.fromkeys(meant, (number, key))
    return found


def _unknown(asks: Fields, key: str) -> None:
    root = asks.findings.root
    sections = [root.ids(section) for section in ("levels", "outcomes")]
    if all(ids.complete and ids.places for ids in sections):
        known = dict.fromkeys((*root.ids("levels").places, *root.ids("outcomes").places))
        asks.fault("scheme.asks_of_nothing", asks.key_place(key), value=key, expected=", ".join(known))


def _check_rising(
    fields: Fields, compare: str, asks: Mapping[str, tuple[Number, str]], outcomes: tuple[Outcome, ...]
) -> None:
    """A higher outcome includes the lower ones, so it can not ask less than they do."""
    asked = [(each.id, *asks[each.id]) for each in outcomes if each.id in asks]
    for (below, low, _), (_, high, key) in pairwise(asked):
        falls = {">=": high.value < low.value, "<=": high.value > low.value, "=": high.value != low.value}
        if falls.get(compare):
            owner = fields.fields("asks")
            assert owner is not None
            owner.fault("scheme.asks_order", owner.key_place(key), value=key, below=below)
            return
