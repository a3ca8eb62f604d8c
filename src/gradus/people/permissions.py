# SPDX-License-Identifier: Apache-2.0
"""What may be done, which role permits it, and the one question that every page asks.

Roles are data (``roles.yaml``). A permission is asked for together with the organisation whose data it concerns: a
client's appointment reaches that client's data only; an appointment at the certification body reaches what its role
permits, and reads the work of a client only through an access grant that has not run out.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources

import yaml

from gradus.grading.texts import Text


class Permission(StrEnum):
    """``subject:verb``, alphabetical."""

    ACCESS_ASK = "access:ask"
    ACCESS_DECIDE = "access:decide"
    APPLICATION_REVIEW = "application:review"
    CASE_APPLY = "case:apply"
    CASE_DECIDE = "case:decide"
    CASE_EVALUATE = "case:evaluate"
    CASE_LEAD = "case:lead"
    CASE_LIST = "case:list"
    CASE_QUOTE = "case:quote"
    CASE_READ = "case:read"
    CASE_RECOMMEND = "case:recommend"
    CASE_SIGN = "case:sign"
    CERTIFICATE_DECIDE = "certificate:decide"
    CERTIFICATE_ISSUE = "certificate:issue"
    CERTIFICATE_LIST = "certificate:list"
    CERTIFICATE_PROPOSE = "certificate:propose"
    CLIENT_CREATE = "client:create"
    CLIENT_LIST = "client:list"
    COMPETENCE_RECORD = "competence:record"
    DOSSIER_CREATE = "dossier:create"
    DOSSIER_EDIT = "dossier:edit"
    DOSSIER_READ = "dossier:read"
    DOSSIER_SUBMIT = "dossier:submit"
    EVENT_RECORD = "event:record"
    EVIDENCE_EDIT = "evidence:edit"
    EVIDENCE_READ = "evidence:read"
    FILE_READ = "file:read"
    JOURNAL_READ = "journal:read"
    JOURNAL_READ_ALL = "journal:read_all"
    OFFICE_ENTER = "office:enter"
    PANEL_CONVENE = "panel:convene"
    PANEL_VOTE = "panel:vote"
    PEOPLE_APPOINT = "people:appoint"
    PEOPLE_APPOINT_ALL = "people:appoint_all"
    PEOPLE_INVITE_CLIENT = "people:invite_client"
    PEOPLE_READ = "people:read"
    PEOPLE_READ_ALL = "people:read_all"
    REGISTER_IMPORT = "register:import"
    SUBMISSION_READ = "submission:read"
    TEAM_APPOINT = "team:appoint"
    TIE_DECLARE = "tie:declare"
    TIE_RECORD = "tie:record"
    WORKBOOK_READ = "workbook:read"


GRANTED_BY_ACCESS = frozenset({Permission.DOSSIER_READ, Permission.EVIDENCE_READ, Permission.JOURNAL_READ})
"""What an access grant opens to an administrator: reading, nothing else."""


LEADS = frozenset({Permission.PEOPLE_APPOINT, Permission.PEOPLE_APPOINT_ALL})
"""Who may bring in others; no organisation may lose the last of them."""


class Kind(StrEnum):
    """The kinds of organisation."""

    BODY = "body"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Role:
    """What an appointment is for."""

    id: str
    text: Text
    works_for: Kind
    second_factor: bool
    permits: frozenset[Permission]

    @property
    def leads(self) -> bool:
        return bool(self.permits & LEADS)


@dataclass(frozen=True, slots=True)
class Appointed:
    """An appointment as a value: a role at an organisation, from a day until the day before another (None: open).

    ``tables`` are those the holder may edit; empty means all.
    """

    id: str
    role: Role
    organisation: str
    organisation_kind: Kind
    tables: frozenset[str]
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@cache
def roles() -> dict[str, Role]:
    """Every role by its id, in the order of the file."""
    entries = yaml.safe_load(resources.files("gradus.people").joinpath("roles.yaml").read_text("utf-8"))
    return {
        each["id"]: Role(
            id=each["id"],
            text=Text(zh=each["zh"], en=each["en"]),
            works_for=Kind(each["works_for"]),
            second_factor=each["second_factor"],
            permits=frozenset(Permission(name) for name in each["permits"]),
        )
        for each in entries
    }


def roles_that_may(permission: str) -> list[Role]:
    """The roles that permit something, in the order of the file."""
    return [each for each in roles().values() if permission in each.permits]


def roles_for(kind: Kind) -> list[Role]:
    """The roles that an organisation of a kind can give, in the order of the file."""
    return [each for each in roles().values() if each.works_for is kind]
