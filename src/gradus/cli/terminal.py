# SPDX-License-Identifier: Apache-2.0
"""A result on the terminal: outcome, a bar a dimension, what stands in the way, then the items, then the warnings."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from unicodedata import east_asian_width

from gradus.cli.streams import tell
from gradus.formats import result_words as told
from gradus.formats.numbers import score
from gradus.formats.report_materials import Owed, outcome_aimed_at, owed_by_group
from gradus.formats.report_voice import Voice
from gradus.formats.wording import place, say, sentence, words
from gradus.grading.result import Block, Explanation, Gain, Result, Status
from gradus.grading.scheme import Indicator

_SIGNS = {
    Status.MET: "✓",
    Status.SCORED: "✓",
    Status.NOT_MET: "×",
    Status.UNKNOWN: "?",
    Status.NOT_APPLICABLE: "–",
    Status.NOT_ASKED: "–",
}
_BAR = 40
_GAINS_SHOWN = 5


def print_result(result: Result, language: str) -> None:
    """Print a result."""
    tell("\n".join(_lines(result, language)))


def width(text: str) -> int:
    """How many columns a text takes on a terminal."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _titled(name: str, said: str, language: str) -> str:
    return f"{name}：{said}" if language == "zh" else f"{name}: {said}"


def _padded(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))


def _lines(result: Result, language: str) -> Iterator[str]:
    yield from _head(result, language)
    yield from _bars(result, language)
    yield from _in_the_way(result, language)
    yield from _indicators(result, language)
    yield from _requirements(result, language)
    yield from _materials(result, language)
    yield from _warnings(result, language)
    yield ""


def _head(result: Result, language: str) -> Iterator[str]:
    edition = result.edition
    yield f"{told.subject_name(result, language)}  ·  {edition.text[language]}  ·  {result.as_of}"
    yield f"{edition.name}  {edition.hash[:19]}"
    yield ""
    names = [say(code, language) for code in ("terminal.capability", "terminal.grantable")]
    columns = max(width(each) for each in names) + 2
    ranks = [result.capability, result.grantable] if edition.path else [result.capability]
    for label, rank in zip(names, ranks, strict=False):
        outcome = edition.outcome(rank)
        mark = told.outcome_name(edition, rank, language)
        if outcome:
            band = told.band_name(edition, outcome, language)
            mark += f"  {told.stars(edition, outcome)}" if outcome.stars else ""
            mark += words("terminal.band", language, band=band) if band else ""
            mark += f"  {outcome.meaning[language]}"
        yield f"{_padded(label, columns)}{mark}"
    for step in result.path[1:-1]:
        yield f"{' ' * columns}{told.path_sentence(edition, step, language)}"
    for veto in edition.vetoes:
        if result.vetoes[veto.id].holds:
            yield f"× {_titled(veto.text[language], veto.effect[language], language)}"
            yield from (f"    {each}" for each in told.veto_sentences(result, veto.id, language))
    if edition.scope:
        options = {
            each.id: each.text[language]
            for each in edition.tables[edition.scope.table].column(edition.scope.column).options
        }
        scope = "、" if language == "zh" else ", "
        granted = scope.join(options[each] for each in result.scope) or "–"
        yield f"{_padded(say('terminal.scope', language), columns)}{granted}"
        if result.scope_not_granted:
            refused = scope.join(options[each] for each in result.scope_not_granted)
            yield f"{' ' * columns}{say('terminal.scope_not_granted', language, {'fields': refused})}"
    if result.rejected:
        rows = words("report.semicolon", language).join(told.rejected_sentences(result, language))
        yield words("terminal.rejected", language, rows=rows)
    if result.claimed and edition.claimed:
        yield f"{' ' * columns}{say('terminal.claimed', language)}"
    yield from (f"{' ' * columns}{said}" for said in told.bounds_sentences(result, language))


def _bars(result: Result, language: str) -> Iterator[str]:
    if result.overall is None:
        return
    yield ""
    texts = [each.text[language] for each in result.edition.dimensions] + [say("terminal.overall", language)]
    columns = max(width(each) for each in texts) + 2
    scores = [result.dimensions[each.id] for each in result.edition.dimensions] + [result.overall]
    for text, value in zip(texts, scores, strict=True):
        filled = int((value or Fraction(0)) * _BAR / 100)
        yield f"{_padded(text, columns)}{'█' * filled}{'░' * (_BAR - filled)}  {score(value):>6}"


def _in_the_way(result: Result, language: str) -> Iterator[str]:
    if not result.next_rank:
        return
    yield ""
    name = told.outcome_name(result.edition, result.next_rank, language)
    yield say("terminal.in_the_way", language, {"outcome": name})
    for block in result.blocking:
        yield from _block(result, block, language)


def _block(result: Result, block: Block, language: str) -> Iterator[str]:
    edition = result.edition
    sign = _SIGNS[block.status]
    if block.kind == "veto":
        yield f"  {sign} {next(each.text[language] for each in edition.vetoes if each.id == block.id)}"
        yield from (f"      {each}" for each in told.veto_sentences(result, block.id, language))
        return
    if block.kind == "requirement":
        requirement = next(each for each in edition.requirements if each.id == block.id)
        judged = result.requirements[block.id]
        said = told.requirement_sentence(edition, requirement, judged, language, block.asked)
        yield f"  {sign} {_titled(requirement.text[language], said, language)}"
        assert block.distance is not None
        change = told.change_sentence(
            edition, requirement.change, block.distance, requirement.unit, judged.explanation, language
        )
        yield from (f"      → {each}" for each in [change] if each)
        if not change:
            yield from (f"      ? {each}" for each in _lacking(result, judged.explanation, language, 3))
        return
    names = {each.id: each.text[language] for each in edition.dimensions}
    blanks = {"name": names.get(block.id, say("terminal.overall", language))}
    blanks |= {"value": score(block.value), "asked": score(block.asked)}
    yield f"  {sign} {say('terminal.score_missed', language, blanks)}"
    for gain in block.gains[:_GAINS_SHOWN]:
        yield from _gain(result, gain, language)
    if len(block.gains) > _GAINS_SHOWN:
        yield f"      {say('terminal.more_gains', language, {'count': str(len(block.gains) - _GAINS_SHOWN)})}"


