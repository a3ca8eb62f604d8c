# SPDX-License-Identifier: Apache-2.0
"""The office appoints the team of a case: proposes it, answers what the client objects to, or changes it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from gradus.applications.cases import bonds, rules_of
from gradus.applications.ties import found_bonds
from gradus.evaluations.competence import applied_fields, applied_level, covered, fields_of
from gradus.evaluations.models import Objection
from gradus.evaluations.team import (
    Seat,
    answer_objection,
    change_team,
    current_team,
    hindered_now,
    propose_team,
    what_delays,
)
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Place, Refusal
from gradus.people.models import Account, Organisation
from gradus.people.permissions import Kind, Permission
from gradus.people.queries import appointments_at
from gradus.process.parts import Part
from gradus.process.states import TEAM_CHANGES, State
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language, t

PARTS = (Part.LEAD_ASSESSOR, Part.ASSESSOR, Part.TECHNICAL_EXPERT)


@needs(Permission.TEAM_APPOINT)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: Request) -> HttpResponseBase:
    """Who could be on the team with what they are competent for; every hindrance is told at once."""
    case, refused = request.case, list[str]()
    if request.method == "POST":
        try:
            _act(request)
            messages.success(request, t(f"team.done_{request.POST['do']}"))
            return redirect("team", case=case.pk)
        except Refusal as refusal:
            refused = [sentence(fault, language()) for fault in refusal.faults]
            case.refresh_from_db()
    proposed = current_team(case)
    edition, level = rules_of(case).edition, applied_level(case)
    names = {each.id: each.text for each in fields_of(edition)}
    choosing = case.state == State.AGREED
    applied = [names[each] for each in applied_fields(case) if each in names]
    context = {
        "case": case,
        "refused": refused,
        "candidates": _candidates(request) if choosing else [],
        "parts": PARTS,
        "chosen": request.POST if refused else {},
        "team": proposed,
        "members": proposed.members.select_related("account").order_by("id") if proposed else [],
        "objections": _objections(proposed.pk) if proposed else [],
        "delays": [sentence(each, language()) for each in what_delays(case, request.desk.at)],
        "hindered": [sentence(each, language()) for each in hindered_now(case, request.desk.at)],
        "standing": case.state == State.OBJECTION,
        "at_work": case.state in TEAM_CHANGES and case.state != State.OBJECTION,
        "applied": applied,
        "level": next((each.text for each in edition.levels if each.id == level), None),
    }
    return render(request, "office/team.html.j2", context, status=422 if refused else 200)


def _act(request: Request) -> None:
    said, case = request.POST, request.case
    match said.get("do"):
        case "propose":
            propose_team(case, _seats(request), request.actor, request.desk.at)
        case "change":
            change_team(case, said.get("reason", ""), request.actor, request.desk.at)
        case "answer":
            number = said.get("objection", "")
            found = Objection.objects.filter(
                case=case, pk=int(number) if number.isdecimal() and len(number) < 19 else 0
            ).first()
            if found is None:
                raise Http404
            answer_objection(found, said.get("text", ""), request.actor, request.desk.at)
        case _:
            raise Http404


def _seats(request: Request) -> list[Seat]:
    """Who is chosen for which part, as the form names them: ``seat-<account>`` with the part. Raises Refusal for
    somebody or a part that is not offered: nobody is left out of a proposal without a word."""
    people, parts = {each.id: each.account for each in _candidates(request)}, {each.value: each for each in PARTS}
    given = {name.removeprefix("seat-"): part for name, part in request.POST.items() if name.startswith("seat-")}
    taken = {id_: part for id_, part in given.items() if part}
    faults = [
        Fault("team.no_such_seat", Place(field=id_), {"name": people[id_].name if id_ in people else id_})
        for id_, part in taken.items()
        if id_ not in people or part not in parts
    ]
    if faults:
        raise Refusal(faults)
    return [Seat(people[id_], parts[part]) for id_, part in taken.items()]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be on the team: for which parts, what they cover of the case, and what binds them to the
    client."""

    account: Account
    covers: list[str]
    parts: list[Part]
    bonds: list[str]

    @property
    def id(self) -> str:
        return str(self.account.pk)


def _candidates(request: Request) -> list[Candidate]:
    """Everybody appointed at the body who may evaluate, with what they cover of the case."""
    body = Organisation.objects.get(kind=Kind.BODY.value)
    people: dict[object, Account] = {}
    leaders: set[object] = set()
    for each in appointments_at(body, request.desk.at):
        permits = each.value().role.permits
        if Permission.CASE_EVALUATE in permits:
            people[each.account_id] = each.account
        if Permission.CASE_LEAD in permits:
            leaders.add(each.account_id)
    day = localdate(request.desk.at)
    covers = covered(request.case, people, day)
    found = found_bonds(request.case, people.values(), day)
    names = {each.id: each.text[language()] for each in fields_of(rules_of(request.case).edition)}
    return [
        Candidate(
            account,
            [names.get(field, "✓") for field in sorted(covers[id_])],
            [each for each in PARTS if each is not Part.LEAD_ASSESSOR or id_ in leaders],
            [sentence(each, language()) for each in (*bonds(request.case, id_, day), *found.get(id_, ()))],
        )
        for id_, account in people.items()
    ]


def _objections(team_id: int) -> list[Objection]:
    found = Objection.objects.filter(team_id=team_id).select_related(
        "member__account", "answer", "taken_back", "account"
    )
    return list(found.order_by("id"))
