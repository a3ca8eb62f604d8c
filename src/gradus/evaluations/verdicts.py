# SPDX-License-Identifier: Apache-2.0
"""What assessors do in the workbook: judge rows, rate items, note what is to be looked into on site."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gradus.applications.cases import evaluates, lock, note, rules_of
from gradus.applications.models import Case
from gradus.evaluations.models import DocumentFinding, Rating, Verdict
from gradus.evaluations.rows import judged_tables, rated_items, submitted
from gradus.evaluations.verified import Judged, rating_of, standing, verdict_on
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition
from gradus.grading.texts import Text
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.people.models import Account
from gradus.process.states import State

JUDGING = (State.DOCUMENT_REVIEW, State.ON_SITE, State.CORRECTION)
"""States in which assessors may judge and rate: a visit may show that a paper does not tell the truth."""

longest_text = 2000


@dataclass(frozen=True, slots=True)
class Opinion:
    """On a row: accepted, or rejected with a reason of the procedure's closed list and words of one's own.

    ``seen``: the id of the verdict that stood when its author looked, 0 for none; None when nobody looked at a page.
    """

    accepted: bool
    reason: str = ""
    text: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """Of an item: a value of the edition's rubric, and what it rests on; ``seen`` as above, of a rating."""

    value: int
    text: str
    seen: int | None = None


ACCEPTED = Opinion(accepted=True)


def judge_row(case: Case, table: str, row: int, opinion: Opinion, actor: Actor, at: datetime) -> Verdict:
    """Accept or reject a row of the submission.

    Raises Refusal: not on the team, not now, no such row, one that can not be rejected, no reason, no words, and when
    another assessor has judged the row since: what that one said is superseded knowingly or not at all.
    """
    with transaction.atomic():
        locked = _open(case, actor)
        found = submitted(locked)
        judged = found.row(table, row)
        if judged is None:
            raise Refusal([Fault("verdict.no_such_row", Place(table=table))])
        if table not in {each.id for each in judged_tables(found.edition)}:
            raise Refusal([Fault("verdict.not_rejectable", Place(table=table, row=judged.number))])
        _refuse_unseen(locked, verdict_on(locked, judged), opinion.seen, actor)
        reason, text = ("", "") if opinion.accepted else (opinion.reason, opinion.text.strip())
        if not opinion.accepted:
            _refuse_unreasoned(locked, reason, text)
        verdict = Verdict.objects.create(
            case=locked,
            account_id=actor.account,
            table=table,
            row=row,
            of=judged.of,
            accepted=opinion.accepted,
            reason=reason,
            text=text,
            made_at=at,
        )
        kind = Kind.ROW_ACCEPTED if opinion.accepted else Kind.ROW_REJECTED
        payload = {"table": table, "row": judged.number, "reason": reason, "text": text}
        note(locked, kind, actor, at, {**payload, **_said(found.edition, table)})
    return verdict


def accept_rows(case: Case, table: str, rows: Collection[int], actor: Actor, at: datetime) -> int:
    """Accept those of these rows of a table that have no verdict yet, in one act; how many there were."""
    with transaction.atomic():
        locked = _open(case, actor)
        found = submitted(locked)
        if table not in {each.id for each in judged_tables(found.edition)}:
            raise Refusal([Fault("verdict.not_rejectable", Place(table=table))])
        judged = standing(locked).verdicts
        accepted = [row for row in found.rows[table] if row.id in rows and (table, row.id) not in judged]
        Verdict.objects.bulk_create(
            Verdict(
                case=locked,
                account_id=actor.account,
                table=table,
                row=row.id,
                of=row.of,
                accepted=True,
                made_at=at,
            )
            for row in accepted
        )
        if accepted:
            numbers = [row.number for row in accepted]
            payload = {"table": table, "count": len(accepted), "rows": numbers, **_said(found.edition, table)}
            note(locked, Kind.ROWS_ACCEPTED, actor, at, payload)
    return len(accepted)


