# SPDX-License-Identifier: Apache-2.0
"""Stage 1 through its pages: applying, review, supplement, quotation, agreement; refusal and withdrawal."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate
from openpyxl import load_workbook

from gradus.applications.apply import apply
from gradus.applications.cases import rules_of, take_part
from gradus.applications.clock import completeness_due
from gradus.applications.models import BodyEvent, Case, HeldCertificate, Quotation
from gradus.applications.register import Event, record_event
from gradus.dossiers.frozen import frozen_in
from gradus.dossiers.models import Row
from gradus.formats.wording import words
from gradus.process.parts import Part
from gradus.process.states import State
from tests.applications.stage_one import completed, submit_again
from tests.applications.test_facts import FRAUD
from tests.applications.test_register_import import GOOD
from tests.applications.walk import bring_to, open_case
from tests.dossiers import papers
from tests.dossiers.submitting import kept_submission
from tests.web.conftest import browser


@pytest.fixture
def case(golden_dossier, world, at):
    dossier = golden_dossier()
    return open_case(kept_submission(dossier, world.people["manager"], at), at - timedelta(minutes=5))


def office(name, case):
    return reverse(name, kwargs={"case": case.pk})


def client(name, case):
    return reverse(name, kwargs={"client": case.client_id, "case": case.pk})


def alert(answer):
    """What a page says at its top that somebody must hear at once."""
    (found,) = re.findall(r'role="alert".*?</(?:div|section)>', answer.text, re.DOTALL)
    return found


def yes(case, **more):
    return {f"met_{each.id}": "yes" for each in rules_of(case).procedure.questions} | more


def test_a_client_applies_with_a_submission_of_these_days(golden_dossier, world, at):
    manager, page = browser(world.people["manager"]), reverse("apply", args=[world.client.pk])
    old, new = (golden_dossier(title=title) for title in ("old", "new"))
    day = localdate(at)
    old = kept_submission(old, world.people["manager"], at, day=(day - timedelta(days=40)).isoformat())
    new = kept_submission(new, world.people["manager"], at, day=day.isoformat())
    shown = manager.get(page).text
    assert [each for each in (old, new) if str(each.pk) not in shown] == []
    refused = manager.post(page, {"submission": old.pk})
    assert (refused.status_code, "已过去太久" in refused.text) == (422, True)
    answer = manager.post(page, {"submission": new.pk})
    assert answer.url == client("client_case", Case.objects.get())


def test_from_application_to_agreement(submitted, world):
    manager, reviewer, staff = (browser(world.people[who]) for who in ("manager", "application_reviewer", "office"))
    whole = completed(submitted(), world.actor("manager"))
    case = apply(whole, world.actor("manager"), whole.submitted_at)
    assert reviewer.get(office("application_review", case)).status_code == 200

    item = {"item_1_ticked": "on", "item_1_reason": "missing", "item_1_wanted": "table:projects", "item_1_row": "2"}
    ask = {"verdict": "ask", **item}
    answer = reviewer.post(office("review_application", case), ask)
    assert answer.status_code == 422  # no words
    for row in ("99999999999", "x", "-1"):
        answer = reviewer.post(office("review_application", case), {**ask, "item_1_text": "请补", "item_1_row": row})
        assert (answer.status_code, "没有这一行" in answer.text, f'value="{row}"' in answer.text) == (422, True, True)
    paper = {**ask, "item_1_text": "请补", "item_1_wanted": f"document:{rules_of(case).edition.documents[0].id}"}
    assert "材料没有行号" in reviewer.post(office("review_application", case), paper).text
    answer = reviewer.post(office("review_application", case), {**ask, "item_1_text": "请补第二个项目的合同"})
    assert answer.status_code == 302
    assert "请补第二个项目的合同" in manager.get(client("client_case", case)).text
    again = submit_again(whole.dossier, world.actor("manager"), whole.submitted_at + timedelta(minutes=2))
    page = manager.get(client("answer_supplement", case))
    (item_id,) = re.findall(r'name="done_(\d+)"', page.text)
    sent = {"submission": again.pk, f"note_{item_id}": "已补"}
    assert manager.post(client("answer_supplement", case), sent).status_code == 422  # not ticked
    assert manager.post(client("answer_supplement", case), {**sent, f"done_{item_id}": "on"}).status_code == 302

    assert reviewer.post(office("review_application", case), yes(case, verdict="accept")).status_code == 302
    assert staff.post(office("quotation", case), {"extra_sites": "1", "plan": ""}).status_code == 422
    assert staff.post(office("quotation", case), {"extra_sites": "1", "plan": "总部和一处场所"}).status_code == 302
    page = manager.get(client("agreement", case))
    assert "12,000元" in page.text
    duties = {f"duty_{each.id}": "on" for each in rules_of(case).procedure.duties}
    signed = {"quotation": "1", "signatory": "王法定", "position": "总经理"}
    assert manager.post(client("agreement", case), signed).status_code == 422
    assert manager.post(client("agreement", case), {**signed, **duties}).status_code == 302
    case.refresh_from_db()
    assert case.state == "agreed"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_computed_and_what_the_body_knows_stand_on_the_pages(case, world, language):
    record_event(world.client, rules_of(case), Event(FRAUD, "监管通报"), world.actor("office"), case.opened_at)
    reviewer, manager = (browser(world.people[who], language) for who in ("application_reviewer", "manager"))
    page = reviewer.get(office("application_review", case)).text
    day = completeness_due(case).on
    told = {
        "zh-hans": ("核心团队资质证书", "材料造假", "登记了一起", f"缺少的材料应在 {day} 前"),
        "en": ("Core team", "Material fraud", "recorded an event", f"asked for by the end of {day}"),
    }
    assert [each for each in told[language] if each not in page] == []
    answer = reviewer.post(office("review_application", case), yes(case, verdict="accept"))
    assert answer.status_code == 422
    assert told[language][2] in manager.get(client("client_case", case)).text


def test_accepting_in_a_second_window_is_refused_in_words_at_the_top(submitted, world):
    whole = completed(submitted(), world.actor("manager"))
    case = apply(whole, world.actor("manager"), whole.submitted_at)
    for language, told in (("zh-hans", "不能进行“受理”"), ("en", "where “Accept” can not be done")):
        reviewer = browser(world.people["application_reviewer"], language)
        answer = reviewer.post(office("review_application", case), yes(case, verdict="accept"))
        if language == "zh-hans":
            assert answer.status_code == 302
            answer = reviewer.post(office("review_application", case), yes(case, verdict="accept"))
        assert answer.status_code == 422
        assert told in alert(answer)
    late = {"verdict": "refuse", "reason": "scope-outside", "text": "所申请的服务不在范围内"}
    assert "所申请的服务不在范围内" in reviewer.post(office("review_application", case), late).text
    staff = browser(world.people["office"])
    case.refresh_from_db()
    bring_to(case, State.AGREED, case.changed_at)
    answer = staff.post(office("quotation", case), {"extra_sites": "0", "plan": "总部和一处场所"})
    assert answer.status_code == 422
    assert "总部和一处场所" in answer.text


def test_a_second_quotation_is_sent_only_by_who_has_seen_the_first(case, world):
    bring_to(case, State.ACCEPTED, case.changed_at)
    staff, page = browser(world.people["office"]), office("quotation", case)
    assert staff.post(page, {"extra_sites": "0", "plan": "总部", "seen": "0"}).status_code == 302
    answer = staff.post(page, {"extra_sites": "1", "plan": "总部和一处场所", "seen": "0"})
    assert answer.status_code == 422
    assert "第 1 次报价（9,000.00 CNY）已发给申请人" in alert(answer)
    assert "总部和一处场所</textarea>" in answer.text
    assert Quotation.objects.count() == 1
    assert 'name="seen" value="1"' in answer.text
    assert staff.post(page, {"extra_sites": "1", "plan": "总部和一处场所", "seen": "1"}).status_code == 302
    assert "再次报价将取代" in staff.get(page).text


def test_the_client_whose_answer_comes_too_late_is_told_so_with_its_words(case, world):
    manager = browser(world.people["manager"])
    for name, typed in (
        ("answer_supplement", {"note_1": "已补营业执照"}),
        ("agreement", {"signatory": "王法定", "position": "总经理"}),
        ("consent", {"given": "yes", "name": "王法定"}),
    ):
        answer = manager.post(client(name, case), typed)
        assert answer.status_code == 422
        assert "案件现在处于“申请审查”" in alert(answer)
        assert list(typed.values())[-1] in answer.text


def test_a_verdict_that_no_button_says_concludes_nothing(case, world):
    reviewer = browser(world.people["application_reviewer"])
    said = {"verdict": "grant", "reason": "scope-outside", "text": "所申请的服务不在范围内"}
    for verdict in ({"verdict": "grant"}, {"verdict": ""}):
        answer = reviewer.post(office("review_application", case), {**said, **verdict})
        assert (answer.status_code, "没有作出任何结论" in answer.text) == (422, True)
    case.refresh_from_db()
    assert case.state == "applied"


def test_a_refusal_is_told_to_the_client(case, world):
    reviewer, manager = browser(world.people["application_reviewer"]), browser(world.people["manager"])
    refuse = {"verdict": "refuse", "reason": "scope-outside", "text": "所申请的服务不在范围内"}
    assert reviewer.post(office("review_application", case), yes(case, **refuse)).status_code == 302
    assert "所申请的服务不在范围内" in manager.get(client("client_case", case)).text
    assert case.number in manager.get(reverse("client_cases", args=[case.client_id])).text


def test_the_client_withdraws_after_being_asked(case, world):
    manager = browser(world.people["manager"])
    assert case.number in manager.get(client("withdraw_case", case)).text
    assert manager.post(client("withdraw_case", case), {"reason": "暂不申请"}).status_code == 302
    assert manager.post(client("withdraw_case", case), {"reason": "暂不申请"}).status_code == 422
    case.refresh_from_db()
    assert case.state == "withdrawn"


@pytest.mark.parametrize("state", [State.SUPPLEMENT, State.QUOTED, State.AGREED, State.DECISION])
def test_the_pages_show_a_case_in_every_state(case, world, state):
    take_part(case, world.people["application_reviewer"].pk, Part.APPLICATION_REVIEWER, case.changed_at)
    bring_to(case, state, case.changed_at)
    manager, reviewer = browser(world.people["manager"]), browser(world.people["application_reviewer"])
    assert manager.get(client("client_case", case)).status_code == 200
    page = reviewer.get(office("application_review", case))
    assert page.status_code == 200
    assert ('value="accept"' in page.text) is False


@pytest.mark.usefixtures("case")
def test_the_office_keeps_the_register_of_a_client(world):
    staff, reader = browser(world.people["office"]), browser(world.people["application_reviewer"])
    at = {
        name: reverse(name, args=[world.client.pk]) for name in ("client_register", "enter_certificate", "record_event")
    }
    typed = {
        "level": "level-3",
        "number": "C-1",
        "since": "2025-01-01",
        "valid_until": "2028-12-31",
        "source": "原证书",
    }
    assert staff.post(at["enter_certificate"], typed).status_code == 422  # without evidence
    proof = SimpleUploadedFile("c.pdf", papers.pdf(), "application/pdf")
    assert staff.post(at["enter_certificate"], {**typed, "evidence": proof}).status_code == 302
    event = {f"event-{name}": text for name, text in {**FRAUD, "source": "监管通报"}.items()}
    wrong = staff.post(at["record_event"], {**event, "event-occurred_on": "昨天"})
    assert wrong.status_code == 422
    assert staff.post(at["record_event"], event).status_code == 302
    page = reader.get(at["client_register"]).text
    assert all(each in page for each in ("C-1", "三级", "2028-12-31", "材料造假认定", "监管通报"))
    assert "take-back" not in page
    for name, row in (("certificate", HeldCertificate.objects.get()), ("event", BodyEvent.objects.get())):
        address = reverse(f"take_back_{name}", args=[world.client.pk, row.pk])
        staff.post(address, {"source": ""})
        assert type(row).objects.count() == 1
        staff.post(address, {"source": "认错了企业"})
    page = reader.get(at["client_register"]).text
    assert "C-1" not in page
    assert "材料造假认定" not in page


def test_the_office_imports_certificates_with_a_workbook(world):
    staff = browser(world.people["office"])
    template = staff.get(reverse("register_template"))
    book = load_workbook(BytesIO(template.content))
    book["certificates"].append(GOOD)
    book["certificates"].append(["没有的企业", *GOOD[1:]])
    for expected in (422, 302):
        filled = BytesIO()
        book.save(filled)
        sent = {
            "workbook": SimpleUploadedFile("register.xlsx", filled.getvalue()),
            "evidence": [SimpleUploadedFile("c.pdf", papers.pdf())],
        }
        answer = staff.post(reverse("import_register"), sent)
        assert answer.status_code == expected
        if expected == 422:
            assert "第 4 行 企业全称" in answer.text
            book["certificates"].delete_rows(4)
    assert HeldCertificate.objects.get().number == "C-1"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_reviewer_is_shown_what_an_answer_changed_where_it_was_asked(submitted, world, language):
    manager, reviewer = (browser(world.people[who], language) for who in ("manager", "application_reviewer"))
    whole = completed(submitted(), world.actor("manager"))
    case = apply(whole, world.actor("manager"), whole.submitted_at)
    ask = {"verdict": "ask"}
    for number in (1, 2):
        told = {"ticked": "on", "reason": "missing", "text": "请更正", "wanted": "table:projects", "row": str(number)}
        ask |= {f"item_{number}_{name}": text for name, text in told.items()}
    assert reviewer.post(office("review_application", case), ask).status_code == 302
    frozen = next(each for each in frozen_in(whole).facts["tables"]["projects"] if each["number"] == 2)
    project = Row.objects.get(pk=frozen["id"])
    was = project.cells["title"]
    project.cells["title"] = "更正后的项目名称"
    project.save()
    again = submit_again(whole.dossier, world.actor("manager"), whole.submitted_at + timedelta(minutes=2))
    page = manager.get(client("answer_supplement", case))
    asked = re.findall(r'name="done_(\d+)"', page.text)
    notes = {f"note_{each}": "已补" for each in asked} | {f"done_{each}": "on" for each in asked}
    assert manager.post(client("answer_supplement", case), {"submission": again.pk, **notes}).status_code == 302
    shown = reviewer.get(office("application_review", case)).text
    first, second = shown.partition('class="plain-list asked"')[2].partition("</ol>")[0].split("<li><p><b>")[1:]
    assert words("stage_one.changed_nothing", language[:2]) in first
    assert was in second
    assert "更正后的项目名称" in second
    link = reverse("filing_difference", kwargs={"case": case.pk, "number": 2})
    assert f'href="{link}"' in second
    assert "更正后的项目名称" in reviewer.get(link).text
    assert browser(world.people["certificate_officer"]).get(link).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_explanation_alone_is_sent_and_the_reviewer_judges_it(submitted, world, language):
    manager, reviewer = (browser(world.people[who], language) for who in ("manager", "application_reviewer"))
    whole = completed(submitted(), world.actor("manager"))
    case = apply(whole, world.actor("manager"), whole.submitted_at)
    told = {"ticked": "on", "reason": "missing", "text": "请补合同", "wanted": "table:projects"}
    ask = {f"item_1_{name}": text for name, text in told.items()}
    reviewer.post(office("review_application", case), {"verdict": "ask", **ask})
    page = manager.get(client("answer_supplement", case))
    (asked,) = re.findall(r'name="done_(\d+)"', page.text)
    sent = {"submission": "none", f"done_{asked}": "on"}
    short = manager.post(client("answer_supplement", case), {**sent, f"note_{asked}": "没有"})
    assert (short.status_code, ">没有</textarea>" in short.text) == (422, True)
    note = "该项目没有书面合同，以中标通知书代替"
    assert manager.post(client("answer_supplement", case), {**sent, f"note_{asked}": note}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.filings.count(), case.submission) == ("applied", 1, whole)
    shown = reviewer.get(office("application_review", case)).text
    assert note in shown
    assert words("stage_one.only_explained", language[:2]) in shown
    assert reviewer.post(office("review_application", case), yes(case, verdict="accept")).status_code == 302
