# SPDX-License-Identifier: Apache-2.0
"""A visit through its pages: from the plan to the issued report, by the team, the office and the client."""

import io
import json
import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.timezone import localtime, now

from gradus.formats.wording import words
from gradus.grading.faults import Refusal
from gradus.process.states import State
from gradus.process.visits import FindingGrade, RecordKind
from gradus.visits.draws import add_client_text, commit_draw, drawn_in, titles_of
from gradus.visits.findings import Answer, answer_finding, rules_that_may_fail
from gradus.visits.models import EvaluationReport, Finding, Signing, Verification, VisitRecord
from gradus.visits.plan import plan_visit
from gradus.visits.queries import current_visit
from gradus.visits.records import Seen, record_seen
from gradus.visits.report import proposals
from gradus.web.assessor.visit_report import NOTHING
from tests.applications.walk import bring_to, open_case
from tests.dossiers import papers
from tests.visits import on_site


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


def address(name, case, **more):
    return reverse(name, kwargs={"case": case.pk, **more})


def photo(colour="teal"):
    return ContentFile(papers.picture(colour=colour), "photo.png")


def written(case, **change):
    """The form of a finding, filled in."""
    rule = next(iter(rules_that_may_fail(case)))
    return {
        "id": str(uuid.uuid4()),
        "grade": "minor",
        "rule": rule,
        "text": "测试报告缺少评审记录",
        "photos": [photo()],
    } | change


def test_the_list_counts_as_yours_what_awaits_you_and_not_the_client(sign_in, case, world):
    on_site.planned(case, world, case.opened_at)
    on_site.finished(case, world, FindingGrade.MINOR)
    leader, page = sign_in("lead_assessor", "en"), reverse("own_work")
    said = leader.get(page).text
    assert "1 case awaits the client first." in said
    assert "await you" not in said
    assert "awaits you" not in said
    [finding] = Finding.objects.filter(case=case)
    answer = Answer("已补做测试报告", "没有人复核报告", "增加一个复核岗位")
    answer_finding(finding, answer, world.actor("manager"), case.changed_at + timedelta(hours=1))
    said = leader.get(page).text
    assert "1 case awaits you" in said
    assert "awaits the client" not in said
    assert world.people["lead_assessor"].name in said.split("<tbody>")[1]


