# SPDX-License-Identifier: Apache-2.0
"""What stage 2 records: competence, teams, and what assessors say of rows and items.

All of it is append-only: what no longer holds is followed by another row.
"""

import uuid

from django.db import models

from gradus.applications.models import Case
from gradus.people.models import Account
from gradus.process.parts import EVALUATORS, Part

_EVALUATORS = [(each.value, each.value) for each in Part if each in EVALUATORS]


class Competence(models.Model):
    """That a person is competent to evaluate a field of a scheme up to a level (ISO/IEC 17065, 6.1.2), from a day until
    the day before another. ``field`` is empty where a scheme has no fields. ``replaces``: what it corrects or ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="competences")
    scheme = models.CharField(max_length=60)
    field = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)
    told_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    def __str__(self) -> str:
        return f"{self.account_id} {self.scheme} {self.field} {self.level}"


class Team(models.Model):
    """A team that was proposed to the client; the newest of a case is the one that counts.

    ``objections_until`` is the last day on which the client may object.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="teams")
    number = models.PositiveIntegerField()
    objections_until = models.DateField()
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="team_number_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class Member(models.Model):
    """A seat in a team. The database holds it to the rules of parts already, before the part is taken."""

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=30, choices=_EVALUATORS)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "account"], name="one_seat_a_person"),
            models.UniqueConstraint(
                fields=["team"], condition=models.Q(part=Part.LEAD_ASSESSOR.value), name="one_leader_a_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.account_id} {self.part}"


class Objection(models.Model):
    """The client objects to a member of the team with a reason; without a member it says that it does not object."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="objections")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="objections")
    reason = models.TextField(blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=True) | ~models.Q(reason=""), name="objection_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.member_id}"


class ObjectionTakenBack(models.Model):
    """The client objects to the member no more, before the body has answered."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="taken_back")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.objection_id}"


class ObjectionAnswer(models.Model):
    """Why the body keeps a member although the client objected. An objection that is followed changes the team."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="answer")
    text = models.TextField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.objection_id}"


class Verdict(models.Model):
    """What an assessor says of one row of the submission. A later verdict on the row supersedes it.

    ``row`` is the row's id in the submission; ``of`` the digest of what the row said and of the evidence it cited
    (:mod:`gradus.evaluations.rows`), so that a row which a supplement changes must be judged again.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="verdicts")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=60)
    row = models.BigIntegerField()
    of = models.CharField(max_length=64)
    accepted = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="verdict_case")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted=True) | ~models.Q(reason=""), name="rejection_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.table} {self.row} {self.accepted}"


class Rating(models.Model):
    """An assessor's rating of an item by the edition's rubric, with what it rests on. A later one supersedes it."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=80)
    value = models.PositiveSmallIntegerField()
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="rating_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.item} {self.value}"


class DocumentFinding(models.Model):
    """What the papers leave open about an item, to be looked into on site."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="document_findings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=80)
    text = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.item}"
