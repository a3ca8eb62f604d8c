# SPDX-License-Identifier: Apache-2.0
"""In a real browser: the office records a tie and a competence, and ends both."""

import pytest
from playwright.sync_api import expect

from tests.journeys.desks import send, staff, whole


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1440), ("en", 380)])
def test_the_office_ends_a_tie_and_a_competence(sign_in, axe, language, width):
    page = sign_in(staff("office"), language, width)
    page.goto("/office/ties/")
    tie = page.locator("form", has=page.locator("button[value=tie]"))
    tie.locator("[name=account]").select_option(index=1)
    tie.locator("[name=client]").fill("天山数字科技有限公司")
    tie.locator("[name=starts_on]").fill("2025-01-01")
    tie.locator("[name=source]").fill("人事档案")
    send(tie)
    whole(page, axe)
    page.locator("main li a").first.click()
    end_it(page, axe)
    expect(page.locator("main li").first).to_contain_text("2025-01-01 – 2025-06-01")
    page.goto("/office/competence/")
    whole(page, axe)
    page.locator("main table a").last.click()
    end_it(page, axe)
    expect(page.locator("tr", has_text="2025-06-01").first.locator(".block")).to_be_visible()
    whole(page, axe)


def end_it(page, axe):
    """First with a day before its beginning, which is refused beside the field."""
    whole(page, axe)
    for day in ("1999-01-01", "2025-06-01"):
        page.locator("[name=ends_on]").fill(day)
        send(page.locator("main form"))
        if day == "1999-01-01":
            expect(page.locator("#id_ends_on_error")).to_be_visible()
            whole(page, axe)
    expect(page.locator(".said").first).to_be_visible()
