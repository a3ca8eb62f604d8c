# SPDX-License-Identifier: Apache-2.0
"""The API under random requests, held to its own description: no answer outside it, no defect, no way around the
sign-in."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from gradus.people.tokens import make_token
from tests.applications.walk import open_case
from tests.register.entries import LATER, Change, certificate, change, entered

READERS = ("office", "manager", "assessor", "stranger")


@pytest.fixture
def world_with_case(submitted, world):
    submission = submitted()
    return world, open_case(submission, submission.submitted_at)


@pytest.fixture
def one_connection():
    """As with Django's own test client: the end of a request does not end the transaction that the test lives in."""
    for each in (request_started, request_finished):
        each.disconnect(close_old_connections)
    yield
    for each in (request_started, request_finished):
        each.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_random_requests_of_several_readers_find_nothing(world_with_case, at):
    world, case = world_with_case
    secrets = {who: make_token(world.people[who], "API", 30, world.actor(who), at)[1] for who in READERS}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    one = entered(certificate(), change(certificate(), Change.SUSPENDED, LATER)).number
    known = {"case": str(case.pk), "submission": str(case.submission_id), "certificate_no": one}
    answers = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        requests = st.one_of([operation.as_strategy(generation_mode=each) for each in GenerationMode])

        @settings(max_examples=40, suppress_health_check=list(HealthCheck))
        @given(request=requests, who=st.sampled_from(READERS), real=st.booleans())
        def asked(request, who, real):
            if real:  # what is there, beside what is not
                request.path_parameters = {name: known[name] for name in request.path_parameters}
            headers = {"Authorization": f"Bearer {secrets[who]}", "Accept-Encoding": "identity"}
            answer = request.call(headers=headers)
            request.validate_response(answer, headers=headers)
            answers.add(answer.status_code)

        asked()
    assert answers >= {200, 404, 422}
