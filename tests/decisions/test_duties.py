# SPDX-License-Identifier: Apache-2.0
"""Who may not do a thing in stage 4 is refused by the action and, under it, by the database itself."""

import json
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import get_current_timezone

from gradus.applications.cases import take_part
from gradus.applications.models import CaseStep
from gradus.decisions.decide import Verdict, ask_consent, decide, return_from_decision
from gradus.decisions.file import case_file
from gradus.decisions.models import Decision, Review, Seat, Signature, Vote
from gradus.decisions.notice import close_notice
from gradus.decisions.panel import close_panel, convene, vote, withdraw_member
from gradus.decisions.record import decision_of, members_of, notice_of, round_of
from gradus.decisions.review import QUESTIONS, Recommendation, recommend, return_to_evaluation
from gradus.decisions.sign import sign_second
from gradus.grading.faults import Refusal
from gradus.process.parts import CONCLUDING, FORBIDDEN, Part
from gradus.process.states import State
from tests.applications.walk import bring_to
from tests.decisions.deciding import BECAUSE, announced, decided, proof, recommended, reviewable

MINUTE = timedelta(minutes=1)
BEFORE = [
    Part.CONSULTANT, Part.APPLICATION_REVIEWER, Part.LEAD_ASSESSOR, Part.ASSESSOR, Part.TECHNICAL_EXPERT,
    Part.TECHNICAL_REVIEWER, Part.PANEL_MEMBER, Part.DECISION_MAKER, Part.COMPLAINTS_OFFICER, Part.APPEAL_PANEL,
]  # fmt: skip


@pytest.fixture
def case(submitted):
    return reviewable(submitted())


def barred_from(part):
    """The parts that rule another out, of those that somebody may have played before."""
    return [each for each in BEFORE if frozenset({each, part}) in FORBIDDEN]


def refused(deed):
    """The codes with which a deed is refused; what it did before is taken back."""
    with pytest.raises(Refusal) as told, transaction.atomic():
        deed()
    return {fault.code for fault in told.value.faults}


FORBIDDEN_PART = {"case.forbidden_part"}


def tried(case, who, played, deeds, at):
    """Each deed by somebody who has played a part; returns those that were not refused for that part."""
    let = []
    for part in played:
        with transaction.atomic():
            take_part(case, who.account, part, at)
            let += [(part, name) for name, deed in deeds.items() if refused(deed) != FORBIDDEN_PART]
            transaction.set_rollback(True)
    return let


def test_nobody_reviews_who_evaluated_or_votes(case, world):
    at, who, file = case.changed_at + MINUTE, world.actor("administrator"), case_file(case)
    said = Recommendation("level-4", BECAUSE, file.verified.scope, QUESTIONS)
    deeds = {
        "recommend": lambda: recommend(case, said, file.digest, who, at),
        "return": lambda: return_to_evaluation(case, "incomplete-file", BECAUSE, file.digest, who, at),
    }
    barred = barred_from(Part.TECHNICAL_REVIEWER)
    assert set(barred) >= {Part.LEAD_ASSESSOR, Part.ASSESSOR, Part.TECHNICAL_EXPERT, Part.CONSULTANT}
    assert tried(case, who, barred, deeds, at) == []
    assert not Review.objects.exists()


