# SPDX-License-Identifier: Apache-2.0
"""What the client answered to the questions of the document review, and which rows it changed with that.

A changed row has no verdict until it is judged anew; what it said before, and what was said of it, stay to be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gradus.applications.models import Case, CaseStep, Filing
from gradus.evaluations.rows import Row, judged_tables, submitted, submitted_as
from gradus.evaluations.verified import Judged, Standing
from gradus.process.states import Step

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Answered:
    """One thing that the client was asked for in a document review; ``answer`` is empty until it has answered, and
    ``submission`` the number of the one filed with it, None for words alone."""

    number: int
    about: str
    reason: str
    wanted: str
    answer: str = ""
    submission: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that another one took the place of, or nothing: ``before`` is None where the row is new, ``after`` None
    where it is gone. ``submission`` is the number of the one that brought it, ``said`` the verdict that was about
    ``before``."""

    before: Row | None
    after: Row | None
    submission: int
    said: Judged | None = None


def answered(case: Case) -> list[Answered]:
    """Everything that the client was asked for in document reviews, the newest questions first."""
    steps = (Step.ASK_REVIEW_SUPPLEMENT.value, Step.ANSWER_REVIEW_SUPPLEMENT.value)
    taken = CaseStep.objects.filter(case=case, step__in=steps).order_by("number")
    rounds: list[list[Answered]] = []
    for step in taken:
        if step.step == Step.ASK_REVIEW_SUPPLEMENT:
            rounds.append([Answered(number, **each) for number, each in enumerate(step.said["items"], 1)])
        else:
            rounds[-1] = [
                Answered(each.number, each.about, each.reason, each.wanted, text, step.said["submission"], step.at)
                for each, text in zip(rounds[-1], step.said["answers"], strict=False)
            ]
    return [each for items in reversed(rounds) for each in items]


def changed_rows(case: Case, said: Standing) -> Mapping[Key, Changed]:
    """The rows to be judged that the client changed, added or removed while they were under review, each as it was
    when a verdict was given, else before its last change."""
    versions = _under_review(case)
    if len(versions) < 2:
        return {}
    found = submitted(case)
    now = {(row.table, row.id): row for table in judged_tables(found.edition) for row in found.rows[table.id]}
    changed = {}
    for key in dict.fromkeys([*now, *(each for _, rows in versions for each in rows)]):
        states = [(number, rows.get(key)) for number, rows in versions]
        others = [was for _, was in states if _of(was) != _of(now.get(key))]
        if others:
            about, verdict = said.outdated.get(key, ("", None))
            before = next((was for was in others if _of(was) == about), others[-1])
            same = [_of(was) == _of(now.get(key)) for _, was in states]
            brought = next(at for at in range(len(same)) if all(same[at:]))
            changed[key] = Changed(before, now.get(key), states[brought][0], verdict)
    return changed


def _of(row: Row | None) -> str:
    return row.of if row else ""


def _under_review(case: Case) -> list[tuple[int, Mapping[Key, Row]]]:
    """The submissions that were under review, in order, each with its number and the rows to be judged: those that came
    with answers, and the one before them."""
    steps = CaseStep.objects.filter(case=case, step=Step.ANSWER_REVIEW_SUPPLEMENT)
    brought = {(each.at, each.said["submission"]) for each in steps}
    filings = Filing.objects.filter(case=case).order_by("number")
    filed = list(filings.values_list("filed_at", "submission__number", "submission"))
    first = next((at for at, (*when, _) in enumerate(filed) if tuple(when) in brought), None)
    if first is None:
        return []
    found: list[tuple[int, Mapping[Key, Row]]] = []
    for _, number, id_ in filed[max(first - 1, 0) :]:
        read = submitted_as(id_)
        rows = {(row.table, row.id): row for table in judged_tables(read.edition) for row in read.rows[table.id]}
        found.append((number, rows))
    return found
