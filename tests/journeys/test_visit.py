# SPDX-License-Identifier: Apache-2.0
"""On a tablet: a finding with a photo, written without a connection, outlives a reload and arrives exactly once."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.dossiers import papers
from tests.journeys.desks import whole
from tests.journeys.server import running, surroundings

ROOT = Path(__file__).resolve().parents[2]
LEADER, ASSESSOR = "lead_assessor@body.example", "assessor@body.example"


@pytest.fixture(scope="module")
def server(demonstration, tmp_path_factory):
    """A server for this file alone, with a case on site; it is killed on the way."""
    with running(shutil.copytree(demonstration, tmp_path_factory.mktemp("visit") / "data")) as served:
        yield served


@pytest.fixture(scope="module")
def sessions():
    return {}


@pytest.fixture(scope="module")
def case(server):
    """The id of a case on site."""
    known = surroundings(
        DJANGO_SETTINGS_MODULE="gradus.conf.settings", GRADUS_DATA=str(server.data), GRADUS_DEMO="1", PYTHONPATH="src:."
    )
    command = [sys.executable, "-m", "tests.journeys.put_on_site"]
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]  # after the letters that were sent


@pytest.fixture
def opened(sign_in, case):
    """``opened(ASSESSOR, "findings/new/", "en", 768)``: a page of the visit."""

    def page(who, part="", language="zh-hans", width=768):
        made = sign_in(who, language, width)
        made.goto(f"/assessor/cases/{case}/visit/{part}")
        return made

    return page


@pytest.fixture
def unwatched(browser):
    """``unwatched(page)``: the same page of the same person, in a browser that may say that it found no connection."""
    contexts = []

    def page(watched, **options):
        context = browser.new_context(storage_state=watched.context.storage_state(), **options)
        contexts.append(context)
        made = context.new_page()
        made.goto(watched.url)
        return made

    yield page
    for each in contexts:
        each.close()


def write(page, text):
    page.select_option("select[name=rule]", index=1)
    page.fill("textarea[name=text]", text)
    page.set_input_files("#photos", {"name": "a.png", "mimeType": "image/png", "buffer": papers.picture()})
    page.locator("main form#finding-form button.btn-primary").click()


def test_a_finding_written_offline_and_reloaded_arrives_once_with_its_photo(opened, unwatched):
    page = unwatched(opened(ASSESSOR, "findings/new/"))
    expect(page.locator("#offline-state")).not_to_be_empty()
    page.context.set_offline(True)
    write(page, "离线写下：验收单缺少日期")
    expect(page.locator("#waiting li")).to_have_count(1)
    page.reload()
    expect(page.locator("#waiting li")).to_contain_text("离线写下")
    page.context.set_offline(False)
    expect(page.locator("#waiting li")).to_have_count(0, timeout=20_000)
    page.reload()
    page.locator("main form#finding-form a").click()
    findings = page.locator(".finding", has_text="离线写下")
    expect(findings).to_have_count(1)
    expect(findings.locator("img")).to_have_count(1)
    expect(findings.locator("img")).to_have_js_property("complete", value=True, timeout=20_000)
    assert findings.locator("img").evaluate("image => image.naturalWidth") > 0


def test_the_visit_opens_offline_and_every_page_of_the_team_shows_and_sends_what_waits(opened, unwatched, server):
    page = unwatched(opened(ASSESSOR))
    expect(page.locator("#offline-state")).not_to_be_empty()
    page.context.set_offline(True)
    page.reload()
    page.locator("a[href$='findings/new/']").click()
    write(page, "途中写下：访谈未留记录")
    expect(page.locator("#waiting li")).to_have_count(1)
    page.locator("main form#finding-form a").click()
    expect(page.locator("#waiting li")).to_contain_text("途中写下")
    page.locator("form[data-sign] button").first.click()
    expect(page.locator("#offline-state")).to_contain_text("没有网络")
    page.route("**/findings/new/", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto(f"{server.url}/office/work/")
    expect(page.locator("#waiting li")).to_contain_text("途中写下")
    page.unroute("**/findings/new/")
    page.reload()
    expect(page.locator("#waiting li")).to_have_count(0)
    page.goto(f"{server.url}/office/work/")
    expect(page.locator("#waiting-here")).to_be_hidden()


def test_a_lost_answer_doubles_no_finding(opened, unwatched):
    page = opened(ASSESSOR, "findings/new/")
    quiet = unwatched(page, service_workers="block")

    def lose(route):
        assert route.fetch().ok
        route.abort()

    quiet.route("**/findings/new/", lose, times=1)
    with quiet.expect_event("requestfailed"):
        write(quiet, "应答丢失：培训记录不全")
    expect(quiet.locator("#waiting li")).to_have_count(1)
    quiet.reload()
    expect(quiet.locator("#waiting li")).to_have_count(0)
    quiet.goto(page.url.removesuffix("findings/new/"))
    expect(quiet.locator(".finding", has_text="应答丢失")).to_have_count(1)


def test_a_finding_that_was_refused_is_taken_back_mended_and_sent_once(opened):
    page = opened(ASSESSOR, "findings/new/", "en", 380)
    page.select_option("select[name=rule]", index=2)
    page.fill("textarea[name=text]", "Minutes of the review are missing")
    page.set_input_files("#photos", {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture at all"})
    rule = page.locator("select[name=rule]").input_value()
    page.locator("main form#finding-form button.btn-primary").click()
    waiting = page.locator("#waiting li")
    expect(waiting).to_contain_text("Minutes of the review")
    expect(waiting.locator("button")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    waiting.locator("button").first.click()
    expect(waiting).to_have_count(0)
    expect(page.locator("textarea[name=text]")).to_be_focused()
    expect(page.locator("textarea[name=text]")).to_have_value("Minutes of the review are missing")
    expect(page.locator("select[name=rule]")).to_have_value(rule)
    page.fill("textarea[name=text]", "Minutes of the design review are missing")
    page.locator("main form#finding-form button.btn-primary").click()
    expect(page.locator("#offline-state")).not_to_be_empty()
    expect(waiting).to_have_count(0)
    page.locator("main form#finding-form a").click()
    expect(page.locator(".finding", has_text="Minutes of the")).to_have_count(1)


def test_the_form_opens_and_keeps_findings_while_the_server_is_down(opened, unwatched, server):
    page = opened(ASSESSOR, "findings/new/")
    quiet = unwatched(page)
    expect(quiet.locator("#offline-state")).not_to_be_empty()
    server.kill()
    try:
        quiet.reload()
        write(quiet, "断电时写下：备份未演练")
        expect(quiet.locator("#waiting li")).to_have_count(1)
    finally:
        server.start()
    quiet.reload()
    expect(quiet.locator("#waiting li")).to_have_count(0, timeout=20_000)
    quiet.goto(page.url.removesuffix("findings/new/"))
    expect(quiet.locator(".finding", has_text="断电时写下")).to_have_count(1)


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 380), ("en", 768), ("zh-hans", 1440)])
def test_the_pages_of_a_visit_are_whole_at_every_width(opened, axe, language, width):
    for part in ("", "findings/new/", "records/new/", "plan/"):
        page = opened(LEADER, part, language, width)
        whole(page, axe)
