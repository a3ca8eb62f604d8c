# SPDX-License-Identifier: Apache-2.0
"""The people of a client firm: who is here, who fills which tables, who is invited, and who asks to read its data."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradus.grading.faults import Refusal
from gradus.people.access import decide_access, end_access
from gradus.people.actions import Seat, change_appointment, end_appointment
from gradus.people.invitations import invite, seat_of, withdraw_invitation
from gradus.people.models import AccessGrant, Appointment, Invitation
from gradus.people.permissions import Permission, roles
from gradus.people.queries import (
    access_asked,
    appointments_at,
    coming_appointments_at,
    former_appointments_at,
    open_invitations,
)
from gradus.web.applicant.people_forms import MemberForm, SeatForm, table_names
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import one_of, tell
from gradus.web.ui.invitations import invited_words, link_of
from gradus.web.ui.templates import t


@needs(Permission.PEOPLE_READ)
@require_safe
def people_page(request: Request) -> HttpResponseBase:
    """Everybody, by role; open invitations; requests for access with what they would open and until when."""
    at = request.desk.at
    asked = [
        {"grant": each, "until": at + timedelta(hours=each.hours), "state": access_state(each, at)}
        for each in access_asked(request.client)
    ]
    context = {
        "client": request.client,
        "members": [*appointments_at(request.client, at), *coming_appointments_at(request.client, at)],
        "former": former_appointments_at(request.client, at),
        "invitations": open_invitations(request.client, at),
        "asked": asked,
        "roles": roles(),
        "tables": table_names(),
        "at": at,
    }
    return render(request, "applicant/people.html.j2", context)


def access_state(grant: AccessGrant, at: object) -> str:
    """Where a request for access stands: asked, open, refused, or over."""
    if grant.ended_at is not None:
        return "over"
    if grant.granted is None:
        return "asked"
    if not grant.granted:
        return "refused"
    return "open" if grant.expires_at is not None and grant.expires_at > at else "over"


@needs(Permission.PEOPLE_APPOINT)
@require_http_methods(["GET", "POST"])
def invite_member(request: Request) -> HttpResponseBase:
    """Invite somebody to a seat."""
    form = SeatForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        seat = Seat(request.client, said["role"], said["department"], tuple(said["tables"]), *form.term)
        try:
            made = invite(said["email"], seat, link_of(request), request.actor, request.desk.at)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, invited_words(made, table_names()))
            return redirect("people", client=request.client.pk)
    context = {"client": request.client, "form": form}
    return render(request, "applicant/invite.html.j2", context, status=422 if form.errors else 200)


@needs(Permission.PEOPLE_APPOINT)
@require_POST
def resend_member_invitation(request: Request, invitation: object) -> HttpResponseBase:
    """Invite the same person to the same seat again; the earlier letter is void from then on."""
    found = get_object_or_404(Invitation, pk=invitation, organisation=request.client)
    invite(found.email, seat_of(found), link_of(request), request.actor, request.desk.at)
    messages.success(request, t("people.invited", email=found.email))
    return redirect("people", client=request.client.pk)


@needs(Permission.PEOPLE_APPOINT)
@require_POST
def withdraw_member_invitation(request: Request, invitation: object) -> HttpResponseBase:
    """Take an invitation back."""
    found = get_object_or_404(Invitation, pk=invitation, organisation=request.client)
    withdraw_invitation(found, request.actor, request.desk.at)
    messages.success(request, t("people.withdrawn", email=found.email))
    return redirect("people", client=request.client.pk)


@needs(Permission.PEOPLE_APPOINT)
@require_http_methods(["GET", "POST"])
def member_page(request: Request, appointment: object) -> HttpResponseBase:
    """One member: department and tables, and the end of the appointment."""
    found = _member(request, appointment)
    before = {"department": found.department, "tables": found.tables}
    form = MemberForm(request.POST if request.method == "POST" else None, initial=before)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            change_appointment(found, said["department"], tuple(said["tables"]), request.actor, request.desk.at)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, t("enter.said_saved"))
            return redirect("people", client=request.client.pk)
    context = {"client": request.client, "member": found, "role": roles()[found.role], "form": form}
    context["over"] = found.ends_on is not None and found.ends_on <= localdate(request.desk.at)
    return render(request, "applicant/member.html.j2", context, status=422 if form.errors else 200)


@needs(Permission.PEOPLE_APPOINT)
@require_POST
def end_membership(request: Request, appointment: object) -> HttpResponseBase:
    """End a member's appointment, at once."""
    found = _member(request, appointment)
    end_appointment(found, request.actor, request.desk.at)
    messages.success(request, t("people.ended", name=found.account.name))
    if str(found.account_id) == request.actor.account:
        return redirect("home")
    return redirect("people", client=request.client.pk)


def _member(request: Request, appointment: object) -> Appointment:
    found = Appointment.objects.select_related("account", "organisation")
    return get_object_or_404(found, pk=appointment, organisation=request.client)


@needs(Permission.ACCESS_DECIDE)
@require_POST
def decide_on_access(request: Request, grant: object) -> HttpResponseBase:
    """Grant or refuse an administrator's request; what is neither decides nothing."""
    found = get_object_or_404(AccessGrant.objects.select_related("account"), pk=grant, client=request.client)
    granted = one_of(request.POST, "decision", {"grant": True, "refuse": False})
    decide_access(found, request.actor, request.desk.at, granted=granted)
    messages.success(request, t("access.said_granted" if granted else "access.said_refused", name=found.account.name))
    return redirect("people", client=request.client.pk)


@needs(Permission.ACCESS_DECIDE)
@require_POST
def end_given_access(request: Request, grant: object) -> HttpResponseBase:
    """End an access before its time."""
    found = get_object_or_404(AccessGrant.objects.select_related("account"), pk=grant, client=request.client)
    end_access(found, request.actor, request.desk.at)
    messages.success(request, t("access.said_ended", name=found.account.name))
    return redirect("people", client=request.client.pk)
