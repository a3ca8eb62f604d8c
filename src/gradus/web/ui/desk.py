# SPDX-License-Identifier: Apache-2.0
"""Whose desk a page stands on: the account, its appointments, the instant; and what lets a view be seen.

Every view is either ``open_to_all``, ``signed_in`` or ``needs`` a permission; tests/web/test_permissions.py fails for a
view that is none of these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from gradus.applications.models import Case
from gradus.decisions.readers import reads_client, reads_file
from gradus.dossiers.models import Dossier
from gradus.journal.actor import Actor
from gradus.people.access import use_access
from gradus.people.models import AccessGrant, Account, Organisation
from gradus.people.notifications import unread_count
from gradus.people.permissions import GRANTED_BY_ACCESS, Appointed, Kind, Permission
from gradus.people.queries import actor_in, appointment_for, appointments_of, open_grant

View = Callable[..., HttpResponseBase]


@dataclass
class Desk:
    """``account`` is None for a visitor. ``at`` is the instant of the request: nothing below reads a clock."""

    account: Account | None
    at: datetime

    @cached_property
    def appointments(self) -> list[Appointed]:
        return appointments_of(self.account, self.at) if self.account else []

    def may(self, permission: Permission | str, organisation: object | None = None) -> bool:
        """For templates: whether something may be done, to a client's data or (without one) to the body's."""
        return self.appointed(Permission(permission), organisation) is not None

    def appointed(self, permission: Permission, organisation: object | None = None) -> Appointed | None:
        return appointment_for(self.appointments, permission, organisation)

    def actor_for(self, permission: Permission, organisation: object | None = None) -> Actor:
        """The person acting in the appointment that permits something; raises PermissionDenied when none does."""
        found = self.appointed(permission, organisation)
        if self.account is None or found is None:
            raise PermissionDenied
        return actor_in(self.account, found)

    @cached_property
    def unread(self) -> int:
        """How much the account was told and has not read."""
        return unread_count(self.account) if self.account else 0

    @property
    def at_body(self) -> list[Appointed]:
        """The appointments at the certification body."""
        return [each for each in self.appointments if each.organisation_kind is Kind.BODY]

    @property
    def works_for_body(self) -> bool:
        return bool(self.at_body)

    @property
    def clients(self) -> list[str]:
        """The ids of the client firms the account is appointed at."""
        found = [each.organisation for each in self.appointments if each.organisation_kind is Kind.CLIENT]
        return list(dict.fromkeys(found))

    @property
    def needs_second_factor(self) -> bool:
        return any(each.role.second_factor for each in self.appointments)


class Request(HttpRequest):
    """A request behind :class:`gradus.web.ui.middleware.Desk` and :func:`needs`; for type hints."""

    desk: Desk
    actor: Actor
    appointed: Appointed | None
    client: Organisation
    case: Case
    dossier: Dossier
    grant: AccessGrant | None
    htmx: Any


def open_to_all(view: View) -> View:
    """A page for everybody."""
    view.permission = "open_to_all"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """A page for everybody with an account."""

    @wraps(view)
    def guarded(request: Request, **kwargs: Any) -> HttpResponseBase:
        if request.desk.account is None:
            return to_sign_in(request)
        return view(request, **kwargs)

    guarded.permission = "signed_in"  # type: ignore[attr-defined]
    return guarded


def needs(permission: Permission) -> Callable[[View], View]:
    """A page for appointments that permit something.

    An address with ``client`` concerns that client's data: ``request.client`` is the organisation, and somebody who has
    nothing to do with it gets 404, as if it did not exist. An address with ``dossier`` concerns a dossier of the
    client: ``request.dossier``. ``request.actor`` is the person acting, in the appointment that permits it.

    A page of a dossier is never kept by the browser: Back shows what stands there now.

    An address with ``case`` concerns a case, ``request.case``. Together with ``client`` it is a page for the client.
    Without, it is a page for the body's staff. Where the case stands (``case:read``, and its certificate) those read
    who may read every case, or play a part in this one. Anything else shows its file: to them for whom
    :func:`reads_file` opens it (``file:read``), and 404 to everybody else. What a client submitted
    (``submission:read``) is open likewise.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, **kwargs: Any) -> HttpResponseBase:
            if request.desk.account is None:
                return to_sign_in(request)
            client = kwargs.pop("client", None)
            if client is None and "case" in kwargs:
                _admit_to_case(request, permission, kwargs.pop("case"))
            else:
                _admit(request, permission, client)
            if client is not None:
                request.client = get_object_or_404(Organisation, pk=client, kind=Kind.CLIENT)
            if "case" in kwargs:
                request.case = get_object_or_404(_cases(), pk=kwargs.pop("case"), client_id=client)
            if "dossier" not in kwargs:
                return view(request, **kwargs)
            found = Dossier.objects.select_related("client")
            request.dossier = get_object_or_404(found, pk=kwargs.pop("dossier"), client_id=client)
            response = view(request, **kwargs)
            response.setdefault("Cache-Control", "no-store")
            return response

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page, and back afterwards."""
    response = redirect("account_login")
    if request.method == "GET":
        response["Location"] += f"?{urlencode({'next': request.get_full_path()}, safe='/')}"
    return response


def _admit(request: Request, permission: Permission, client: object | None) -> None:
    """Set the actor, or refuse: 404 to those who must not know that the client exists, 403 to the others."""
    desk = request.desk
    assert desk.account is not None
    request.grant = None
    request.appointed = desk.appointed(permission, client)
    if request.appointed is None and client is not None and permission in GRANTED_BY_ACCESS:
        request.grant = open_grant(desk.account, client, desk.at)
        request.appointed = desk.appointed(Permission.ACCESS_ASK) if request.grant else None
        if request.grant and request.appointed:
            use_access(request.grant, request.path, actor_in(desk.account, request.appointed), desk.at)
    if request.appointed is None and client is not None and permission is Permission.SUBMISSION_READ:
        request.appointed = reads_client(desk.account, desk.at_body, client, desk.at)
    if request.appointed is None:
        if client is not None and str(client) not in desk.clients:
            raise Http404
        raise PermissionDenied
    request.actor = actor_in(desk.account, request.appointed)


_WITHOUT_FILE = frozenset(
    {
        Permission.CASE_READ,
        Permission.CERTIFICATE_DECIDE,
        Permission.CERTIFICATE_ISSUE,
        Permission.CERTIFICATE_LIST,
        Permission.CERTIFICATE_PROPOSE,
    }
)
"""What is done to a case on pages that show nothing of its file."""


def _admit_to_case(request: Request, permission: Permission, case: object) -> None:
    """The same for a case at the body: 404 to those who may not read it, 403 to those who may not do this in it."""
    desk = request.desk
    request.grant = None
    held = desk.at_body
    if not held:
        raise Http404
    request.case = get_object_or_404(_cases(), pk=case)
    request.client = request.case.client
    assert desk.account is not None
    reading = appointment_for(held, Permission.CASE_READ) if permission in _WITHOUT_FILE else None
    reading = reading or reads_file(desk.account, held, request.case, desk.at)
    if reading is None:
        raise Http404
    reads = permission in (Permission.CASE_READ, Permission.FILE_READ)
    request.appointed = reading if reads else appointment_for(held, permission)
    if request.appointed is None:
        raise PermissionDenied
    request.actor = actor_in(desk.account, request.appointed)


def _cases() -> QuerySet[Case]:
    return Case.objects.select_related("client", "submission")
