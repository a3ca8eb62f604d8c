# SPDX-License-Identifier: Apache-2.0
"""Supplements: what the client is asked for, item by item, and the answer to exactly those items.

The clock stands still from the asking to the answer. An answer is a note to every item, and the new submission that
supplements what was asked for; where there is nothing to supplement the notes explain, and whoever reviews judges
them. With an item left out nothing is recorded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from gradus.applications.apply import file_submission, longest_text
from gradus.applications.cases import advance, lock, refuse_others_than_client, rules_of
from gradus.applications.models import Case, CaseStep, Filing, SupplementAnswer, SupplementItem
from gradus.dossiers.frozen import frozen_in
from gradus.dossiers.models import Submission
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.process.states import State, Step, after

most_items = 100

SHORTEST_EXPLANATION = 10
"""Signs that an explanation has at least where no new submission comes with it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item: why (an id of the closed list), what (a kind of document, or a table and perhaps its row), in words."""

    reason: str
    document: str
    table: str
    row: int | None
    text: str


def item_faults(case: Case, items: Sequence[Wanted]) -> list[Fault]:
    """What is wrong with a list of items; ``place.row`` counts them from 1."""
    rules, faults = rules_of(case), []
    documents = {each.id for each in rules.edition.documents}
    if not 0 < len(items) <= most_items:
        faults.append(Fault("supplement.no_items", params={"limit": str(most_items)}))
    for number, each in enumerate(items, 1):
        if rules.procedure.reason("supplement", each.reason) is None:
            faults.append(Fault("supplement.reason_needed", Place(row=number, field="reason")))
        if each.document not in {"", *documents} or each.table not in {"", *rules.edition.tables}:
            faults.append(Fault("supplement.unknown_place", Place(row=number, field="wanted")))
        elif each.document and each.row is not None:
            faults.append(Fault("supplement.row_of_document", Place(row=number, field="row")))
        elif each.row is not None and each.row not in _rows_of(case, each.table):
            faults.append(Fault("supplement.row_unknown", Place(row=number, field="row")))
        elif not each.document and not each.table:
            faults.append(Fault("supplement.place_needed", Place(row=number, field="wanted")))
        if not 0 < len(each.text.strip()) <= longest_text:
            faults.append(
                Fault("supplement.text_needed", Place(row=number, field="text"), {"limit": str(longest_text)})
            )
    return faults


def _rows_of(case: Case, table: str) -> set[int]:
    """The numbers of a table's rows in the submission; of no table ("") none."""
    return {row["number"] for row in frozen_in(case.submission).facts["tables"].get(table, ())}


def ask_items(case: Case, step: Step, items: Sequence[Wanted], actor: Actor, at: datetime) -> CaseStep:
    """Move a locked case to the client's turn with these items, whose ``item_faults`` the caller has looked at; the
    actor plays a part in it that asks."""
    said = {"items": len(items), "reasons": sorted({each.reason for each in items})}
    taken = advance(case, step, actor, at, said)
    SupplementItem.objects.bulk_create(
        SupplementItem(
            case=case, step=taken, account_id=actor.account, number=number, reason=each.reason,
            document=each.document, table=each.table, row=each.row, text=each.text.strip(),
        )
        for number, each in enumerate(items, 1)
    )  # fmt: skip
    return taken


def answer_supplement(
    case: Case, submission: Submission | None, notes: Mapping[int, str], actor: Actor, at: datetime
) -> CaseStep:
    """The client's answer: a new submission, or None for an explanation alone, and a note to each open item by its id.
    The clock goes on.

    Raises Refusal with everything that is wrong: an item not answered, one that was not asked, a submission that can
    not be filed. What the assessors ask for is answered in :mod:`gradus.evaluations.review`.
    """
    with transaction.atomic():
        locked = lock(case)
        after(State(locked.state), Step.ANSWER_SUPPLEMENT)
        refuse_others_than_client(locked, actor, at)
        items = list(open_items(locked))
        faults = [
            Fault("supplement.not_answered", Place(row=each.number, field=f"note_{each.pk}"), {"value": each.text})
            for each in items
            if not 0 < len(notes.get(each.pk, "").strip()) <= longest_text
        ]
        if submission is None:
            faults += _unexplained(items, notes)
        if set(notes) - {each.pk for each in items}:
            faults.append(Fault("supplement.not_asked"))
        filing = None
        try:
            filing = file_submission(locked, submission, at) if submission else last_filing(locked)
        except Refusal as refusal:
            faults += refusal.faults
        if faults or filing is None:
            raise Refusal(faults)
        SupplementAnswer.objects.bulk_create(
            SupplementAnswer(
                case=locked, asked=each, filing=filing, account_id=actor.account, note=notes[each.pk].strip(), at=at
            )
            for each in items
        )
        said = {"submission": submission.digest if submission else None, "items": len(items)}
        return advance(locked, Step.ANSWER_SUPPLEMENT, actor, at, said)


def _unexplained(items: Sequence[SupplementItem], notes: Mapping[int, str]) -> list[Fault]:
    """The items whose note is too short to explain what no submission shows."""
    return [
        Fault(
            "supplement.explain", Place(row=each.number, field=f"note_{each.pk}"), {"least": str(SHORTEST_EXPLANATION)}
        )
        for each in items
        if 0 < len(notes.get(each.pk, "").strip()) < SHORTEST_EXPLANATION
    ]


def last_filing(case: Case) -> Filing:
    """What was filed last in a case."""
    return Filing.objects.filter(case=case).order_by("-number")[0]


def in_words_alone(answer: SupplementAnswer) -> bool:
    """Whether an answer came without a submission of its own: it names the one that had been filed before."""
    return answer.filing.filed_at < answer.at


def open_items(case: Case) -> QuerySet[SupplementItem]:
    """What the client is still to answer."""
    return (
        SupplementItem.objects.filter(case=case, answer=None).select_related("step").order_by("step__number", "number")
    )
