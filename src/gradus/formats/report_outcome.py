# SPDX-License-Identifier: Apache-2.0
"""The outcome: the cover's mark and ladder, the result and what it means, the radar, and what stands in the way."""

from collections.abc import Sequence
from fractions import Fraction

from gradus.formats.drawings import Axis, Step, ladder, radar, shortened, upright_ladder, wrapped
from gradus.formats.numbers import number, score
from gradus.formats.report_facts import missing_lines
from gradus.formats.report_materials import owed_sentences
from gradus.formats.report_voice import Model, Voice
from gradus.formats.result_words import (
    band_name,
    bounds_sentences,
    change_sentence,
    indicator_sentence,
    level_name,
    outcome_name,
    outcome_requested,
    path_sentence,
    rejected_sentences,
    requirement_sentence,
    stars,
    subject_name,
    veto_sentences,
)
from gradus.grading.result import Block, Gain
from gradus.grading.scheme import Number, Outcome

_FIRST_GAINS = 6
_HASH = 12
_RUNNING_TITLE = 40.0  # as wide as so many Chinese characters


def short_hash(hash_: str) -> str:
    """The first characters of a hash, enough to compare by eye."""
    kind, _, digits = hash_.partition(":")
    return f"{kind}:{digits[:_HASH]}"


def cover_part(voice: Voice) -> Model:
    """Who, by which scheme and edition, as of when, and the outcome at a glance."""
    edition, result = voice.edition, voice.result
    subject = subject_name(result, voice.language)
    facts = (
        ("report.criterion", voice.text(edition.criterion)),
        ("report.owner", voice.text(edition.owner)),
        ("report.edition", f"{edition.name} ({short_hash(edition.hash)})"),
        ("report.as_of", result.as_of.isoformat()),
        *[("report.section_materials", line) for line in owed_sentences(voice)[:1]],
    )
    return {
        "scheme": voice.text(edition.text),
        "subject": subject,
        "running_title": shortened(subject, _RUNNING_TITLE),
        "facts": [{"label": voice.say(code), "text": text} for code, text in facts],
        "outcomes": outcome_marks(voice),
        "ladder": ladder_part(voice),
    }


def outcome_marks(voice: Voice) -> list[Model]:
    """The capability and, in a scheme with a path, what can be granted: large, with stars and meaning."""
    marks = [_outcome_mark(voice, "report.capability", voice.result.capability)]
    if voice.edition.path:
        marks.append(_outcome_mark(voice, "report.grantable", voice.result.grantable))
    return marks


def _outcome_mark(voice: Voice, code: str, rank: int) -> Model:
    edition, outcome = voice.edition, voice.edition.outcome(rank)
    mark: Model = {"label": voice.say(code), "name": outcome_name(edition, rank, voice.language)}
    if outcome is None:
        return {**mark, "short": mark["name"], "stars": "", "band": "", "meaning": ""}
    level = level_name(edition, outcome.level, voice.language)
    return {
        **mark,
        "short": level if outcome.stars and level else mark["name"],
        "stars": stars(edition, outcome),
        "band": _band(voice, outcome),
        "meaning": voice.text(outcome.meaning),
    }


def _band(voice: Voice, outcome: Outcome) -> str:
    """The band with its place among the bands, since a number alone does not tell which end is the highest."""
    ids = [band.id for band in voice.edition.bands]
    if outcome.band not in ids:
        return ""
    place = {"position": str(ids.index(outcome.band) + 1), "count": str(len(ids))}
    return voice.say("report.band", band=band_name(voice.edition, outcome, voice.language), **place)


def ladder_part(voice: Voice) -> Model:
    """The outcomes as steps, with what is reached, granted, requested and next."""
    edition, result = voice.edition, voice.result
    requested = outcome_requested(result)
    ems = 720 / 12 / len(edition.outcomes) - 0.6
    steps = []
    for outcome in edition.outcomes:
        above = []
        if outcome.rank == result.capability:
            above.append(voice.say("report.mark_capability"))
        if outcome.rank == result.grantable and edition.path:
            above.append(voice.say("report.mark_grantable"))
        if outcome.id == requested:
            above.append(voice.say("report.mark_requested"))
        if outcome.rank == result.next_rank:
            code = "report.mark_next" if result.next_rank == result.capability + 1 else "report.mark_aim"
            above.append(voice.say(code, count=str(len(result.blocking))))
        level = level_name(edition, outcome.level, voice.language)
        name = [level, stars(edition, outcome)] if outcome.stars and level else wrapped(voice.text(outcome.text), ems)
        band = band_name(edition, outcome, voice.language)
        step = Step(
            name=tuple([*name, band] if band else name),
            above=tuple(above),
            reached=outcome.rank <= result.capability,
            requested=outcome.id == requested,
            next=outcome.rank == result.next_rank,
        )
        steps.append(step)
    label = voice.say(
        "report.ladder_label",
        outcomes=voice.listed([voice.text(outcome.text) for outcome in edition.outcomes]),
        capability=outcome_name(edition, result.capability, voice.language),
        grantable=outcome_name(edition, result.grantable, voice.language),
    )
    return {"svg": ladder(steps, label), "upright": upright_ladder(steps, label), "label": label}


