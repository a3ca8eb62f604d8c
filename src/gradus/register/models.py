# SPDX-License-Identifier: Apache-2.0
"""What the register keeps of the statements that it was told: the statements as they are, and what they are found by.

Nothing here is more than a statement says, so all of it can be removed and made anew (:mod:`gradus.register.enter`).
How a certificate stands today is nowhere: it is asked, of the statements and for an instant. One more table, the index
of :mod:`gradus.register.index`, is no model, because the two databases have it in different forms.
"""

from django.db import models

PER_DAY = 2**17
"""How many certificates of one day the register has places for."""


class Entry(models.Model):
    """A certificate. ``id`` is the day of its issue and a count within it, so that the newest are the last.

    ``folded`` holds the names as they are compared, a line each. It may be valid from ``first_at`` on and before
    ``last_at``. ``changed``: some change is known, see :class:`Turn`; without one the two instants tell all.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    uscc = models.CharField(max_length=18, db_index=True)
    folded = models.TextField()
    region = models.CharField(max_length=2)
    scheme = models.CharField(max_length=80)
    level = models.CharField(max_length=80)
    stars = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    changed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.number


class Said(models.Model):
    """A certificate's statement as canonical JSON, see docs/formats/statement.md."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True)
    statement = models.TextField()

    def __str__(self) -> str:
        return self.entry.number


class Changed(models.Model):
    """A statement of a change as canonical JSON."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="changes")
    digest = models.CharField(max_length=64, unique=True)
    statement = models.TextField()

    def __str__(self) -> str:
        return self.digest


class Turn(models.Model):
    """A span of time through which a changed certificate stood, stands or will stand so, as trust.standing answers from
    every statement known; open where ``until`` is null. A new change makes all turns of its certificate anew."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="turns")
    standing = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.entry.number} {self.standing}"


class Choice(models.Model):
    """Something that certificates can be chosen by, in the words of the newest statement that names it."""

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=170)
    zh = models.CharField(max_length=500)
    en = models.CharField(max_length=500)
    rank = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="register_choice_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Extent(models.Model):
    """The one row says how many days lay at most between a certificate's issue and its end: what is valid at an instant
    was not issued longer ago, so that a search need not look there. ``ahead``: by how many days, at most, a change took
    effect before its certificate was issued, which only a mistake can bring about."""

    longest = models.IntegerField()
    ahead = models.IntegerField(default=0)

    def __str__(self) -> str:
        return str(self.longest)
