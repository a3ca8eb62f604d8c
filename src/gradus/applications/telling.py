# SPDX-License-Identifier: Apache-2.0
"""Telling those whom a case awaits, whenever it moves."""

from collections.abc import Mapping
from datetime import datetime

from gradus.applications.models import Case, Involvement
from gradus.people.models import Account, Organisation
from gradus.people.notifications import client_named, notify
from gradus.people.permissions import Kind, roles
from gradus.people.queries import appointments_at, staff_at
from gradus.process.parts import Part, forbidden_with
from gradus.process.states import ENDED, State
from gradus.process.work import AWAITED


def tell_awaited(case: Case, at: datetime) -> None:
    """Tell everybody whom the case awaits in its state; the client when it has ended."""
    state = State(case.state)
    blanks = {"number": case.number, **client_named(case.client), "state": f"state.{case.state}"}
    if state in ENDED or AWAITED[state].client:
        managers = _holders(case.client, "case:apply", at)
        code = "case_ended" if state in ENDED else "case_awaits"
        notify(managers, code, blanks, f"/applicant/{case.client_id}/cases/{case.pk}/", at)
    if state is State.GRANTED:
        notify(
            staff_with("certificate:issue", at),
            "certificate_awaited",
            blanks,
            f"/office/cases/{case.pk}/certificate/",
            at,
        )
    if state not in ENDED:
        notify(_staff(case, state, at), "case_awaits", blanks, f"/office/cases/{case.pk}/", at)


def tell_client(case: Case, code: str, page: str, at: datetime, more: Mapping[str, str] | None = None) -> None:
    """Tell those who may speak for a client of a page of its case; ``more``: what the sentence says besides."""
    blanks = {"number": case.number, **client_named(case.client), **(more or {})}
    address = f"/applicant/{case.client_id}/cases/{case.pk}/{page}"
    notify(_holders(case.client, "case:apply", at), code, blanks, address, at)


def _staff(case: Case, state: State, at: datetime) -> list[Account]:
    """Whoever has left the body is told nothing, and somebody else instead."""
    awaited = AWAITED[state]
    here = set(staff_at(at).values_list("account", flat=True))
    ever = list(Involvement.objects.filter(case=case).select_related("account", "relief"))
    involved = [each for each in ever if not hasattr(each, "relief") and each.account_id in here]
    found = [each.account for each in involved if Part(each.part) in awaited.parts]
    if not awaited.permission:
        return found
    playing = [each.account for each in involved if awaited.part and each.part == awaited.part.value]
    if playing:
        return found + playing
    holders = staff_with(awaited.permission, at)
    if awaited.part is None:
        return found + holders
    parts = {each.pk: [Part(one.part) for one in ever if one.account_id == each.pk] for each in holders}
    ended = {each.account_id for each in ever if hasattr(each, "relief") and each.part == awaited.part}
    able = (each for each in holders if each.pk not in ended)
    return found + [each for each in able if not forbidden_with(awaited.part, parts[each.pk])]


def staff_with(permission: str, at: datetime) -> list[Account]:
    """Who may do something at the body."""
    body = Organisation.objects.filter(kind=Kind.BODY.value).first()
    return _holders(body, permission, at) if body else []


def _holders(organisation: Organisation, permission: str, at: datetime) -> list[Account]:
    """Who may do something at an organisation."""
    held = appointments_at(organisation, at)
    return [each.account for each in held if permission in roles()[each.role].permits]
