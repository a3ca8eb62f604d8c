# SPDX-License-Identifier: Apache-2.0
"""The client's side of stage 2: the names of the team, objections to them, and answers to questions of the review."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from gradus.dossiers.models import Submission
from gradus.evaluations.models import Member, Objection
from gradus.evaluations.review import answer_review_supplement, asked, newer_submission
from gradus.evaluations.team import (
    agree_to_team,
    current_team,
    is_taken_back,
    may_agree,
    object_to_member,
    take_objection_back,
)
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.people.permissions import Permission
from gradus.process.states import State
from gradus.web.applicant.case_to_do import review_answers
from gradus.web.ui.case_words import asked_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import one_of
from gradus.web.ui.templates import language, t


@needs(Permission.CASE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def client_team(request: Request) -> HttpResponseBase:
    """Who is on the team; with the right to apply, object to a member or say that there is no objection."""
    case, refused = request.case, list[str]()
    may_answer = request.desk.may(Permission.CASE_APPLY, request.client.pk)
    if request.method == "POST":
        actor = _applicant(request)
        try:
            messages.success(request, t(_answer(request, actor)))
            return redirect("client_team", client=request.client.pk, case=case.pk)
        except Refusal as refusal:
            refused = [sentence(fault, language()) for fault in refusal.faults]
    team = current_team(case)
    said = list(team.objections.select_related("member__account", "answer", "taken_back")) if team else []
    waits = may_answer and team is not None and case.state == State.OBJECTION
    context = {
        "client": request.client,
        "case": case,
        "team": team,
        "members": team.members.select_related("account").order_by("id") if team else [],
        "objections": said,
        "standing": [each for each in said if not is_taken_back(each)],
        "waits": waits,
        "open": waits and team is not None and localdate(request.desk.at) <= team.objections_until,
        "may_agree": may_agree(said),
        "refused": refused,
    }
    return render(request, "applicant/case_team.html.j2", context, status=422 if refused else 200)


def _answer(request: Request, actor: Actor) -> str:
    """Do what the client says of the team; the code of what is told it then."""
    case, said, at = request.case, request.POST, request.desk.at
    if "member" in said:
        member = get_object_or_404(Member, case=case, pk=_number(said["member"]))
        object_to_member(member, said.get("reason", ""), actor, at)
        return "team.objected"
    if "back" in said:
        take_objection_back(get_object_or_404(Objection, case=case, pk=_number(said["back"])), actor, at)
        return "team.was_taken_back"
    one_of(said, "agree", {"yes": True})
    agree_to_team(case, actor, at)
    return "team.agreed"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@needs(Permission.CASE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def review_supplement(request: Request) -> HttpResponseBase:
    """What the assessors ask for; each point is answered, and a newer submission files the material."""
    case, refused = request.case, list[str]()
    items, newer = asked(case), newer_submission(case)
    if request.method == "POST":
        actor = _applicant(request)
        answers = [request.POST.get(f"answer-{number}", "") for number in range(1, len(items) + 1)]
        try:
            filed = _filed(request.POST.get("file", ""), newer)
            answer_review_supplement(case, answers, filed, actor, request.desk.at)
            messages.success(request, t("supplement.answered"))
            return redirect("review_supplement", client=request.client.pk, case=case.pk)
        except Refusal as refusal:
            refused = [sentence(fault, language()) for fault in refusal.faults]
    context = {
        "client": request.client,
        "case": case,
        "items": asked_words(case, items),
        "answered": review_answers(case),
        "newer": newer,
        "open": case.state == State.REVIEW_SUPPLEMENT and request.desk.may(Permission.CASE_APPLY, request.client.pk),
        "said": request.POST,
        "refused": refused,
    }
    return render(request, "applicant/review_supplement.html.j2", context, status=422 if refused else 200)


def _filed(wanted: str, newer: Submission | None) -> Submission | None:
    """The submission that the form offered to file; a colleague may have submitted another meanwhile."""
    if not wanted:
        return None
    if newer is None or wanted != str(newer.pk):
        raise Refusal([Fault("supplement.other_submission", Place(field="submission"))])
    return newer


def _applicant(request: Request) -> Actor:
    if not request.desk.may(Permission.CASE_APPLY, request.client.pk):
        raise PermissionDenied
    return request.desk.actor_for(Permission.CASE_APPLY, request.client.pk)
