# SPDX-License-Identifier: Apache-2.0
"""In a real browser: invited, an account made, the second factor set up; by keyboard alone in English."""

import re
from email import message_from_bytes, policy

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from tests.journeys.desks import whole

PASSWORD = "a long way to the top"


def invitation_to(server, email):
    """The address in the letter that was sent."""
    printed = server.log.read_bytes().split(b"-" * 79)
    letters = [message_from_bytes(each.lstrip(), policy=policy.default) for each in printed if email.encode() in each]
    return re.findall(r"http\S+/enter/\S+", letters[-1].get_content())[-1]


def by_keyboard(page, *texts):
    """Go on with Tab from field to field, and send."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 380), ("en", 1440)])
def test_invited_staff_make_an_account_and_set_up_the_second_factor(sign_in, visitor, server, axe, language, width):
    email = f"new-{language}@body.example"
    office = sign_in("administrator@body.example", language, width)
    office.goto("/office/people/invite/")
    axe(office)
    office.fill("input[name=email]", email)
    if office.locator("select[name=role]").count():
        office.select_option("select[name=role]", "assessor")
    else:
        office.check("input[name=role][value=assessor]")
    office.locator("main button.btn-primary").click()
    expect(office.locator("main")).to_contain_text(email)
    page = visitor(language, width)
    page.goto(invitation_to(server, email))
    axe(page)
    page.locator("input[name=name]").focus()
    by_keyboard(page, "王评估", PASSWORD, PASSWORD)
    page.wait_for_selector("#secret", state="attached")
    whole(page, axe)
    secret = "".join(page.locator("#secret").text_content().split())
    page.locator("input[name=code]").focus()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=code]")).to_have_attribute("aria-invalid", "true")
    axe(page)
    page.fill("input[name=code]", "")
    page.locator("input[name=code]").focus()
    page.keyboard.type(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))
    page.keyboard.press("Enter")
    expect(page.locator("input[name=code]")).to_have_count(0)
    axe(page)
    page.goto("/")
    assert page.url.endswith("/office/work/")
