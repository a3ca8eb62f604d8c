# SPDX-License-Identifier: Apache-2.0
"""The journal's tables. Both are written by :mod:`gradus.journal.actions` alone; the database refuses what it must."""

from django.db import models


class Entry(models.Model):
    """One thing that was done. The database refuses to change or remove it (migration 0001).

    ``actor`` and ``appointment`` are values, not references: the journal outlives what it speaks of. ``payload`` is
    canonical JSON (:mod:`gradus.journal.canonical`). ``hash`` covers every other field, ``previous`` is the hash of the
    entry before.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=36)
    actor_name = models.CharField(max_length=200)
    appointment = models.CharField(max_length=80)
    organisation = models.CharField(max_length=36, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    payload = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "sequence"], name="journal_organisation"),
            models.Index(fields=["subject", "sequence"], name="journal_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class Head(models.Model):
    """The newest entry's number and hash, in one row: the lock that puts writers in line, and what shows a cut tail."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"
