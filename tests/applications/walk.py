# SPDX-License-Identifier: Apache-2.0
"""Cases for the tests of each stage: a case brought to any state by its steps alone, the way through the table being
the shortest. Of what the stages before would have recorded only that is there which the database asks for."""

from collections import deque
from datetime import timedelta
from functools import partial

from django.db import transaction

from gradus.applications.cases import advance, keep_procedure, lock, take_part
from gradus.applications.models import Agreement, ApplicationReview, Case, Filing, Involvement, Quotation
from gradus.decisions.models import Consent, Decision, PanelOpinion, Proposal, Review, Signature
from gradus.decisions.record import round_of
from gradus.dossiers.models import Submission
from gradus.evaluations.models import Member, Team
from gradus.formats.procedures import find_procedure
from gradus.journal.actor import system
from gradus.people.models import Account
from gradus.process.parts import Part
from gradus.process.states import TRANSITIONS, State, Step
from gradus.schemes.queries import edition_named
from gradus.visits.models import EvaluationReport, Visit


def open_case(submission: Submission, at, requested="level-4", number="2026-0001") -> Case:
    """A case in its first state, filed with a submission."""
    rules = find_procedure(edition_named(submission.edition_hash))
    with transaction.atomic():
        case = Case.objects.create(
            number=number,
            client=submission.dossier.client,
            edition=submission.edition,
            edition_hash=submission.edition_hash,
            procedure=keep_procedure(rules, at),
            submission=submission,
            requested=requested,
            state=State.NEW.value,
            steps=0,
            opened_at=at,
            changed_at=at,
        )
        Filing.objects.create(case=case, submission=submission, number=1, filed_at=at)
        advance(lock(case), Step.APPLY, system, at)
    case.refresh_from_db()
    return case


def bring_to(case: Case, state: State, at) -> Case:
    """Take the shortest way to a state, a second a step. A grant or a refusal needs a decision with two signatures
    (tests/decisions/deciding.py)."""
    for number, step in enumerate(way(State(case.state), state), start=1):
        with transaction.atomic():
            locked = lock(case)
            recorded(locked, step, at + timedelta(seconds=number))
            advance(locked, step, system, at + timedelta(seconds=number))
    case.refresh_from_db()
    assert case.state == state
    return case


def recorded(case: Case, step: Step, at) -> None:
    """The record that the database asks for before a step, as a review by the reviewer or an agreement by the client; a
    team or a proposal only where the test has made none."""
    if step in (Step.ACCEPT_APPLICATION, Step.REFUSE_APPLICATION):
        reviewer = Account.objects.filter(appointments__role="application_reviewer").first()
        take_part(case, reviewer.pk, Part.APPLICATION_REVIEWER, at)
        filing = Filing.objects.filter(case=case).order_by("-number")[0]
        ApplicationReview.objects.create(
            case=case, account=reviewer, filing=filing, answers={}, found={}, verdict=step.value, at=at
        )
    elif step in _BY_STEP:
        _BY_STEP[step](case, at)


def _quotation(case: Case, at) -> None:
    amounts = dict.fromkeys(("man_days", "application", "evaluation", "certificate", "total"), 1)
    number = Quotation.objects.filter(case=case).count() + 1
    Quotation.objects.create(
        case=case, account=_client(case), number=number, extra_sites=0, currency="CNY", plan="计划", at=at, **amounts
    )


def _agreement(case: Case, at) -> None:
    Agreement.objects.create(
        case=case, quotation=Quotation.objects.filter(case=case).order_by("-number")[0], account=_client(case),
        duties=[], signatory="王法定", position="法定代表人", at=at,
    )  # fmt: skip


def _client(case: Case) -> Account:
    return case.client.appointments.filter(role="client_manager").first().account


def proposed(case: Case, until, at) -> Team:
    """A team of nobody but a leader, to which the client may object until a day."""
    who = _playing(case, Part.LEAD_ASSESSOR, at, takes=False)
    team = Team.objects.create(
        case=case, number=Team.objects.filter(case=case).count() + 1, objections_until=until, proposed_by=who,
        proposed_at=at,
    )  # fmt: skip
    Member.objects.create(team=team, case=case, account=who, part=Part.LEAD_ASSESSOR.value, since=at)
    return team


def _team(case: Case, at) -> None:
    if not Team.objects.filter(case=case, proposed_at__gte=case.changed_at).exists():
        proposed(case, (at - timedelta(days=1)).date(), at)


def _begun(case: Case, at) -> None:
    for each in Team.objects.filter(case=case).order_by("-number")[0].members.all():
        take_part(case, each.account_id, Part(each.part), at)


