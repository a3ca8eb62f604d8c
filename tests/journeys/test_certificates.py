# SPDX-License-Identifier: Apache-2.0
"""In a real browser: a granted case of the demonstration gets its certificate; a buyer finds and checks it; and what
was suspended is suspended for whoever asks."""

import pytest
from playwright.sync_api import expect

from tests.journeys.desks import form, found, send, sign_form, staff, whole

FIRM, TWO_CHARACTERS = "天山数字科技有限公司", "天山"
ADDRESS = "新疆维吾尔自治区乌鲁木齐市示例路 10 号"
BECAUSE = "逾期未接受监督，已两次书面通知"


@pytest.fixture
def desk(sign_in, server):
    """``desk("certificate_officer")``: somebody before the desk of the firm's certificate, in Chinese, wide."""

    def opened(role):
        page = sign_in(staff(role), "zh-hans", 1440)
        page.goto(f"/office/cases/{found(server, FIRM)[0]}/certificate/")
        return page

    return opened


@pytest.fixture
def buyer(visitor, axe):
    """``buyer("valid", "holds today")``: a visitor who has never been here, in English, on a telephone, finds the
    certificate by two characters of the firm's name, reads that it stands so, and has its number checked; the number.
    """

    def looked(standing, verdict):
        page = visitor("en", 380)
        page.goto("/register/")
        page.fill("#q", TWO_CHARACTERS)
        page.press("#q", "Enter")
        line = page.locator(".lines .line", has_text=FIRM)
        expect(line.locator(".stand")).to_contain_text(standing)
        whole(page, axe)
        line.get_by_role("link", name=FIRM).click()
        expect(page.locator("h1")).to_have_text(FIRM)
        expect(page.locator(".verdict-box h2")).to_contain_text(standing)
        whole(page, axe)
        number = page.url.rstrip("/").rsplit("/", 1)[-1]
        page.goto("/verify/")
        page.fill("#number", number)
        page.press("#number", "Enter")
        expect(page.locator(".verdict h2")).to_contain_text(verdict)
        whole(page, axe)
        return number

    return looked


def test_a_grant_becomes_a_certificate_that_a_buyer_finds_and_checks_until_it_is_suspended(desk, buyer, server, axe):
    officer = desk("certificate_officer")
    expect(officer.locator("main .chip")).to_have_count(8)
    expect(officer.locator("main .chip.attention")).to_have_count(0)
    whole(officer, axe)
    issue = form(officer, "/certificate/issue/")
    issue.locator("[name$=registered]").fill(ADDRESS)
    issue.locator("[name$=sites]").fill(ADDRESS)
    with officer.context.expect_event("response", lambda said: said.url.endswith("/certificate/preview/")) as preview:
        send(issue, "button[formaction]")
    assert preview.value.headers["content-type"] == "application/pdf"
    send(issue)
    expect(officer.locator(".decided h2")).to_contain_text("有效")
    whole(officer, axe)
    number = buyer("valid", "holds today")
    expect(officer.locator(".decided h2")).to_contain_text(number)

    suspend = form(officer, "/certificate/propose/suspended/")
    suspend.locator("select").select_option("surveillance-overdue")
    suspend.locator("textarea").fill(BECAUSE)
    whole(officer, axe)
    send(suspend)
    expect(form(officer, "/certificate/decide/")).to_have_count(0)  # for another to decide
    whole(officer, axe)
    maker = desk("decision_maker")
    decide = form(maker, "/certificate/decide/")
    decide.locator("input[value=yes]").check()
    decide.locator("textarea").fill(BECAUSE)
    whole(maker, axe)
    sign_form(maker, decide, server.accounts[staff("decision_maker")]["password"])
    expect(maker.locator(".decided h2")).to_contain_text("暂停")
    whole(maker, axe)
    assert buyer("suspended", "does not hold today") == number
    officer.goto("/office/certificates/")
    expect(officer.locator("main table", has_text="恢复或撤销")).to_contain_text(number)
    whole(officer, axe)
