# SPDX-License-Identifier: Apache-2.0
"""When something of the demonstration happened: so many working days before it is made."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localdate

from gradus.process.working_days import WorkCalendar


class Days:
    """The working days up to the day on which the demonstration is made, counted backwards from it."""

    def __init__(self, now: datetime, calendar: WorkCalendar) -> None:
        self.now = now
        self._calendar = calendar
        self._known: list[date] = [localdate(now)]

    def day(self, back: int) -> date:
        """The last day that has so many working days after it, today among them."""
        while len(self._known) <= back:
            day = self._known[-1] - timedelta(days=1)
            while not self._calendar.works(day):
                day -= timedelta(days=1)
            self._known.append(day)
        return self._known[back]

    def at(self, back: int, minutes: int) -> datetime:
        """An instant of that day, in minutes after nine in the body's time zone."""
        assert back > 0, "what happened has happened before today"
        return datetime.combine(self.day(back), time(9), get_current_timezone()) + timedelta(minutes=minutes)
