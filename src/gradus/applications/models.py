# SPDX-License-Identifier: Apache-2.0
"""Cases: where each stands, how it came there, who played which part in it, and who is tied to which client.

A case's ``state`` is changed by :func:`gradus.applications.cases.advance` alone, together with a new :class:`CaseStep`;
the database refuses a state without its step, a step that the transition table does not know, and a part that a person
may not play beside another (migration 0002).
"""

import uuid

from django.db import models

from gradus.dossiers.models import Submission
from gradus.people.models import Account, Organisation
from gradus.process.parts import Part
from gradus.process.states import State, Step


class KeptProcedure(models.Model):
    """The content of a procedure as canonical JSON, under the hash that names it. Append-only."""

    hash = models.CharField(max_length=80, primary_key=True)
    name = models.CharField(max_length=80)
    content = models.TextField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One application on its way to a decision, bound to one edition and one procedure.

    ``requested`` is the outcome applied for, ``by_exception`` whether the path's exception is asked for,
    ``submission`` the newest submission filed, ``steps`` the number of the last step.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    edition = models.CharField(max_length=80)
    edition_hash = models.CharField(max_length=80)
    procedure = models.ForeignKey(KeptProcedure, on_delete=models.PROTECT, related_name="cases")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    requested = models.CharField(max_length=40)
    by_exception = models.BooleanField(default=False)
    state = models.CharField(max_length=30, choices=[(each.value, each.value) for each in State])
    steps = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "changed_at"], name="case_state"),
            models.Index(fields=["client", "-opened_at"], name="case_client"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=~models.Q(state__in=["granted", "refused", "not_accepted", "withdrawn"]),
                name="one_open_case_a_client",
            )
        ]

    def __str__(self) -> str:
        return self.number


class CaseStep(models.Model):
    """A step that was taken: from which state to which, when, by whom, with what. Append-only; numbered from 1."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="taken")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=40, choices=[(each.value, each.value) for each in Step])
    before = models.CharField(max_length=30)
    after = models.CharField(max_length=30)
    at = models.DateTimeField()
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="case_step_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.step}"


class Filing(models.Model):
    """A submission that was filed in a case: the first with the application, others with supplements. Append-only."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="filings")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="filing")
    number = models.PositiveIntegerField()
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="filing_number_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class Involvement(models.Model):
    """A part that somebody plays in a case, from the moment it is first played; append-only, never taken back.

    Whatever a person does in a case names the involvement that it rests on, so that who evaluated can be told from the
    database alone.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="involvements")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="involvements")
    part = models.CharField(max_length=30, choices=[(each.value, each.value) for each in Part])
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "account", "part"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.account_id} {self.part}"


class Tie(models.Model):
    """What ties a person of the body to a client (:mod:`gradus.process.impartiality`). Append-only: a tie that ends is
    told by another row that names it in ``ends``.

    ``bars_until`` is the first day on which it no longer bars (empty: it holds), so that the database can refuse by
    itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="ties")
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ties")
    kind = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    bars_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)
    told_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    def __str__(self) -> str:
        return f"{self.account_id} {self.client_id} {self.kind}"
