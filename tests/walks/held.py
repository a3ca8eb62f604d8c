# SPDX-License-Identifier: Apache-2.0
"""What holds of every case that was decided, read off its records alone."""

from django.utils.timezone import localdate

from gradus.applications.cases import rules_of
from gradus.applications.models import Agreement, ApplicationReview, CaseStep
from gradus.decisions.models import Notice, PanelOpinion, Review, Vote
from gradus.decisions.record import decision_of, round_of
from gradus.decisions.review import goes_to_panel
from gradus.evaluations.models import DocumentFinding, Rating, Team, Verdict
from gradus.evaluations.review import what_is_open
from gradus.process.parts import EVALUATORS, Part
from gradus.process.states import State
from gradus.visits.closing import owed
from gradus.visits.findings import open_findings
from gradus.visits.models import EvaluationReport, Finding, Signing, VisitRecord
from gradus.visits.queries import current_visit

STATIONS = (
    State.APPLIED, State.ACCEPTED, State.QUOTED, State.AGREED, State.OBJECTION, State.DOCUMENT_REVIEW, State.PLANNING,
    State.ON_SITE, State.CORRECTION, State.REPORTING, State.TECHNICAL_REVIEW, State.NOTICE, State.DECISION,
    State.SIGNATURE,
)  # fmt: skip
"""Every state on the way to a decision that no case may leave out; after a return the later ones are passed anew."""


def hold(case, parts):
    """A case that is decided, or waits for its second signature, has every stage behind it; none who evaluated has
    reviewed, voted, decided or signed in it."""
    decision = decision_of(case)
    decided = case.state in (State.SIGNATURE, State.GRANTED, State.REFUSED)
    if case.state == State.WITHDRAWN and decision is not None:
        assert decision.signatures.count() == 1, "a client may withdraw until the second signature, not after it"
        return
    assert decided == (decision is not None)
    if not decided:
        return
    _every_station(case)
    _every_record(case, decision)
    signatures = list(decision.signatures.order_by("id"))
    assert len(signatures) == (1 if case.state == State.SIGNATURE else 2)
    assert len({each.account_id for each in signatures}) == len(signatures)
    assert {each.file_digest for each in signatures} == {decision.file_digest}
    assert (case.state == State.REFUSED) == (case.state != State.SIGNATURE and decision.outcome == "")
    of_stage_four = [*Review.objects.filter(case=case), *Vote.objects.filter(case=case), decision, *signatures]
    for each in of_stage_four:
        assert not parts[each.account_id] & EVALUATORS, "somebody who evaluated has a hand in the decision"
    for table in (Verdict, Rating, DocumentFinding, Finding, Signing, VisitRecord, EvaluationReport):
        for who in set(table.objects.filter(case=case).values_list("account_id", flat=True)):
            assert parts[who] & EVALUATORS, table
            assert not parts[who] & {Part.TECHNICAL_REVIEWER, Part.PANEL_MEMBER, Part.DECISION_MAKER}


def _every_station(case):
    taken = list(CaseStep.objects.filter(case=case).order_by("number"))
    assert [each.before for each in taken[1:]] == [each.after for each in taken[:-1]]
    assert [each.at for each in taken] == sorted(each.at for each in taken)
    passed = [each.after for each in taken]
    first = [passed.index(each) for each in STATIONS]
    assert first == sorted(first)
    last = [len(passed) - passed[::-1].index(each) for each in STATIONS]
    assert last == sorted(last)


def _every_record(case, decision):
    """What each stage leaves, as it stands when the case is decided."""
    assert ApplicationReview.objects.filter(case=case, verdict="accept_application").count() == 1
    assert Agreement.objects.filter(case=case).exists()
    assert Team.objects.filter(case=case).exists()
    assert what_is_open(case) == []
    assert owed(current_visit(case)) == []
    assert open_findings(case) == []
    turn = round_of(case)
    report = EvaluationReport.objects.filter(case=case).order_by("-number").first()
    assert report.at <= decision.at
    review = Review.objects.get(case=case, round=turn, returned_for="")
    if goes_to_panel(rules_of(case), case, review.outcome):
        assert PanelOpinion.objects.filter(case=case, round=turn).exists()
    if decision.outcome:
        notice = Notice.objects.filter(case=case, round=turn).order_by("-at")[0]
        assert notice.last_day < localdate(decision.at)
