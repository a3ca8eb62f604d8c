# SPDX-License-Identifier: Apache-2.0
"""What stage 4 leaves behind. Every table is append-only, and the database refuses a row of somebody without the part,
or while the case stands elsewhere (migration 0002).

``round`` is the number of the step by which the case last came to the technical review: what an earlier round left
stays, and counts no more.
"""

import uuid

from django.db import models

from gradus.applications.models import Case
from gradus.people.models import Account
from gradus.process.panel import Opinion, Voice


class Deed(models.Model):
    """Something done in a round of a case, by somebody, at an instant."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.case_id} {self.account_id} {self.at}"


class Review(Deed):
    """What the technical reviewer recommends, having seen the file of ``file_digest``: an outcome ("" none) of a scope,
    or the return to evaluation for a ``reason`` of the closed list. ``sheet`` has the answers of the review."""

    outcome = models.CharField(max_length=40, blank=True)
    scope = models.JSONField(default=list)
    returned_for = models.CharField(max_length=40, blank=True)
    reasons = models.TextField()
    sheet = models.JSONField(default=dict)
    file_digest = models.CharField(max_length=64)


class Seat(Deed):
    """An expert convened to the panel; ``convened_by`` is who of the office did."""

    convened_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "round", "account"], name="panel_seat_once")]


class Leave(models.Model):
    """A member withdrawn from the panel: the vote, if there was one, counts no more."""

    id = models.BigAutoField(primary_key=True)
    seat = models.OneToOneField(Seat, on_delete=models.PROTECT, related_name="leave")
    why = models.TextField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seat_id} {self.at}"


class Vote(Deed):
    """What a member of the panel said, once; with reasons."""

    seat = models.OneToOneField(Seat, on_delete=models.PROTECT, related_name="vote")
    voice = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Voice])
    reasons = models.TextField()


class PanelOpinion(Deed):
    """What the count of a closed panel came to; ``seats`` are the members counted."""

    opinion = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Opinion])
    counts = models.JSONField()
    seats = models.JSONField()
    reasons = models.TextField()


class Notice(Deed):
    """What is announced to the public before the decision, and the last day to object. ``outcome`` is never empty: a
    recommendation to refuse is not announced."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outcome = models.CharField(max_length=40)
    scope = models.JSONField(default=list)
    opened_on = models.DateField()
    last_day = models.DateField()
    provisional = models.BooleanField()


class Objection(Deed):
    """What somebody of the public said against a notice, as the office recorded it."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    said_by = models.CharField(max_length=100)
    contact = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    received_on = models.DateField()


class ObjectionAnswer(Deed):
    """What the technical reviewer found about an objection."""

    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="answer")
    text = models.TextField()


class Proposal(Deed):
    """A lower outcome than was applied for, put to the client."""

    outcome = models.CharField(max_length=40)
    scope = models.JSONField(default=list)
    reasons = models.TextField()


class Consent(Deed):
    """The client's answer to a proposal, by somebody who may speak for it."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="consent")
    given = models.BooleanField()
    name = models.CharField(max_length=100)


class Decision(Deed):
    """What was decided over the file of ``file_digest``: an outcome of a scope, or (outcome "") a refusal for a reason
    of the closed list. It takes effect with the second signature. ``digest`` names all of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outcome = models.CharField(max_length=40, blank=True)
    scope = models.JSONField(default=list)
    refused_for = models.CharField(max_length=40, blank=True)
    reasons = models.TextField()
    file_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="") ^ models.Q(refused_for=""), name="decision_grants_or_refuses"
            )
        ]


class Uncertified(models.Model):
    """A grant in effect whose certificate is not staged yet. It follows from the other tables and is kept so that
    nobody must look through all grants to find what waits: signing the grant puts it here, staging the certificate
    removes it."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.case_id}"


class Signature(Deed):
    """A signature under a decision: by whom, in which part, over which file, proven how and when.

    The database refuses one over another file than the decision's, by somebody without the part, a second one by the
    same person, and an end of the case without two.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="signatures")
    part = models.CharField(max_length=30)
    name = models.CharField(max_length=100)
    file_digest = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    authenticated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "part"], name="signature_of_part_once"),
            models.UniqueConstraint(fields=["decision", "account"], name="signature_of_person_once"),
        ]


class Voided(Deed):
    """A decision that counts no more, because the file changed before the second signature, or because
    the second person did not sign; ``file_digest`` is what the
    file had become."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="voided")
    file_digest = models.CharField(max_length=64)
