# SPDX-License-Identifier: Apache-2.0
"""The administrator's pages: every account and what it is appointed to, at the body and at clients."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradus.grading.faults import Refusal
from gradus.people.actions import Seat, close_account, end_appointment, make_appointment, reset_second_factor
from gradus.people.invitations import invite, withdraw_invitation
from gradus.people.models import Account, Appointment, Invitation, Organisation
from gradus.people.permissions import Kind, Permission, roles
from gradus.people.queries import accounts, every_open_invitation
from gradus.web.office.forms import RoleForm, StaffForm
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import tell
from gradus.web.ui.invitations import invited_words, link_of
from gradus.web.ui.templates import t

_page_size = 50


@needs(Permission.PEOPLE_READ_ALL)
@require_safe
def office_people(request: Request) -> HttpResponseBase:
    """Every account with its appointments, and every open invitation."""
    wanted = request.GET.get("q", "").strip()[:100]
    page = Paginator(accounts(wanted, request.desk.at), _page_size).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        "q": wanted,
        "invitations": every_open_invitation()[:_page_size],
        "roles": roles(),
        "at": request.desk.at,
    }
    return render(request, "office/people.html.j2", context)


@needs(Permission.PEOPLE_APPOINT_ALL)
@require_http_methods(["GET", "POST"])
def invite_staff(request: Request) -> HttpResponseBase:
    """Invite somebody to the staff of the certification body."""
    form = StaffForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        body = Organisation.objects.get(kind=Kind.BODY.value)
        try:
            made = invite(
                said["email"],
                Seat(body, said["role"], "", (), *form.term),
                link_of(request),
                request.actor,
                request.desk.at,
            )
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, invited_words(made, {}))
            return redirect("office_people")
    return render(request, "office/invite_staff.html.j2", {"form": form}, status=422 if form.errors else 200)


@needs(Permission.PEOPLE_APPOINT_ALL)
@require_POST
def withdraw_any_invitation(request: Request, invitation: object) -> HttpResponseBase:
    """Take an invitation back, whoever made it."""
    found = get_object_or_404(Invitation, pk=invitation)
    withdraw_invitation(found, request.actor, request.desk.at)
    messages.success(request, t("people.withdrawn", email=found.email))
    return redirect("office_people")


@needs(Permission.PEOPLE_READ_ALL)
@require_safe
def office_person(request: Request, account: object) -> HttpResponseBase:
    """One account: what it holds and held, its second factor, and what can be done about it."""
    return _person_page(request, get_object_or_404(Account, pk=account), RoleForm())


def _person_page(request: Request, account: Account, form: RoleForm) -> HttpResponseBase:
    held = Appointment.objects.select_related("organisation").filter(account=account).order_by("-starts_on", "id")
    context = {
        "account": account,
        "appointments": held,
        "at_clients": any(each.organisation.kind == Kind.CLIENT.value and each.ends_on is None for each in held),
        "second_factor": Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists(),
        "roles": roles(),
        "today": localdate(request.desk.at),
        "form": form,
    }
    return render(request, "office/person.html.j2", context, status=422 if form.errors else 200)


@needs(Permission.PEOPLE_APPOINT_ALL)
@require_POST
def appoint_staff(request: Request, account: object) -> HttpResponseBase:
    """Give somebody who has an account a role at the certification body."""
    found = get_object_or_404(Account, pk=account)
    form = RoleForm(request.POST)
    if form.is_valid():
        body = Organisation.objects.get(kind=Kind.BODY.value)
        try:
            make_appointment(
                found, Seat(body, form.cleaned_data["role"], "", (), *form.term), request.actor, request.desk.at
            )
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, t("enter.said_saved"))
            return redirect("office_person", account=found.pk)
    return _person_page(request, found, form)


@needs(Permission.PEOPLE_APPOINT_ALL)
@require_POST
def end_any_appointment(request: Request, appointment: object) -> HttpResponseBase:
    """End an appointment at the body or at a client."""
    found = get_object_or_404(Appointment.objects.select_related("account"), pk=appointment)
    end_appointment(found, request.actor, request.desk.at)
    messages.success(request, t("people.ended", name=found.account.name))
    return redirect("home" if str(found.account_id) == request.actor.account else "office_people")


@needs(Permission.PEOPLE_APPOINT_ALL)
@require_POST
def close_any_account(request: Request, account: object) -> HttpResponseBase:
    """Close an account for good."""
    found = get_object_or_404(Account, pk=account)
    close_account(found, request.actor, request.desk.at)
    messages.success(request, t("office.account_closed", name=found.name))
    return redirect("office_people")


@needs(Permission.PEOPLE_APPOINT_ALL)
@require_POST
def reset_any_second_factor(request: Request, account: object) -> HttpResponseBase:
    """Forget the second factor of somebody who lost it."""
    found = get_object_or_404(Account, pk=account)
    reset_second_factor(found, request.actor, request.desk.at)
    messages.success(request, t("office.second_factor_reset", name=found.name))
    return redirect("office_person", account=found.pk)
