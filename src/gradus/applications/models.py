# SPDX-License-Identifier: Apache-2.0
"""Cases: where each stands, how it came there, who played which part in it, and who is tied to which client.

A case's ``state`` is changed by :func:`gradus.applications.cases.advance` alone, together with a new :class:`CaseStep`;
the database refuses a state without its step, a step that the transition table does not know, and a part that a person
may not play beside another (migration 0002).
"""

import uuid

from django.db import models

from gradus.dossiers.models import File, Submission
from gradus.people.models import Account, Organisation
from gradus.process.parts import Part
from gradus.process.procedure import Holds
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

    ``requested`` is the outcome applied for, ``by_exception`` whether the path's exception was ever asked for,
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
                condition=~models.Q(state__in=["granted", "refused", "not_accepted", "withdrawn", "terminated"]),
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
    """A part that somebody plays in a case, from the moment it is first played; append-only. It may end
    (:class:`Relief`), but that it was played stays.

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


class Relief(models.Model):
    """That somebody plays a part no more, from an instant on. Having played it still forbids the parts that do not go
    with it. Append-only; nobody takes up again a part that ended."""

    involvement = models.OneToOneField(Involvement, primary_key=True, on_delete=models.PROTECT, related_name="relief")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.involvement_id}"


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


class Mark(models.Model):
    """Something by which a person of the body is recognised in a client's papers, kept as a keyed hash alone
    (:mod:`gradus.applications.marks`). ``starts_on`` and ``ends_on`` are those of an employment."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="marks")
    holds = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Holds])
    mark = models.CharField(max_length=64)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    told_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["holds", "mark"], name="mark_known")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.holds}"


class HeldCertificate(models.Model):
    """A certificate of a client's as the body's own register knows it, from before Gradus or from it. Append-only.

    It holds from ``since`` to ``valid_until``, its last day, unless it ended before, on ``ended_on`` (withdrawn,
    cancelled). ``withdrawn_for`` is the reason of the procedure's list when it was withdrawn; how long the client may
    not apply anew follows from it. ``barred_until`` is what the office knows of that: the day before it is the last one
    barred. A row that is wrong is superseded by another; with ``void`` that one only takes it back. ``file`` is the
    evidence.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="held_certificates")
    scheme = models.CharField(max_length=60)
    level = models.CharField(max_length=40)
    number = models.CharField(max_length=80)
    since = models.DateField()
    valid_until = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    # SQLite adds a column that may be empty in place; for another it makes the table anew, without its triggers.
    withdrawn_for = models.CharField(max_length=60, null=True, blank=True)
    barred_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)
    file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=240, blank=True)
    void = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded"
    )
    entered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "scheme", "entered_at"], name="held_certificate_client")]
        constraints = [
            models.CheckConstraint(condition=models.Q(valid_until__gte=models.F("since")), name="held_in_order")
        ]

    @property
    def follows_statement(self) -> bool:
        """Whether Gradus issued the certificate itself: then nobody entered the row, and its evidence is public."""
        return self.entered_by_id is None and self.file_id is None

    def __str__(self) -> str:
        return self.number


class BodyEvent(models.Model):
    """An event at a client that the body knows of itself. Append-only, superseded like :class:`HeldCertificate`.

    ``cells`` are those of a row of the scheme's table of events (``Procedure.events``), as text; ``source`` says how
    the body knows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="body_events")
    scheme = models.CharField(max_length=60)
    cells = models.JSONField()
    source = models.CharField(max_length=200)
    void = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded"
    )
    recorded_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "scheme", "recorded_at"], name="body_event_client")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.scheme}"


class ApplicationReview(models.Model):
    """A review of an application (ISO/IEC 17065, 7.3): each question answered, and what came of it. Append-only.

    ``answers`` maps a question's id to ``{"met": bool, "note": text}``, ``found`` keeps what was computed and shown;
    ``verdict`` is the step that the review led to.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="application_reviews")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    found = models.JSONField()
    verdict = models.CharField(max_length=40)
    reason = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.verdict}"


class SupplementItem(models.Model):
    """Something that the client is asked to supplement: why, and which document or which row. Append-only.

    ``step`` is the step that asked; ``document`` a kind of document, ``table`` and ``row`` a place in the facts.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supplement_items")
    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="items")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=60)
    document = models.CharField(max_length=60, blank=True)
    table = models.CharField(max_length=60, blank=True)
    row = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "number"], name="supplement_item_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class SupplementAnswer(models.Model):
    """The client's answer to one item, with the submission that it was filed with. Append-only."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supplement_answers")
    asked = models.OneToOneField(SupplementItem, on_delete=models.PROTECT, related_name="answer")
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    note = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.asked_id}"


class Quotation(models.Model):
    """What the certification costs and what the money is for, as quoted; another one follows it. Append-only.

    Amounts are exact, in ``currency``; ``plan`` says what is evaluated, where, and in which weeks.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="quotations")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    extra_sites = models.PositiveIntegerField()
    man_days = models.DecimalField(max_digits=8, decimal_places=2)
    application = models.DecimalField(max_digits=14, decimal_places=2)
    evaluation = models.DecimalField(max_digits=14, decimal_places=2)
    certificate = models.DecimalField(max_digits=14, decimal_places=2)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=10)
    plan = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="quotation_number_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class Agreement(models.Model):
    """The certification agreement (ISO/IEC 17065, 4.1.2): the duties that a named person took on for the client, and
    the quotation agreed to. Append-only, once a case."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="agreement")
    quotation = models.OneToOneField(Quotation, on_delete=models.PROTECT, related_name="agreement")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    duties = models.JSONField()
    signatory = models.CharField(max_length=100)
    position = models.CharField(max_length=100)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id}"
