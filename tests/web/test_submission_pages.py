# SPDX-License-Identifier: Apache-2.0
"""Submitting on the pages: the check, the signature, what was submitted, what differs; and the body's view of it."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from gradus.applications.apply import withdraw
from gradus.applications.models import Case
from gradus.dossiers.models import Row, Submission
from gradus.formats.wording import words
from tests.dossiers.submissions import fresh, ready_dossier, submit, write
from tests.people.firms import PASSWORD
from tests.web.conftest import browser
from tests.web.test_entrance import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(client_firm, at):
    return ready_dossier(client_firm, at)


@pytest.fixture
def manager(world):
    return browser(world.people["manager"])


def page(name, dossier, **parts):
    return reverse(name, kwargs={"client": dossier.client_id, "dossier": dossier.pk, **parts})


def seen(client, dossier):
    return client.get(page("declare", dossier)).content.decode().split('name="seen" value="')[1][:64]


def signature(client, dossier, **changed):
    return {
        "text": "zh",
        "seen": seen(client, dossier),
        "read": "on",
        "declared_by": "李申报",
        "declared_as": "总经理",
        **changed,
    }


def test_the_password_is_asked_again_and_then_what_was_typed_is_submitted(manager, dossier):
    asked = manager.post(page("declare", dossier), signature(manager, dossier))
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not Submission.objects.exists()
    again = manager.get(asked.headers["Location"])
    assert "提交并冻结，不能收回" in text_of(again)  # what the password will do, and on its button too
    assert '<button class="btn btn-primary w-100">签署并提交</button>' in again.content.decode()
    done = manager.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
    assert done.redirect_chain[-1][0] == page("submission", dossier, number=1)
    assert "李申报（总经理）" in text_of(done)
    (submission,) = Submission.objects.all()
    assert (submission.declared_by, submission.declared_as) == ("李申报", "总经理")


@pytest.mark.parametrize("missing", ["declared_by", "declared_as", "read"])
def test_a_signature_that_is_not_whole_gives_back_what_was_typed(missing, manager, dossier):
    given = {**signature(manager, dossier, declared_by="张三丰", declared_as="董事长"), missing: ""}
    if missing == "read":
        del given["read"]
    answer = manager.post(page("declare", dossier), given)
    assert answer.status_code == 422
    content = answer.content.decode()
    for name, typed in (("declared_by", "张三丰"), ("declared_as", "董事长")):
        assert (f'value="{typed}"' in content) is (name != missing)
    assert ("checked" in content) is (missing != "read")
    assert content.count('<ul class="errorlist" id="id_') == content.count('class="errorlist"') == 1
    assert (words("submission.not_read", "zh") in content) is (missing == "read")
    assert not Submission.objects.exists()


def test_what_changed_after_it_was_shown_must_be_looked_at_again(manager, dossier, at):
    given = signature(manager, dossier)
    write(dossier, "staff", "training_hours", "12", at)
    answer = manager.post(page("declare", dossier), given)
    assert answer.status_code == 422
    assert 'value="李申报"' in answer.content.decode()
    assert seen(manager, dossier) != given["seen"]


def test_what_prevents_submitting_is_told_with_the_place_and_no_declaration_is_shown(manager, dossier, at):
    write(dossier, "staff", "training_hours", "many", at)
    check = manager.get(page("submit", dossier))
    assert "还不能提交" in text_of(check)
    assert "人员 · 近12个月培训学时，第 1 行" in text_of(check)
    assert page("table_page", dossier, table="staff") + "?rows=1" in check.content.decode()
    assert page("declare", dossier) not in check.content.decode()
    assert manager.get(page("declare", dossier)).headers["Location"] == page("submit", dossier)


def test_a_member_sees_the_check_and_who_may_sign(world, dossier):
    assert "由申报负责人" in text_of(browser(world.people["member"]).get(page("submit", dossier)))


@pytest.fixture
def two(dossier, world, at):
    actor = world.actor("manager")
    first = submit(dossier, actor, at)
    write(dossier, "ratings", "claimed", "0", at)
    return first, submit(dossier, actor, at)


def test_after_submitting_nothing_new_is_said_and_a_change_is(manager, dossier, two, at):
    said = text_of(manager.get(page("submit", dossier)))
    assert "与第 2 次提交相同" in said
    assert "可以提交" not in said
    assert manager.get(page("declare", dossier)).url == page("submit", dossier)
    write(dossier, "staff", "training_hours", "12", at)
    assert "第 2 次" in text_of(manager.get(page("dossier_home", dossier)))
    difference = text_of(manager.get(page("submission_difference", dossier)))
    assert "近12个月培训学时" in difference
    assert "12" in difference


def test_after_a_withdrawal_the_same_facts_are_declared_anew_and_applied_with(manager, dossier, world, at):
    """A submission serves one case; the facts need not be changed to apply once more."""
    first = submit(dossier, world.actor("manager"), at)
    apply_url = reverse("apply", kwargs={"client": dossier.client_id})
    assert manager.post(apply_url, {"submission": str(first.pk)}).status_code == 302
    assert "与第 1 次提交相同" in text_of(manager.get(page("submit", dossier)))
    case = Case.objects.get()
    withdraw(case, "", world.actor("manager"), case.changed_at + timedelta(milliseconds=1))
    assert "可以提交" in text_of(manager.get(page("submit", dossier)))
    asked = manager.post(page("declare", dossier), signature(manager, dossier))
    manager.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
    assert "与第 2 次提交相同" in text_of(manager.get(page("submit", dossier)))
    second = Submission.objects.get(number=2)
    assert (second.facts, second.declared_by) == (first.facts, "李申报")
    assert manager.post(apply_url, {"submission": str(second.pk)}).status_code == 302
    assert Case.objects.count() == 2


@pytest.mark.parametrize(("language", "zero"), [("zh-hans", "自评"), ("en", "Self-rating")])
def test_the_difference_of_two_submissions_is_in_words(world, dossier, two, language, zero):
    client = browser(world.people["manager"], language)
    said = text_of(client.get(page("submission_difference", dossier), {"from": "1", "to": "2"}))
    assert zero in said
    assert "strategy.fit" not in said
    assert text_of(client.get(page("submission_difference", dossier), {"from": "2", "to": "2"}))
    assert client.get(page("submission_difference", dossier), {"from": "7"}).status_code == 404


def test_the_downloads_are_what_was_signed(manager, dossier, two):
    first, _ = two
    for kind in ("submission.json", "result.json", "report.pdf"):
        answer = manager.get(page("submission_file", dossier, number=1, kind=kind))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        if kind == "submission.json":
            assert sha256(answer.content).hexdigest() == first.digest
        elif kind == "result.json":
            assert json.loads(answer.content)["edition"]["hash"] == first.edition_hash
        else:
            assert answer.content.startswith(b"%PDF")
    assert manager.get(page("submission_file", dossier, number=1, kind="facts")).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_body_reads_what_was_submitted_and_not_what_is_worked_on(world, dossier, two, at, language):
    write(dossier, "staff", "training_hours", "77.5", at)
    _, second = two
    reviewer = browser(world.people["office"], language)
    parts = {"client": dossier.client_id}
    listed = reviewer.get(reverse("client_submissions", kwargs=parts)).content.decode()
    own = reverse("client_submission", kwargs={**parts, "submission": second.pk})
    assert own in listed
    shown = text_of(reviewer.get(own))
    assert second.digest in shown
    assert "77.5" not in shown
    difference = reviewer.get(reverse("client_submission_difference", kwargs={**parts, "submission": second.pk}))
    assert ("评价" if language == "zh-hans" else "Ratings") in text_of(difference)
    kinds = {**parts, "submission": second.pk, "kind": "submission.json"}
    assert sha256(reviewer.get(reverse("client_submission_file", kwargs=kinds)).content).hexdigest() == second.digest


def test_the_dossier_itself_stays_closed_to_the_body(world, dossier, two):
    reviewer = browser(world.people["application_reviewer"])
    assert reviewer.get(page("dossier_home", fresh(dossier))).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_months_that_are_missing_are_told_on_the_check_and_on_the_first_page(world, dossier, at, language):
    month = (localdate(at).replace(day=1) - timedelta(days=1)).replace(day=1).isoformat()  # the case's are older
    client = browser(world.people["manager"], language)
    for name in ("submit", "dossier_home"):
        shown = client.get(page(name, dossier))
        assert month in text_of(shown)
        assert page("table_page", dossier, table="operations") in shown.content.decode()
    assert 'href="#unknown"' in shown.content.decode()


def test_the_declaration_shows_what_it_comes_to_and_how_much_is_submitted(manager, dossier):
    said = text_of(manager.get(page("declare", dossier)))
    assert words("submission.what", "zh") in said
    rows = Row.objects.filter(dossier=dossier, removed_at=None)
    tables = rows.values("table").distinct().count()
    assert f"{tables} 张表共 {rows.count()} 行" in said
    assert "0 个文件" in said
    assert words("report.capability", "zh") in said


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_after_submitting_the_page_leads_on_to_the_application(world, dossier, at, language):
    submit(dossier, world.actor("manager"), at)
    tongue = language[:2]
    manager, member = (browser(world.people[who], language) for who in ("manager", "member"))
    shown = manager.get(page("submission", dossier, number=1))
    assert words("submission.next_apply", tongue) in text_of(shown)
    assert reverse("apply", kwargs={"client": dossier.client_id}) in shown.content.decode()
    assert words("submission.next_manager", tongue) in text_of(member.get(page("submission", dossier, number=1)))
