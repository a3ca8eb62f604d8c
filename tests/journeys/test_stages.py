# SPDX-License-Identifier: Apache-2.0
"""In a real browser: a case of level 4 from its application to its grant, by everybody who has a part."""

import re
import shutil
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate, make_aware, now
from playwright.sync_api import expect

from tests.dossiers import papers
from tests.journeys.desks import form, found, password_again, send, sign_form, staff, whole
from tests.journeys.server import running
from tests.journeys.test_conclusions import BECAUSE, recommend

CLOCK = Path(__file__).parent / "clock"
MINUTE = timedelta(minutes=1)
TEAM = {"lead_assessor": "zh-hans", "assessor": "en", "technical_expert": "zh-hans"}

FIRM, MANAGER = "沧浪软件技术有限公司", "manager@canglang.example"


@pytest.fixture(scope="module")
def server(demonstration, tmp_path_factory):
    """A server for this file alone, whose clock goes forward."""
    data = shutil.copytree(demonstration, tmp_path_factory.mktemp("stages") / "data")
    forward = data.parent / "forward"
    forward.write_text("0", "ascii")
    with running(data, {"PYTHONPATH": str(CLOCK), "CLOCK_FORWARD": str(forward)}) as served:
        yield served


@pytest.fixture(scope="module")
def sessions():
    """Those of this file's server."""
    return {}


@pytest.fixture
def set_clock(server):
    """``set_clock(instant)``: that is now, for the server."""

    def to(instant):
        ahead = (instant - now()).total_seconds()
        told = Path(server.settings["CLOCK_FORWARD"])
        beside = told.with_suffix(".next")
        beside.write_text(str(ahead), "ascii")
        beside.replace(told)  # at once: the server reads it whenever it looks at its clock

    return to


@pytest.mark.long
def test_a_level_4_from_its_application_over_a_supplement_and_a_visit_to_its_grant(sign_in, server, set_clock, axe):
    _, client = found(server, FIRM)
    manager = sign_in(MANAGER)
    apply(manager, client, axe)
    case, _ = found(server, FIRM)
    reviewer = sign_in(staff("application_reviewer"), "en", 380)
    supplement(reviewer, manager, case, client, server, axe)
    accept(reviewer, case, axe)
    office = sign_in(staff("office"))
    agree(office, manager, case, client, axe)
    team(sign_in(staff("office"), "en", 380), manager, server, case, client, axe)
    leader, assessor = sign_in(staff("lead_assessor")), sign_in(staff("assessor"), "en", 768)
    review(leader, assessor, case, axe)
    opening, closing = plan(leader, case, axe)
    set_clock(opening + MINUTE)
    leader, assessor, expert, manager = on_site(sign_in)
    everybody_signs((leader, assessor, expert), case, "in", axe)
    draw(leader, manager, case, client, axe)
    traces(leader, assessor, case, axe)
    set_clock(closing + MINUTE)
    leader, assessor, expert, manager = on_site(sign_in)
    everybody_signs((leader, assessor, expert), case, "out", axe)
    finish(leader, manager, assessor, case, client, axe)
    report(leader, case, axe)
    recommend(goes(sign_in(staff("technical_reviewer"), "en", 380), case, "review/"), axe)
    set_clock(closing + timedelta(days=12))
    send(form(goes(sign_in(staff("office")), case, "decision/"), "/notice/close/"))
    decide(sign_in, server, case, axe)
    told = sign_in(MANAGER, "en", 380)
    told.goto(f"/applicant/{client}/cases/{case}/")
    expect(told.locator("p.lead").first).to_have_text("Granted")
    whole(told, axe)


def on_site(sign_in):
    """The team with tablets near the place, and the client's manager; hours have passed, everybody signs in anew."""
    team = [sign_in(staff(role), words, 768) for role, words in TEAM.items()]
    for each in team:
        each.context.grant_permissions(["geolocation"])
        each.context.set_geolocation({"latitude": 31.201, "longitude": 121.401})
    return (*team, sign_in(MANAGER))


