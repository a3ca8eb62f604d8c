# SPDX-License-Identifier: Apache-2.0
"""Who reads, and what they may read: the same as on the pages.

A reader is signed in with a browser, or sends a personal access token (``Authorization: Bearer ...``). An access grant
of an administrator opens pages only; so does work in a case that nobody has taken up yet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from ninja.security import HttpBearer

from gradus.applications.models import Case, Filing, Involvement
from gradus.dossiers.models import Submission
from gradus.evaluations.team import is_seated
from gradus.people.models import Account
from gradus.people.permissions import Appointed, Kind, Permission
from gradus.people.queries import appointments_of
from gradus.people.tokens import account_of_token

Operation = TypeVar("Operation", bound=Callable[..., Any])


@dataclass
class Reader:
    """Somebody with an account, at the instant of a request."""

    account: Account
    at: datetime

    @cached_property
    def appointments(self) -> list[Appointed]:
        return appointments_of(self.account, self.at)

    def cases(self) -> QuerySet[Case]:
        """Every case with ``case:list``; else those of one's own firm, and those in which one plays a part."""
        found = Case.objects.select_related("client", "submission")
        if self._at_body(Permission.CASE_LIST):
            return found
        return found.filter(Q(client__in=self._clients(Permission.CASE_READ)) | Q(pk__in=self._own_cases()))

    def case(self, key: object) -> Case | None:
        """With ``case:read`` every one; else as in :meth:`cases`, or with a seat in its team."""
        every = Case.objects.select_related("client", "submission").filter(pk=key)
        if self._at_body(Permission.CASE_READ):
            return every.first()
        found = self.cases().filter(pk=key).first()
        proposed = None if found or not self._works_for_body else every.first()
        return proposed if proposed and is_seated(proposed, self.account.pk) else found

    def submissions(self) -> QuerySet[Submission]:
        """With ``submission:read`` every one; else those of one's own firm, and those filed in cases of one's own."""
        found = Submission.objects.select_related("dossier__client")
        if self._at_body(Permission.SUBMISSION_READ):
            return found
        filed = Filing.objects.filter(case__in=self._own_cases()).values("submission")
        return found.filter(Q(dossier__client__in=self._clients(Permission.DOSSIER_READ)) | Q(pk__in=filed))

    def _at_body(self, permission: Permission) -> bool:
        held = (each for each in self.appointments if each.organisation_kind is Kind.BODY)
        return any(permission in each.role.permits for each in held)

    def _clients(self, permission: Permission) -> list[str]:
        held = (each for each in self.appointments if each.organisation_kind is Kind.CLIENT)
        return [each.organisation for each in held if permission in each.role.permits]

    def _own_cases(self) -> QuerySet[Involvement]:
        """Cases in which somebody of the body plays a part."""
        own = Involvement.objects.filter(account=self.account, relief=None).values("case")
        return own if self._works_for_body else own.none()

    @property
    def _works_for_body(self) -> bool:
        return any(each.organisation_kind is Kind.BODY for each in self.appointments)


class Token(HttpBearer):
    """A personal access token."""

    def authenticate(self, request: HttpRequest, token: str) -> Reader | None:  # noqa: ARG002  its caller is not ours
        at = now()
        account = account_of_token(token, at)
        return Reader(account, at) if account else None


def session(request: HttpRequest) -> Reader | None:
    """Somebody who is signed in with a browser; the pages' own rules (a second factor) hold before this is asked."""
    return Reader(request.user, now()) if isinstance(request.user, Account) else None


def for_readers(operation: Operation) -> Operation:
    """What an operation is called in the permission table: for everybody with an account, who sees what is theirs."""
    operation.permission = "signed_in"  # type: ignore[attr-defined]
    return operation


def for_everybody(operation: Operation) -> Operation:
    """An operation that needs no account."""
    operation.permission = "open_to_all"  # type: ignore[attr-defined]
    return operation
