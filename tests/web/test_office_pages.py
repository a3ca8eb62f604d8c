# SPDX-License-Identifier: Apache-2.0
"""The certification body's pages on clients and people."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gradus.dossiers import grading
from gradus.dossiers.actions import create_dossier
from gradus.dossiers.grading import grade_dossier, keep_summary
from gradus.dossiers.models import Dossier
from gradus.formats.editions import default_edition
from gradus.formats.result_words import outcome_name
from gradus.journal.actor import system
from gradus.people.models import AccessGrant, Account, Appointment, Invitation, Organisation
from tests.dossiers.submissions import ready_dossier, submit, write
from tests.grading.dossiers import edition
from tests.web.conftest import browser
from tests.web.test_entrance import text_of


@pytest.fixture
def office(world):
    return browser(world.people["office"])


@pytest.fixture
def administrator(world):
    return browser(world.people["administrator"])


@pytest.fixture
def given(world, at):
    """A dossier that was submitted, then worked on, beside one that never was."""
    dossier = ready_dossier(world.client, at)
    Dossier.objects.filter(pk=dossier.pk).update(title="2026 年申报")
    submit(dossier, world.actor("manager"), at)
    write(dossier, "application", "requested_outcome", edition().outcomes[-1].id, at)
    draft = create_dossier(world.client, "明年的草稿", default_edition(), system, at)
    keep_summary(draft, grade_dossier(draft, at), at)
    return Dossier.objects.get(pk=dossier.pk)


def test_the_list_shows_what_was_submitted_and_no_draft_without_grading(world, office, given, monkeypatch):
    monkeypatch.setattr(grading, "assess_draft", None)
    text = text_of(office.get(reverse("office_home")))
    assert "2026 年申报" in text
    assert "第 1 次提交" in text
    assert outcome_name(edition(), given.submitted["capability"], "zh") in text
    assert "还没有提交" in text  # the other client
    assert "明年的草稿" not in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_administrator_sees_the_names_of_clients_and_nothing_of_their_work(world, given, language):
    text = text_of(browser(world.people["administrator"], language).get(reverse("office_home")))
    assert "天工数智有限公司" in text
    assert "2026 年申报" not in text
    assert "明年的草稿" not in text
    assert outcome_name(edition(), given.submitted["capability"], language[:2]) not in text


def test_a_platform_without_clients_offers_nobody_a_button_that_is_not_theirs(world):
    Organisation.objects.filter(kind="client").update(kind="other")
    for who, said in (("administrator", "由综合管理人员新建"), ("office", "新建企业后")):
        assert said in text_of(browser(world.people[who]).get(reverse("office_home")))


def many_clients(at, count):
    Organisation.objects.bulk_create(
        Organisation(kind="client", name=f"第{number:03}家有限公司", created_at=at) for number in range(count)
    )


def test_the_list_has_pages_of_fifty_or_a_hundred(world, office, at):
    many_clients(at, 118)
    for asked, lines in [("", 50), ("?size=100", 100), ("?page=3", 20), ("?page=99", 20), ("?size=1000&page=x", 50)]:
        html = office.get(reverse("office_home") + asked).content.decode()
        assert html.count('<th scope="row">') == lines


def test_the_list_asks_as_much_of_the_database_for_a_hundred_as_for_one(world, office, given, at):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            office.get(reverse("office_home") + "?size=100")
        return len(seen)

    before = queries()
    many_clients(at, 150)
    assert queries() == before


def test_a_client_is_found_by_part_of_its_name(world, office):
    text = text_of(office.get(reverse("office_home") + "?q=天工"))
    assert "天工数智有限公司" in text
    assert "另一家有限公司" not in text
    assert "没有找到“%_”" in text_of(office.get(reverse("office_home") + "?q=%25_"))


@pytest.mark.parametrize("who", ["lead_assessor", "assessor", "technical_reviewer", "decision_maker"])
def test_who_lists_no_clients_sees_a_desk_and_no_client(world, given, who):
    text = text_of(browser(world.people[who]).get(reverse("office_home")))
    assert "目前没有等您处理的事项" in text
    assert "天工" not in text


def test_the_office_opens_a_client_and_its_manager_is_invited(world, office):
    said = {"name": "华信科技有限公司", "name_en": "Huaxin", "email": "boss@example.com"}
    made = office.post(reverse("new_client"), said)
    client = Organisation.objects.get(name="华信科技有限公司")
    assert made["Location"] == reverse("office_client", args=[client.pk])
    assert "已邀请 boss@example.com" in text_of(office.get(made["Location"]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "天工 数智有限公司"}, "已经在册"),
        ({"name": "天"}, "2 至 200 字"),
        ({"email": "boss"}, "不是电子邮箱地址"),
        ({"email": ""}, "请填写“申报负责人的邮箱”"),
    ],
)
def test_a_refused_client_comes_back_with_what_was_typed(world, office, change, said):
    sent = {"name": "华信科技有限公司", "name_en": "Huaxin", "email": "boss@example.com", **change}
    response = office.post(reverse("new_client"), sent)
    assert response.status_code == 422
    assert said in text_of(response)
    assert f'value="{sent["name"]}"' in response.content.decode()
    assert (Organisation.objects.count(), Invitation.objects.count()) == (3, 0)


def test_the_office_sees_who_leads_a_client_and_nobody_else(world, office):
    text = text_of(office.get(reverse("office_client", args=[world.client.pk])))
    assert "manager@example.com" in text
    assert "member@example.com" not in text


def test_the_administrator_asks_for_access_and_takes_it_back(world, administrator):
    address = reverse("ask_for_access", args=[world.client.pk])
    for bad in ({"reason": "看", "hours": "4"}, {"reason": "核对表格保存不了的原因", "hours": "73"}, {"hours": "x"}):
        assert administrator.post(address, bad).status_code == 422
    administrator.post(address, {"reason": "核对表格保存不了的原因", "hours": "4"})
    grant = AccessGrant.objects.get()
    assert "尚未答复" in text_of(administrator.get(reverse("office_home")))
    administrator.post(reverse("end_own_access", args=[world.client.pk, grant.pk]))
    assert AccessGrant.objects.get().ended_at is not None


def test_accounts_are_found_by_name_address_or_organisation(world, administrator):
    for wanted, found, not_found in [("stranger", "stranger@", "manager@"), ("天工", "member@", "stranger@")]:
        text = text_of(administrator.get(reverse("office_people") + f"?q={wanted}"))
        assert found in text
        assert not_found not in text


def test_the_administrator_invites_and_appoints_and_lets_go(world, administrator):
    administrator.post(reverse("invite_staff"), {"email": "new@example.com", "role": "assessor"})
    assert Invitation.objects.get().organisation == world.body
    account = world.people["assessor"]
    assert administrator.post(reverse("appoint_staff", args=[account.pk]), {"role": "assessor"}).status_code == 422
    administrator.post(reverse("appoint_staff", args=[account.pk]), {"role": "office"})
    assert Appointment.objects.filter(account=account, ends_on=None).count() == 2
    administrator.post(reverse("end_any_appointment", args=[world.seats["assessor"].pk]))
    assert Appointment.objects.filter(account=account, ends_on=None).count() == 1
    administrator.post(reverse("close_any_account", args=[account.pk]))
    assert not Account.objects.get(pk=account.pk).is_active
    assert "已关闭" in text_of(administrator.get(reverse("office_person", args=[account.pk])))


def test_a_client_is_not_made_staff(world, administrator):
    response = administrator.post(reverse("appoint_staff", args=[world.people["member"].pk]), {"role": "office"})
    assert response.status_code == 422
    assert "认证的另一方任职" in text_of(response)


def test_the_last_administrator_stays(world, administrator):
    for name, part in [("end_any_appointment", world.seats), ("close_any_account", world.people)]:
        response = administrator.post(reverse(name, args=[part["administrator"].pk]))
        assert response.status_code == 422
        assert "最后一位" in text_of(response)