def goes(page, case, part):
    page.goto(f"/office/cases/{case}/{part}")
    return page


def apply(manager, client, axe):
    manager.goto(f"/applicant/{client}/cases/")
    whole(manager, axe)
    manager.goto(f"/applicant/{client}/cases/apply/")
    whole(manager, axe)
    manager.locator("main button.btn-primary").click()
    expect(manager.locator("p.lead").first).to_have_text("申请审查")


def supplement(reviewer, manager, case, client, server, axe):
    """The reviewer asks for a better paper; the client changes what is wrong, submits anew and answers the item."""
    reviewer.goto(f"/office/cases/{case}/application/review/")
    asked = form(reviewer, "/application/review/")
    reviewer.locator("summary", has_text="Ask for supplements").click()
    asked.locator("[name=item_1_ticked]").check()
    asked.locator("[name=item_1_reason]").select_option("not-supporting")
    asked.locator("[name=item_1_wanted]").select_option("table:enterprise")
    asked.locator("[name=item_1_text]").fill("请核对英文名称")
    whole(reviewer, axe)
    asked.locator("button[value=ask]").click()
    expect(reviewer.locator("main")).to_contain_text("请核对英文名称")
    whole(reviewer, axe)

    answer = f"/applicant/{client}/cases/{case}/supplement/"
    manager.goto(answer)
    whole(manager, axe)
    manager.locator(".empty a.btn").click()
    home = manager.url
    manager.goto(f"{home}tables/enterprise/")
    manager.locator("#grid td[data-column=legal_name_en]").click()
    manager.keyboard.type("Canglang Software Technology")
    with manager.expect_response("**/tables/enterprise/save/"):
        manager.keyboard.press("Enter")
    expect(manager.locator("#save-state")).to_have_attribute("data-state", "saved", timeout=20_000)
    manager.goto(f"{home}submit/declaration/")
    manager.fill("input[name=declared_by]", "王法定")
    manager.fill("input[name=declared_as]", "法定代表人")
    if manager.locator("input[name=read]").count():
        manager.check("input[name=read]")
    with manager.expect_navigation():
        manager.get_by_role("button", name="签署并提交").click()
    password_again(manager, server.accounts[MANAGER]["password"])
    manager.wait_for_url("**/submissions/*/")
    manager.goto(answer)
    manager.locator("[name^=done_]").check()
    manager.locator("[name^=note_]").fill("已更正为营业执照上的名称")
    whole(manager, axe)
    manager.locator("main button.btn-primary").click()
    expect(manager.locator("p.lead").first).to_have_text("申请审查")
    whole(manager, axe)


def accept(reviewer, case, axe):
    reviewer.goto("/office/work/")
    whole(reviewer, axe)
    reviewer.locator(f"main a[href$='{case}/application/']").first.click()
    expect(reviewer.locator("h1")).to_contain_text("Canglang Software")
    whole(reviewer, axe)
    review = form(reviewer, "/application/review/")
    for each in review.locator("input[type=radio][value=yes]").all():
        each.check()
    review.locator("button[value=accept]").click()
    expect(reviewer.locator("main")).to_contain_text("Accepted")
    whole(reviewer, axe)


def agree(office, manager, case, client, axe):
    office.goto(f"/office/cases/{case}/application/quotation/")
    whole(office, axe)
    office.fill("input[name=extra_sites]", "0")
    office.fill("textarea[name=plan]", "总部一处，四周内完成文件评审")
    office.locator("main button.btn-primary").click()
    manager.goto(f"/applicant/{client}/cases/{case}/agreement/")
    whole(manager, axe)
    for each in manager.locator(".duty input").all():
        each.check()
    manager.fill("input[name=signatory]", "王法定")
    manager.fill("input[name=position]", "法定代表人")
    manager.locator("main button.btn-primary").click()
    expect(manager.locator("main")).to_contain_text("王法定")
    whole(manager, axe)


