# SPDX-License-Identifier: Apache-2.0
"""Signs and numbers that no database could keep, in an address or a form: a page says so, and nothing is changed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gradus.dossiers.models import Dossier, Evidence
from tests.applications.walk import open_case
from tests.dossiers import papers
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(world):
    return browser(world.people["manager"])


def page(name, dossier, **parts):
    return reverse(name, kwargs={"client": dossier.client_id, "dossier": dossier.pk, **parts})


def test_a_form_with_a_sign_that_nothing_keeps_is_refused_and_nothing_is_kept(manager, client_firm):
    for form in ({"way": "empty", "title": "a\0b"}, {"way": "empty", "title": "a", "x\0": "b"}):
        answer = manager.post(reverse("new_dossier", kwargs={"client": client_firm.pk}), form)
        assert answer.status_code == 400
        assert "无法保存的控制字符" in answer.content.decode()
    assert not Dossier.objects.exists()


def test_so_is_an_address_and_what_is_searched_for(manager, golden_dossier, world):
    dossier = golden_dossier("first-application-small")
    administrator = browser(world.people["administrator"], "en")
    for reader, address in (
        (manager, page("dossier_journal", dossier) + "?who=%00"),
        (manager, page("evidence", dossier) + "?q=a%00b"),
        (manager, "/enter/invitation/%00/"),
        (browser(), "/register/?q=%00"),
        (administrator, reverse("office_people") + "?q=%00"),
    ):
        assert reader.get(address).status_code == 400, address


def test_files_may_hold_any_byte(manager, golden_dossier, settings, tmp_path):
    settings.DATA = tmp_path
    dossier, content = golden_dossier("first-application-small"), papers.picture()
    assert b"\0" in content
    manager.post(page("evidence", dossier), {"files": SimpleUploadedFile("a.png", content)})
    assert Evidence.objects.get().name == "a.png"


def test_a_number_longer_than_any_is_nobodys(manager, submitted):
    submission, number = submitted(), "9" * 5000
    case = open_case(submission, submission.submitted_at)
    team = reverse("client_team", kwargs={"client": case.client_id, "case": case.pk})
    assert manager.get(page("table_page", submission.dossier, table="staff") + f"?rows={number}").status_code == 200
    assert manager.post(team, {"member": number}).status_code == 404
    assert manager.post(team, {"back": number}).status_code == 404
