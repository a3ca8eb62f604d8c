# SPDX-License-Identifier: Apache-2.0
"""What a person of the body declares is compared at once with the papers of the cases in which the person has a part or
a seat, so that a tie is known before anybody asks for the next step (ISO/IEC 17065, 4.2.3)."""

from datetime import date, datetime

from django.db.models import Q

from gradus.applications.models import Case, Mark
from gradus.applications.ties import declare_mark, record_found
from gradus.evaluations.models import Member
from gradus.journal.actor import Actor
from gradus.process.procedure import Holds
from gradus.process.states import ENDED, State


def declare_and_look(
    holds: Holds,
    text: str,
    actor: Actor,
    at: datetime,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Mark:
    """Declare a certificate or an employer, then look for the person in those cases. Raises Refusal."""
    made = declare_mark(holds, text, actor, at, starts_on=starts_on, ends_on=ends_on)
    for case in _cases_of(actor.account):
        record_found(case, [made.account], actor, at)
    return made


def _cases_of(account: object) -> list[Case]:
    """The cases that have not ended in which somebody plays a part, or was proposed for a team that has not begun."""
    proposed = Member.objects.filter(account_id=account, case__state=State.OBJECTION.value).values("case")
    playing = Q(involvements__account_id=account, involvements__relief=None)
    running = Case.objects.exclude(state__in=[each.value for each in ENDED])
    return list(running.filter(playing | Q(pk__in=proposed)).distinct().order_by("number"))
