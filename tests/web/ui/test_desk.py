# SPDX-License-Identifier: Apache-2.0
"""Who reaches an address that concerns a case, and who does not learn that the case exists."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from gradus.applications.cases import take_part
from gradus.people.permissions import Permission
from gradus.process.parts import Part
from gradus.web.ui.desk import Desk, needs
from tests.applications.walk import open_case

READERS = {
    "application_reviewer",
    "technical_reviewer",
    "decision_maker",
    "head_of_body",
    "office",
    "certificate_officer",
}


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


@pytest.fixture
def answers(world, case):
    """``answers(permission, client=...)``: what each person of the world gets from an address with the case."""

    def ask(permission, who, **kwargs):
        @needs(permission)
        def view(request):
            assert (request.case, request.client) == (case, case.client)
            return HttpResponse(request.actor.role)

        request = RequestFactory().get("/")
        request.desk = Desk(world.people[who], case.opened_at)
        try:
            return view(request, case=case.pk, **kwargs).content.decode()
        except (Http404, PermissionDenied) as refused:
            return 404 if isinstance(refused, Http404) else 403

    return lambda permission, **kwargs: {who: ask(permission, who, **kwargs) for who in world.people}


def test_at_the_body_a_case_is_there_for_those_who_read_every_case(answers):
    got = answers(Permission.CASE_READ)
    assert {who for who, answer in got.items() if answer != 404} == READERS
    assert {got[who] for who in READERS} == READERS


def test_a_part_in_a_case_is_enough_to_read_it_and_no_more(answers, world, case):
    take_part(case, world.people["assessor"].pk, Part.ASSESSOR, case.opened_at)
    assert answers(Permission.CASE_READ)["assessor"] == "assessor"
    assert answers(Permission.CASE_EVALUATE)["assessor"] == "assessor"
    assert answers(Permission.CASE_LEAD)["assessor"] == 403
    assert answers(Permission.CASE_EVALUATE)["technical_expert"] == 404  # may evaluate, but not in this case
    assert answers(Permission.CASE_QUOTE)["application_reviewer"] == 403


def test_a_client_reaches_its_own_cases_under_its_own_address(answers, world, case):
    got = answers(Permission.CASE_READ, client=case.client_id)
    assert (got["manager"], got["member"], got["stranger"]) == ("client_manager", "client_member", 404)
    assert answers(Permission.CASE_APPLY, client=case.client_id)["member"] == 403
    assert set(answers(Permission.CASE_READ, client=world.other.pk).values()) == {404}
