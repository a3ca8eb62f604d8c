# SPDX-License-Identifier: Apache-2.0
"""Two people doing the same or opposite things to one case at once, by the real actions of stages 2 to 4. Used by
tests/applications/at_once.py, which sets up Django and a database first."""

from datetime import timedelta

from gradus.decisions.decide import Verdict, decide
from gradus.decisions.file import case_file
from gradus.decisions.notice import close_notice
from gradus.decisions.record import decision_of, notice_of
from gradus.decisions.review import return_to_evaluation
from gradus.decisions.sign import sign_second
from gradus.dossiers.actions import create_dossier
from gradus.evaluations.rows import submitted
from gradus.evaluations.team import agree_to_team, propose_team, start_document_review
from gradus.evaluations.verdicts import Opinion, judge_row
from gradus.journal.actor import system
from gradus.people.actions import create_organisation
from gradus.people.permissions import Kind
from gradus.process.states import State
from gradus.visits.draws import commit_draw
from gradus.visits.plan import plan_visit
from gradus.visits.report import issue_report
from tests.applications.walk import bring_to, open_case
from tests.decisions.deciding import BECAUSE, proof, recommended
from tests.dossiers.submitting import kept_submission
from tests.evaluations.review import competent, usual
from tests.grading.dossiers import edition
from tests.visits.on_site import plan_of

MINUTE = timedelta(minutes=1)
MORE = {"reviewer_2": "technical_reviewer", "maker_2": "decision_maker", "head_2": "head_of_body"}


def rounds(world, at):
    """One pair of deeds after the other on one case: what it is called, both deeds, and the refusals that the one who
    comes second may be told. Each pair begins where the one before has led."""
    case = agreed(world, at)
    then = at + 10 * MINUTE

    def who(name):
        return world.actor(name)

    yield "team", [lambda: propose_team(case, usual(world), who("office"), then)] * 2, {"case.not_now"}
    agree_to_team(case, who("manager_2"), then)
    begin = lambda: start_document_review(case, who("lead_assessor"), then)  # noqa: E731  a deed
    yield "start", [begin] * 2, {"case.not_now"}
    row = submitted(case).rows["projects"][0]

    def judged(name, accepted):
        opinion = Opinion(accepted, "not-proven", "验收报告没有盖章", seen=0)
        return lambda: judge_row(case, "projects", row.id, opinion, who(name), then)

    told = {"verdict.rejected_since", "verdict.accepted_since"}
    yield "verdict", [judged("assessor", accepted=True), judged("technical_expert", accepted=False)], told
    case.refresh_from_db()
    bring_to(case, State.PLANNING, then)
    later = then + 10 * MINUTE
    plan = plan_of(world, later)
    yield "plan", [lambda: plan_visit(case, plan, who("lead_assessor"), later)] * 2, {"visit.not_now"}
    case.refresh_from_db()
    commit = lambda: commit_draw(case, who("lead_assessor"), plan.opening)  # noqa: E731
    yield "draw", [commit] * 2, {"draw.committed_already"}
    bring_to(case, State.REPORTING, plan.closing_until)
    late = case.changed_at + MINUTE
    issue = lambda: issue_report(case, "", BECAUSE, who("lead_assessor"), late)  # noqa: E731
    yield "report", [issue] * 2, {"visit.not_now"}
    case.refresh_from_db()
    yield from stage_four(case, world, who)


def stage_four(case, world, who):
    at, seen = case.changed_at + MINUTE, case_file(case).digest
    back = lambda: return_to_evaluation(case, "incomplete-file", BECAUSE, seen, who("reviewer_2"), at)  # noqa: E731
    ahead = lambda: recommended(case, world, at, outcome="", scope=())  # noqa: E731
    yield "review", [back, ahead], {"case.not_now"}
    case.refresh_from_db()
    if case.state == State.DOCUMENT_REVIEW:
        bring_to(case, State.REPORTING, at)
        issue_report(case, "", BECAUSE, who("lead_assessor"), case.changed_at + MINUTE)
        case.refresh_from_db()
        recommended(case, world, case.changed_at + MINUTE, outcome="", scope=())
    assert notice_of(case) is None, "a refusal is not announced"
    over = case.changed_at + MINUTE
    yield "notice", [lambda: close_notice(case, who("office"), over)] * 2, {"case.not_now"}
    case.refresh_from_db()
    day, file = case.changed_at + MINUTE, case_file(case).digest
    verdict = Verdict(BECAUSE, refused_for="other")

    def decided(name):
        return lambda: decide(case, verdict, proof(day), file, who(name), day)

    yield "decision", [decided("decision_maker"), decided("maker_2")], {"case.not_now"}
    case.refresh_from_db()
    end, shown = case.changed_at + MINUTE, decision_of(case).file_digest

    def signed(name):
        return lambda: sign_second(case, proof(end), shown, who(name), end)

    yield "signature", [signed("head_of_body"), signed("head_2")], {"case.not_now"}
    case.refresh_from_db()
    assert case.state == State.REFUSED


def agreed(world, at):
    """A case of another firm whose team is to be appointed, and one more of each role that acts alone."""
    for name, role in MORE.items():
        world.join(name, world.body, role, at)
    firm = create_organisation(Kind.CLIENT, "同时办理有限公司", "", system, at)
    world.join("manager_2", firm, "client_manager", at)
    submission = kept_submission(
        create_dossier(firm, "2026", edition().name, system, at), world.people["manager_2"], at
    )
    case = open_case(submission, at, number="at-once-1")
    bring_to(case, State.AGREED, at + MINUTE)
    competent(world, "lead_assessor", case, at)
    return case
