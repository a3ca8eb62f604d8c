# SPDX-License-Identifier: Apache-2.0
"""The address that an invitation's letter carries, and what is said once it is sent."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime

from gradus.people.invitations import Invited
from gradus.people.models import Invitation
from gradus.people.permissions import Permission, roles
from gradus.web.ui.templates import t


def link_of(request: HttpRequest) -> Callable[[str], str]:
    """How a secret becomes the address of its page, on the host that the request came to."""
    return lambda secret: request.build_absolute_uri(reverse("invitation", args=[secret]))


def invited_words(made: Invited, tables: Mapping[str, str]) -> str:
    """To whom an invitation went and, when it took the place of an open one, of which: its letter is void now."""
    said = t("people.invited", email=made.invitation.email)
    if made.replaced is None:
        return said
    sent = localtime(made.replaced.created_at).strftime("%Y-%m-%d %H:%M")
    if Permission.DOSSIER_EDIT not in roles()[made.invitation.role].permits:
        return f"{said} {t('people.replaces', at=sent)}"
    before, after = (_filled(each, tables) for each in (made.replaced, made.invitation))
    return f"{said} {t('people.replaces_tables', at=sent, before=before, after=after)}"


def _filled(invitation: Invitation, tables: Mapping[str, str]) -> str:
    names = [tables.get(each, each) for each in invitation.tables]
    return t("report.comma").join(names) or t("people.every_table")
