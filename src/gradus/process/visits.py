# SPDX-License-Identifier: Apache-2.0
"""The rules of an on-site evaluation: man-days of the plan, presence at its meetings, what a draw takes.

Presence follows CNCA's practice for audits (domain facts, 2.4): whoever evaluates signs in at the opening meeting and
out at the closing meeting, with position and photo; what deviates is explained by both, the assessor and the
body. Only assessors' days count (ISO/IEC 17021-1, 9.1.4): those of experts, trainees and observers do not.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from gradus.grading.faults import Fault
from gradus.process.parts import Part
from gradus.process.procedure import Rules


class Attendance(StrEnum):
    """As what somebody of the team attends a visit."""

    LEADER = "leader"
    ASSESSOR = "assessor"
    EXPERT = "expert"
    TRAINEE = "trainee"
    OBSERVER = "observer"


COUNTING = frozenset({Attendance.LEADER, Attendance.ASSESSOR})
"""Whose days are man-days on site."""

PARTS_OF: Mapping[Attendance, frozenset[str]] = {
    Attendance.LEADER: frozenset({Part.LEAD_ASSESSOR.value}),
    Attendance.ASSESSOR: frozenset({Part.LEAD_ASSESSOR.value, Part.ASSESSOR.value}),
    Attendance.EXPERT: frozenset({Part.TECHNICAL_EXPERT.value}),
}
"""The parts that each attendance needs; a trainee or observer needs any part of an evaluator."""


class Moment(StrEnum):
    """When presence is shown."""

    SIGN_IN = "in"
    SIGN_OUT = "out"


class Deviation(StrEnum):
    """How a signing deviates from the rules."""

    MISSING = "missing"
    EARLY = "early"
    LATE = "late"
    OTHER_DAY = "other_day"
    TOO_FAR = "too_far"
    NO_POSITION = "no_position"
    NO_PLACE = "no_place"
    NO_PHOTO = "no_photo"


class FindingGrade(StrEnum):
    """How grave a finding is; an observation needs no correction."""

    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


TO_CLOSE = frozenset({FindingGrade.MAJOR, FindingGrade.MINOR})
"""Nonconformities: each is open until its correction is verified."""


class Side(StrEnum):
    """Who explains a deviation; both must."""

    ASSESSOR = "assessor"
    BODY = "body"


class RecordKind(StrEnum):
    """What a record on site is of."""

    INTERVIEW = "interview"
    SAMPLING = "sampling"
    TRACE = "trace"


class Link(StrEnum):
    """What a drawn project is traced through, from the promise to what its buyer says of it."""

    AGREEMENT = "agreement"
    PLAN = "plan"
    TEST = "test"
    ACCEPTANCE = "acceptance"
    SATISFACTION = "satisfaction"


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees north and east (WGS 84)."""

    north: Fraction
    east: Fraction


@dataclass(frozen=True, slots=True)
class Meetings:
    """When the opening meeting begins, and when the closing meeting begins and ends; ``place`` is where both are, None
    where that is known by address alone."""

    opening: datetime
    closing_from: datetime
    closing_until: datetime
    place: Position | None


@dataclass(frozen=True, slots=True)
class Signed:
    """A signing: when, where (None: not told), and whether with a photo."""

    at: datetime
    position: Position | None
    photo: bool


