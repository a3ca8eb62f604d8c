# SPDX-License-Identifier: Apache-2.0
"""What a result says in sentences, for the terminal, the page and the report alike. Nothing is computed here."""

from fractions import Fraction

from gradus.formats.blanks import fill, names_blank
from gradus.formats.numbers import in_unit, number, row_ranges
from gradus.formats.wording import words
from gradus.grading.checks import cell_text
from gradus.grading.result import (
    Change,
    Explanation,
    IndicatorResult,
    Missing,
    PathStep,
    Reach,
    RequirementResult,
    Result,
    VetoEvent,
)
from gradus.grading.scheme import Edition, Indicator, Outcome, Requirement
from gradus.grading.texts import Text


def outcome_name(edition: Edition, rank: int, language: str) -> str:
    """An outcome's name; for rank 0 the edition's words for none."""
    outcome = edition.outcome(rank)
    return outcome.text[language] if outcome else edition.none[language]


def outcome_of(edition: Edition, outcome_id: str) -> Outcome:
    """The outcome of that id."""
    return next(each for each in edition.outcomes if each.id == outcome_id)


def level_name(edition: Edition, level: str, language: str) -> str:
    """A level's name; "" for an outcome without level."""
    return next((each.text[language] for each in edition.levels if each.id == level), "")


def band_name(edition: Edition, outcome: Outcome, language: str) -> str:
    """A band's name; "" for an outcome without band."""
    return next((each.text[language] for each in edition.bands if each.id == outcome.band), "")


def stars(edition: Edition, outcome: Outcome) -> str:
    """An outcome's stars, filled and open; "" where it has none."""
    if not outcome.stars:
        return ""
    most = max(each.stars for each in edition.outcomes)
    return "★" * outcome.stars + "☆" * (most - outcome.stars)


def subject_name(result: Result, language: str) -> str:
    """Whom the result is about; in English also by the name in a column called like its own with ``_en``, if given."""
    table_id, column = result.edition.subject
    table, rows = result.edition.tables[table_id], result.dossier.tables.get(table_id, ())
    if not rows:
        return result.dossier.name
    cells = {each.id: cell_text(cell) for each, cell in zip(table.columns, rows[0].cells, strict=True)}
    name, english = cells[column], cells.get(f"{column}_en", "")
    return words("report.both_names", language, english=english, name=name) if language == "en" and english else name


def outcome_requested(result: Result) -> str:
    """The id of the outcome that is applied for; "" for none."""
    return next((step.params["outcome"] for step in result.path if step.code == "path.requested"), "")


def rejected_sentences(result: Result, language: str) -> list[str]:
    """The rows that an assessor rejected, a line a table."""
    rows: dict[str, list[int]] = {}
    for table, row in sorted(result.rejected):
        rows.setdefault(table, []).append(row)
    return [
        words(
            "report.rejected_rows",
            language,
            table=result.edition.tables[table].text[language],
            count=str(len(numbers)),
            rows=row_ranges(numbers, comma=words("report.comma", language)),
        )
        for table, numbers in rows.items()
    ]


def veto_sentences(result: Result, veto: str, language: str) -> list[str]:
    """The rows for which a veto holds, the day of each, and what ends it."""
    return [_veto_event(result.edition, event, language) for event in result.vetoes[veto].events]


def _veto_event(edition: Edition, event: VetoEvent, language: str) -> str:
    table = edition.tables[event.table].text[language]
    said = words("report.veto_row", language, table=table, row=str(event.row))
    if event.day:
        said = words("report.veto_day", language, row=said, day=event.day.isoformat())
    if event.ends_on:
        return words("report.veto_until", language, event=said, ends_on=event.ends_on.isoformat())
    conditions: list[str] = []
    population = edition.populations.get(event.population)
    while population:
        conditions = [each.text[language] for each in population.where] + conditions
        population = edition.populations.get(population.parent)
    if not conditions:
        return said
    quoted = [words("report.quoted", language, text=each) for each in conditions]
    return words("report.veto_while", language, event=said, conditions=words("report.comma", language).join(quoted))