def test_nobody_decides_who_evaluated_votes_or_signs(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at, who, file = announced(case, world), world.actor("administrator"), case_file(case)
    verdict = Verdict(BECAUSE, "level-4", file.verified.scope)
    deeds = {
        "grant": lambda: decide(case, verdict, proof(at), file.digest, who, at),
        "refuse": lambda: decide(case, Verdict(BECAUSE, refused_for="other"), proof(at), file.digest, who, at),
        "ask": lambda: ask_consent(case, verdict, file.digest, who, at),
        "return": lambda: return_from_decision(case, "new-information", BECAUSE, file.digest, who, at),
    }
    assert tried(case, who, barred_from(Part.DECISION_MAKER), deeds, at) == []
    assert not Decision.objects.exists()


def test_nobody_signs_who_decided_evaluated_or_votes(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    made, who = decided(case, world, at), world.actor("administrator")
    deeds = {"sign": lambda: sign_second(case, proof(at), made.file_digest, who, at)}
    barred = barred_from(Part.SECOND_SIGNATORY)
    assert Part.DECISION_MAKER in barred
    assert tried(case, who, barred, deeds, at) == []
    assert Signature.objects.count() == 1


def test_nobody_is_convened_who_evaluated_or_reviews(case, world, at):
    world.join("expert", world.body, "panel_member", at)
    case.by_exception = True
    case.save(update_fields=["by_exception"])
    recommended(case, world, case.changed_at + MINUTE)
    expert, now = world.people["expert"], case.changed_at + MINUTE
    deeds = {"convene": lambda: convene(case, [expert], world.actor("office"), now)}
    assert tried(case, world.actor("expert"), barred_from(Part.PANEL_MEMBER), deeds, now) == []
    assert not Seat.objects.exists()


SIGNATURE = "signature_of_part|decisions_signature is append-only"
"""SQLite may find first that there is a signature in the part, or of the person, already."""


def row(case, at, account, **more):
    return {"case_id": case.pk.hex, "round": round_of(case), "account_id": account.pk.hex, "at": at, **more}


def insert(table, values):
    """A row by raw SQL, past every action."""
    names, blanks = ", ".join(values), ", ".join(["%s"] * len(values))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({blanks})", list(values.values()))  # noqa: S608


def test_the_database_takes_no_deed_of_somebody_without_the_part(case, world):
    """The review, the decision and the signatures of an assessor, written by raw SQL."""
    assessor = world.people["assessor"]
    take_part(case, assessor.pk, Part.ASSESSOR, case.changed_at)
    review = {"outcome": "level-4", "scope": json.dumps([]), "returned_for": "", "reasons": BECAUSE, "sheet": "{}"}
    with pytest.raises(IntegrityError, match="review_needs_part"):
        insert("decisions_review", row(case, case.changed_at, assessor, **review, file_digest="0" * 64))
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    decision = {
        "id": uuid4().hex, "outcome": "level-4", "scope": json.dumps([]), "refused_for": "", "reasons": BECAUSE,
        "file_digest": "0" * 64, "digest": "1" * 64,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="decision_needs_part"):
        insert("decisions_decision", row(case, at, assessor, **decision))
    made = decided(case, world, at)
    for part in ("decision_maker", "second_signatory"):
        signature = {
            "decision_id": made.pk.hex, "part": part, "name": "x", "file_digest": made.file_digest,
            "method": "password", "authenticated_at": at,
        }  # fmt: skip
        with pytest.raises(IntegrityError, match=SIGNATURE):
            insert("decisions_signature", row(case, at, assessor, **signature))


def test_the_database_takes_no_signature_over_another_file_nor_a_second_of_one_person(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    made, head = decided(case, world, at), world.people["head_of_body"]
    take_part(case, head.pk, Part.SECOND_SIGNATORY, at)
    signature = {
        "decision_id": made.pk.hex, "part": "second_signatory", "name": "x", "file_digest": "0" * 64,
        "method": "password", "authenticated_at": at,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="signature_over_file"):
        insert("decisions_signature", row(case, at, head, **signature))
    maker = row(case, at, world.people["decision_maker"], **{**signature, "file_digest": made.file_digest})
    with pytest.raises(IntegrityError, match=SIGNATURE):
        insert("decisions_signature", maker)


def at_its_panel(case, world, at):
    """A case at its panel, with experts, and somebody who is of the office and assessor in it."""
    for number in range(3):
        world.join(f"expert{number}", world.body, "panel_member", at)
    case.by_exception = True
    case.save(update_fields=["by_exception"])
    recommended(case, world, case.changed_at + MINUTE)
    world.join("both", world.body, "office", at)
    return [world.people[each] for each in ("expert0", "expert1", "expert2")]


def test_nobody_of_the_office_runs_panel_or_notice_who_evaluates_reviews_votes_or_decides(case, world, at):
    experts, who, office = at_its_panel(case, world, at), world.actor("both"), world.actor("office")
    now = case.changed_at + MINUTE
    deeds = {"convene": lambda: convene(case, experts, who, now)}
    assert tried(case, who, CONCLUDING, deeds, now) == []
    seats = convene(case, experts, office, now)
    for number in range(3):
        vote(case, "for", BECAUSE, world.actor(f"expert{number}"), now)
    deeds = {
        "withdraw": lambda: withdraw_member(seats[0], BECAUSE, who, now),
        "count": lambda: close_panel(case, BECAUSE, who, now),
    }
    assert tried(case, who, CONCLUDING, deeds, now) == []
    close_panel(case, BECAUSE, office, now)
    late = now + timedelta(days=30)
    assert tried(case, who, CONCLUDING, {"close": lambda: close_notice(case, who, late)}, now) == []
    close_notice(case, who, late)


def test_nobody_decides_or_signs_afterwards_who_ran_the_panel_or_the_notice(case, world, at):
    """Each deed of the office alone is enough: the order makes no difference."""
    experts, office = at_its_panel(case, world, at), world.actor("office")
    now = case.changed_at + MINUTE
    late = now + timedelta(days=30)
    for who in ("convenes", "counts", "closes"):
        world.join(who, world.body, "office", at)
    deeds = {who: world.actor(who) for who in ("convenes", "counts", "closes")}
    convene(case, experts, deeds["convenes"], now)
    for number in range(3):
        vote(case, "for", BECAUSE, world.actor(f"expert{number}"), now)
    close_panel(case, BECAUSE, deeds["counts"], now)
    close_notice(case, deeds["closes"], late)
    case.refresh_from_db()
    file = case_file(case)
    verdict = Verdict(BECAUSE, "level-4", file.verified.scope)
    for who in deeds.values():
        assert refused(lambda who=who: decide(case, verdict, proof(late), file.digest, who, late)) == FORBIDDEN_PART
    made = decided(case, world, late)
    for who in deeds.values():
        assert refused(lambda who=who: sign_second(case, proof(late), made.file_digest, who, late)) == FORBIDDEN_PART
    assert refused(lambda: withdraw_member(members_of(case)[0], BECAUSE, world.actor("decision_maker"), late))
    withdraw_member(members_of(case)[0], BECAUSE, office, late)


def test_the_database_takes_no_seat_leave_count_or_notices_end_of_theirs(case, world, at):
    experts, office = at_its_panel(case, world, at), world.actor("office")
    now, both, other = case.changed_at + MINUTE, world.people["both"], world.people["panel_member"]
    seats = convene(case, experts, office, now)
    for part, who in ((Part.ASSESSOR, both), (Part.PANEL_MEMBER, other)):
        take_part(case, who.pk, part, now)
    with pytest.raises(IntegrityError, match="seat_by_part"), transaction.atomic():
        Seat.objects.create(case=case, round=round_of(case), account=other, at=now, convened_by=both)
    leave = {"seat_id": seats[0].pk, "why": BECAUSE, "account_id": both.pk.hex, "at": now}
    with pytest.raises(IntegrityError, match="leave_by_part"):
        insert("decisions_leave", leave)
    count = {"opinion": "for", "counts": "{}", "seats": "[]", "reasons": BECAUSE}
    with pytest.raises(IntegrityError, match="count_by_part"):
        insert("decisions_panelopinion", row(case, now, both, **count))
    bring_to(case, State.NOTICE, now)
    end = {"step": "close_notice", "before": "notice", "after": "decision", "at": case.changed_at}
    with pytest.raises(IntegrityError, match="moved_by_part"), transaction.atomic():
        CaseStep.objects.create(case=case, number=case.steps + 1, account=both, **end)


def test_the_database_ends_no_case_without_two_signatures_under_that_end(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    decided(case, world, at)
    for step, after in (("grant", "granted"), ("refuse", "refused")):
        with pytest.raises(IntegrityError, match="end_needs_signatures"), transaction.atomic():
            CaseStep.objects.create(case=case, number=case.steps + 1, step=step, before="signature", after=after, at=at)


def test_the_database_takes_no_decision_before_its_stage_nor_a_vote_outside_the_panel(submitted, world):
    case = reviewable(submitted())
    maker, at = world.people["decision_maker"], case.changed_at
    take_part(case, maker.pk, Part.DECISION_MAKER, at)
    with pytest.raises(IntegrityError, match="decision_needs_state"), transaction.atomic():
        Decision.objects.create(
            case=case, round=round_of(case), account=maker, at=at, outcome="level-4", reasons=BECAUSE,
            file_digest="0" * 64, digest="1" * 64,
        )  # fmt: skip
    expert = world.people["panel_member"]
    take_part(case, expert.pk, Part.PANEL_MEMBER, at)
    take_part(case, world.people["office"].pk, Part.PANEL_OFFICER, at)
    with pytest.raises(IntegrityError, match="seat_needs_state"), transaction.atomic():
        Seat.objects.create(case=case, round=round_of(case), account=expert, at=at, convened_by=world.people["office"])
    assert (Vote.objects.count(), decision_of(case)) == (0, None)


def test_the_database_closes_no_notice_before_its_last_day_is_over(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    office, last = world.people["office"], notice_of(case).last_day
    take_part(case, office.pk, Part.PANEL_OFFICER, case.changed_at)
    end = {"step": "close_notice", "before": "notice", "after": "decision", "account": office}
    evening = datetime.combine(last, time(23, 59), tzinfo=get_current_timezone())
    with pytest.raises(IntegrityError, match="notice_cut_short"), transaction.atomic():
        CaseStep.objects.create(case=case, number=case.steps + 1, at=evening, **end)
    CaseStep.objects.create(case=case, number=case.steps + 1, at=evening + MINUTE, **end)