def _playing(case: Case, part: Part, at, *, takes=True) -> Account:
    """Who plays a part in the case now, or else whose role is called so, and ``takes`` it."""
    there = case.involvements.filter(part=part, relief=None).first()
    found = there.account if there else Account.objects.filter(appointments__role=part.value).first()
    if takes:
        take_part(case, found.pk, part, at)
    return found


def _visit(case: Case, at) -> None:
    site = {"name": "总部", "address": "某路 1 号", "north": "39.908700", "east": "116.397500"}
    days = {"table_days": "2", "man_days": "2"}
    Visit.objects.create(
        case=case, account=_playing(case, Part.LEAD_ASSESSOR, at), at=at, sites=[site], agenda=[], **days,
        number=Visit.objects.filter(case=case).count() + 1, opening=at, closing_from=at, closing_until=at,
    )  # fmt: skip


def _report(case: Case, at) -> None:
    leader, number = _playing(case, Part.LEAD_ASSESSOR, at), EvaluationReport.objects.filter(case=case).count() + 1
    EvaluationReport.objects.create(
        case=case, account=leader, at=at, number=number, content="{}", digest=f"{case.pk.hex}{number:032}"
    )


def _deed(case: Case, part: Part, at) -> dict:
    return {"case": case, "round": round_of(case), "account": _playing(case, part, at), "at": at}


def _review(case: Case, at) -> None:
    of = _deed(case, Part.TECHNICAL_REVIEWER, at)
    Review.objects.create(**of, outcome="level-4", reasons="x", file_digest="0" * 64)


def _return(case: Case, at) -> None:
    if case.state == State.TECHNICAL_REVIEW:
        of = _deed(case, Part.TECHNICAL_REVIEWER, at)
        Review.objects.create(**of, returned_for="incomplete-file", reasons="x", file_digest="0" * 64)


def _opinion(case: Case, at) -> None:
    running = case.involvements.filter(part=Part.PANEL_OFFICER).first()
    playing = Involvement.objects.filter(case=case).values("account")
    free = Account.objects.filter(appointments__role="office").exclude(pk__in=playing).first()
    office = running.account if running else free
    take_part(case, office.pk, Part.PANEL_OFFICER, at)
    PanelOpinion.objects.create(
        case=case, round=round_of(case), account=office, at=at, opinion="for", counts={}, seats=[], reasons="x"
    )


def _proposal(case: Case, at) -> None:
    if not Proposal.objects.filter(case=case, at__gte=case.changed_at).exists():
        Proposal.objects.create(**_deed(case, Part.DECISION_MAKER, at), outcome="level-4", scope=[], reasons="较低")


def _consent(case: Case, at, *, given: bool = True) -> None:
    proposal = Proposal.objects.filter(case=case).order_by("-id")[0]
    of = {"case": case, "round": round_of(case), "account": _client(case), "at": at}
    Consent.objects.create(**of, proposal=proposal, given=given, name="王法定")


def _decision(case: Case, at) -> None:
    of, number = _deed(case, Part.DECISION_MAKER, at), Decision.objects.filter(case=case).count() + 1
    over = {"file_digest": "0" * 64}
    made = Decision.objects.create(
        **of, **over, outcome="level-4", scope=[], reasons="x", digest=f"{case.pk.hex}{number:032}"
    )
    by = {"part": Part.DECISION_MAKER.value, "name": of["account"].name, "method": "password", "authenticated_at": at}
    Signature.objects.create(**of, **over, **by, decision=made)


_BY_STEP = {
    Step.QUOTE: _quotation,
    Step.RECORD_AGREEMENT: _agreement,
    Step.PROPOSE_TEAM: _team,
    Step.START_DOCUMENT_REVIEW: _begun,
    Step.PLAN_VISIT: _visit,
    Step.ISSUE_REPORT: _report,
    Step.RECOMMEND: _review,
    Step.RETURN_TO_EVALUATION: _return,
    Step.OPEN_PANEL: _review,
    Step.CLOSE_PANEL: _opinion,
    Step.ASK_CONSENT: _proposal,
    Step.GIVE_CONSENT: _consent,
    Step.DENY_CONSENT: partial(_consent, given=False),
    Step.DECIDE: _decision,
}


def way(start: State, goal: State) -> list[Step]:
    """The shortest list of steps from one state to another."""
    queue, ways = deque([start]), {start: []}
    while queue:
        here = queue.popleft()
        for (before, step), after in TRANSITIONS.items():
            if before is here and after not in ways:
                ways[after] = [*ways[here], step]
                queue.append(after)
    return ways[goal]