def test_the_leader_plans_by_a_form_and_is_told_what_is_wrong(sign_in, case, world):
    bring_to(case, State.PLANNING, case.opened_at)
    on_site.with_team(case, world, case.changed_at)
    leader, page = sign_in("lead_assessor"), address("visit_plan", case)
    assert leader.get(page).status_code == 200
    start = localtime(now() + timedelta(days=1))
    one, other = (world.people[who].pk for who in ("lead_assessor", "assessor"))
    filled = {
        "opening": start.strftime("%Y-%m-%dT%H:%M"),
        "closing_from": (start + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M"),
        "closing_until": (start + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"),
        "site_1": "总部", "address_1": "某路 1 号", "position_1": "39.9087, 116.3975",
        f"as_{one}": "leader", f"days_{one}": "1", f"as_{other}": "trainee", f"days_{other}": "1",
        "agenda": "09：00 首次会议\n2026-07-02 09:30-11:00 项目追溯：逐项",
    }  # fmt: skip
    refused = leader.post(page, filled)
    assert (refused.status_code, "计划 1 人日，标准 2 人日" in refused.text) == (422, True)
    filled[f"as_{other}"] = "assessor"
    refused = leader.post(page, filled | {"agenda": "09:00 首次会议\n没有时间\n25:00 末次会议\n16:00"})
    assert refused.status_code == 422
    assert re.findall("日程第 (.) 项", refused.text) == ["2", "3", "4"]
    refused = leader.post(page, filled | {"position_1": "路口"})
    assert "没有看懂这个位置" in refused.text
    assert leader.post(page, filled).status_code == 302
    fixed = leader.get(page)
    assert ("第 1 次现场评估的计划已确定" in fixed.text, "<textarea" in fixed.text) == (True, False)
    visit = current_visit(case)
    assert (visit.number, visit.man_days, visit.agenda[0]["topic"]) == (1, "2", "首次会议")
    assert visit.agenda[1] == {"when": "2026-07-02 09:30-11:00", "topic": "项目追溯：逐项", "who": ""}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_finding_is_written_by_script_and_by_form_and_seen_by_the_client(sign_in, case, world, language):
    on_site.planned(case, world, case.opened_at)
    assessor, page = sign_in("assessor", language), address("visit_finding", case)
    assert assessor.get(page).status_code == 200
    once = written(case)
    for _ in range(2):
        answer = assessor.post(page, once | {"photos": [photo()]}, headers={"accept": "application/json"})
        assert answer.json() == {"saved": once["id"]}
    assert assessor.post(page, written(case, text="记录不全，缺三月")).status_code == 302
    assert assessor.post(page, written(case, text="")).status_code == 422
    refused = assessor.post(page, written(case, rule="no-such"), headers={"accept": "application/json"})
    assert (refused.status_code, len(refused.json()["refused"])) == (422, 1)
    assert Finding.objects.count() == 2
    again = assessor.post(page, once | {"text": "另一项：培训记录不全", "photos": []})
    fresh = re.search(r'name="id" value="([^"]*)"', again.text)[1]
    assert (again.status_code, "另一项：培训记录不全</textarea>" in again.text, fresh != once["id"]) == (
        422,
        True,
        True,
    )
    digest = Finding.objects.get(pk=once["id"]).photos.get().file_id
    assert assessor.get(address("visit_picture", case, digest=digest)).status_code == 200
    manager = sign_in("manager", language)
    shown = manager.get(reverse("client_visit", kwargs={"client": case.client_id, "case": case.pk}))
    assert "测试报告缺少评审记录" in shown.text
    picture = reverse("client_visit_picture", kwargs={"client": case.client_id, "case": case.pk, "digest": digest})
    assert manager.get(picture).status_code == 200
    assert sign_in("stranger").get(picture).status_code == 404


def test_nobody_is_said_to_have_missed_a_meeting_that_has_not_begun(sign_in, case, world):
    at = now()
    bring_to(case, State.PLANNING, case.opened_at)
    on_site.with_team(case, world, case.changed_at)
    plan_visit(case, on_site.plan_of(world, at), world.actor("lead_assessor"), at)
    shown = sign_in("lead_assessor").get(address("visit", case)).text
    assert shown.count(words("onsite.not_yet", "zh")) == 4
    assert words("deviation.missing", "zh") not in shown
    assert "withdraw" in shown


def test_the_client_is_told_of_findings_at_the_closing_meeting(sign_in, case, world):
    at, page = now(), reverse("client_visit", kwargs={"client": case.client_id, "case": case.pk})
    bring_to(case, State.PLANNING, case.opened_at)
    on_site.with_team(case, world, case.changed_at)
    before = at - timedelta(hours=7)
    closing = at + timedelta(minutes=30)
    plan = on_site.plan_of(world, before, opening=before, closing_from=closing, closing_until=closing)
    plan_visit(case, plan, world.actor("lead_assessor"), before)
    on_site.find(case, world)
    assert "测试报告缺少评审记录" not in sign_in("manager").get(page).text
    assert "测试报告缺少评审记录" in sign_in("assessor").get(address("visit", case)).text


def test_what_is_refused_on_site_comes_back_on_its_page_with_what_was_typed(sign_in, case, world):
    on_site.planned(case, world, case.opened_at)
    leader, assessor = sign_in("lead_assessor"), sign_in("assessor")
    bad = {"photos": [ContentFile(b"no picture", "photo.png")]}
    answer = assessor.post(address("visit_finding", case), written(case, text="记录不全，缺三月") | bad)
    assert answer.status_code == 422
    assert "记录不全，缺三月</textarea>" in answer.text
    assert 'role="alert"' in answer.text
    signed = {"moment": "out", "north": "39.9087", "east": "116.3975"}
    for spoilt in (b"no picture", b""):
        answer = leader.post(address("visit_sign", case), signed | {"photo": ContentFile(spoilt, "photo.png")})
        assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'action="{address("visit_sign", case)}"' in answer.text
    said = {"who": world.people["assessor"].pk, "moment": "in", "text": "演"}
    answer = leader.post(address("visit_explain", case), said)
    assert answer.status_code == 422
    assert '<dd class="written">演</dd>' in answer.text
    assert Finding.objects.count() == Signing.objects.count() == 0


def test_a_visit_goes_through_its_pages_to_an_issued_report(sign_in, case, world):
    on_site.planned(case, world, case.opened_at)
    leader, assessor, office, manager = map(sign_in, ("lead_assessor", "assessor", "office", "manager"))
    home, own = address("visit", case), {"client": case.client_id, "case": case.pk}
    signed = {"moment": "in", "north": "39.9087", "east": "116.3975", "photo": photo()}
    assert leader.post(address("visit_sign", case), signed).status_code == 302
    assert Signing.objects.get().photo_id
    assert leader.post(address("visit_draw", case), {"act": "commit"}).status_code == 302
    assert leader.post(address("visit_draw", case), {"act": "open"}).status_code == 422
    refused = manager.post(reverse("client_draw_text", kwargs=own), {"text": "蓝天" * 101})
    assert (refused.status_code, f'value="{"蓝天" * 101}"' in refused.text) == (422, True)
    assert manager.post(reverse("client_draw_text", kwargs=own), {"text": "蓝天"}).status_code == 302
    late = manager.post(reverse("client_draw_text", kwargs=own), {"text": "白云"})
    assert (late.status_code, '<p class="written">白云</p>' in late.text) == (422, True)
    assert leader.post(address("visit_draw", case), {"act": "open"}).status_code == 302
    record = json.loads(manager.get(reverse("client_draw_record", kwargs=own)).content)
    titles, shown = titles_of(case), leader.get(home).text
    assert all(f"{project}</span> {titles[project]}" in shown for project in record["drawn"])
    for project in record["drawn"]:
        traced = {"kind": "trace", "drawn": project, "links": ["plan", "test"], "notes": "已查阅"}
        assert assessor.post(address("visit_record", case), traced).status_code == 302
    heard = {"kind": "interview", "subject": "项目经理", "notes": "说明了变更控制"}
    assert assessor.post(address("visit_record", case), heard).status_code == 302
    assert VisitRecord.objects.count() == len(record["drawn"]) + 1
    assert assessor.post(address("visit_finding", case), written(case)).status_code == 302
    for who in ("lead_assessor", "assessor"):
        for moment in ("in", "out"):
            said = {"who": world.people[who].pk, "moment": moment, "text": "演练，按计划以外的时间签"}
            assert leader.post(address("visit_explain", case), said).status_code == 302
            assert office.post(address("visit_explain", case), said).status_code == 302
    assert "结束现场评估" in leader.get(home).text
    assert leader.post(address("visit_move", case), {"act": "finish"}).status_code == 302
    finding, cause = Finding.objects.get(), words("onsite.cause", "zh")
    answered = {"finding": finding.pk, "correction": "补做了评审", "cause": "计划漏了评审", "action": "改了计划模板"}
    empty = manager.post(reverse("client_correction", kwargs=own), answered | {"cause": ""})
    assert (empty.status_code, "补做了评审" in empty.text) == (422, True)
    assert (
        f'<ul class="errorlist" id="id_cause_error"><li>{words("form.required", "zh", field=cause)}</li>' in empty.text
    )
    answered["proof"] = io.BytesIO(papers.pdf())
    answered["proof"].name = "proof.pdf"
    assert manager.post(reverse("client_correction", kwargs=own), answered).status_code == 302
    verdict = {"correction": finding.corrections.get().pk, "verdict": "accept", "text": "已查阅评审记录"}
    assert assessor.post(address("visit_verify", case), verdict).status_code == 302
    assert leader.post(address("visit_move", case), {"act": "close"}).status_code == 302
    draft = leader.get(address("evaluation_report", case))
    assert "测试报告缺少评审记录" in draft.text
    best = proposals(case)[0]
    assert re.findall(r'name="proposed" value="([^"]*)"[^>]*checked', draft.text) == [best or NOTHING]
    issued = {"proposed": "", "conclusion": "未达到所申请等级"}
    assert leader.post(address("issue_evaluation_report", case), issued).status_code == 422
    issued["proposed"] = NOTHING
    assert leader.post(address("issue_evaluation_report", case), issued).status_code == 302
    case.refresh_from_db()
    assert case.state == "technical_review"
    report = EvaluationReport.objects.get()
    assert json.loads(report.content)["proposed"]["outcome"] == ""
    assert report.digest in leader.get(address("evaluation_report", case)).text
    assert sign_in("technical_reviewer", "en").get(address("evaluation_report_pdf", case)).content.startswith(b"%PDF")


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "没有保存"), ("en", "Nothing was saved")])
def test_a_slip_on_the_page_of_a_visit_does_not_speak_of_the_state(case, world, sign_in, language, said):
    on_site.planned(case, world, case.opened_at)
    answer = sign_in("lead_assessor", language).post(address("visit_move", case), {"act": "withdraw", "reason": "改"})
    top = answer.text[answer.text.index('role="alert"') :].partition("</div>")[0]
    assert answer.status_code == 422
    assert said in top
    assert {"zh-hans": "案件现在", "en": "case now stands"}[language] not in top
    assert ">改<" in answer.text, "what was typed is kept"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_records_keep_their_lines_and_name_the_project_and_slips_say_what_is_wrong(case, world, sign_in, language):
    visit = on_site.planned(case, world, case.opened_at)
    on_site.draw_and_trace(case, world)
    titles = titles_of(case)
    project = drawn_in(visit)[0]
    seen = Seen(RecordKind.INTERVIEW, "项目经理", "第一行\n第二行")
    record_seen(case, seen, world.actor("assessor"), visit.opening + timedelta(minutes=40))
    browser = sign_in("assessor", language)
    page = browser.get(address("visit", case)).text
    records = page[page.index(f"<h2>{words('onsite.records', language[:2])}") :]
    assert f"{project} {titles[project]}</h3>" in records
    assert '<p class="written">第一行\n第二行</p>' in records
    form = browser.get(address("visit_record", case)).text
    label = form[form.index('<label for="id_subject"') :].partition("</label>")[0]
    assert words("form.optional", language[:2]) not in label
    refused = browser.post(address("visit_record", case), {"kind": "interview", "notes": "记录", "subject": ""}).text
    assert words("visit.unfit", language[:2]) in refused


