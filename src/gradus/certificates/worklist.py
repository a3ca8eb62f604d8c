# SPDX-License-Identifier: Apache-2.0
"""What awaits somebody about certificates: a grant its issue, a proposal its decision, a suspension its end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q
from django.utils.timezone import localdate

from gradus.applications.cases import rules_of
from gradus.applications.clock import clocks
from gradus.applications.models import Case
from gradus.applications.work_calendar import work_calendar
from gradus.certificates.models import Certificate
from gradus.certificates.queries import open_proposals, waiting_cases
from gradus.people.permissions import Permission
from gradus.process.working_days import Due, due
from gradus.register.models import Turn
from gradus.trust.instants import day_of
from gradus.trust.standing import Standing


class Task(StrEnum):
    """What is to be done."""

    ISSUE = "issue"
    DECIDE = "decide"
    END_SUSPENSION = "end_suspension"


@dataclass(frozen=True, slots=True)
class CertificateTask:
    """Something to be done. ``number`` is the certificate's, "" before the issue; ``last_day`` is None where no limit
    runs; ``since`` is the day from which it is to be done."""

    task: Task
    case: Case
    number: str
    since: date
    last_day: date | None
    provisional: bool
    overdue: bool


def certificate_work(permits: Collection[Permission], at: datetime) -> list[CertificateTask]:
    """What awaits somebody with these permissions, the most pressing first."""
    found: list[CertificateTask] = []
    if Permission.CERTIFICATE_ISSUE in permits:
        found += _to_issue(at)
    if Permission.CERTIFICATE_DECIDE in permits:
        found += [
            _task(Task.DECIDE, each.case, each.certificate_id, day_of(each.at), None, at) for each in open_proposals()
        ]
    if Permission.CERTIFICATE_PROPOSE in permits:
        found += suspended(at)
    return sorted(found, key=lambda each: (each.last_day or date.max, each.since))


def suspended(at: datetime) -> list[CertificateTask]:
    """Certificates that are suspended at an instant, each with the last day on which it may be: by then it is restored
    or withdrawn (ISO/IEC 17065, 7.11)."""
    turns = Turn.objects.filter(Q(until=None) | Q(until__gt=at), standing=Standing.SUSPENDED, since__lte=at)
    since = dict(turns.values_list("entry__number", "since"))
    found = Certificate.objects.filter(number__in=since).select_related("case__client")
    made = []
    for each in found:
        began = day_of(since[each.number])
        ends = due(began, rules_of(each.case).limit("suspension"), work_calendar())
        made.append(_task(Task.END_SUSPENSION, each.case, each.number, began, ends, at))
    return sorted(made, key=lambda each: (each.last_day or date.max, each.since))


def _to_issue(at: datetime) -> list[CertificateTask]:
    waiting = list(waiting_cases())
    running = clocks(waiting)
    found = []
    for case in waiting:
        clock = running[case.pk]
        found.append(_task(Task.ISSUE, case, "", day_of(case.changed_at), clock.due if clock else None, at))
    return found


def _task(task: Task, case: Case, number: str, since: date, ends: Due | None, at: datetime) -> CertificateTask:
    if ends is None:
        return CertificateTask(task, case, number, since, None, provisional=False, overdue=False)
    late = ends.overdue(localdate(at))
    return CertificateTask(task, case, number, since, ends.on, provisional=ends.provisional, overdue=late)
