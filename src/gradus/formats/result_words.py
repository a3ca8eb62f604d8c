# SPDX-License-Identifier: Apache-2.0
"""What a result says in sentences, for the terminal, the page and the report alike. Nothing is computed here."""

from fractions import Fraction

from gradus.formats.blanks import fill, names_blank
from gradus.formats.numbers import in_unit, number
from gradus.formats.wording import words
from gradus.grading.result import Change, Explanation, IndicatorResult, Missing, PathStep, RequirementResult
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
    return _asking(edition, said, indicator.target.value, indicator.unit, "<=" if falling else ">=", language)


def requirement_sentence(
    edition: Edition, requirement: Requirement, result: RequirementResult, language: str, asked: Fraction | None
) -> str:
    """The requirement's facts and value in one sentence, with what is asked where something is."""
    said = _measured(edition, requirement.says, result.explanation, result.value, requirement.unit, language)
    if asked is None:
        return said
    return _asking(edition, said, asked, requirement.unit, requirement.compare, language)


def asked_words(edition: Edition, asked: Fraction, unit: str, compare: str, language: str) -> str:
    """What is asked: a number, or at most a number."""
    value = in_unit(asked, unit, language, edition.scales)
    return words("report.at_most", language, value=value) if compare == "<=" else value


def change_sentence(edition: Edition, text: Text, change: Change, unit: str, language: str) -> str:
    """What to do, with the distance in the unit of the fact; "" when the distance cannot be told or is none."""
    if not change.amount:
        return ""
    return fill(text, change.blanks, language, unit, edition.scales, distance_unit=change.unit)


def too_few_sentence(explanation: Explanation, language: str) -> str:
    """Why a value is unknown though no fact is missing: there are too few rows to tell; "" where facts are missing."""
    if explanation.missing or "v" in explanation.blanks:
        return ""
    least = explanation.blanks.get("least")
    if least is None:
        return words("report.nothing_to_tell", language)
    there = number(explanation.blanks["d"])
    return words("report.too_few_rows", language, there=there, least=number(least))


def missing_sentence(edition: Edition, missing: Missing, language: str) -> str:
    """Which fact is not there, and where it belongs."""
    table = edition.tables[missing.table]
    column = table.column(missing.column).text[language] if missing.column else ""
    blanks = {"table": table.text[language], "column": column, "row": str(missing.row)}
    if missing.row:
        return words("report.missing_cell", language, **blanks)
    if not missing.key:
        return words("report.missing_table", language, **blanks)
    options = [option for each in table.columns for option in each.options if option.id == missing.key]
    key = options[0].text[language] if options else missing.key
    return words("report.missing_row", language, key=key, **blanks)


def _measured(
    edition: Edition, says: Text, explanation: Explanation, value: Fraction | None, unit: str, language: str
) -> str:
    said = fill(says, explanation.blanks, language, unit, edition.scales)
    if value is None:
        return words("report.said_unknown", language, said=said)
    if unit == "boolean":
        return words("report.said_boolean", language, said=said, value=in_unit(value, unit, language))
    # A count stands in its sentence already; one counted row of one is a ratio of 1 all the same.
    counted = names_blank(says, "n") and explanation.blanks.get("n") == value
    counted = counted and (unit == "count" or not names_blank(says, "d"))
    if names_blank(says, "v") or counted:
        return said
    return words("report.said_value", language, said=said, value=in_unit(value, unit, language, edition.scales))


def _asking(edition: Edition, said: str, asked: Fraction, unit: str, compare: str, language: str) -> str:
    if unit == "boolean" and asked == 1:
        return said
    return words("report.asking", language, said=said, asked=asked_words(edition, asked, unit, compare, language))


def bounds_sentence(edition: Edition, worst: int, best: int, facts: int, language: str) -> str:
    """Between which outcomes the truth lies while facts are unknown."""
    blanks = {"worst": outcome_name(edition, worst, language), "best": outcome_name(edition, best, language)}
    code = "report.bounds_same" if worst == best else "report.bounds"
    said = words(code, language, count=number(Fraction(facts)), **blanks)
    return fill(said, {"count": Fraction(facts)}, language)