def path_sentence(edition: Edition, step: PathStep, language: str, *, vetoed: bool = False) -> str:
    """A step of the path rule in words."""
    blanks = dict(step.params)
    for name in ("level", "next"):
        if name in blanks:
            blanks[name] = level_name(edition, blanks[name], language)
    blanks["outcome"] = outcome_name(edition, step.rank, language)
    if "outcome" in step.params:
        blanks["outcome"] = outcome_of(edition, step.params["outcome"]).text[language]
    code = step.code
    if step.rank == 0 and code == "path.capability":
        code = "path.capability_vetoed" if vetoed else "path.capability_none"
    elif step.rank == 0 and code == "path.grantable":
        code = "path.grantable_none"
    return words(code, language, **blanks)


def indicator_sentence(edition: Edition, indicator: Indicator, result: IndicatorResult, language: str) -> str:
    """Facts, value and target in one sentence: "182 of 190 milestones on time = 95.78 %, asked 95 %"."""
    said = _measured(edition, indicator.says, result.explanation, result.value, indicator.unit, language)
    falling = indicator.target.value < indicator.floor.value
    if indicator.unit == "boolean" and indicator.target.value == 1:
        return said
    asked = asked_words(edition, indicator.target.value, indicator.unit, "<=" if falling else ">=", language)
    return _asking(said, asked, "", language, unknown=result.value is None)


def requirement_sentence(
    edition: Edition,
    requirement: Requirement,
    result: RequirementResult,
    language: str,
    asked: Fraction | None,
    outcome: str = "",
) -> str:
    """The requirement's facts and value in one sentence, with what is asked, and of which outcome, where it is told."""
    said = _measured(edition, requirement.says, result.explanation, result.value, requirement.unit, language)
    if asked is None or (requirement.unit == "boolean" and asked == 1):
        return said
    number_asked = asked_words(edition, asked, requirement.unit, requirement.compare, language)
    return _asking(said, number_asked, outcome, language, unknown=result.value is None)


def asked_words(edition: Edition, asked: Fraction, unit: str, compare: str, language: str) -> str:
    """What is asked: a number, or at most a number."""
    value = in_unit(asked, unit, language, edition.scales)
    return words("report.at_most", language, value=value) if compare == "<=" else value


def change_sentence(
    edition: Edition, text: Text, change: Change, unit: str, explanation: Explanation, language: str
) -> str:
    """What to do, with the distance in the unit of the fact, or why rows do not reach; "" when it cannot be told."""
    if change.reach is Reach.TOO_FEW:
        return _rows_to_tell(edition, text, change, unit, explanation, language)
    said = []
    if change.amount is not None:
        said.append(fill(text, change.blanks, language, unit, edition.scales, distance_unit=change.unit))
    if change.reach is Reach.NEW_ROWS:
        said.append(words("report.needs_new_rows", language))
    elif change.reach is Reach.NEVER:
        said.append(words("report.barred_by_rejection", language))
    if change.lacking:
        names = words("report.comma", language).join(
            row_name(edition, each.table, each.key, language) for each in change.lacking
        )
        said.append(words("report.lacking_rows", language, names=names))
    return words("report.semicolon", language).join(said)


def _rows_to_tell(
    edition: Edition, text: Text, change: Change, unit: str, explanation: Explanation, language: str
) -> str:
    """How many rows are lacking to tell a value, and what they must hold."""
    blanks = {key: number(change.blanks[key]) for key in ("k", "tell", "moved") if key in change.blanks}
    blanks["population"] = _population(edition, explanation, language)
    code = "report.rows_to_tell"
    if change.blanks["k"] != change.blanks["tell"]:
        code = "report.rows_to_earn"
    elif "moved" in blanks:
        code = "report.rows_to_tell_or_moved"
    said = words(code, language, **blanks)
    if "credits" not in change.blanks:
        return said
    numbers = {**change.blanks, "k": change.blanks["credits"]}
    then = fill(text, numbers, language, unit, edition.scales, distance_unit=change.unit)
    return words("report.then", language, rows=said, said=then)


