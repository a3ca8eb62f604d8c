# SPDX-License-Identifier: Apache-2.0
"""What the journeys through the stages share: who sits where, which case is whose, forms filled and sent.

Forms are found by the address that they send to, so that a journey reads the same in both languages.
"""

import sqlite3
from uuid import UUID

_MEANT = """SELECT "case".id, firm.id FROM people_organisation firm
LEFT JOIN applications_case "case" ON "case".client_id = firm.id WHERE firm.name = ?"""


def staff(role):
    return f"{role}@body.example"


def found(server, firm):
    """The ids of a firm's case ("" while it has none) and of the firm, in the demonstration that is served."""
    rows = sqlite3.connect(server.data / "gradus.sqlite3")
    try:
        case, client = rows.execute(_MEANT, [firm]).fetchone()
    finally:
        rows.close()
    return str(UUID(case)) if case else "", str(UUID(client))


def whole(page, axe):
    """Nothing keeps people out of the page, and nothing sticks out of it."""
    axe(page)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def form(page, address):
    """The form that sends to an address, by its end; what it is folded into is opened."""
    made = page.locator(f"form[action$='{address}']")
    folded = made.locator("xpath=ancestor::details[not(@open)]/summary")
    if folded.count():
        folded.first.click()
    return made


def send(filled, name="button"):
    """Press a form's button, and wait for what is answered: a click returns once the next page has begun."""
    filled.locator(name).last.click()
    filled.page.wait_for_load_state()


def password_again(page, password):
    """Whoever proved long ago who they are does it again before signing."""
    page.wait_for_load_state()
    if page.locator("main input[name=password]").count():
        page.fill("main input[name=password]", password)
        with page.expect_navigation():
            page.press("main input[name=password]", "Enter")


def sign_form(page, filled, password):
    """Send what is signed."""
    send(filled)
    password_again(page, password)