def _gain(result: Result, gain: Gain, language: str) -> Iterator[str]:
    indicator = next(each for each in result.edition.indicators if each.id == gain.indicator)
    text = f"      +{score(gain.adds):>6}  {indicator.text[language]}"
    explanation = result.indicators[gain.indicator].explanation
    change = told.change_sentence(result.edition, indicator.change, gain.full, indicator.unit, explanation, language)
    yield _titled(text, change, language) if change else text
    if not change:
        yield from (f"               ? {each}" for each in _lacking(result, explanation, language, 2))
    if gain.enough and gain.enough.amount and gain.enough.amount != gain.full.amount:
        enough = told.change_sentence(
            result.edition, indicator.change, gain.enough, indicator.unit, explanation, language
        )
        yield f"               {say('terminal.enough', language, {'said': enough})}"


def _indicators(result: Result, language: str) -> Iterator[str]:
    edition = result.edition
    elements = {each.id: each for each in edition.elements}
    for dimension in edition.dimensions:
        yield ""
        yield f"{dimension.text[language]}  {score(result.dimensions[dimension.id])}"
        element = ""
        for indicator in (each for each in edition.indicators if each.dimension == dimension.id):
            if indicator.element != element:
                element = indicator.element
                yield f"  {elements[element].text[language]}"
            yield from _indicator(result, indicator, language)


def _indicator(result: Result, indicator: Indicator, language: str) -> Iterator[str]:
    found = result.indicators[indicator.id]
    name = indicator.text[language]
    if found.status is Status.NOT_APPLICABLE:
        yield f"    –         {_titled(name, say('terminal.not_applicable', language), language)}"
        return
    said = told.indicator_sentence(result.edition, indicator, found, language)
    sign = "?" if found.status is Status.UNKNOWN else " "
    claimed = f"  [{result.edition.claimed[language]}]" if found.claimed and result.edition.claimed else ""
    yield f"    {sign} {score(found.points):>6}  {_titled(name, said, language)}{claimed}"
    if found.status is Status.UNKNOWN:
        yield from (f"               ? {each}" for each in _lacking(result, found.explanation, language, 3))
    if len(found.explanation.missing) > 3:
        count = {"count": str(len(found.explanation.missing) - 3)}
        yield f"               {say('terminal.more_missing', language, count)}"


def _lacking(result: Result, explanation: Explanation, language: str, most: int) -> Iterator[str]:
    """Why a value cannot be told: the first facts that are missing, or too few rows."""
    for missing in explanation.missing[:most]:
        yield told.missing_sentence(result.edition, missing, language)
    too_few = told.too_few_sentence(result.edition, explanation, language)
    if too_few:
        yield too_few


def _requirements(result: Result, language: str) -> Iterator[str]:
    """Every gate with its status from the lowest outcome to the highest."""
    edition = result.edition
    yield ""
    marks = " ".join(str(outcome.rank) for outcome in edition.outcomes)
    names = words("report.comma", language).join(f"{each.rank} {each.text[language]}" for each in edition.outcomes)
    yield words("terminal.requirements_of", language, outcomes=names)
    yield f"  {marks}"
    for requirement in edition.requirements:
        found = result.requirements[requirement.id]
        signs = " ".join(_SIGNS[found.status[outcome.id]] for outcome in edition.outcomes)
        said = told.requirement_sentence(edition, requirement, found, language, None)
        yield f"  {signs}  {_titled(requirement.text[language], said, language)}"


def _materials(result: Result, language: str) -> Iterator[str]:
    """What the outcome aimed at owes: how much in all, then group by group with what is lacking."""
    voice = Voice(result, language)
    groups = owed_by_group(voice)
    if not groups:
        return
    yield ""
    outcome = outcome_aimed_at(voice).text[language]
    yield words("terminal.materials", language, outcome=outcome, **_owed_blanks(groups))
    columns = max(width(each.group) for each in groups) + 2
    for each in groups:
        sign = "×" if each.lacking else "✓"
        said = words("terminal.materials_group", language, **_owed_blanks([each]))
        yield f"  {sign} {_padded(each.group, columns)}{said}"
        yield from (f"      × {name}" for name in each.lacking)


def _owed_blanks(groups: Sequence[Owed]) -> dict[str, str]:
    owed, present = sum(each.owed for each in groups), sum(each.present for each in groups)
    return {"owed": str(owed), "present": str(present), "missing": str(owed - present)}


def _warnings(result: Result, language: str) -> Iterator[str]:
    if not result.warnings:
        return
    yield ""
    yield say("terminal.warnings", language, {"count": str(len(result.warnings))})
    rules = Counter(each.params.get("rule", each.code) for each in result.warnings)
    shown: Counter[str] = Counter()
    for fault in result.warnings:
        rule = fault.params.get("rule", fault.code)
        shown[rule] += 1
        if shown[rule] <= 3:
            said = f"{place(fault, result.edition, language)} {sentence(fault, language)}".strip()
            yield f"  ! [{rule}] {said}"
        elif shown[rule] == 4:
            count = {"count": str(rules[rule] - 3), "rule": rule}
            yield f"  ! {say('terminal.more_warnings', language, count)}"