def team(office, manager, server, case, client, axe):
    office.goto(f"/office/cases/{case}/team/")
    for role in ("lead_assessor", "assessor", "technical_expert"):
        office.get_by_label(server.accounts[staff(role)]["name"], exact=True).select_option(role)
    office.locator("button[value=propose]").click()
    expect(office.locator("h2").first).to_be_visible()
    whole(office, axe)
    manager.goto(f"/applicant/{client}/cases/{case}/team/")
    with manager.expect_navigation():
        manager.get_by_role("button", name="没有异议").click()
    whole(manager, axe)


def review(leader, assessor, case, axe):
    book = f"/assessor/cases/{case}/"
    leader.goto(book)
    send(form(leader, "/start/"))
    assessor.goto(book)
    whole(assessor, axe)
    tables = {each.get_attribute("href") for each in assessor.locator(f".book a[href*='{book}tables/']").all()}
    for address in sorted(tables):
        assessor.goto(address)
        while assessor.locator("form[action$='/accept/']").count():  # a page of rows at a time
            if assessor.locator("input[name=bare]").count():
                assessor.check("input[name=bare]")
            send(form(assessor, "/accept/"))
    items = {each.get_attribute("href") for each in assessor.locator(f".book a[href*='{book}items/']").all()}
    rated = 0
    for address in sorted(items):
        assessor.goto(address)
        if assessor.locator("input[name=value]").count():
            assessor.locator("input[name=value][value='4']").check()
            assessor.fill("#rating-text", "Records seen and consistent")
            assessor.locator("form", has=assessor.locator("#rating-text")).locator("button").click()
            rated += 1
    assert rated > 3
    whole(assessor, axe)
    leader.goto(book)
    whole(leader, axe)
    send(form(leader, "/finish/"))


def plan(leader, case, axe):
    """A visit on the fifth day from now; returns when it opens and when its closing meeting begins."""
    leader.goto(f"/assessor/cases/{case}/visit/plan/")
    day = localdate() + timedelta(days=5)
    for name, hour in (("opening", 9), ("closing_from", 16), ("closing_until", 17)):
        leader.fill(f"input[name={name}]", f"{day:%Y-%m-%d}T{hour:02}:00")
    for name, text in (
        ("site_1", "总部"),
        ("address_1", "上海市示例路 1 号"),
        ("position_1", "121.4，31.2"),
    ):
        leader.fill(f"[name={name}]", text)
    for each in leader.locator("input[name^=days_]").all():
        each.fill("1")
    leader.fill("textarea[name=agenda]", "09:00 首次会议\n16:00 末次会议")
    whole(leader, axe)
    leader.locator("main button.btn-primary").click()
    expect(leader).to_have_url(re.compile("/visit/$"))
    whole(leader, axe)
    return (make_aware(datetime.combine(day, time(hour))) for hour in (9, 16))


def everybody_signs(people, case, moment, axe):
    for page in people:
        page.goto(f"/assessor/cases/{case}/visit/")
        page.set_input_files(f"#photo-{moment}", {"name": "a.png", "mimeType": "image/png", "buffer": papers.picture()})
        page.locator(f"form.sign:has(input[value={moment}]) button").click()
        expect(page.locator(f"#photo-{moment}")).to_have_count(0)
    whole(people[-1], axe)


def draw(leader, manager, case, client, axe):
    """Committed by the leader, answered by the client, opened by the leader."""
    leader.goto(f"/assessor/cases/{case}/visit/")
    send(form(leader, "/visit/draw/"))
    manager.goto(f"/applicant/{client}/cases/{case}/visit/")
    whole(manager, axe)
    manager.fill("#draw-text", "沧浪之水 2026")
    send(form(manager, "/visit/draw/"))
    expect(manager.locator("main")).to_contain_text("沧浪之水 2026")
    leader.reload()
    send(form(leader, "/visit/draw/"))
    expect(leader.locator("a[href*='kind=trace']").first).to_be_visible()
    whole(leader, axe)


