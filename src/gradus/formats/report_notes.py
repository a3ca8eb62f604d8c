# SPDX-License-Identifier: Apache-2.0
"""What stands at the end: warnings, how the edition reads contradictions, assumptions, crosswalk."""

from fractions import Fraction

from gradus.formats.numbers import number
from gradus.formats.report_voice import Model, Voice
from gradus.formats.wording import place_named, sentence_named
from gradus.grading.faults import Fault
from gradus.grading.scheme import Named, Number, Provenance

_FIRST_ROWS = 5


def warning_part(voice: Voice) -> list[Model]:
    """Warnings by rule: the first rows of each, and how many more."""
    groups: dict[str, list[Fault]] = {}
    for fault in voice.result.warnings:
        groups.setdefault(fault.params.get("rule", fault.code), []).append(fault)
    parts: list[Model] = []
    for rule, faults in groups.items():
        rows = [
            {
                "place": place_named(fault, voice.edition, voice.language).rstrip(":： "),
                "text": sentence_named(fault, voice.edition, voice.language),
            }
            for fault in faults[:_FIRST_ROWS]
        ]
        more = len(faults) - len(rows)
        said = voice.say("report.more_warnings", count=str(more)) if more else ""
        parts.append({"rule": rule, "rows": rows, "more": said})
    return parts


def note_part(voice: Voice) -> list[Model]:
    """The contradictions in the scheme's texts and how this edition reads them."""
    return [
        {
            "id": note.id,
            "about": voice.text(note.about),
            "conflict": voice.text(note.conflict),
            "resolution": voice.text(note.resolution),
        }
        for note in voice.edition.notes
    ]


def assumption_part(voice: Voice) -> list[Model]:
    """Every assumed number of the edition by its reason; those marked in the report, then those behind its formulas."""
    _assume_the_rest(voice)
    return [
        {
            "mark": each.mark,
            "why": each.why,
            "uses": [
                {"kind": kind, "of": voice.say("report.semicolon").join(uses)} for kind, uses in each.uses.items()
            ],
        }
        for each in voice.assumptions.values()
    ]


def _assume_the_rest(voice: Voice) -> None:
    """Assumed numbers that stand nowhere else in the report: rounding, windows, path, parameters."""
    edition = voice.edition
    if edition.dimensions:  # nothing else is rounded
        _note(voice, edition.rounding, number(edition.rounding.value), "report.rounding", "")
    for window in edition.windows.values():
        _note(
            voice, window.months, voice.value(window.months.value, "months"), "report.window", voice.text(window.text)
        )
    if edition.path:
        months = edition.path.months_before_step
        _note(voice, months, voice.value(months.value, "months"), "report.path", voice.say("report.months_before_step"))
        if edition.path.entry_provenance is Provenance.ASSUMED:
            entry = next((voice.text(each.text) for each in edition.levels if each.id == edition.path.entry), "")
            voice.assume("", voice.say("report.entry_level", level=entry), voice.say("report.path"))
    for named in edition.parameters.values():
        if named.provenance is Provenance.ASSUMED:
            use = f"{voice.text(named.text)} {_parameter(voice, named)}"
            voice.assume(voice.text(named.note), use, voice.say("report.parameter"))


def _note(voice: Voice, given: Number, words_of_it: str, kind: str, of: str) -> None:
    voice.mark(given, words_of_it, voice.say(kind), of)


def _parameter(voice: Voice, named: Named) -> str:
    """A parameter's value; its texts are values of a closed list, and shown in their words."""
    if isinstance(named.value, Fraction):
        return voice.value(named.value, named.unit)
    texts = (named.value,) if isinstance(named.value, str) else named.value
    columns = (column for table in voice.edition.tables.values() for column in table.columns)
    options = [option for column in columns for option in column.options]
    names = {option.id: voice.text(option.text) for option in reversed(options)}
    return voice.listed([names.get(text, text) for text in texts])


def crosswalk_part(voice: Voice) -> list[Model]:
    """Where each element stands in other frameworks."""
    edition = voice.edition
    return [
        {
            "element": voice.text(element.text),
            "rows": [
                {
                    "framework": voice.text(edition.frameworks[line.framework]),
                    "ref": line.ref,
                    "text": voice.text(line.text),
                    "inferred": voice.say("report.inferred") if line.inferred else "",
                }
                for line in element.crosswalk
            ],
        }
        for element in edition.elements
        if element.crosswalk
    ]
