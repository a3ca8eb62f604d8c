# SPDX-License-Identifier: Apache-2.0
"""The small parts of an edition: parameters, windows, scales, sources, notes."""

from fractions import Fraction

from gradus.formats.fields import Fields
from gradus.formats.written_numbers import Limits, limits_of, looks_like_number
from gradus.grading.scheme import Named, Note, Number, Option, Provenance, Scale, Source, Window


def read_named(fields: Fields) -> Named | None:
    """A parameter or a process number; None when its value can not be read."""
    name, text = fields.identifier(), fields.text()
    item = fields.need("value")
    unit = fields.string("unit", "")
    provenance = fields.provenance()
    if item is None or item.told:
        return None
    value: Fraction | str | tuple[str, ...]
    if isinstance(item.value, list):
        value = fields.texts("value")
        if len(value) != len(item.value) or not value:
            if not item.value:
                fields.fault("scheme.empty_list", item)
            return None
    else:
        plain = fields.string("value")
        number = fields.read_number(item, limits_of(unit)) if looks_like_number(plain) else None
        if not plain or (number is None and looks_like_number(plain)):
            return None
        value = plain if number is None else number
    if not unit and isinstance(value, Fraction) and value.denominator == 1:
        unit = "count"
    return Named(name, text, value, unit, *provenance)


def read_window(fields: Fields) -> Window | None:
    """A window of months."""
    name, text = fields.identifier(), fields.text()
    months = fields.number("months", Limits(1, 1200, whole=True))
    return None if months is None else Window(name, text, months)


def read_scale(fields: Fields) -> Scale:
    """Ordered words for numbers."""
    values: list[Option] = []
    bounds: list[tuple[bool, Number] | None] = []
    for position, each in enumerate(fields.section("values", needed=True)):
        above, reaches = each.exact("above"), each.exact("from")
        number = above if above is not None else reaches
        origin = each.provenance() if "provenance" in each.values else (Provenance.ASSUMED, "", None)
        values.append(each.option())
        bounds.append(None if number is None else (above is not None, Number(number, *origin)))
        if {"above", "from"} <= set(each.values) or (position == 0 and bounds[0] is not None):
            each.fault("scheme.scale_bound", each.place)
    _check_bounds(fields, bounds)
    return Scale(fields.identifier(), fields.text(), tuple(values), tuple(bounds))


def _check_bounds(fields: Fields, bounds: list[tuple[bool, Number] | None]) -> None:
    """Either no value of a scale has a bound, or all but the first have, each above the one before."""
    listed = fields.each("values")
    last: tuple[Fraction, bool] | None = None
    for each, bound in list(zip(listed, bounds, strict=True))[1:]:
        if bound is None:
            if any(bounds[1:]) and not {"above", "from"} & set(each.values):
                each.fault("scheme.scale_gap", each.place)
            continue
        here = (bound[1].value, bound[0])
        if last is not None and here <= last:
            each.fault("scheme.scale_order", "above" if bound[0] else "from")
        last = here


def read_source(fields: Fields) -> Source:
    """A document that numbers come from."""
    return Source(fields.identifier(), fields.text(), fields.string("clause", ""))


def read_note(fields: Fields) -> Note:
    """A contradiction and its reading."""
    about, conflict, resolution = (fields.words(key) for key in ("about", "conflict", "resolution"))
    return Note(fields.identifier(), about, conflict, resolution)
