# SPDX-License-Identifier: Apache-2.0
"""The tree of what an edition scores: frameworks, dimensions, elements, indicators, and their weights."""

import re
from collections.abc import Mapping
from fractions import Fraction

from gradus.formats.edition_tables import Tables, is_from
from gradus.formats.fields import NO_TEXT, NOTHING, Fields
from gradus.formats.formulas import NO_ID, Formulas
from gradus.formats.written_numbers import limits_of_measure
from gradus.grading.expressions import BOOLEAN, Constant, Expression
from gradus.grading.names import Scope
from gradus.grading.scheme import Dimension, Element, Indicator, Number, Reference
from gradus.grading.texts import Text
from gradus.grading.validate import written

NO_FORMULA = Expression(Constant(BOOLEAN, True), "")
"""What stands for a formula that could not be read."""

_BLANK = re.compile(r"\{([^{}]*)\}")
_SENTENCE_BLANK = re.compile(r"[ndvkt](:[^|]*\|[^|]*)?")


def read_tree(root: Fields, formulas: Formulas, tables: Tables) -> dict[str, object]:
    """Frameworks, dimensions, elements, indicators, as keyword arguments of Edition."""
    frameworks = {each.identifier(): each.text() for each in root.section("frameworks")}
    weights: dict[str, list[Number | None]] = {"": []}
    dimensions = []
    for fields in root.section("dimensions"):
        weight = _weight(fields)
        weights[""].append(weight)
        weights[fields.identifier()] = []
        dimensions.append(Dimension(fields.identifier(), fields.text(), weight or NOTHING))
    elements = {fields.identifier(): _element(fields) for fields in root.section("elements")}
    indicators = []
    for fields in root.section("indicators"):
        indicator, weight = _indicator(fields, elements, formulas)
        indicators.append(indicator)
        if indicator.dimension in weights and indicator.dimension:
            weights[indicator.dimension].append(weight)
    _check_ratings(root, tables)
    _check_weights(root, weights)
    return {
        "frameworks": frameworks,
        "dimensions": tuple(dimensions),
        "elements": tuple(elements.values()),
        "indicators": tuple(indicators),
    }


def _weight(fields: Fields) -> Number | None:
    weight = fields.number("weight")
    if weight is not None and weight.value <= 0:
        at = fields.values["weight"]
        fields.fault("scheme.weight", at)
        return None
    return weight


def _element(fields: Fields) -> Element:
    references = []
    for each in fields.each("crosswalk"):
        framework = each.known("framework", "frameworks")
        references.append(Reference(framework, each.string("ref"), each.text(), each.flag("inferred")))
    dimension = fields.known("dimension", "dimensions")
    return Element(fields.identifier(), dimension, fields.text(), tuple(references))


def _indicator(fields: Fields, elements: Mapping[str, Element], formulas: Formulas) -> tuple[Indicator, Number | None]:
    name, unit = fields.identifier(), fields.string("unit")
    element = fields.known("element", "elements")
    scope = Scope(this=name or NO_ID)
    measure = formulas.under(fields, "measure", scope, formulas.wanted(unit))
    limits = limits_of_measure(unit, measure, formulas.names.tables)
    measure = measure or NO_FORMULA
    floor, target, weight = fields.number("floor", limits), fields.number("target", limits), _weight(fields)
    if floor is not None and target is not None and floor.value == target.value:
        fields.fault("scheme.floor_is_target", "target")
    indicator = Indicator(
        id=name,
        element=element,
        dimension=elements[element].dimension if element in elements else "",
        text=fields.text(),
        measure=measure,
        formula=measure.source,
        unit=unit,
        floor=floor or NOTHING,
        target=target or NOTHING,
        weight=weight or NOTHING,
        applies_when=formulas.under(fields, "applies_when", scope, BOOLEAN, required=False),
        rating=fields.flag("rating"),
        says=sentence(fields, "says"),
        change=sentence(fields, "change"),
        source=fields.optional_words("source"),
    )
    return indicator, weight


def sentence(fields: Fields, key: str) -> Text:
    """Words with the blanks of an indicator's or a requirement's sentence."""
    words = fields.fields(key)
    if words is None:
        return NO_TEXT
    check_blanks(words, _SENTENCE_BLANK, "{n}, {d}, {v}, {k}, {t}, {k:one|many}")
    return words.text()


def check_blanks(words: Fields, allowed: re.Pattern[str], expected: str) -> None:
    """Every brace of a text belongs to a blank that is known, and both languages show the same."""
    shown: list[set[str]] = []
    for language in ("zh", "en"):
        text = words.string(language)
        blanks = _BLANK.findall(text)
        wrong = [blank for blank in blanks if not allowed.fullmatch(blank)]
        rest = _BLANK.sub("", text)
        if wrong:
            words.fault("scheme.blank", language, value=f"{{{wrong[0]}}}", expected=expected)
        elif "{" in rest or "}" in rest:
            words.fault("scheme.brace", language)
        elif text:
            shown.append({blank for blank in blanks if ":" not in blank})  # {k:one|many} shows no number
    if len(shown) == 2:
        for language, lacking in (("zh", shown[1] - shown[0]), ("en", shown[0] - shown[1])):
            if lacking:
                words.fault(
                    "scheme.blank_lacking", language, value=", ".join(f"{{{each}}}" for each in sorted(lacking))
                )


def _check_ratings(root: Fields, tables: Tables) -> None:
    """Indicators that are rated need a table whose rows name them."""
    if any(is_from(column, "indicators") for column in tables.columns.values()):
        return
    rated = [fields for fields in root.section("indicators") if fields.flag("rating")]
    if rated and root.ids("tables").complete:
        rated[0].fault("scheme.rating", "rating")


def _check_weights(root: Fields, weights: Mapping[str, list[Number | None]]) -> None:
    """Weights sum up to 100: those of the dimensions, and those of each dimension's indicators."""
    ids = root.ids("dimensions")
    if not ids.complete:
        return
    whole = all(root.ids(section).complete for section in ("elements", "indicators"))
    whole = whole and all(each.known("dimension", "dimensions") for each in root.section("elements"))
    whole = whole and all(each.known("element", "elements") for each in root.section("indicators"))
    for dimension, listed in weights.items():
        if dimension and (not whole or dimension not in ids.places):
            continue
        if dimension and not listed:
            root.fault("scheme.empty_dimension", ids.places[dimension], value=dimension)
        total = sum((weight.value for weight in listed if weight is not None), Fraction(0))
        if listed and None not in listed and total != 100:
            place = ids.places[dimension] if dimension else next(iter(ids.places.values()))
            code = "scheme.weights_of_dimension" if dimension else "scheme.weights"
            root.fault(code, place, value=dimension, total=written(total))
