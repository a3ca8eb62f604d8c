# SPDX-License-Identifier: Apache-2.0
"""Every address for everybody, through the real URLconf with real objects; tests/web/routes.py is the table."""

import functools
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test.client import ClientHandler
from django.urls import get_resolver, reverse

from gradus.applications.models import BodyEvent, HeldCertificate, Tie
from gradus.dossiers.evidence import add_evidence
from gradus.dossiers.models import Intake, Row
from gradus.evaluations.models import Competence
from gradus.journal.actor import system
from gradus.journal.models import Entry
from gradus.people.access import ask_access, decide_access
from gradus.people.actions import Seat, end_appointment
from gradus.people.invitations import invite
from gradus.people.models import AccessGrant
from gradus.people.permissions import Kind, Permission, roles_for
from gradus.people.tokens import make_token
from gradus.register.enter import enter_certificate
from tests.applications.walk import open_case
from tests.dossiers import papers
from tests.dossiers.submissions import ready_dossier, submit, write
from tests.register.entries import ISSUED, certificate
from tests.web.conftest import browser, session_of
from tests.web.routes import BODY, ROUTES, SIGN_IN, WHO

EVENT = {"kind": "complaint", "occurred_on": "2026-01-05", "major": "no"}
REASON = "企业来电说一张表保存不了，需要看现状"


def patterns(urls=None):
    """Every address of the URLconf: its name, the names of its parts, its view."""
    for each in get_resolver().url_patterns if urls is None else urls:
        if hasattr(each, "url_patterns"):
            yield from patterns(each.url_patterns)
        else:
            yield each.name, tuple(each.pattern.regex.groupindex), each.callback


@pytest.fixture
def objects(world, at):
    """What fills the parts of addresses: of the firm, and of another firm."""
    world.join("former", world.client, "client_member", at)
    end_appointment(world.seats["former"], system, at)
    enter_certificate(certificate(), ISSUED)
    return {"own": parts(world, world.client, "member", at), "other": parts(world, world.other, "stranger", at)}


def parts(world, client, who, at):
    invited = invite(f"new-{who}@example.com", Seat(client, "client_member"), lambda secret: secret, system, at)
    asked = ask_access(world.people["administrator"], client, REASON, 4, world.actor("administrator"), at)
    dossier = ready_dossier(client, at)
    lead = world.actor("manager" if who == "member" else who)
    submit(dossier, lead, at)
    write(dossier, "staff", "training_hours", "12", at, number=2)
    submission = submit(dossier, lead, at)
    write(dossier, "staff", "training_hours", "13", at, number=2)  # else there is nothing new to declare
    evidence = add_evidence(client, "a.pdf", [papers.pdf(2)], system, at).evidence
    return {
        "client": client.pk,
        "case": open_case(submission, at, number=f"case of {who}").pk,
        "certificate": HeldCertificate.objects.create(
            client=client, scheme="x", level="x", number="1", since=at, valid_until=at, source="x", entered_at=at
        ).pk,
        "event": BodyEvent.objects.create(client=client, scheme="x", cells=EVENT, source="x", recorded_at=at).pk,
        "tie": Tie.objects.create(
            account=world.people["assessor"], client=client, kind="employed", starts_on=at, source="x", told_at=at
        ).pk,
        "competence": Competence.objects.create(
            account=world.people["assessor"], scheme="ccid-isd", level="x", starts_on=at, basis="x", told_at=at
        ).pk,
        "tongue": "zh",
        "seat": 1,
        "purpose": "revocation",
        "tile": "0/000",
        "change": "suspended",
        "objection": 1,
        "dossier": dossier.pk,
        "evidence": evidence.pk,
        "page": 1,
        "item": "none",
        "digest": "0" * 64,
        "table": "staff",
        "row": Row.objects.filter(dossier=dossier, table="staff")[0].pk,
        "submission": submission.pk,
        "number": submission.number,
        "kind": "submission.json",
        "intake": Intake.objects.create(dossier=dossier, rows={}, revision=dossier.revision, read_at=at).pk,
        "appointment": world.seats[who].pk,
        "account": world.people["assessor"].pk,
        "invitation": invited.invitation.pk,
        "secret": invited.secret,
        "grant": asked.pk,
        "token": make_token(world.people["assessor"], f"of {who}", 30, system, at)[0].pk,
        "certificate_no": certificate().number,
        "scheme_id": "ccid-isd",
        "edition_id": "2019-a1",
        "uidb36": "abc",
        "key": "def",
    }


