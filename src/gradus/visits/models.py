# SPDX-License-Identifier: Apache-2.0
"""Visits: plans, presence, the draw, what was seen and found, its correction, and the report. All append-only.

Each row names its case and the account that made it, so that the database by itself refuses rows of people without the
part, and rows outside their time (migration 0002).
"""

import uuid
from collections.abc import Iterable
from enum import StrEnum

from django.db import models

from gradus.applications.models import Case
from gradus.dossiers.models import File
from gradus.people.models import Account
from gradus.process.visits import Attendance, FindingGrade, Moment, RecordKind, Side


def _choices(values: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in values]


class Deed(models.Model):
    """What every row has."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Visit(Deed):
    """A planned visit; numbered from 1, another after a repeat or a return to the evaluation.

    ``sites`` are objects of name, address, north, east (degrees as text, empty: not told), the first being where the
    meetings are;
    ``agenda`` of at, topic, who. ``table_days`` is what the procedure's table asks, ``man_days`` what is planned.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    opening = models.DateTimeField()
    closing_from = models.DateTimeField()
    closing_until = models.DateTimeField()
    sites = models.JSONField()
    agenda = models.JSONField()
    table_days = models.CharField(max_length=20)
    man_days = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="visit_number_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class Attendant(models.Model):
    """Somebody of the team who attends a visit, as what, for how many days."""

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="attendants")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    attends_as = models.CharField(max_length=20, choices=_choices(Attendance))
    days = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "account"], name="attendant_once")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.account_id}"


class Signing(Deed):
    """Somebody signed in at the opening meeting or out at the closing meeting. Degrees are text; empty: not told."""

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="signings")
    moment = models.CharField(max_length=3, choices=_choices(Moment))
    north = models.CharField(max_length=20, blank=True)
    east = models.CharField(max_length=20, blank=True)
    photo = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "account", "moment"], name="signing_once")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.account_id} {self.moment}"


class Explanation(Deed):
    """Why the signing of ``who`` deviates, as the assessor or as the body says."""

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="explanations")
    who = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=3, choices=_choices(Moment))
    side = models.CharField(max_length=10, choices=_choices(Side))
    text = models.CharField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "who", "moment", "side"], name="explanation_once_a_side")
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.who_id} {self.moment} {self.side}"


class Draw(Deed):
    """A draw of projects to which the body is committed: the population, frozen, and the hash of a secret seed.

    The seed is nowhere kept before it is opened (:mod:`gradus.visits.draws`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="draw")
    population = models.JSONField()
    population_digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    commitment = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.visit_id}"


class DrawText(Deed):
    """The client's own text, added when it knew the commitment."""

    draw = models.OneToOneField(Draw, primary_key=True, on_delete=models.PROTECT, related_name="answer")
    text = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.text


class DrawOpening(Deed):
    """The seed, as hexadecimal digits, and what was drawn with it."""

    draw = models.OneToOneField(Draw, primary_key=True, on_delete=models.PROTECT, related_name="opening")
    seed = models.CharField(max_length=64)
    drawn = models.JSONField()

    def __str__(self) -> str:
        return f"{self.draw_id}"


class VisitRecord(Deed):
    """What was heard or seen on site. ``subject`` is the person's post, what was sampled, or the drawn project;
    ``links`` of a trace says for each link whether it was seen. A correction is another record that replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=10, choices=_choices(RecordKind))
    subject = models.CharField(max_length=200)
    notes = models.TextField(max_length=4000)
    links = models.JSONField(default=dict)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Finding(Deed):
    """A finding on site. Its id is made where it is written, also without a connection, so that it comes only once;
    ``at`` is when the platform received it; ``written_at`` is what that device's clock says, or ``at`` where that lies
    before the plan or in the future: such a clock is wrong, and the journal alone keeps what it said.

    ``rule`` is the id of a requirement or an indicator of the edition.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    grade = models.CharField(max_length=12, choices=_choices(FindingGrade))
    rule = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.grade} {self.rule}"


class FindingPhoto(models.Model):
    """A picture that shows what was found."""

    id = models.BigAutoField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "file"], name="finding_photo_once")]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.file_id}"


class Correction(Deed):
    """What the client says it did about a finding: what was put right, why it happened, what keeps it from happening
    again; ``proof`` a picture or PDF. Numbered from 1: one that was not accepted is followed by another."""

    id = models.BigAutoField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveIntegerField()
    correction = models.TextField(max_length=4000)
    cause = models.TextField(max_length=4000)
    action = models.TextField(max_length=4000)
    proof = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "number"], name="correction_number_once")]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.number}"


class Verification(Deed):
    """Whether an assessor accepts a correction, and why."""

    correction = models.OneToOneField(
        Correction, primary_key=True, on_delete=models.PROTECT, related_name="verification"
    )
    accepted = models.BooleanField()
    text = models.CharField(max_length=2000)

    def __str__(self) -> str:
        return f"{self.correction_id} {self.accepted}"


class EvaluationReport(Deed):
    """The report of the evaluation, frozen: ``content`` is canonical JSON (docs/formats/evaluation_report.md), and
    ``digest`` its SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="evaluation_report_number_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"
