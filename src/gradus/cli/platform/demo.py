# SPDX-License-Identifier: Apache-2.0
"""``gradus demo``: the platform with a demonstration in it, built through the actions that its pages call."""

import os
from argparse import Namespace
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.utils.timezone import now

from gradus.cli.platform.accounts import DemonstrationAccount, print_accounts, read_accounts, write_accounts
from gradus.cli.platform.options import marker
from gradus.cli.platform.prepare import prepare, refuse_unless_empty, start_over, take_place
from gradus.cli.platform.serve import refuse_taken, serve
from gradus.cli.streams import tell
from gradus.dossiers.actions import create_dossier
from gradus.dossiers.grading import grade_dossier, keep_summary
from gradus.dossiers.intake import accept_intake, read_intake
from gradus.dossiers.models import Dossier, Row
from gradus.dossiers.rollforward import roll_forward
from gradus.dossiers.rows import CellChange, RowChange, change_rows
from gradus.formats.editions import default_edition
from gradus.formats.files import read_file
from gradus.formats.wording import words
from gradus.formats.yaml_tree import read_yaml
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor, system
from gradus.people.actions import Seat, create_account, create_organisation, make_appointment
from gradus.people.models import Appointment, Organisation
from gradus.people.permissions import Kind, roles
from gradus.people.queries import actor_in

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"


def run(options: Namespace) -> int:
    """Build the demonstration unless it is there, say who can sign in, and serve it."""
    if not options.build_only:
        refuse_taken(options.port)
    there = (options.data / marker).exists()
    if there:
        prepare()
        accounts = read_accounts()
    else:
        refuse_unless_empty(options.data)
        plan = _plan()
        start_over(settings.DATA)
        _said(options, "platform.demo_begins", folder=str(options.data))
        prepare()
        accounts = _build(plan, options)
        write_accounts(accounts)
        take_place(settings.DATA, options.data)
    print_accounts(accounts, options.data, options.lang)
    if not options.build_only:
        os.environ["GRADUS_DEMO"] = "1"
        serve(options.port, options.data)
    return 0


def _said(options: Namespace, code: str, **blanks: str) -> None:
    tell(words(code, options.lang, **blanks))


def _plan() -> dict[str, Any]:
    """What to build; it lies with the examples, and both only with the source."""
    file = EXAMPLES / "demonstration.yaml"
    if not file.exists():
        raise Refusal([Fault("platform.no_examples", Place(str(file)))])
    faults: list[Fault] = []
    tree = read_yaml(read_file(file).decode("utf-8"), file.name, faults)
    if tree is None or faults:
        raise Refusal(faults)
    plan = tree.plain()
    assert isinstance(plan, dict)
    return plan


def _build(plan: dict[str, Any], options: Namespace) -> list[DemonstrationAccount]:
    body = create_organisation(Kind.BODY, plan["body"]["zh"], plan["body"]["en"], system, now())
    accounts = [_join(person, body, plan["password"])[0] for person in plan["people"]]
    for firm in plan["firms"]:
        _said(options, "platform.demo_firm", name=firm["name"])
        client = create_organisation(Kind.CLIENT, firm["name"], firm["name_en"], system, now())
        joined = [_join(person, client, plan["password"]) for person in firm["people"]]
        accounts += [account for account, _ in joined]
        manager = joined[0][1]
        actor = actor_in(manager.account, manager.value())
        made: dict[str, Dossier] = {}
        for each in firm["dossiers"]:
            made[each["title"]] = _dossier(each, client, actor, made)
    return accounts


def _join(
    person: dict[str, Any], organisation: Organisation, password: str
) -> tuple[DemonstrationAccount, Appointment]:
    """An account with its seat and, where the role asks for one, a second factor."""
    account = create_account(person["email"], person["name"], password, system, now())
    seat = Seat(organisation, person["role"], person.get("department", ""), tuple(person.get("tables", ())))
    appointment = make_appointment(account, seat, system, now())
    secret = generate_totp_secret() if roles()[person["role"]].second_factor else ""
    if secret:
        TOTP.activate(account, secret)
    told = DemonstrationAccount(person["role"], organisation.name, account.name, account.email, password, secret)
    return told, appointment


def _dossier(plan: dict[str, Any], client: Organisation, actor: Actor, earlier: dict[str, Dossier]) -> Dossier:
    """A dossier: rolled forward, taken from a workbook, or empty."""
    if "rolled_from" in plan:
        dossier = roll_forward(earlier[plan["rolled_from"]], plan["title"], default_edition(), actor, now())
    else:
        dossier = create_dossier(client, plan["title"], default_edition(), actor, now())
    if "workbook" in plan:
        file = EXAMPLES / plan["workbook"]
        accept_intake(read_intake(dossier, file, file.name, actor, now()), actor, now())
        dossier.refresh_from_db()
    for cell in plan.get("typed", ()):
        _type(dossier, cell, actor)
    keep_summary(dossier, grade_dossier(dossier, now()), now())
    return dossier


def _type(dossier: Dossier, cell: dict[str, str], actor: Actor) -> None:
    """Write into one cell of a row, counted from 1, what its author saw or did not see."""
    rows = Row.objects.filter(dossier=dossier, table=cell["table"], removed_at=None).order_by("position", "id")
    row = rows[int(cell["row"]) - 1]
    seen = CellChange(row.cells.get(cell["column"], ""), cell["text"])
    change_rows(dossier, cell["table"], [RowChange(row.id, {cell["column"]: seen})], [], actor, now())
