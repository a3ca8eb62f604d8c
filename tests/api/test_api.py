# SPDX-License-Identifier: Apache-2.0
"""What the API says, to whom, and what it says when it does not."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gradus.applications.cases import take_part
from gradus.journal.canonical import canonical
from gradus.journal.models import Entry
from gradus.people.models import AccessToken
from gradus.people.tokens import end_token, make_token
from gradus.process.parts import Part
from gradus.process.states import State
from tests.applications.walk import bring_to, open_case
from tests.people.firms import PASSWORD
from tests.web.conftest import browser


@pytest.fixture
def case(submitted):
    submission = submitted()
    made = open_case(submission, submission.submitted_at)
    return bring_to(made, State.SUPPLEMENT, made.opened_at + timedelta(days=3))


@pytest.fixture
def token(world, at):
    """``token("office")``: the headers of another system with that person's token."""

    def headers(who, days=30, **more):
        made, secret = make_token(world.people[who], "BI", days, world.actor(who), at)
        return made, {"authorization": f"Bearer {secret}", **more}

    return headers


def get(address, **headers):
    return Client(headers={"host": "localhost", **headers}).get(address)


def test_a_case_comes_with_its_steps_and_a_clock_that_stands_still(case, token):
    _, headers = token("office")
    said = get(f"/api/cases/{case.pk}", **headers).json()
    assert (said["number"], said["state"]) == ("2026-0001", "supplement")
    assert [each["step"] for each in said["steps"]] == ["apply", "ask_supplement"]
    clock = said["clock"]
    assert (clock["limit"], clock["last_day"], clock["stops"][0]["until"]) == ("acceptance", None, None)
    assert clock["client_last_day"]


def test_a_sealed_submission_has_the_digest_that_it_names_and_its_result(case, token):
    _, headers = token("manager")
    said = get(f"/api/submissions/{case.submission_id}", **headers).json()
    assert hashlib.sha256(canonical(said["sealed"]).encode()).hexdigest() == said["digest"]
    assert get(f"/api/submissions/{case.submission_id}/result", **headers).json()["result"] == said["sealed"]["result"]


@pytest.mark.parametrize(("who", "sees"), [("office", 1), ("manager", 1), ("stranger", 0), ("assessor", 0)])
def test_lists_have_what_the_reader_may_read(case, token, who, sees):
    _, headers = token(who)
    assert get("/api/cases/", **headers).json()["count"] == sees
    assert get("/api/submissions/", **headers).json()["count"] == sees


def test_a_part_in_a_case_opens_it_and_its_submissions(case, world, token):
    _, headers = token("assessor")
    assert get(f"/api/cases/{case.pk}", **headers).status_code == 404
    take_part(case, world.people["assessor"].pk, Part.ASSESSOR, case.changed_at)
    assert get(f"/api/cases/{case.pk}", **headers).status_code == 200
    assert get("/api/cases/", **headers).json()["count"] == 1
    assert get(f"/api/submissions/{case.submission_id}", **headers).status_code == 200


def test_what_is_not_answered_says_why_in_both_languages(case, token):
    made, headers = token("office")
    zh = get("/api/cases/?limit=0", **headers)
    en = get("/api/cases/?limit=0", **headers, accept_language="en")
    assert (zh.status_code, zh.json()["wrong"][0]["code"], zh.json()["wrong"][0]["where"]) == (
        422,
        "api.not_valid",
        "limit",
    )
    assert "参数" in zh.json()["wrong"][0]["sentence"]
    assert "parameter" in en.json()["wrong"][0]["sentence"]
    nobody = get("/api/cases/")
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert get("/api/nothing").json()["wrong"][0]["code"] == "api.not_found"
    assert made.name == "BI"


def test_of_a_list_the_parameter_is_named_and_not_the_place_in_it(db):
    (wrong,) = get("/api/register/?stars=3&stars=7").json()["wrong"]
    assert wrong["where"] == "stars"
    assert "“stars”" in wrong["sentence"]


def test_a_token_that_ended_ran_out_or_lost_its_owner_opens_nothing(case, token, world, at):
    made, headers = token("manager")
    assert get("/api/cases/", **headers).status_code == 200
    end_token(made, world.actor("manager"), at)
    end_token(made, world.actor("manager"), at)
    assert get("/api/cases/", **headers).status_code == 401
    assert Entry.objects.filter(kind="token.ended").count() == 1

    made, headers = token("manager")
    AccessToken.objects.filter(pk=made.pk).update(expires_at=at - timedelta(seconds=1))
    assert get("/api/cases/", **headers).status_code == 401

    _, headers = token("manager")
    world.people["manager"].is_active = False
    world.people["manager"].save()
    assert get("/api/cases/", **headers).status_code == 401


def test_a_token_opens_nothing_while_its_owner_lacks_the_second_factor(case, token, world):
    _, headers = token("office")
    world.people["office"].authenticator_set.all().delete()
    assert get("/api/cases/", **headers).status_code == 401


def test_a_token_opens_no_page_and_changes_nothing(case, token):
    _, headers = token("office")
    client = Client(headers={"host": "localhost", **headers})
    assert client.get(reverse("case_board")).status_code == 302
    assert client.post(f"/api/cases/{case.pk}", {}).status_code == 405


def test_the_secret_is_kept_nowhere(case, token):
    made, headers = token("office")
    secret = headers["authorization"].removeprefix("Bearer ")
    assert made.secret_digest == hashlib.sha256(secret.encode()).hexdigest()
    assert not Entry.objects.filter(payload__contains=secret).exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_token_is_made_on_ones_own_page_shown_once_and_ended_there(world, language):
    client = browser(language=language)
    client.post(reverse("account_login"), {"login": "manager@example.com", "password": PASSWORD})
    wanted = {"token_name": "数据平台", "days": "30"}
    again = client.post(reverse("access_tokens"), wanted)
    assert again["Location"].startswith(reverse("account_reauthenticate"))
    page = client.post(again["Location"], {"password": PASSWORD})  # what was asked for goes on from here
    assert page.status_code == 200
    secret = page.content.decode().split("<code>")[1].split("</code>")[0]
    assert page.headers["Cache-Control"].count("no-store") == 1
    assert get("/api/cases/", authorization=f"Bearer {secret}").status_code == 200
    assert secret not in client.get(reverse("access_tokens")).content.decode()
    (made,) = AccessToken.objects.all()
    assert client.post(reverse("end_access_token", args=[made.pk])).status_code == 302
    assert get("/api/cases/", authorization=f"Bearer {secret}").status_code == 401


def test_the_description_is_openapi_3_1_and_names_no_data(client):
    said = client.get("/api/openapi.json", headers={"host": "localhost"}).json()
    assert said["openapi"].startswith("3.1")
    assert set(said["paths"]) == {
        "/api/cases/",
        "/api/cases/{case}",
        "/api/register/",
        "/api/register/{certificate_no}",
        "/api/submissions/",
        "/api/submissions/{submission}",
        "/api/submissions/{submission}/result",
    }
    assert json.dumps(said).count("NotAnswered")
