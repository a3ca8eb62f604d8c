# SPDX-License-Identifier: Apache-2.0
"""Accounts, organisations and appointments. Nobody is deleted: appointments end, accounts are closed."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from gradus.grading.texts import Text
from gradus.people.permissions import Appointed, Kind, roles


class Accounts(BaseUserManager["Account"]):
    """Makes accounts; e-mail addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None, **fields: Any) -> "Account":
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save(force_insert=True, using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser):
    """A person who signs in. What the person may do stands in appointments, never here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """The certification body, or a client firm."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Kind])
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind=Kind.BODY.value), name="one_certification_body"
            ),
            models.UniqueConstraint(fields=["name"], name="organisation_name_once"),
        ]

    @property
    def text(self) -> Text:
        """Its name in both languages; the registered one stands in for an English one that it has not."""
        return Text(self.name, self.name_en or self.name)

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """A role (of ``roles.yaml``) that an account holds at an organisation, from a day until the day before another.

    ``tables`` lists the dossier tables that the holder edits ("HR fills staff"); empty means every table.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40)
    department = models.CharField(max_length=100, blank=True)
    tables = models.JSONField(default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="appointment_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.organisation_id}"

    def value(self) -> Appointed:
        """The appointment as the permission rules see it; its organisation must be loaded."""
        return Appointed(
            id=str(self.id),
            role=roles()[self.role],
            organisation=str(self.organisation_id),
            organisation_kind=Kind(self.organisation.kind),
            tables=frozenset(self.tables),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )


class Invitation(models.Model):
    """A seat offered to an e-mail address. Only the digest of its secret is kept; the letter carries the secret.

    The seat is for the days of the appointment that it will become (None: from the day it is taken; without end).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=40)
    department = models.CharField(max_length=100, blank=True)
    tables = models.JSONField(default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    secret_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email} {self.role}"


class AccessGrant(models.Model):
    """An administrator's wish to read a client's data, and what became of it. Open from decision to expiry or end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="access_grants")
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="access_grants")
    reason = models.TextField()
    hours = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    granted = models.BooleanField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.client_id}"


class Notification(models.Model):
    """Something that an account was told: a sentence's code with its blanks, and the address where to go on.

    ``read_at`` is all that ever changes. The letter that went out with it says the same.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notifications")
    code = models.CharField(max_length=60)
    blanks = models.JSONField(default=dict)
    address = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-told_at"], name="notification_account")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.code}"


class AccessToken(models.Model):
    """A personal token by which another system reads what its owner may read. Only the digest of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="access_tokens")
    name = models.CharField(max_length=100)
    secret_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
