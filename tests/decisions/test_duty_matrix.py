# SPDX-License-Identifier: Apache-2.0
"""Every pair of parts that nobody may play both (domain facts, 2.8), refused by page, by API, by action and by raw SQL.

ACTS has each part that an act of stages 1 to 4 takes. A pair of which one side is such a part is tried by that act, on
the page and by the action, by somebody with the role who has played the other; the API has no act at all. Pairs of
parts that later stages take (WITHOUT_ACT) have no page yet: for these the action is ``take_part``.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from gradus.api.urls import description
from gradus.applications.cases import take_part
from gradus.applications.models import Involvement
from gradus.applications.review import refuse_application
from gradus.decisions.decide import Verdict, decide
from gradus.decisions.file import case_file
from gradus.decisions.panel import convene
from gradus.decisions.record import decision_of
from gradus.decisions.review import return_to_evaluation
from gradus.decisions.sign import sign_second
from gradus.evaluations.models import Team
from gradus.evaluations.team import propose_team
from gradus.grading.faults import Refusal
from gradus.people.tokens import make_token
from gradus.process.parts import EVALUATORS, FORBIDDEN, Part
from gradus.process.states import State
from tests.applications.stage_one import all_yes
from tests.applications.walk import bring_to, open_case
from tests.decisions.deciding import BECAUSE, announced, decided, evaluated, proof, recommended
from tests.evaluations.review import competent, seats
from tests.people.firms import PASSWORD

MINUTE = timedelta(minutes=1)
WITHOUT_ACT = {Part.CONSULTANT, Part.SURVEILLANCE_OFFICER, Part.COMPLAINTS_OFFICER, Part.APPEAL_PANEL}
REFUSED = "不能再担任"


@dataclass(frozen=True)
class Act:
    """How a part is taken: whose page (``by``) and which, with what; by which action; for whom (``who``)."""

    who: str
    by: str
    page: str
    said: object
    action: object


def _reviews(case, world, who, at):
    return refuse_application(case, all_yes(case), "no-competence", BECAUSE, world.actor(who), at)


def _seated(part):
    def action(case, world, who, at):
        return propose_team(case, _team(world, part, who), world.actor("office"), at)

    return action


def _team(world, part, who):
    other = {} if part is Part.LEAD_ASSESSOR else {"lead_assessor": "second_leader"}
    return seats(world, **other, **{part.value: who})


def _seating(part):
    def said(_case, world, who):
        chosen = {f"seat-{each.account.pk}": each.part.value for each in _team(world, part, who)}
        return {"do": "propose", **chosen}

    return said


def _with_reason(prefix, reason):
    def said(case, _world, _who):
        seen = {"seen": case_file(case).digest, "reason": reason, "reasons": BECAUSE}
        return {f"{prefix}-{name}": value for name, value in seen.items()}

    return said


def _refusing(case, _world, _who):
    answered = {f"met_{question}": "yes" for question in all_yes(case)}
    return {**answered, "verdict": "refuse", "reason": "no-competence", "text": BECAUSE}


def _chosen(_case, world, who):
    return {"convene-members": [str(world.people[who].pk)]}


def _shown(case, _world, _who):
    return {"sign-seen": decision_of(case).file_digest}


ACTS = {
    Part.APPLICATION_REVIEWER: Act(
        "application_reviewer", "application_reviewer", "review_application",
        _refusing, _reviews,
    ),
    Part.LEAD_ASSESSOR: Act(
        "lead_assessor", "office", "team", _seating(Part.LEAD_ASSESSOR), _seated(Part.LEAD_ASSESSOR)
    ),
    Part.ASSESSOR: Act("assessor", "office", "team", _seating(Part.ASSESSOR), _seated(Part.ASSESSOR)),
    Part.TECHNICAL_EXPERT: Act(
        "technical_expert", "office", "team", _seating(Part.TECHNICAL_EXPERT), _seated(Part.TECHNICAL_EXPERT)
    ),
    Part.TECHNICAL_REVIEWER: Act(
        "technical_reviewer", "technical_reviewer", "return_case", _with_reason("return", "incomplete-file"),
        lambda case, world, who, at: return_to_evaluation(
            case, "incomplete-file", BECAUSE, case_file(case).digest, world.actor(who), at
        ),
    ),
    Part.PANEL_MEMBER: Act(
        "panel_member", "office", "convene_panel",
        _chosen,
        lambda case, world, who, at: convene(case, [world.people[who]], world.actor("office"), at),
    ),
    Part.PANEL_OFFICER: Act(
        "office", "office", "convene_panel",
        lambda _case, world, _who: {"convene-members": [str(world.people["panel_member"].pk)]},
        lambda case, world, who, at: convene(case, [world.people["panel_member"]], world.actor(who), at),
    ),
    Part.DECISION_MAKER: Act(
        "decision_maker", "decision_maker", "refuse_case", _with_reason("refuse", "other"),
        lambda case, world, who, at: decide(
            case, Verdict(BECAUSE, refused_for="other"), proof(at), case_file(case).digest, world.actor(who), at
        ),
    ),
    Part.SECOND_SIGNATORY: Act(
        "head_of_body", "head_of_body", "sign_case",
        _shown,
        lambda case, world, who, at: sign_second(
            case, proof(at), decision_of(case).file_digest, world.actor(who), at
        ),
    ),
}  # fmt: skip


_EVALUATES = (Part.LEAD_ASSESSOR, Part.ASSESSOR, Part.TECHNICAL_EXPERT)
_AFTERWARDS = (Part.COMPLAINTS_OFFICER, Part.APPEAL_PANEL)
MATRIX = {
    Part.CONSULTANT: (
        Part.APPLICATION_REVIEWER, *_EVALUATES, Part.TECHNICAL_REVIEWER, Part.DECISION_MAKER, Part.SURVEILLANCE_OFFICER,
        *_AFTERWARDS,
    ),
    Part.APPLICATION_REVIEWER: _AFTERWARDS,
    **dict.fromkeys(_EVALUATES, (Part.TECHNICAL_REVIEWER, Part.DECISION_MAKER, *_AFTERWARDS)),
    Part.TECHNICAL_REVIEWER: _AFTERWARDS,
    Part.DECISION_MAKER: _AFTERWARDS,
}  # fmt: skip
"""The matrix of separated duties as it was written down from ISO/IEC 17065 before the engine's table: every "no"."""


