# SPDX-License-Identifier: Apache-2.0
"""The people of a firm: what its manager sees and does."""

import pytest
from django.core import mail
from django.urls import reverse

from gradus.people.access import ask_access, decide_access
from gradus.people.models import AccessGrant, Appointment, Invitation
from tests.web.conftest import browser
from tests.web.test_entrance import text_of

REASON = "企业来电说一张表保存不了，需要看现状"


@pytest.fixture
def manager(world):
    return browser(world.people["manager"])


def at_firm(name, world, **parts):
    return reverse(name, kwargs={"client": world.client.pk, **parts})


def test_the_page_tells_who_fills_what(world, manager):
    text = text_of(manager.get(at_firm("people", world)))
    assert "人力资源部" in text
    assert "全部数据表" in text
    assert "没有等待接受的邀请" in text
    assert "stranger" not in text


def test_an_invitation_names_department_and_tables(world, manager, django_capture_on_commit_callbacks):
    said = {"email": "hr@example.com", "role": "client_member", "department": "财务部", "tables": ["staff", "projects"]}
    with django_capture_on_commit_callbacks(execute=True):
        assert manager.post(at_firm("invite_member", world), said)["Location"] == at_firm("people", world)
    made = Invitation.objects.get()
    assert (made.department, made.tables) == ("财务部", ["projects", "staff"])
    assert "http://localhost/enter/invitation/" in mail.outbox[0].body
    assert "hr@example.com" in text_of(manager.get(at_firm("people", world)))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_inviting_the_same_address_again_says_what_gives_way_to_what(world, language):
    """The same address, first for one table, then for none, which means all of them."""
    client, invite = browser(world.people["manager"], language), at_firm("invite_member", world)
    said = {"email": "cfo@example.com", "role": "client_member", "tables": ["finance"], "last_day": "2099-06-30"}
    client.post(invite, said)
    shown = text_of(client.get(at_firm("people", world)))
    finance, every = {"zh-hans": ("财务", "全部数据表"), "en": ("Finance", "every table")}[language]
    assert "2099-06-30" in shown
    assert finance in shown
    told = text_of(client.post(invite, {"email": "cfo@example.com", "role": "client_member"}, follow=True))
    assert f"（{finance}）" in told or f"({finance})" in told
    assert every in told.split(finance, 1)[1]
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1


def test_a_day_that_has_passed_is_refused_beside_its_field(world, manager):
    said = {"email": "cfo@example.com", "role": "client_member", "first_day": "2020-01-01", "last_day": "2020-02-01"}
    answer = manager.post(at_firm("invite_member", world), said)
    assert answer.status_code == 422
    assert 'id="id_first_day_error"' in answer.content.decode()
    assert 'value="2020-02-01"' in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": "hr"}, "不是电子邮箱地址"),
        ({"email": "member@example.com"}, "已经担任这个职务"),
        ({"role": "office"}, "选择"),
        ({"tables": ["nothing"]}, "选择"),
        ({"department": "部" * 101}, "最多 100 字"),
    ],
)
def test_a_refused_invitation_comes_back_with_what_was_typed(world, manager, change, said):
    sent = {"email": "hr@example.com", "role": "client_member", "department": "财务部", "tables": ["staff"], **change}
    response = manager.post(at_firm("invite_member", world), sent)
    assert response.status_code == 422
    assert said in text_of(response)
    html = response.content.decode()
    assert f'value="{sent["email"]}"' in html
    assert f'value="{sent["department"]}"' in html
    assert not Invitation.objects.exists()


def test_sending_again_and_withdrawing(world, manager):
    manager.post(at_firm("invite_member", world), {"email": "hr@example.com", "role": "client_member"})
    first = Invitation.objects.get()
    manager.post(at_firm("resend_member_invitation", world, invitation=first.pk))
    second = Invitation.objects.get(withdrawn_at=None)
    assert second.pk != first.pk
    manager.post(at_firm("withdraw_member_invitation", world, invitation=second.pk))
    assert not Invitation.objects.filter(withdrawn_at=None).exists()


def test_other_tables_for_a_member(world, manager):
    address = at_firm("member", world, appointment=world.seats["member"].pk)
    assert "checked" in manager.get(address).content.decode()
    manager.post(address, {"department": "项目部", "tables": ["projects"]})
    found = Appointment.objects.get(pk=world.seats["member"].pk)
    assert (found.department, found.tables) == ("项目部", ["projects"])


def test_the_last_manager_can_not_leave(world, manager):
    response = manager.post(at_firm("end_membership", world, appointment=world.seats["manager"].pk))
    assert response.status_code == 422
    assert "请先邀请接替的人" in text_of(response)


def test_a_member_leaves_and_is_listed_among_the_former(world, manager):
    manager.post(at_firm("end_membership", world, appointment=world.seats["member"].pk))
    assert "以前的任职（1）" in text_of(manager.get(at_firm("people", world)))
    assert browser(world.people["member"]).get(at_firm("applicant_home", world)).status_code == 404


def test_the_manager_is_told_what_an_access_opens_and_until_when(
    world, manager, at, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        asked = ask_access(world.people["administrator"], world.client, REASON, 4, world.actor("administrator"), at)
    assert [letter.to for letter in mail.outbox] == [["manager@example.com"]]
    text = text_of(manager.get(at_firm("people", world)))
    for part in (REASON, "可以阅读贵单位全部申报材料", "不能修改", "为期 4 小时", "自动失效", "记入操作日志"):
        assert part in text
    manager.post(at_firm("decide_on_access", world, grant=asked.pk), {"decision": "grant"})
    assert AccessGrant.objects.get().granted is True
    assert "可以阅读贵单位的数据，到" in text_of(manager.get(at_firm("people", world)))
    manager.post(at_firm("end_given_access", world, grant=asked.pk))
    assert AccessGrant.objects.get().ended_at is not None


@pytest.mark.parametrize(("decision", "granted"), [("refuse", False), ("", None), ("GRANT", None), ("yes", None)])
def test_what_neither_grants_nor_refuses_an_access_decides_nothing(world, manager, at, decision, granted):
    asked = ask_access(world.people["administrator"], world.client, REASON, 4, world.actor("administrator"), at)
    answer = manager.post(at_firm("decide_on_access", world, grant=asked.pk), {"decision": decision})
    assert answer.status_code == (302 if granted is False else 422)
    assert AccessGrant.objects.get().granted is granted


def test_an_access_that_has_run_out_opens_nothing(world, at):
    asked = ask_access(world.people["administrator"], world.client, REASON, 4, world.actor("administrator"), at)
    decide_access(asked, world.actor("manager"), at, granted=True)
    reader = browser(world.people["administrator"])
    assert reader.get(at_firm("applicant_home", world)).status_code == 200
    AccessGrant.objects.update(expires_at=at)
    assert reader.get(at_firm("applicant_home", world)).status_code == 404


@pytest.mark.parametrize(
    ("language", "named", "without"),
    [("zh-hans", "天工数智有限公司", "另一家有限公司"), ("en", "Tiangong", "另一家有限公司")],
)
def test_an_english_page_calls_a_firm_by_its_english_name_where_it_has_one(world, language, named, without):
    manager, office = (browser(world.people[each], language) for each in ("manager", "office"))
    assert f"<h1>{named}</h1>" in manager.get(at_firm("applicant_home", world)).content.decode()
    for firm, name in ((world.client, named), (world.other, "另一家有限公司")):
        page = office.get(reverse("office_client", kwargs={"client": firm.pk}))
        assert f"<h1>{name}</h1>" in page.content.decode()