def deviations(moment: Moment, signed: Signed | None, meetings: Meetings, rules: Rules) -> tuple[Deviation, ...]:
    """Every way in which a signing deviates. Days are those of the time zone that the instants bear.

    Signing in: on the day of the opening meeting, at most the limit before or after it begins. Signing out: on the day
    of the closing meeting, from its begin to at most the limit after its end. A position that can be compared with
    nothing is a deviation too: that it is near enough can not be told.
    """
    if signed is None:
        return (Deviation.MISSING,)
    limit = timedelta(hours=int(rules.limit("sign_in").value))
    start, end, day = (
        (meetings.opening - limit, meetings.opening + limit, meetings.opening.date())
        if moment is Moment.SIGN_IN
        else (meetings.closing_from, meetings.closing_until + limit, meetings.closing_until.date())
    )
    found = []
    if signed.at.date() != day:
        found.append(Deviation.OTHER_DAY)
    if signed.at < start:
        found.append(Deviation.EARLY)
    elif signed.at > end:
        found.append(Deviation.LATE)
    if signed.position is None:
        found.append(Deviation.NO_POSITION)
    elif meetings.place is None:
        found.append(Deviation.NO_PLACE)
    elif kilometres(signed.position, meetings.place) > rules.number("sign_in_far"):
        found.append(Deviation.TOO_FAR)
    if not signed.photo:
        found.append(Deviation.NO_PHOTO)
    return tuple(found)


def kilometres(one: Position, other: Position) -> float:
    """The distance on the sphere (haversine, mean radius of the earth)."""
    north, south = math.radians(one.north), math.radians(other.north)
    east = math.radians(other.east - one.east)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


def man_days(planned: Iterable[tuple[Attendance, Fraction]]) -> Fraction:
    """The man-days that a plan's members make up together."""
    return sum((days for attendance, days in planned if attendance in COUNTING), Fraction(0))


def man_day_faults(planned: Fraction, table: Fraction, share: Fraction, reason: str) -> list[Fault]:
    """What is wrong with a plan's man-days: below the share of the table that must be on site none is accepted, below
    the whole table a reason is asked for."""
    told = {"planned": plain(planned), "table": plain(table), "least": plain(table * share)}
    if planned < table * share:
        return [Fault("visit.too_few_days", params=told)]
    if planned < table and len(reason.strip()) < 5:
        return [Fault("visit.days_need_reason", params=told)]
    return []


LEAST_HOURS = 4
"""What a visit of one day takes for each day that somebody is counted with (assumed): half of a working day of eight
hours."""

LONGEST_MEETING = 12
"""Hours that a closing meeting takes at most (assumed): nobody signs out of one that goes on for days."""

FARTHEST_DAYS = 366
"""How long before its opening meeting a visit is planned at most (assumed)."""


def span_faults(planned_on: date, opening: datetime, closing: tuple[datetime, datetime], most: Fraction) -> list[Fault]:
    """What is wrong with when a visit is, ``most`` being the most days that somebody of it is counted with.

    It takes at least those days, and at most as many more as there are free days between them. Days are those of the
    time zone that the instants bear.
    """
    begin, end = closing
    faults = []
    if opening.date() > planned_on + timedelta(days=FARTHEST_DAYS):
        faults.append(Fault("visit.too_far_off", params={"limit": str(FARTHEST_DAYS)}))
    if end - begin > timedelta(hours=LONGEST_MEETING):
        faults.append(Fault("visit.meeting_too_long", params={"limit": str(LONGEST_MEETING)}))
    days, least = (end.date() - opening.date()).days + 1, math.ceil(most)
    told = {"days": str(days), "most": plain(most)}
    if days > least + 2 * math.ceil(Fraction(least, 5)):
        faults.append(Fault("visit.too_many_days", params=told))
    hours = (end - opening).total_seconds() / 3600
    if days < least or (days == 1 and hours < LEAST_HOURS * most):
        faults.append(Fault("visit.too_short", params={**told, "hours": str(LEAST_HOURS)}))
    return faults


def plain(number: Fraction) -> str:
    """A number of days as people write it: at most two decimals, rounded down."""
    cents = int(number * 100)
    return f"{cents // 100}.{cents % 100:02d}".rstrip("0").rstrip(".")


def draw_count(population: int, rules: Rules) -> int:
    """How many are drawn: the procedure's share, rounded up, no fewer than its least, no more than there are."""
    share = math.ceil(population * rules.procedure.draw_share.value)
    return min(population, max(share, int(rules.procedure.draw_least.value)))