def test_every_no_of_the_matrix_is_forbidden():
    assert {frozenset({one, other}) for one, others in MATRIX.items() for other in others} <= FORBIDDEN


def barred_from(part):
    """The parts that rule one out, that somebody may have played before it."""
    return sorted(next(iter(pair - {part})) for pair in FORBIDDEN if part in pair)


def test_every_forbidden_pair_is_in_the_table():
    covered = {frozenset({part, other}) for part in ACTS for other in barred_from(part)}
    assert set(ACTS) | WITHOUT_ACT == set(Part)
    assert {pair for pair in FORBIDDEN - covered if not pair <= WITHOUT_ACT} == set()
    assert covered | {pair for pair in FORBIDDEN if pair <= WITHOUT_ACT} == FORBIDDEN
    assert {
        frozenset({one, other}) for one in EVALUATORS for other in (Part.TECHNICAL_REVIEWER, Part.DECISION_MAKER)
    } < covered


@pytest.fixture
def standing(submitted, world):
    """``standing(part)``: a case that stands where the part is taken; those asked for one after the other."""
    submission = submitted()
    world.join("second_leader", world.body, "lead_assessor", submission.submitted_at)
    case = open_case(submission, submission.submitted_at)

    def case_for(part):
        if part in EVALUATORS and case.state == State.APPLIED:
            bring_to(case, State.AGREED, case.changed_at + MINUTE)
            for who in ("lead_assessor", "second_leader"):
                competent(world, who, case, case.changed_at)
        if part is Part.TECHNICAL_REVIEWER:
            case.by_exception = True
            case.save(update_fields=["by_exception"])
            evaluated(case, case.changed_at + MINUTE)
        if part is Part.PANEL_MEMBER:
            recommended(case, world, case.changed_at + MINUTE)
        if part is Part.DECISION_MAKER:
            bring_to(case, State.NOTICE, case.changed_at + MINUTE)
            announced(case, world)
        if part is Part.SECOND_SIGNATORY:
            decided(case, world, case.changed_at + MINUTE, outcome="", refused_for="other", scope=())
        case.refresh_from_db()
        return case

    return case_for


