# SPDX-License-Identifier: Apache-2.0
"""In a real browser through the real server: adding evidence, looking at a long scan, and bodies that are too large."""

import re
import socket

import pytest
from playwright.sync_api import expect

from tests.dossiers import papers

FIRM = "manager@mirage.example"


@pytest.fixture
def evidence_page(sign_in):
    def opened(language="zh-hans", width=1440, email=FIRM):
        page = sign_in(email, language, width)
        page.goto("/")
        page.locator("main table a").first.click()
        page.wait_for_load_state()
        page.goto(page.url + "evidence/")
        return page

    return opened


def given(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def add(page, *files):
    page.set_input_files("#files", list(files))
    page.click("#upload .btn-primary")
    expect(page.locator("#uploads .kept, #uploads .refused")).to_have_count(len(files), timeout=20_000)


def drawn(page, number):
    """Wait until a page's picture is there; its size."""
    picture = page.locator(f"#page-{number} img")
    expect(picture).to_have_js_property("complete", value=True)
    return picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")


def test_many_files_at_once_each_with_its_own_progress_and_answer(evidence_page, axe):
    page = evidence_page()
    files = [given(f"many-{number}.pdf", papers.pdf(number)) for number in range(1, 6)]
    add(page, *files, given("bad.pdf", b"nothing"))
    expect(page.locator("#uploads .kept")).to_have_count(5)
    expect(page.locator("#uploads .refused")).to_contain_text("只接受 PDF、PNG 和 JPEG")
    expect(page.locator("#evidence-list")).to_contain_text("many-5.pdf")
    axe(page)


def test_files_can_be_dropped(evidence_page):
    page = evidence_page("en")
    page.evaluate(
        """async (content) => {
            const carried = new DataTransfer();
            for (const name of ["dropped-1.png", "dropped-2.png"])
                carried.items.add(new File([new Uint8Array(content)], name));
            document.getElementById("drop").dispatchEvent(
                new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
        }""",
        list(papers.picture()),
    )
    expect(page.locator("#uploads .kept")).to_have_count(2)
    expect(page.locator("#evidence-list")).to_contain_text("dropped-2.png")
    # Both go up at once; whichever arrives second is told that it is the same as the other.
    expect(page.locator("#uploads")).to_contain_text(re.compile(r"This is the same file as dropped-[12]\.png\."))


def test_without_scripts_files_go_up_with_the_form(browser, server, evidence_page):
    with_script = evidence_page()
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    context.add_cookies(with_script.context.cookies())
    page = context.new_page()
    page.goto(with_script.url)
    page.set_input_files("#files", [given("plain.pdf", papers.pdf(60, rotate=90)), given("bad.pdf", b"nothing")])
    page.click("#upload .btn-primary")
    expect(page.locator(".said.error")).to_contain_text("bad.pdf")
    page.locator(".evidence-table a", has_text="plain.pdf").first.click()
    page.goto(page.url + "?page=57")
    across, down = drawn(page, 57)
    assert across > down
    box = page.locator("#page-57 img").bounding_box()
    assert -400 < box["y"] < 700
    context.close()


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1440), ("en", 380)])
def test_a_rotated_scan_of_a_hundred_pages_opens_at_the_cited_one(language, width, evidence_page, axe):
    page = evidence_page(language, width)
    name = f"scan-{width}.pdf"
    add(page, given(name, papers.pdf(100, rotate=90, says=f"Scan {width}")))
    page.locator(".evidence-table a", has_text=name).first.click()
    page.goto(page.url + "?page=57")
    expect(page.locator("#page-57")).to_be_in_viewport()
    expect(page.locator("#page")).to_have_value("57")
    across, down = drawn(page, 57)
    assert across > down
    # Only what is near is drawn.
    near = page.locator(".sheet img").evaluate_all("all => all.filter(image => image.currentSrc && image.complete)")
    assert len(near) < 40
    page.keyboard.press("PageDown")
    expect(page.locator("#page-58")).to_be_focused()
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    expect(page).to_have_url(re.compile(r"\?page=56$"))
    axe(page)
    page.locator(".viewer-tools a", has_text="Turn right" if language == "en" else "右转").click()
    expect(page).to_have_url(re.compile(r"page=56&turn=90$"))
    across, down = drawn(page, 56)
    assert across < down
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_damaged_page_says_so(evidence_page):
    page = evidence_page()
    add(page, given("damaged.pdf", papers.pdf(3, damaged=2)))
    page.locator(".evidence-table a", has_text="damaged.pdf").first.click()
    across, down = drawn(page, 1)
    assert 0 < across < down
    page.locator("#page-2").scroll_into_view_if_needed()
    said = page.request.get(page.locator("#page-2 img").get_attribute("src"))
    assert (said.status, "已损坏" in said.text()) == (200, True)


@pytest.mark.parametrize("header", [f"Content-Length: {200 * 2**20}", "Transfer-Encoding: chunked"])
def test_two_hundred_megabytes_are_refused_before_they_are_sent(header, server):
    """Also when the body does not say how long it is."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as link:
        start = f"POST /applicant/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{header}\r\n\r\n"
        link.sendall(start.encode())
        answer = link.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_dropped_folder_and_a_chosen_one_keep_paths_and_same_names_are_told(evidence_page, axe, tmp_path):
    page = evidence_page("en")
    for project in ("P71", "P72"):
        (tmp_path / "chosen" / project).mkdir(parents=True)
        (tmp_path / "chosen" / project / "contract.pdf").write_bytes(papers.pdf(2, says=f"Of {project}"))
    page.set_input_files("#whole-folder", tmp_path / "chosen")
    page.click("#upload .btn-primary")
    expect(page.locator("#uploads .kept")).to_have_count(2)
    for project in ("P71", "P72"):
        expect(page.locator("#evidence-list")).to_contain_text(f"chosen/{project}/contract.pdf")
    # A script cannot make a real dropped folder; this one answers as a browser's does.
    page.evaluate(
        """async (content) => {
            const file = { isFile: true, fullPath: "/chosen/P71/contract.pdf",
                file: (found) => found(new File([new Uint8Array(content)], "contract.pdf")) };
            const some = [[file], []];
            const folder = { isDirectory: true, createReader: () => ({ readEntries: (found) => found(some.shift()) }) };
            const drop = new Event("drop", {bubbles: true, cancelable: true});
            drop.dataTransfer = { types: ["Files"], items: [{ webkitGetAsEntry: () => folder }], files: [] };
            document.getElementById("drop").dispatchEvent(drop);
        }""",
        list(papers.pdf(1, says="Another")),
    )
    expect(page.locator("#uploads")).to_contain_text("kept beside it as “chosen/P71/contract (2).pdf”")
    axe(page)
    page.locator("#uploads a").click()
    page.get_by_role("button", name="Make it the new version").click()
    expect(page.locator(".said.success")).to_contain_text("Kept as a new version")
    expect(page.locator("h1")).to_have_text("chosen/P71/contract.pdf")
