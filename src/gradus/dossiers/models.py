# SPDX-License-Identifier: Apache-2.0
"""A client's dossiers, the rows of their tables, evidence files and what they prove, and frozen submissions."""

import uuid

from django.db import models

from gradus.people.models import Account, Organisation


class Dossier(models.Model):
    """A dossier under one edition of a scheme, as the client builds it. Its facts are its rows.

    ``revision`` grows with every change of what is graded; ``summary`` is what the dossier came to at
    ``summary_revision`` (see :func:`gradus.dossiers.grading.summary`), so that lists need not grade. ``submitted`` is
    what its last submission came to, with its ``number`` and ``day``: all that lists of the body show of it, for a
    draft is the client's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="dossiers")
    title = models.CharField(max_length=100)
    edition = models.CharField(max_length=80)
    edition_hash = models.CharField(max_length=80)
    aim = models.CharField(max_length=40, blank=True)
    rolled_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="rolled_into")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveBigIntegerField(default=0)
    summary = models.JSONField(default=dict)
    summary_revision = models.PositiveBigIntegerField(null=True)
    summary_day = models.DateField(null=True)
    submitted = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "-created_at"], name="dossier_client")]

    def __str__(self) -> str:
        return self.title


class Row(models.Model):
    """One row of a table: ``cells`` maps column ids to text, in plain form where it could be read, else as typed.

    Empty cells are absent. ``version`` grows with every change; ``carried`` rows came from an earlier dossier and have
    not been confirmed since. Rows are shown in the order of ``position``, then ``id``. A removed row stays, so that it
    can come back with what it cites.
    """

    id = models.BigAutoField(primary_key=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rows")
    table = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    carried = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["dossier", "table", "position", "id"], name="row_order")]

    def __str__(self) -> str:
        return f"{self.table} {self.id}"


class File(models.Model):
    """The content of an evidence file, kept once under its SHA-256 in the data folder (:mod:`.store`)."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=40)
    pages = models.PositiveIntegerField()
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class Evidence(models.Model):
    """An evidence file of a client under the name by which dossiers cite it; removing it keeps its history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=240)
    valid_until = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=100)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "name"], condition=models.Q(removed_at__isnull=True), name="evidence_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Citation(models.Model):
    """A fact (a row) and the page of an evidence file that proves it. One file may serve many facts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="citations")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="citations")
    page = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "evidence", "page"], name="citation_once")]

    def __str__(self) -> str:
        return f"{self.row_id} {self.evidence_id} {self.page}"


class Intake(models.Model):
    """A workbook that was read and waits for a person to look at what it would change. Removed when it is answered.

    ``rows`` are its rows as text, by table that it has a sheet for; ``revision`` is the dossier's when the differences
    were shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="intakes")
    file_name = models.CharField(max_length=240)
    file_digest = models.CharField(max_length=64)
    rows = models.JSONField()
    notices = models.JSONField(default=list)
    revision = models.PositiveBigIntegerField()
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.file_name


class Submission(models.Model):
    """A dossier frozen: facts, evidence digests, edition and result, with the declaration of a named person.

    ``facts``, ``evidence`` and ``result`` are canonical JSON (docs/formats/submission.md); ``digest`` covers everything
    that was declared. The database refuses to change or remove a submission (migration 0001).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    edition = models.CharField(max_length=80)
    edition_hash = models.CharField(max_length=80)
    facts = models.TextField()
    evidence = models.TextField()
    result = models.TextField()
    declaration = models.TextField()
    declared_by = models.CharField(max_length=100)
    declared_as = models.CharField(max_length=100)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="submission_number_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.number}"