@pytest.mark.parametrize("text", ["蓝天\t2026", "蓝天\u202e2026"])
def test_a_text_for_the_draw_that_can_not_be_seen_is_refused_for_that(case, world, text):
    visit = on_site.planned(case, world, case.opened_at)
    at = visit.opening + timedelta(minutes=30)
    commit_draw(case, world.actor("lead_assessor"), at)
    with pytest.raises(Refusal) as refused:
        add_client_text(case, text, world.actor("manager"), at + timedelta(minutes=1))
    assert [each.code for each in refused.value.faults] == ["draw.text_unfit"]


@pytest.mark.parametrize(
    "wrong",
    [{"moment": "zzz"}, {"moment": ""}, {"north": "999", "east": "abc"}, {"north": "116.3975", "east": "39.9087"},
     {"north": "39.9", "east": ""}],
)  # fmt: skip
def test_an_unknown_moment_or_an_impossible_position_signs_nothing(sign_in, case, world, wrong):
    on_site.planned(case, world, case.opened_at)
    said = {"moment": "in", "north": "39.9087", "east": "116.3975", "photo": photo()} | wrong
    answer = sign_in("assessor").post(address("visit_sign", case), said)
    assert (answer.status_code, Signing.objects.count()) == (422, 0)
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("verdict", [{}, {"verdict": "zzz"}, {"verdict": "ACCEPT"}])
def test_a_verdict_on_a_correction_that_no_button_says_decides_nothing(sign_in, case, world, verdict):
    on_site.planned(case, world, case.opened_at)
    on_site.finished(case, world, FindingGrade.MINOR)
    answer = Answer("补做了评审", "计划漏了评审", "改了计划模板")
    at = case.changed_at + timedelta(hours=1)
    correction = answer_finding(Finding.objects.get(), answer, world.actor("manager"), at)
    said = {"correction": correction.pk, "text": "培训记录已查阅", **verdict}
    answer = sign_in("assessor").post(address("visit_verify", case), said)
    assert answer.status_code == 422
    assert "培训记录已查阅" in answer.text
    assert not Verification.objects.exists()


@pytest.mark.parametrize("name", ["visit_move", "visit_draw"])
def test_a_press_that_no_button_says_moves_nothing(sign_in, case, world, name):
    on_site.planned(case, world, case.opened_at)
    answer = sign_in("lead_assessor", "en").post(address(name, case), {"act": "zzz"})
    assert (answer.status_code, "It was not said what to do" in answer.text) == (422, True)


def test_who_attends_is_told_from_which_day_on_it_signs(sign_in, case, world):
    on_site.planned(case, world, now() + timedelta(days=3))
    page = sign_in("assessor", "en").get(address("visit", case)).text
    assert "Signing in and out begins on" in page
    assert 'name="moment"' not in page.split("<h2")[0]