def test_no_forbidden_pair_is_played_by_page_action_or_api(standing, world, sign_in):
    let, tried = [], 0
    for part, act in ACTS.items():
        case, browser = standing(part), sign_in(act.by)
        proven(browser)
        for played in barred_from(part):
            at = case.changed_at + MINUTE
            with transaction.atomic():
                before = Involvement.objects.create(
                    case=case, account=world.people[act.who], part=played.value, since=case.changed_at
                )
                tried += 1
                if not refused_by_action(act, case, world, at):
                    let.append(("action", played, part))
                if not refused_by_page(act, case, world, browser):
                    let.append(("page", played, part))
                if not refused_by_api(case, world.people[act.who], world.actor(act.who), at):
                    let.append(("api", played, part))
                assert list(Involvement.objects.filter(case=case, account=world.people[act.who])) == [before]
                transaction.set_rollback(True)
    assert let == []
    assert tried == sum(len(barred_from(part)) for part in ACTS)


def proven(browser):
    """The password is given just now."""
    assert browser.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def refused_by_action(act, case, world, at):
    try:
        with transaction.atomic():
            act.action(case, world, act.who, at)
    except Refusal as refusal:
        return any(
            each.code == "case.forbidden_part" or (each.code == "team.hindered" and REFUSED in each.params["said_zh"])
            for each in refusal.faults
        )
    return False


def refused_by_page(act, case, world, browser):
    """422 with the reason. Somebody hindered is not even offered for the panel, and the page says why."""
    answer = browser.post(reverse(act.page, kwargs={"case": case.pk}), act.said(case, world, act.who))
    return answer.status_code == 422 and REFUSED in answer.text


def refused_by_api(case, account, actor, at):
    """The API only answers questions: whatever is sent to a case, nothing is done (405)."""
    _, secret = make_token(account, f"{account.pk}-{at}", 30, actor, at)
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"})
    for address in (f"/api/cases/{case.pk}", "/api/cases/"):
        for method in (client.post, client.put, client.patch, client.delete):
            if method(address, {}, content_type="application/json").status_code != 405:
                return False
    return True


def test_the_api_offers_no_act_at_all():
    said = description()["paths"]
    assert said
    assert {method for operations in said.values() for method in operations} == {"get"}


def test_raw_sql_notes_no_forbidden_pair_in_either_order(standing, world):
    """The part itself, and a seat in a team, by INSERT past every action."""
    case, who = standing(Part.LEAD_ASSESSOR), world.people["administrator"]
    team = Team.objects.create(
        case=case, number=1, objections_until=case.changed_at.date(), proposed_by=who, proposed_at=case.changed_at
    )
    for pair in FORBIDDEN:
        for played, part in (tuple(pair), tuple(pair)[::-1]):
            with transaction.atomic():
                written("applications_involvement", case, who, played, case.changed_at)
                with pytest.raises(IntegrityError, match="forbidden_parts"), transaction.atomic():
                    written("applications_involvement", case, who, part, case.changed_at)
                if part in EVALUATORS:
                    with pytest.raises(IntegrityError, match="member_of_forbidden_parts"), transaction.atomic():
                        written("evaluations_member", case, who, part, case.changed_at, team_id=team.pk)
                with pytest.raises(Refusal), transaction.atomic():
                    take_part(case, who.pk, part, case.changed_at)
                transaction.set_rollback(True)


def written(table, case, account, part, at, **more):
    row = {"case_id": case.pk.hex, "account_id": account.pk.hex, "part": part.value, "since": at, **more}
    blanks = ", ".join(["%s"] * len(row))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({blanks})", list(row.values()))  # noqa: S608