@contextmanager
def undone():
    """Whatever a request does is taken back, so that the next person finds the same world."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def somebody(world, who, at):
    if who == "visitor":
        return browser()
    if who == "administrator_with_access":
        # Beside the request that is still open: an access that was granted.
        grant = AccessGrant.objects.create(
            account=world.people["administrator"], client=world.client, reason=REASON, hours=4, asked_at=at
        )
        decide_access(grant, world.actor("manager"), at, granted=True)
        return browser(world.people["administrator"])
    return browser(world.people[who])


@functools.cache
def addresses():
    return {name: names for name, names, _ in patterns()}


def parts_of(route):
    return addresses()[route.name]


def ask(client, route, filled):
    address = reverse(route.name, kwargs={part: filled[part] for part in parts_of(route)})
    if route.method == "GET":
        return client.get(address, route.data)
    if route.json is not None:
        return client.post(address, route.json, content_type="application/json")
    return client.post(address, route.data)


def answer(response):
    if response.streaming:
        list(response.streaming_content)  # to its end, where the file is closed
    if response.status_code == 302 and response.headers["Location"].startswith(reverse("account_login")):
        return SIGN_IN
    return response.status_code


def test_the_table_has_every_address_and_no_other():
    assert {route.name for route in ROUTES} == {name for name, _, _ in patterns()}


def test_the_table_knows_every_role():
    assert {role.id for role in roles_for(Kind.BODY)} | {"administrator_with_access"} == set(BODY)
    assert all(set(route.answers) == set(WHO) for route in ROUTES)


def test_every_view_says_whom_it_is_for():
    known = {"open_to_all", "signed_in", *Permission}
    assert [name for name, _, view in patterns() if getattr(view, "permission", None) not in known] == []


def test_an_address_that_needs_a_permission_over_a_client_names_the_client():
    """Without it, the guard could not tell whose data it is."""
    over_clients = {each for each in Permission if each.split(":")[0] in ("dossier", "evidence")}
    unnamed = [
        name
        for name, names, view in patterns()
        if getattr(view, "permission", None) in over_clients and "client" not in names
    ]
    assert unnamed == []


def test_everybody_gets_what_the_table_says(world, objects, at):
    got = {}
    for who in WHO:
        session = session_of(world.people[who]) if who in world.people else ""
        for route in ROUTES:
            with undone():
                client = browser(session=session) if session else somebody(world, who, at)
                got[str(route), who] = answer(ask(client, route, objects["own"]))
    said = {(str(route), who): expected for route in ROUTES for who, expected in route.answers.items()}
    assert {each: (got[each], said[each]) for each in said if got[each] != said[each]} == {}


def test_what_belongs_to_another_firm_is_not_found_under_ones_own(world, objects, at):
    got = {}
    for route in ROUTES:
        names = parts_of(route)
        for part in set(names) & objects["other"].keys() - {
            "client",
            "table",
            "page",
            "number",
            "kind",
            "digest",
            "account",
            "secret",
            "uidb36",
            "key",
        }:
            if "client" in names:
                for who in WHO:
                    if route.answers[who] in (200, 302, 422):
                        with undone():
                            mixed = {**objects["own"], part: objects["other"][part]}
                            got[str(route), part, who] = answer(ask(somebody(world, who, at), route, mixed))
    assert {part for _, part, _ in got} >= {
        "dossier",
        "row",
        "intake",
        "evidence",
        "submission",
        "appointment",
        "invitation",
        "grant",
    }
    assert {each: status for each, status in got.items() if status != 404} == {}


def test_what_changes_something_takes_no_get_and_leads_to_the_page_of_its_form(world, objects, at):
    got, led = {}, {}
    shown = {route.name for route in ROUTES if route.method == "GET"}
    for route in ROUTES:
        admitted = any(answer in (200, 302, 422) for answer in route.answers.values())
        # Where nobody gets anywhere in this world (a vote without a seat), test_decision_pages.py tries it.
        if route.name not in shown and admitted:
            address = reverse(route.name, kwargs={part: objects["own"][part] for part in parts_of(route)})
            # Deeds that nobody here may do, who plays no part in the case, are tried with those who play it.
            who = next((who for who in WHO if route.answers[who] in (200, 302, 422)), None)
            if who is None:
                continue
            with undone():
                asking = somebody(world, who, at)
                got[route.name] = asking.get(address, headers={"accept": "application/json"}).status_code
                if not address.startswith("/api/") and route.name != "set_language":  # every page has that form
                    led[route.name] = asking.get(address, follow=True)
    assert set(got.values()) == {405}, got
    lost = {name: page.redirect_chain for name, page in led.items() if page.status_code != 200 or lies_apart(page)}
    assert lost == {}


def lies_apart(page):
    """Whether somebody who opened the address of a form was led away from the page of that form."""
    return not page.redirect_chain or page.redirect_chain[-1][0] in ("/", reverse("office_home"))


def test_a_form_of_another_site_changes_nothing(world, objects):
    client = browser(world.people["manager"])
    client.handler = ClientHandler(enforce_csrf_checks=True)
    assert client.post(reverse("invite_member", args=[world.client.pk]), {"email": "x@example.com"}).status_code == 403


def test_reading_under_a_grant_is_journalled_once_an_hour(world, objects, at):
    somebody(world, "administrator_with_access", at)
    client = browser(world.people["administrator"])
    for _ in range(3):
        assert client.get(reverse("applicant_home", args=[world.client.pk])).status_code == 200
    (entry,) = Entry.objects.filter(kind="access.used")
    assert (entry.organisation, entry.actor) == (str(world.client.pk), str(world.people["administrator"].pk))


def test_without_a_second_factor_every_page_leads_to_its_set_up(world, objects):
    open_still = {"health", "set_language", "account_logout", "account_reauthenticate", "mfa_activate_totp"}
    roles = [role.id for role in roles_for(Kind.BODY)]
    for who in roles:
        world.people[who].authenticator_set.all().delete()
    got = {}
    for who in roles:
        session = session_of(world.people[who])
        for route in ROUTES:
            if route.name not in open_still:
                response = ask(browser(session=session), route, objects["own"])
                got[str(route), who] = response.status_code, response.headers.get("Location")
    assert len(got) > 300
    assert {each: found for each, found in got.items() if found != (302, reverse("mfa_activate_totp"))} == {}
