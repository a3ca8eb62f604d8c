# SPDX-License-Identifier: Apache-2.0
"""In a real browser: a stranger checks a certificate's file, its number and the code on its paper; with the network
gone, with an old browser, and without scripts."""

import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.desks import whole
from tests.journeys.server import running, surroundings

REPOSITORY = Path(__file__).resolve().parents[2]

WITHOUT_ED25519 = """
const importKey = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (format, data, algorithm, ...more) {
  if (algorithm?.name === "Ed25519") return Promise.reject(new DOMException("unrecognized name", "NotSupportedError"));
  return importKey.call(this, format, data, algorithm, ...more);
};
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A platform of its own, with nothing in it but what is published: strangers need no more."""
    with running(tmp_path_factory.mktemp("server") / "data", command="serve") as served:
        yield served


@pytest.fixture(scope="module")
def issued(server, tmp_path_factory):
    """A certificate of the platform: a folder as its holder has it, with altered copies; its number; the day of issue,
    about which everything is asked, whatever today is."""
    folder = tmp_path_factory.mktemp("issued")
    settings = {"DJANGO_SETTINGS_MODULE": "gradus.conf.settings", "GRADUS_DATA": str(server.data)}
    command = [sys.executable, "-m", "tests.journeys.put_certificate", folder]
    env = surroundings(**settings, GRADUS_KEY_PASSPHRASE="correct horse battery staple")
    done = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    data = bytearray((folder / "certificate.pdf").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "flipped.pdf").write_bytes(data)
    credential = (folder / "credential.json").read_text("utf-8")
    (folder / "altered.json").write_text(credential.replace('"stars":', '"stars": ', 1), "utf-8")
    return folder, *done.stdout.splitlines()[-1].split()  # before it, letters


def code_of(folder):
    """What the QR code says behind the # of its address, read from a picture of the certificate."""
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", "certificate.pdf", "page"], cwd=folder, check=True)
    (code,) = zxingcpp.read_barcodes(Image.open(folder / "page.png"))
    return code.text.partition("#")[2]


def verdict(page, state):
    expect(page.locator("#answer .verdict")).to_have_class(f"verdict {state}")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 380), ("en", 1440)])
def test_with_the_network_gone_the_browser_itself_finds_a_flipped_byte(visitor, issued, axe, language, width):
    folder, _, day = issued
    page = visitor(language, width)
    page.goto(f"/verify/?on={day}")
    page.wait_for_load_state("networkidle")
    axe(page)
    page.route("**/*", lambda route: route.abort())
    page.context.set_offline(True)
    page.set_input_files("#file", folder / "certificate.pdf")
    verdict(page, "holds")
    assert page.locator("#answer .verify-steps > li.passed").count() == 17
    whole(page, axe)
    page.set_input_files("#file", folder / "flipped.pdf")
    verdict(page, "does_not_hold")
    axe(page)
    page.set_input_files("#file", [folder / "receipt.json", folder / "credential.json"])
    verdict(page, "holds")
    page.set_input_files("#file", [folder / "receipt.json", folder / "altered.json"])
    verdict(page, "does_not_hold")


def test_whoever_changes_the_language_is_told_to_choose_the_file_again(visitor, issued, axe):
    folder, _, day = issued
    page = visitor("en", 380)
    page.goto(f"/verify/?on={day}")
    page.set_input_files("#file", folder / "certificate.pdf")
    verdict(page, "holds")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#working")).to_contain_text("您的文件没有保留")
    whole(page, axe)
    page.set_input_files("#file", folder / "certificate.pdf")
    verdict(page, "holds")
    expect(page.locator("#working")).to_be_empty()
    assert page.locator("#file-day").input_value() == day
    page.set_input_files("#file", {"name": "scan.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"})
    verdict(page, "cannot_tell")
    expect(page.locator("#working")).to_be_empty()  # no list of any day would tell more of it


def test_a_browser_that_lacks_the_algorithm_says_so_and_calls_nothing_valid(visitor, issued):
    folder, _, day = issued
    page = visitor("en")
    page.add_init_script(WITHOUT_ED25519)
    page.goto(f"/verify/?on={day}")
    page.set_input_files("#file", folder / "certificate.pdf")
    verdict(page, "cannot_tell")
    expect(page.locator("#answer .why")).to_contain_text("does not know the algorithm Ed25519")
    page.set_input_files("#file", folder / "flipped.pdf")
    verdict(page, "does_not_hold")


def test_older_browsers_check_what_they_can_and_say_what_they_cannot(visitor, issued):
    folder, _, day = issued
    page = visitor("en")
    page.add_init_script("delete String.prototype.isWellFormed")
    page.goto(f"/verify/?on={day}")
    page.set_input_files("#file", folder / "certificate.pdf")
    verdict(page, "holds")
    page.add_init_script("delete globalThis.DecompressionStream")
    page.goto(f"/verify/?on={day}")
    page.set_input_files("#file", [folder / "receipt.json", folder / "credential.json"])
    verdict(page, "cannot_tell")
    expect(page.locator("#answer .verify-steps > li").last).to_contain_text("does not know the algorithm gzip")
    page.add_init_script("delete Blob.prototype.arrayBuffer")
    page.goto(f"/verify/?on={day}")
    page.set_input_files("#file", folder / "certificate.pdf")
    expect(page.locator("#working")).to_contain_text("This browser could not check")
    expect(page.locator("#answer .verdict")).to_have_count(0)


def test_without_scripts_the_server_checks_file_and_number(browser, server, issued):
    folder, number, day = issued
    context = browser.new_context(
        base_url=server.url, java_script_enabled=False, viewport={"width": 380, "height": 800}
    )
    page = context.new_page()
    page.goto(f"/verify/?on={day}")
    page.set_input_files("#file", folder / "certificate.pdf")
    page.locator("#by-file button").click()
    verdict(page, "holds")
    page.set_input_files("#file", folder / "flipped.pdf")
    page.locator("#by-file button").click()
    verdict(page, "does_not_hold")
    page.fill("#number", number.lower().replace("-", ""))
    page.press("#number", "Enter")
    verdict(page, "holds")
    context.close()


def test_the_code_on_the_paper_leads_to_the_verdict_and_is_checked_in_the_browser(visitor, issued, axe):
    folder, number, day = issued
    signed = code_of(folder)
    page = visitor("en")
    page.goto(f"/v/{number}?on={day}#{signed}")
    verdict(page, "holds")
    expect(page.locator("#code")).to_contain_text("Compare each with the paper")
    axe(page)
    for altered in (
        signed.replace("~91", "~92", 1),
        signed[:-4] + "AAAA",
        signed.replace(number, "DEMO-2020-000001-11"),
    ):
        page.goto("/verify/")
        page.goto(f"/v/{number}#{altered}")
        expect(page.locator("#code .error")).to_be_visible()