def traces(leader, assessor, case, axe):
    """Every drawn project is traced, somebody interviewed, a nonconformity found."""
    for address in [each.get_attribute("href") for each in leader.locator("a[href*='kind=trace']").all()]:
        leader.goto(address)
        for each in leader.locator("main input[type=checkbox]").all():
            each.check()
        leader.fill("main textarea[name=notes]", "合同、计划、测试、验收与满意度均已查阅")
        leader.locator("main button.btn-primary").click()
    expect(leader.locator("a[href*='kind=trace']")).to_have_count(0)
    assessor.goto(f"/assessor/cases/{case}/visit/records/new/")
    assessor.select_option("select[name=kind]", "interview")
    assessor.fill("input[name=subject]", "Project manager")
    assessor.fill("textarea[name=notes]", "Explained how changes are approved")
    whole(assessor, axe)
    assessor.locator("main button.btn-primary").click()
    assessor.goto(f"/assessor/cases/{case}/visit/findings/new/")
    assessor.locator("input[name=grade][value=minor]").check()
    assessor.select_option("select[name=rule]", index=1)
    assessor.fill("textarea[name=text]", "A test report lacks its review")
    assessor.locator("main form#finding-form button.btn-primary").click()
    expect(assessor.locator("#offline-state")).not_to_be_empty()
    expect(assessor.locator("#waiting li")).to_have_count(0)


def finish(leader, manager, assessor, case, client, axe):
    """The visit ends; the client corrects, the team verifies, the leader closes."""
    leader.goto(f"/assessor/cases/{case}/visit/")
    send(form(leader, "/visit/move/"))
    manager.goto(f"/applicant/{client}/cases/{case}/visit/")
    corrected = form(manager, "/visit/corrections/")
    for name, text in (
        ("correction", "补做了评审并归档"),
        ("cause", "评审安排没有写进计划"),
        ("action", "计划模板加入评审节点"),
    ):
        corrected.locator(f"[name={name}]").fill(text)
    whole(manager, axe)
    send(corrected)
    expect(manager.locator("main")).to_contain_text("补做了评审并归档")
    assessor.goto(f"/assessor/cases/{case}/visit/")
    verified = form(assessor, "/visit/corrections/verify/")
    verified.locator("textarea").fill("The filed review was seen")
    whole(assessor, axe)
    verified.locator("button[value=accept]").click()
    expect(form(assessor, "/visit/corrections/verify/")).to_have_count(0)
    leader.reload()
    send(form(leader, "/visit/move/"))


def report(leader, case, axe):
    leader.goto(f"/assessor/cases/{case}/visit/report/")
    issued = form(leader, "/visit/report/issue/")
    issued.locator("[name=proposed][value=level-4]").check()
    issued.locator("textarea").fill("记录支持所提议的等级")
    whole(leader, axe)
    send(issued)
    expect(form(leader, "/visit/report/issue/")).to_have_count(0)
    whole(leader, axe)


def decide(sign_in, server, case, axe):
    """One decides, another signs, both proven anew."""
    maker = goes(sign_in(staff("decision_maker"), "en", 380), case, "decision/")
    grant = form(maker, "/decision/grant/")
    grant.locator("select").select_option("level-4")
    grant.locator("textarea").fill(BECAUSE)
    whole(maker, axe)
    sign_form(maker, grant, server.accounts[staff("decision_maker")]["password"])
    expect(maker.locator(".decided h2")).to_contain_text("Grant")
    head = goes(sign_in(staff("head_of_body")), case, "decision/")
    sign_form(head, form(head, "/decision/sign/"), server.accounts[staff("head_of_body")]["password"])
    expect(head.locator(".seal")).to_have_text("已生效")
    whole(head, axe)
