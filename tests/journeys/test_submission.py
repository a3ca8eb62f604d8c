# SPDX-License-Identifier: Apache-2.0
"""In a real browser: from a workbook to a signed submission that the body reads; last year rolled forward."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.desks import password_again, whole

WORKBOOK = Path(__file__).resolve().parents[2] / "examples" / "tiangong" / "tiangong.xlsx"
FIRM = "manager@tiangong.example"
WORDS = {
    "zh-hans": {"begin": "开始", "take": "采用选中", "sign": "签署并提交", "next": "下一步", "hold": "确认仍然有效"},
    "en": {"begin": "Begin", "take": "Take the", "sign": "Sign and submit", "next": "Next", "hold": "They still hold"},
}


def new_dossier(page, title, way):
    page.goto("/")
    page.locator("main a.btn-primary").click()
    page.fill("#title", title)
    page.check(f"input[name=way][value={way}]")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1440), ("en", 380)])
def test_from_a_workbook_to_a_submission_that_the_body_reads(sign_in, axe, server, language, width):
    words, title = WORDS[language], f"2027 {language}"
    page = sign_in(FIRM, language, width)
    new_dossier(page, title, "workbook")
    page.set_input_files("#workbook", WORKBOOK)
    whole(page, axe)
    page.get_by_role("button", name=words["begin"]).click()
    page.wait_for_url("**/workbook/**")
    whole(page, axe)
    page.get_by_role("button", name=words["take"]).click()
    page.wait_for_url(lambda url: "/workbook/" not in url)
    home = page.url
    whole(page, axe)
    # The check says that the day is long past, and leads to its cell.
    page.goto(f"{home}submit/")
    finding = page.locator(".findings li").first
    expect(finding).to_contain_text("2026-06-30")
    today = re.findall(r"\d{4}-\d\d-\d\d", finding.inner_text())[1]
    whole(page, axe)
    page.locator(".findings .places a").first.click()
    page.locator("#grid td[data-column=applied_on]").click()
    page.keyboard.type(today)
    page.keyboard.press("Enter")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    page.goto(f"{home}submit/")
    page.locator("main a.btn-primary", has_text=words["next"]).click()
    whole(page, axe)
    # A signature that is not whole comes back with what was typed.
    page.fill("input[name=declared_by]", "李申报")
    page.get_by_role("button", name=words["sign"]).click()
    expect(page.locator("input[name=declared_by]")).to_have_value("李申报")
    expect(page.locator("#id_declared_as")).to_have_attribute("aria-invalid", "true")
    whole(page, axe)
    page.fill("input[name=declared_as]", "总经理")
    if page.locator("input[name=read]").count():
        page.check("input[name=read]")
    page.get_by_role("button", name=words["sign"]).click()
    password_again(page, server.accounts[FIRM]["password"])
    page.wait_for_url("**/submissions/1/")
    whole(page, axe)
    with page.expect_download() as download:
        page.locator("main a[href$='submission.json']").click()
    assert '"format":"gradus-submission/1"' in download.value.path().read_text("utf-8")
    digest = page.locator(".checks code.digest").last.text_content()
    # The body.
    body = sign_in("office@body.example", language, width)
    body.goto(re.sub(r"/applicant/([^/]+)/.*", r"/office/clients/\1/submissions/", page.url))
    body.locator("main tbody a", has_text=title).click()
    expect(body.locator("main")).to_contain_text(digest)
    whole(body, axe)


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 380), ("en", 1440)])
def test_last_year_is_rolled_forward_and_confirmed(sign_in, axe, language, width):
    words = WORDS[language]
    page = sign_in("manager@mirage.example", language, width)
    new_dossier(page, f"2027 {language}", "earlier")
    page.select_option("#earlier", label=page.locator("#earlier option", has_text="2025 年申请").inner_text())
    page.get_by_role("button", name=words["begin"]).click()
    page.wait_for_url(lambda url: "/new/" not in url)
    confirm = page.get_by_role("button", name=re.compile(words["hold"]))
    before = confirm.count()
    assert before > 5
    assert page.locator(".attention").count()  # what has expired meanwhile is marked
    whole(page, axe)
    confirm.first.click()
    expect(confirm).to_have_count(before - 1)
