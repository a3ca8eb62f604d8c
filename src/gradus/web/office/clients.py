# SPDX-License-Identifier: Apache-2.0
"""Client firms as the certification body sees them: opened here, their data read by the client's leave alone."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradus.applications.models import Case
from gradus.decisions.readers import reads_client
from gradus.grading.faults import Refusal
from gradus.people.access import ask_access, end_access
from gradus.people.actions import Seat
from gradus.people.invitations import create_client, invite
from gradus.people.models import AccessGrant
from gradus.people.permissions import Kind, Permission, roles, roles_for
from gradus.people.queries import access_asked, appointments_at, open_invitations
from gradus.web.office.forms import AccessForm, AddressForm, ClientForm
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import tell
from gradus.web.ui.invitations import invited_words, link_of
from gradus.web.ui.templates import called, t


@needs(Permission.CLIENT_CREATE)
@require_http_methods(["GET", "POST"])
def new_client(request: Request) -> HttpResponseBase:
    """Open a client firm and invite the first of its people."""
    form = ClientForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            made, _ = create_client(
                said["name"], said["name_en"], said["email"], link_of(request), request.actor, request.desk.at
            )
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, t("people.invited", email=said["email"]))
            return redirect("office_client", client=made.pk)
    return render(request, "office/new_client.html.j2", {"form": form}, status=422 if form.errors else 200)


@needs(Permission.CLIENT_LIST)
@require_safe
def office_client(request: Request) -> HttpResponseBase:
    """A client: its cases, who leads there, and what somebody of the body may do about it."""
    at, desk = request.desk.at, request.desk
    mine = [each for each in access_asked(request.client) if each.account == desk.account]
    people = appointments_at(request.client, at)
    assert desk.account is not None
    context = {
        "client": request.client,
        "cases": Case.objects.filter(client=request.client).order_by("-opened_at")
        if desk.may(Permission.CASE_LIST)
        else None,
        "reads": reads_client(desk.account, desk.at_body, request.client.pk, at) is not None,
        "people": people if desk.may(Permission.PEOPLE_READ_ALL) else [each for each in people if _leads(each.role)],
        "invitations": open_invitations(request.client, at) if desk.may(Permission.PEOPLE_INVITE_CLIENT) else [],
        "roles": roles(),
        "at": at,
        "asked": next((each for each in mine if each.decided_at is None and each.ended_at is None), None),
        "open": next((each for each in mine if each.granted and not each.ended_at and each.expires_at > at), None),
    }
    return render(request, "office/client.html.j2", context)


def _leads(role: str) -> bool:
    return roles()[role].leads


@needs(Permission.PEOPLE_INVITE_CLIENT)
@require_http_methods(["GET", "POST"])
def invite_lead(request: Request) -> HttpResponseBase:
    """Invite somebody who can appoint others at a client: the first letter was lost, or the person has left."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        leading = next(role for role in roles_for(Kind.CLIENT) if role.leads)
        try:
            made = invite(
                form.cleaned_data["email"],
                Seat(request.client, leading.id),
                link_of(request),
                request.actor,
                request.desk.at,
            )
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, invited_words(made, {}))
            return redirect("office_client", client=request.client.pk)
    context = {"client": request.client, "form": form}
    return render(request, "office/invite_lead.html.j2", context, status=422 if form.errors else 200)


@needs(Permission.ACCESS_ASK)
@require_http_methods(["GET", "POST"])
def ask_for_access(request: Request) -> HttpResponseBase:
    """Ask a client to let its data be read."""
    form = AccessForm(request.POST if request.method == "POST" else None)
    account = request.desk.account
    assert account is not None
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            ask_access(account, request.client, said["reason"], said["hours"], request.actor, request.desk.at)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, t("access.said_asked", client=called(request.client)))
            return redirect("office_client", client=request.client.pk)
    context = {"client": request.client, "form": form}
    return render(request, "office/ask_access.html.j2", context, status=422 if form.errors else 200)


@needs(Permission.ACCESS_ASK)
@require_POST
def end_own_access(request: Request, grant: object) -> HttpResponseBase:
    """Take back a request, or give back an access before its time."""
    found = get_object_or_404(AccessGrant, pk=grant, client=request.client, account=request.desk.account)
    end_access(found, request.actor, request.desk.at)
    messages.success(request, t("access.said_given_back", client=called(request.client)))
    return redirect("office_client", client=request.client.pk)