def rate_item(case: Case, item: str, rated: Rated, actor: Actor, at: datetime) -> Rating:
    """Rate an item by the edition's rubric, and say what the rating rests on. Raises Refusal, also when another
    assessor has rated it since the actor looked."""
    with transaction.atomic():
        locked = _open(case, actor)
        edition = rules_of(locked).edition
        place = rated_items(edition).get(item)
        if place is None:
            raise Refusal([Fault("rating.no_such_item", Place(field="item"))])
        _refuse_unseen(locked, rating_of(locked, item), rated.seen, actor)
        column = edition.tables[place.table].column(place.assessed)
        low, high = int(column.minimum or 0), int(column.maximum if column.maximum is not None else 5)
        faults = []
        if not low <= rated.value <= high:
            faults.append(Fault("rating.out_of_scale", Place(field="value"), {"low": str(low), "high": str(high)}))
        if not rated.text.strip():
            faults.append(Fault("rating.text_needed", Place(field="text")))
        faults += too_long("text", rated.text)
        if faults:
            raise Refusal(faults)
        words = rated.text.strip()
        rating = Rating.objects.create(
            case=locked, account_id=actor.account, item=item, value=rated.value, text=words, made_at=at
        )
        payload = {"item": item, "value": rated.value, "text": words, **_named(edition, item)}
        note(locked, Kind.ITEM_RATED, actor, at, payload)
    return rating


def note_finding(case: Case, item: str, text: str, actor: Actor, at: datetime) -> DocumentFinding:
    """Note what the papers leave open about an item (an indicator or a requirement). Raises Refusal."""
    with transaction.atomic():
        locked = _open(case, actor)
        edition = rules_of(locked).edition
        if item not in item_texts(edition):
            raise Refusal([Fault("rating.no_such_item", Place(field="item"))])
        words = text.strip()
        if not words:
            raise Refusal([Fault("finding.text_needed", Place(field="text"))])
        if faults := too_long("text", words):
            raise Refusal(faults)
        made = DocumentFinding.objects.create(case=locked, account_id=actor.account, item=item, text=words, made_at=at)
        note(locked, Kind.FINDING_NOTED, actor, at, {"item": item, "text": words, **_named(edition, item)})
    return made


def may_judge(case: Case, account: object) -> bool:
    """Whether somebody evaluates a case in a state in which that is done."""
    return case.state in JUDGING and evaluates(case, account)


def _open(case: Case, actor: Actor) -> Case:
    """The case, locked, if the actor may evaluate it now."""
    locked = lock(case)
    if not evaluates(locked, actor.account):
        raise Refusal([Fault("evaluation.not_on_team")])
    if locked.state not in JUDGING:
        raise Refusal([Fault("evaluation.not_now")])
    return locked


def _refuse_unseen(case: Case, stands: Judged | Rating | None, seen: int | None, actor: Actor) -> None:
    """Raises Refusal, with what stands, when that is another's and the actor has not seen it."""
    if stands is None or seen in (None, stands.id) or str(stands.account_id) == actor.account:
        return
    told = {"name": Account.objects.get(pk=stands.account_id).name, "said": stands.text}
    if isinstance(stands, Rating):
        raise Refusal([Fault("rating.rated_since", params={**told, "value": str(stands.value)})])
    if stands.accepted:
        raise Refusal([Fault("verdict.accepted_since", params=told)])
    reason = rules_of(case).procedure.reason("reject_row", stands.reason)
    told |= {f"reason_{language}": reason.text[language] if reason else stands.reason for language in ("zh", "en")}
    raise Refusal([Fault("verdict.rejected_since", params=told)])


def _refuse_unreasoned(case: Case, reason: str, text: str) -> None:
    faults = []
    if rules_of(case).procedure.reason("reject_row", reason) is None:
        faults.append(Fault("verdict.reason_needed", Place(field="reason")))
    if not text:
        faults.append(Fault("verdict.text_needed", Place(field="text")))
    faults += too_long("text", text)
    if faults:
        raise Refusal(faults)


def too_long(field: str, text: str) -> list[Fault]:
    """A fault when a text is longer than what is kept."""
    long = len(text.strip()) > longest_text
    return [Fault("evaluation.text_too_long", Place(field=field), {"limit": str(longest_text)})] if long else []


def _said(edition: Edition, table: str) -> Mapping[str, str]:
    text = edition.tables[table].text
    return {"said_zh": text.zh, "said_en": text.en}


def _named(edition: Edition, item: str) -> Mapping[str, str]:
    text = item_texts(edition)[item]
    return {"said_zh": text.zh, "said_en": text.en}


def item_texts(edition: Edition) -> dict[str, Text]:
    """What is looked at, by id: indicators and requirements."""
    return {
        **{each.id: each.text for each in edition.indicators},
        **{each.id: each.text for each in edition.requirements},
    }