def result_part(voice: Voice) -> Model:
    """The result in words, each heading with its lines."""
    edition, result = voice.edition, voice.result
    outcome = edition.outcome(result.capability)
    path = [path_sentence(edition, step, voice.language, vetoed=bool(result.vetoed)) for step in result.path]
    if outcome:
        path[0] = voice.say("report.means", said=path[0], meaning=voice.text(outcome.meaning))
    if any(step.code == "path.exception" for step in result.path) and edition.path and edition.path.exception:
        path.append(voice.text(edition.path.exception.text))
    lines = [
        ("report.capability", path[:1]),
        ("report.path", path[1:]),
        *_scope(voice),
        ("report.vetoes", _vetoes(voice)),
        ("report.section_materials", owed_sentences(voice)),
    ]
    rated = [each for each in edition.indicators if each.rating]
    claimed = sum(each.claimed for each in result.indicators.values())
    if claimed and edition.claimed:
        blanks = {"count": str(claimed), "rated": str(len(rated)), "mark": voice.text(edition.claimed)}
        lines.append(("report.claimed", [voice.say("report.claimed_note", **blanks)]))
    if result.bounds:
        said = bounds_sentences(result, voice.language)
        lines.append(("report.unknown_facts", [*said, *missing_lines(voice, result.bounds.facts)]))
    lines.append(("report.rejected", rejected_sentences(result, voice.language)))
    return {"lines": [{"label": voice.say(code), "texts": texts} for code, texts in lines if texts]}


def _scope(voice: Voice) -> list[tuple[str, list[str]]]:
    rule = voice.edition.scope
    if rule is None:
        return []
    options = {each.id: voice.text(each.text) for each in voice.edition.tables[rule.table].column(rule.column).options}
    names = [[options.get(each, each) for each in ids] for ids in (voice.result.scope, voice.result.scope_not_granted)]
    granted = voice.listed(names[0]) if names[0] else voice.say("report.scope_empty")
    lines = [voice.say("report.scope_granted", fields=granted, rule=voice.text(rule.text))]
    if names[1]:
        lines.append(voice.say("report.scope_not_granted", fields=voice.listed(names[1])))
    return [("report.scope", lines)]


def _vetoes(voice: Voice) -> list[str]:
    lines = []
    for veto in voice.edition.vetoes:
        holds = voice.result.vetoes[veto.id].holds
        if holds is None:
            lines.append(voice.say("report.veto_unknown", veto=voice.text(veto.text)))
        elif holds:
            lines.append(voice.say("report.veto_holds", veto=voice.text(veto.text), effect=voice.text(veto.effect)))
            lines.extend(veto_sentences(voice.result, veto.id, voice.language))
    if not lines and voice.edition.vetoes:
        names = voice.listed([voice.text(veto.text) for veto in voice.edition.vetoes])
        lines.append(voice.say("report.veto_none", vetoes=names))
    return lines


def score_part(voice: Voice) -> Model:
    """Radar and table of the dimensions, and what each outcome asks of the scores; {} for a scheme without scores."""
    edition, result = voice.edition, voice.result
    thresholds = [_threshold(voice, outcome) for outcome in edition.outcomes if _asks_scores(outcome)]
    if not edition.dimensions:
        return {}
    goal = edition.outcome(result.next_rank) or edition.outcome(result.capability)
    cut = goal.each_dimension_at_least if goal else None
    rows: list[Model] = []
    axes = []
    for dimension in edition.dimensions:
        own = result.dimensions.get(dimension.id)
        axes.append(Axis(voice.text(dimension.text), score(own), own, cut.value if cut else None))
        rows.append({"name": voice.text(dimension.text), "weight": number(dimension.weight.value), "score": score(own)})
    label = voice.say("report.radar_label", scores=voice.listed([f"{axis.name} {axis.words}" for axis in axes]))
    drawing = radar(axes, label, claimed=result.claimed) if len(axes) >= 3 else ""
    return {
        "drawing": drawing,
        "label": label,
        "rows": rows,
        "overall": score(result.overall),
        "cut_off": _cut(voice, cut, goal),
        "legend": _legend(voice, cut, goal),
        "thresholds": thresholds,
    }


def _asks_scores(outcome: Outcome) -> bool:
    return bool(outcome.overall_at_least or outcome.each_dimension_at_least)


