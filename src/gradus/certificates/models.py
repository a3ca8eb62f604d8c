# SPDX-License-Identifier: Apache-2.0
"""What stage 5 leaves behind. Every table but the log's head and what is unfinished is append-only, and the database
refuses a certificate without a signed grant, and a change without a decision (migration 0002).

A statement is made in three steps that a crash may come between (ADR 13): staged (:class:`Certificate` or
:class:`StatusChange`), logged (:class:`Leaf` with a :class:`Checkpoint` over it), published (:class:`Publication`).
"""

import uuid
from enum import StrEnum

from django.db import models

from gradus.applications.models import Case
from gradus.decisions.models import Decision
from gradus.dossiers.models import File
from gradus.people.models import Account
from gradus.trust.statement import Change


class IssuerNamed(models.Model):
    """How the certification body is named on certificates from an instant on; the newest counts.

    ``address`` is where its keys, status lists and verification pages are found; it never changes. ``prefix`` begins
    the numbers, ``seal`` is what the seal on the page says.
    """

    id = models.BigAutoField(primary_key=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    address_zh = models.CharField(max_length=300)
    address_en = models.CharField(max_length=300)
    approval_no = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8)
    seal = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name_zh


class KeyPurpose(StrEnum):
    """What a key is for; no key has two purposes."""

    ISSUER = "issuer"  # signs statements and status lists (Ed25519)
    LOG = "log"  # signs checkpoints (Ed25519)
    PDF = "pdf"  # signs pages (ECDSA P-256)


class Key(models.Model):
    """The public half of a key; the other half lies encrypted in the data folder. ``certificates`` is the chain of a
    key for pages, base64 of DER, its own first."""

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=10, choices=[(each.value, each.value) for each in KeyPurpose])
    public_key = models.CharField(max_length=100, unique=True)
    certificates = models.JSONField(default=list)
    valid_from = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose}-{self.pk}"


class KeyEnd(models.Model):
    """From ``at`` on a key signs no more."""

    key = models.OneToOneField(Key, primary_key=True, on_delete=models.PROTECT, related_name="end")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key_id} {self.at}"


class KeyTheft(models.Model):
    """From ``since`` on somebody else may have signed with a key."""

    key = models.OneToOneField(Key, primary_key=True, on_delete=models.PROTECT, related_name="theft")
    since = models.DateTimeField()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key_id} {self.since}"


class Deed(models.Model):
    """Something done about a case's certificate, by somebody, at an instant."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.case_id} {self.account_id} {self.at}"


class ChangeProposal(Deed):
    """What one person proposes to decide about a certificate, for a ``reason`` of the closed list.

    ``effective_at`` is empty where the decision itself shall be the instant. ``holder`` is what a replacement says of
    the holder instead (canonical JSON), "" for any other change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey("Certificate", on_delete=models.PROTECT, related_name="proposals")
    change = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Change])
    reason = models.CharField(max_length=40)
    reasons = models.TextField()
    effective_at = models.DateTimeField(null=True, blank=True)
    holder = models.TextField(blank=True)


class ChangeDecision(Deed):
    """What another person decided about a proposal and signed, proven how and when; ``accepted`` or not.

    ``digest`` names all of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.OneToOneField(ChangeProposal, on_delete=models.PROTECT, related_name="decision")
    accepted = models.BooleanField()
    reasons = models.TextField()
    name = models.CharField(max_length=100)
    method = models.CharField(max_length=20)
    authenticated_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)


class Certificate(Deed):
    """A certificate's statement, staged: fixed in every word and in its number, before it is signed.

    It rests on ``decision`` (a grant) or on ``replacement`` (a decided change that keeps the period), one certificate
    each. ``supersedes`` is the number that it takes the place of, ``status_index`` its place in the status lists.
    ``statement`` is canonical JSON (docs/formats/statement.md).
    """

    number = models.CharField(max_length=30, primary_key=True)
    decision = models.OneToOneField(Decision, null=True, on_delete=models.PROTECT, related_name="certificate")
    replacement = models.OneToOneField(ChangeDecision, null=True, on_delete=models.PROTECT, related_name="certificate")
    year = models.PositiveIntegerField()
    serial = models.PositiveIntegerField()
    status_index = models.PositiveBigIntegerField(unique=True)
    supersedes = models.CharField(max_length=30, null=True, unique=True)
    statement = models.TextField()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [models.Index(fields=["year", "serial"], name="certificate_serial")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision=None) ^ models.Q(replacement=None), name="certificate_rests_on_one"
            )
        ]

    def __str__(self) -> str:
        return self.number


class StatusChange(models.Model):
    """A change of a certificate's standing, staged; it rests on a ``decision``, or on the certificate that takes its
    place (``successor``). ``statement`` is canonical JSON."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="changes")
    decision = models.OneToOneField(ChangeDecision, null=True, on_delete=models.PROTECT, related_name="status_change")
    successor = models.OneToOneField(Certificate, null=True, on_delete=models.PROTECT, related_name="+")
    statement = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision=None) ^ models.Q(successor=None), name="change_rests_on_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.at}"


class Unfinished(models.Model):
    """A statement that is staged and not handed out yet, or is to be stated anew after a theft. It follows from the
    other tables (:func:`gradus.certificates.unfinished.look_everywhere`) and is kept so that nobody must look through
    all of them at each issue. Its rows go."""

    id = models.BigAutoField(primary_key=True)
    certificate = models.OneToOneField(Certificate, null=True, on_delete=models.PROTECT, related_name="+")
    change = models.OneToOneField(StatusChange, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(certificate=None) ^ models.Q(change=None), name="unfinished_is_of_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id or self.change_id}"


class LogHead(models.Model):
    """The log's size and the roots of its full subtrees, in one row: the lock that puts leaves in line."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField()
    roots = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.size)


class Leaf(models.Model):
    """A leaf of the log: the bytes of a signed statement. ``key`` signed it, ``log_key`` the checkpoint that was made
    with it; ``at`` is the time stamped on that."""

    index = models.BigIntegerField(primary_key=True)
    certificate = models.ForeignKey(Certificate, null=True, on_delete=models.PROTECT, related_name="leaves")
    change = models.ForeignKey(StatusChange, null=True, on_delete=models.PROTECT, related_name="leaves")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    log_key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    credential = models.TextField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(certificate=None) ^ models.Q(change=None), name="leaf_is_of_one")
        ]

    def __str__(self) -> str:
        return str(self.index)


class Node(models.Model):
    """The root of a full subtree of 2**level leaves, the index-th of them."""

    id = models.BigAutoField(primary_key=True)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="node_once")]

    def __str__(self) -> str:
        return f"{self.level} {self.index}"


class Checkpoint(models.Model):
    """A signed and stamped root of the log."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(db_index=True)
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.size)


class Publication(models.Model):
    """What was handed out for a leaf: its receipt and, for a certificate, the signed page. A page whose key was stolen
    is made once more."""

    id = models.BigAutoField(primary_key=True)
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="publications")
    receipt = models.TextField()
    page = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")
    pdf_key = models.ForeignKey(Key, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["leaf", "pdf_key"], name="page_of_leaf_once"),
            models.UniqueConstraint(fields=["leaf"], condition=models.Q(pdf_key=None), name="receipt_of_leaf_once"),
        ]

    def __str__(self) -> str:
        return str(self.leaf_id)


class StatusListIssue(models.Model):
    """A status list as it was signed; the newest of a purpose and number is served, the others stay for questions about
    the past."""

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["purpose", "number", "-valid_from"], name="status_list_newest")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.number} {self.valid_from}"