def _population(edition: Edition, explanation: Explanation, language: str) -> str:
    """The name of the rows that are too few."""
    name = explanation.too_few
    return (edition.populations.get(name) or edition.tables[name]).text[language]


def too_few_sentence(edition: Edition, explanation: Explanation, language: str) -> str:
    """Why a value is unknown though no fact is missing: there are too few rows to tell; "" where facts are missing."""
    if explanation.missing or "v" in explanation.blanks:
        return ""
    least = explanation.blanks.get("least")
    if least is None:
        return words("report.nothing_to_tell", language)
    blanks = {"there": number(explanation.blanks["there"]), "least": number(least)}
    return words("report.too_few_rows", language, population=_population(edition, explanation, language), **blanks)


def missing_sentence(edition: Edition, missing: Missing, language: str) -> str:
    """Which fact is not there, and where it belongs."""
    table = edition.tables[missing.table]
    column = table.column(missing.column).text[language] if missing.column else ""
    blanks = {"table": table.text[language], "column": column, "row": str(missing.row)}
    if missing.row:
        return words("report.missing_cell", language, **blanks)
    if not missing.key:
        return words("report.missing_table", language, **blanks)
    return words("report.missing_row", language, key=row_name(edition, missing.table, missing.key, language), **blanks)


def row_name(edition: Edition, table: str, key: str, language: str) -> str:
    """A row that is not there, by the words for its key."""
    columns = edition.tables[table].columns
    options = [option for each in columns for option in each.options if option.id == key]
    return options[0].text[language] if options else key


def _measured(
    edition: Edition, says: Text, explanation: Explanation, value: Fraction | None, unit: str, language: str
) -> str:
    if value is None:
        return words("report.said_unknown" if explanation.missing else "report.said_too_few", language)
    said = fill(says, explanation.blanks, language, unit, edition.scales)
    if unit == "boolean":
        return words("report.said_boolean", language, said=said, value=in_unit(value, unit, language))
    # A count stands in its sentence already; one counted row of one is a ratio of 1 all the same.
    counted = names_blank(says, "n") and explanation.blanks.get("n") == value
    counted = counted and (unit == "count" or not names_blank(says, "d"))
    if names_blank(says, "v") or counted:
        return said
    return words("report.said_value", language, said=said, value=in_unit(value, unit, language, edition.scales))


def _asking(said: str, asked: str, outcome: str, language: str, *, unknown: bool) -> str:
    code = "report.asked_for" if outcome else "report.asked"
    asking = words(code, language, asked=asked, outcome=outcome)
    return words("report.asking_unknown" if unknown else "report.asking", language, said=said, asked=asking)


def bounds_sentences(result: Result, language: str) -> list[str]:
    """Between which outcomes the truth lies while facts are unknown, and what that leaves out."""
    edition, bounds = result.edition, result.bounds
    if bounds is None:
        return []
    said = []
    if bounds.facts:
        ranks = {"worst": bounds.worst, "best": bounds.best, "capability": result.capability}
        blanks = {key: outcome_name(edition, rank, language) for key, rank in ranks.items()}
        blanks["count"] = number(Fraction(len(bounds.facts)))
        code = "report.bounds_same" if bounds.worst == bounds.best else "report.bounds"
        text = words(code, language, **blanks)
        said.append(text if bounds.tried_all else words("report.bounds_rough", language, said=text))
        if bounds.worst > result.capability:
            said.append(words("report.bounds_above", language, **blanks))
    if bounds.left_out:
        rules: list[Indicator | Requirement] = [*edition.indicators, *edition.requirements]
        texts = dict.fromkeys(each.text[language] for each in rules if each.id in bounds.left_out)
        names = words("report.comma", language).join(texts)
        said.append(words("report.bounds_left_out", language, names=names, count=str(len(texts))))
    return said
