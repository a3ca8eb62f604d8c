# SPDX-License-Identifier: Apache-2.0
"""In a real browser: a case of level 4 from its application to the plan of its visit, by everybody who has a part."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.journeys.desks import form, found, send, staff, whole

FIRM, MANAGER = "沧浪软件技术有限公司", "manager@canglang.example"


@pytest.mark.long
def test_a_case_from_its_application_to_the_plan_of_its_visit(sign_in, server, axe):
    _, client = found(server, FIRM)
    manager = sign_in(MANAGER)
    apply(manager, client, axe)
    case, _ = found(server, FIRM)
    accept(sign_in(staff("application_reviewer"), "en", 380), case, axe)
    agree(sign_in(staff("office")), manager, case, client, axe)
    team(sign_in(staff("office"), "en", 380), manager, server, case, client, axe)
    leader = sign_in(staff("lead_assessor"))
    review(leader, sign_in(staff("assessor"), "en", 1440), case, axe)
    plan(leader, case, axe)
    manager.goto(f"/applicant/{client}/cases/{case}/")
    expect(manager.locator("h1")).to_have_text("现场评估")
    whole(manager, axe)


def apply(manager, client, axe):
    manager.goto(f"/applicant/{client}/cases/")
    whole(manager, axe)
    manager.goto(f"/applicant/{client}/cases/apply/")
    whole(manager, axe)
    manager.locator("main button.btn-primary").click()
    expect(manager.locator("h1")).to_have_text("申请审查")


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
        if assessor.locator("form[action$='/accept/']").count():
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
    leader.goto(f"/assessor/cases/{case}/visit/plan/")
    day = localdate() + timedelta(days=5)
    for name, hour in (("opening", 9), ("closing_from", 16), ("closing_until", 17)):
        leader.fill(f"input[name={name}]", f"{day:%Y-%m-%d}T{hour:02}:00")
    for name, text in (
        ("site_1", "总部"),
        ("address_1", "上海市示例路 1 号"),
        ("north_1", "31.2"),
        ("east_1", "121.4"),
    ):
        leader.fill(f"[name={name}]", text)
    for each in leader.locator("input[name^=days_]").all():
        each.fill("1")
    leader.fill("textarea[name=agenda]", "09:00 首次会议\n16:00 末次会议")
    whole(leader, axe)
    leader.locator("main button.btn-primary").click()
    expect(leader).to_have_url(re.compile("/visit/$"))
    whole(leader, axe)
