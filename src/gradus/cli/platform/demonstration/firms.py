# SPDX-License-Identifier: Apache-2.0
"""The body's people, and firms in different states of readiness that have not submitted yet."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from gradus.cli.platform.accounts import DemonstrationAccount
from gradus.cli.platform.demonstration.plan import EXAMPLES, Plain
from gradus.dossiers.actions import create_dossier
from gradus.dossiers.evidence import add_evidence
from gradus.dossiers.grading import grade_dossier, keep_summary
from gradus.dossiers.intake import accept_intake, read_intake
from gradus.dossiers.models import Dossier, Row
from gradus.dossiers.rollforward import roll_forward
from gradus.dossiers.rows import CellChange, RowChange, change_rows
from gradus.formats.editions import default_edition
from gradus.journal.actor import Actor, system
from gradus.people.actions import Seat, create_account, create_organisation, make_appointment
from gradus.people.models import Account, Organisation
from gradus.people.permissions import Kind, roles
from gradus.people.queries import actor_in


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can act: the account, as whom it acts, and how it signs in."""

    account: Account
    actor: Actor
    told: DemonstrationAccount


def join(person: Plain, organisation: Organisation, password: str, at: datetime) -> Person:
    """An account with its seat and, where the role asks for one, a second factor."""
    account = create_account(person["email"], person["name"], password, system, at)
    seat = Seat(organisation, person["role"], person.get("department", ""), tuple(person.get("tables", ())))
    appointment = make_appointment(account, seat, system, at)
    secret = generate_totp_secret() if roles()[person["role"]].second_factor else ""
    if secret:
        TOTP.activate(account, secret)
    told = DemonstrationAccount(person["role"], organisation.name, account.name, account.email, password, secret)
    return Person(account, actor_in(account, appointment.value()), told)


def make_firm(firm: Plain, password: str, at: datetime) -> list[Person]:
    """A firm with its people, its evidence and its dossiers; its people."""
    client = create_organisation(Kind.CLIENT, firm["name"], firm["name_en"], system, at)
    people = [join(person, client, password, at) for person in firm["people"]]
    actor = people[0].actor
    if "evidence" in firm:
        _evidence(EXAMPLES / firm["evidence"], client, actor, at)
    made: dict[str, Dossier] = {}
    for each in firm["dossiers"]:
        made[each["title"]] = _dossier(each, client, actor, made, at)
    return people


def _evidence(folder: Path, client: Organisation, actor: Actor, at: datetime) -> None:
    """Every file of a folder, under its path in it."""
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        add_evidence(client, file.relative_to(folder).as_posix(), [file.read_bytes()], actor, at)


def _dossier(plan: Plain, client: Organisation, actor: Actor, earlier: dict[str, Dossier], at: datetime) -> Dossier:
    """A dossier: rolled forward, taken from a workbook, or empty."""
    if "rolled_from" in plan:
        dossier = roll_forward(earlier[plan["rolled_from"]], plan["title"], default_edition(), actor, at)
    else:
        dossier = create_dossier(client, plan["title"], default_edition(), actor, at)
    if "workbook" in plan:
        file = EXAMPLES / plan["workbook"]
        accept_intake(read_intake(dossier, file, file.name, actor, at), actor, at)
        dossier.refresh_from_db()
    for cell in plan.get("typed", ()):
        _type(dossier, cell, actor, at)
    keep_summary(dossier, grade_dossier(dossier, at), at)
    return dossier


def _type(dossier: Dossier, cell: dict[str, str], actor: Actor, at: datetime) -> None:
    """Write into one cell of a row, counted from 1, what its author saw or did not see."""
    rows = Row.objects.filter(dossier=dossier, table=cell["table"], removed_at=None).order_by("position", "id")
    row = rows[int(cell["row"]) - 1]
    seen = CellChange(row.cells.get(cell["column"], ""), cell["text"])
    change_rows(dossier, cell["table"], [RowChange(row.id, {cell["column"]: seen})], [], actor, at)
