# SPDX-License-Identifier: Apache-2.0
"""Who of the body reads the file of a case, state by state: who has work in it, and the office; to others it is 404."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gradus.applications.cases import take_part
from gradus.applications.models import Involvement, Relief
from gradus.dossiers.frozen import frozen_in
from gradus.people.permissions import Kind, roles_for
from gradus.process.parts import Part
from gradus.process.states import State
from tests.applications.walk import bring_to, open_case
from tests.decisions.deciding import announced, decided, evaluated, recommended
from tests.evaluations.review import reviewed_case
from tests.web.conftest import browser, session_of
from tests.web.test_permissions import answer

MINUTE = timedelta(minutes=1)
BODY = [each.id for each in roles_for(Kind.BODY)]
TEAM = {"lead_assessor", "assessor", "technical_expert"}
ALWAYS = {"application_reviewer", "office"}
"""Who reviewed the application in the cases of this world has a part in them; the office administers all."""


@pytest.fixture
def case(submitted, world):
    """A case with its whole team, in its document review."""
    return reviewed_case(world, submitted())


@pytest.fixture
def readers(world):
    """``readers(address)``: who of the body's staff gets it; everybody else gets 404."""
    sessions = {who: session_of(world.people[who]) for who in [*BODY, "manager", "stranger"]}

    def found(name, **parts):
        answers = {who: answer(browser(session=key).get(reverse(name, kwargs=parts))) for who, key in sessions.items()}
        closed = {403, 404} if name == "assessor_workbook" else {404}  # who administers a case does not judge it
        assert {answers[who] for who in BODY} <= {200, *closed}
        assert 200 not in (answers["manager"], answers["stranger"]), "a client's people have pages of their own"
        return {who for who, each in answers.items() if each == 200}

    return found


def pages_of(case):
    paper = frozen_in(case.submission).evidence[0]["digest"]
    client = {"client": case.client_id, "submission": case.submission_id}
    return {
        "the file": ("decision_desk", {"case": case.pk}),
        "a paper": ("assessor_file", {"case": case.pk, "digest": paper}),
        "the letters": ("case_letters", {"case": case.pk}),
        "the visit": ("visit", {"case": case.pk}),
        "the submission": ("case_submission", {"case": case.pk}),
        "what the client sent": ("client_submission", client),
    }


def test_every_paper_of_a_case_is_open_to_its_people_and_closed_to_the_same_roles_outside_it(
    case, world, readers, submitted
):
    world.join("other_assessor", world.body, "assessor", case.changed_at)
    world.join("other_leader", world.body, "lead_assessor", case.changed_at)
    got = {what: readers(name, **parts) for what, (name, parts) in pages_of(case).items()}
    assert got == dict.fromkeys(got, TEAM | ALWAYS)
    assert readers("assessor_workbook", case=case.pk) == TEAM
    assert world.people["other_assessor"].pk not in Involvement.objects.values_list("account", flat=True)


def test_who_may_take_a_case_up_reads_it_when_it_awaits_them_and_not_before(submitted, world, readers):
    submission = submitted()
    case = open_case(submission, submission.submitted_at)
    page, evaluated_by = ("decision_desk", {"case": case.pk}), {"lead_assessor", "assessor"}

    def now():
        name, parts = page
        return readers(name, **parts) - ALWAYS

    assert now() == set()
    evaluated(case, case.changed_at)
    assert now() == evaluated_by | {"technical_reviewer"}
    recommended(case, world, case.changed_at + MINUTE)
    assert now() == evaluated_by | {"technical_reviewer"}
    at = announced(case, world)
    assert now() == evaluated_by | {"technical_reviewer", "decision_maker"}
    decided(case, world, at)
    assert now() == evaluated_by | {"technical_reviewer", "decision_maker", "head_of_body"}


def test_an_expert_reads_from_the_seat_on_and_nobody_whose_part_ended(case, world, readers):
    bring_to(case, State.PANEL, case.changed_at)
    assert "panel_member" not in readers("case_letters", case=case.pk)
    made = take_part(case, world.people["panel_member"].pk, Part.PANEL_MEMBER, case.changed_at)
    assert "panel_member" in readers("case_letters", case=case.pk)
    Relief.objects.create(involvement=made, case=case, account=world.people["office"], at=case.changed_at)
    assert "panel_member" not in readers("case_letters", case=case.pk)


def test_a_case_page_leads_nobody_to_a_file_that_is_closed_to_them(case, sign_in):
    page, next_page = (reverse(name, kwargs={"case": case.pk}) for name in ("case_page", "assessor_workbook"))
    assert next_page in sign_in("assessor").get(page).text
    for who in ("decision_maker", "certificate_officer"):
        shown = sign_in(who).get(page)
        assert (shown.status_code, next_page in shown.text) == (200, False)


def test_the_client_s_page_leads_to_what_it_sent_where_that_is_open(case, world, sign_in):
    pages = {
        client: reverse("client_submissions", kwargs={"client": client.pk}) for client in (world.client, world.other)
    }
    browser = sign_in("application_reviewer")
    for client, page in pages.items():
        shown = browser.get(reverse("office_client", kwargs={"client": client.pk})).text
        reads = client == case.client
        assert (page in shown, browser.get(page).status_code) == (reads, 200 if reads else 404)
