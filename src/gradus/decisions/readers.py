# SPDX-License-Identifier: Apache-2.0
"""Who of the body reads the file of a case: what its client sent, and what was found and said about it (ISO/IEC 17065,
4.5). The office reads all of them, as it administers all; anybody else only where there is work for them."""

from collections.abc import Iterable
from datetime import datetime

from gradus.applications.models import Case, Involvement, Relief
from gradus.decisions.whose_turn import LATER
from gradus.evaluations.team import is_seated
from gradus.people.models import Account
from gradus.people.permissions import Appointed, Permission
from gradus.people.queries import appointment_for
from gradus.process.states import State
from gradus.process.work import AWAITED


def reads_file(account: Account, held: Iterable[Appointed], case: Case, at: datetime) -> Appointed | None:
    """The appointment at the body (one of ``held``) in which somebody reads the file of a case; None: it is closed to
    them. Open it is to who may read all files, to who plays a part in the case that has not ended, to the team that is
    proposed, and to who may take up what the case awaits now."""
    appointed = list(held)
    if not appointed:
        return None
    every = appointment_for(appointed, Permission.FILE_READ)
    if every is not None:
        return every
    part = Involvement.objects.filter(case=case, account=account, relief=None).exists()
    return appointed[0] if part or is_seated(case, account.pk) else _takes_up(account, appointed, case, at)


def _takes_up(account: Account, held: list[Appointed], case: Case, at: datetime) -> Appointed | None:
    """The appointment in which somebody may take up what a case awaits; not who played that part to its end."""
    state = State(case.state)
    turn = LATER.know([case], at).turns.get(case.pk) if state in LATER.turning else None
    awaited = turn or AWAITED.get(state)
    if awaited is None or not awaited.permission:
        return None
    played = Relief.objects.filter(case=case, involvement__account=account, involvement__part=awaited.part)
    if awaited.part is not None and played.exists():
        return None
    return appointment_for(held, Permission(awaited.permission))


def reads_client(account: Account, held: Iterable[Appointed], client: object, at: datetime) -> Appointed | None:
    """The appointment in which somebody reads what a client sent: that of any file of a case of the client's."""
    appointed = list(held)
    for case in Case.objects.filter(client=client).order_by("-opened_at"):
        found = reads_file(account, appointed, case, at)
        if found is not None:
            return found
    return None
