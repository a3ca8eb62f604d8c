# SPDX-License-Identifier: Apache-2.0
"""The teams that the office has to change: with a member whom the body knows by now to be tied to the client."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef

from gradus.applications.cases import bonds
from gradus.applications.models import Case, Involvement
from gradus.evaluations.models import Member, Team
from gradus.process.parts import EVALUATORS
from gradus.process.states import TEAM_CHANGES, State


def tied_teams(cases: Iterable[Case], day: date) -> set[object]:
    """The cases whose team was proposed last, has not begun, and has a member whom the body knows by now to be tied to
    the client; with one query where nobody is."""
    waiting = {each.pk: each for each in cases if each.state == State.OBJECTION}
    later = Team.objects.filter(case=OuterRef("case"), number__gt=OuterRef("team__number"))
    found = Member.objects.filter(~Exists(later), case__in=list(waiting), account__ties__replaced_by=None)
    found = found.filter(account__ties__client=F("case__client")).distinct()
    return {case for case, account in found.values_list("case_id", "account_id") if bonds(waiting[case], account, day)}


def tied_at_work() -> set[object]:
    """The open cases whose team at work has a member of whom the body knows a tie to the client, whether it bars or
    not; with one query."""
    found = Involvement.objects.filter(case__state__in=TEAM_CHANGES, part__in=EVALUATORS, relief=None)
    found = found.filter(account__ties__replaced_by=None, account__ties__client=F("case__client"))
    return set(found.values_list("case_id", flat=True))


def hindered_teams(cases: Iterable[Case], day: date) -> set[object]:
    """Those of the cases whose team at work has a member whom a tie bars on a day, so that the review can not end nor
    the report be issued until the team is changed (:func:`gradus.evaluations.team.hindered_now`)."""
    tied, parts = tied_at_work(), [each.value for each in EVALUATORS]
    found = {each.pk: each for each in cases if each.pk in tied and each.state != State.OBJECTION}
    players = Involvement.objects.filter(case__in=list(found), part__in=parts, relief=None)
    played = players.values_list("case_id", "account_id") if found else ()
    return {case for case, account in played if bonds(found[case], account, day)}