def _threshold(voice: Voice, outcome: Outcome) -> Model:
    name = voice.text(outcome.text)
    cells: Model = {"name": name, "band": band_name(voice.edition, outcome, voice.language)}
    least = (("overall", outcome.overall_at_least), ("each", outcome.each_dimension_at_least))
    for key, given in least:
        if given is None:
            cells[key] = {"text": "–", "mark": "", "why": ""}
        else:
            cells[key] = voice.number(given, score(given.value), voice.say(f"report.{key}_at_least"), name)
    return cells


def _cut(voice: Voice, cut: Number | None, goal: Outcome | None) -> Model:
    if cut is None or goal is None:
        return {"text": "", "mark": "", "why": ""}
    return voice.number(cut, score(cut.value), voice.say("report.each_at_least"), voice.text(goal.text))


def _legend(voice: Voice, cut: Number | None, goal: Outcome | None) -> list[Model]:
    code = "report.legend_claimed" if voice.result.claimed else "report.legend_verified"
    lines: list[Model] = [{"key": "claimed" if voice.result.claimed else "verified", "text": voice.say(code)}]
    if cut and goal:
        blanks = {"outcome": voice.text(goal.text), "least": score(cut.value)}
        lines.append({"key": "cut", "text": voice.say("report.legend_cut", **blanks)})
    return lines


def blocking_part(voice: Voice, blocks: Sequence[Block] | None = None) -> Model:
    """What stands in the way of the next outcome, each with its distance and what would close it; in the order of the
    edition, or as ``blocks`` has them."""
    result = voice.result
    if not result.next_rank:
        return {"title": voice.say("report.highest"), "rows": [], "empty": voice.say("report.highest_reached")}
    goal = outcome_name(voice.edition, result.next_rank, voice.language)
    rows = [_block(voice, block) for block in (result.blocking if blocks is None else blocks)]
    return {"title": voice.say("report.in_the_way", outcome=goal), "rows": rows, "empty": ""}


def _block(voice: Voice, block: Block) -> Model:
    edition, result, language = voice.edition, voice.result, voice.language
    row: Model = {"status": voice.status(block.status), "gains": [], "more": "", "link": ""}
    if block.kind == "veto":
        veto = next(each for each in edition.vetoes if each.id == block.id)
        now = voice.say("report.semicolon").join([voice.text(veto.effect), *veto_sentences(result, block.id, language)])
        return {**row, "title": voice.text(veto.text), "now": now, "do": ""}
    if block.kind == "requirement":
        requirement = next(each for each in edition.requirements if each.id == block.id)
        found = result.requirements[block.id]
        change = block.distance
        assert change is not None
        do = change_sentence(edition, requirement.change, change, requirement.unit, found.explanation, language)
        return {
            **row,
            "title": voice.text(requirement.text),
            "now": requirement_sentence(edition, requirement, found, language, block.asked),
            "do": do or _supply(voice, found.explanation.missing),
            "link": f"requirement-{block.id}",
        }
    return {**row, **_score_block(voice, block)}


def _supply(voice: Voice, missing: Sequence[object]) -> str:
    return voice.say("report.supply", count=str(len(missing))) if missing else voice.say("report.distance_unknown")


def _score_block(voice: Voice, block: Block) -> Model:
    dimension = next((each for each in voice.edition.dimensions if each.id == block.id), None)
    name = voice.text(dimension.text) if dimension else ""
    gap = block.distance.amount if block.distance else None
    gains = [_gain(voice, gain) for gain in block.gains[:_FIRST_GAINS]]
    more = len(block.gains) - len(gains)
    return {
        "title": voice.say("report.dimension_score", name=name) if dimension else voice.say("report.overall"),
        "now": voice.say("report.score_asked", score=score(block.value), asked=score(block.asked)),
        "do": voice.say("report.points_short", points=number(gap or Fraction(0), fixed=True, up=True)),
        "gains": gains,
        "more": voice.say("report.more_gains", count=str(more)) if more > 0 else "",
        "link": f"dimension-{block.id}" if dimension else "",
    }


def _gain(voice: Voice, gain: Gain) -> Model:
    edition = voice.edition
    indicator = next(each for each in edition.indicators if each.id == gain.indicator)
    found = voice.result.indicators[gain.indicator]
    full = change_sentence(edition, indicator.change, gain.full, indicator.unit, found.explanation, voice.language)
    enough = ""
    if gain.enough:
        enough = change_sentence(
            edition, indicator.change, gain.enough, indicator.unit, found.explanation, voice.language
        )
        same = gain.enough.amount == gain.full.amount or not enough
        enough = voice.say("report.enough_alone") if same else voice.say("report.enough", change=enough)
    return {
        "name": voice.text(indicator.text),
        "do": full or _supply(voice, found.explanation.missing),
        "adds": f"+{score(gain.adds)}",
        "enough": enough,
        "link": f"indicator-{gain.indicator}",
        "now": indicator_sentence(edition, indicator, found, voice.language),
    }
