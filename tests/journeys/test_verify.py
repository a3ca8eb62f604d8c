# SPDX-License-Identifier: Apache-2.0
"""In a real browser: a stranger checks a certificate's file, its number and the code on its paper; with the network
gone, with an old browser, and without scripts."""

import json
import shutil
import subprocess

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.server import Server, gradus

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
    running = Server(tmp_path_factory.mktemp("server") / "data").start("serve")
    yield running
    assert running.stop() == 0
    assert "Traceback" not in (running.data.parent / "data.log").read_text("utf-8")


@pytest.fixture(scope="module")
def issued(server, tmp_path_factory):
    """A certificate issued a minute ago: published on the server, and in a folder as its holder has it."""
    folder, published = tmp_path_factory.mktemp("issued"), server.data / "published"
    done = gradus("demo-certificate", folder)  # a process of its own: what signs a PDF brings its own event loop
    assert done.returncode == 0, done.stderr
    credential = (folder / "credential.json").read_bytes()
    number = json.loads(credential)["credentialSubject"]["statement"]["number"]
    (published / "certificates" / number).mkdir(parents=True)
    shutil.copy(folder / "trust.json", published)
    for name in ("credential.json", "receipt.json"):
        shutil.copy(folder / name, published / "certificates" / number)
    data = bytearray((folder / "certificate.pdf").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "flipped.pdf").write_bytes(data)
    (folder / "altered.json").write_bytes(credential.replace(b'"stars":', b'"stars": ', 1))
    return folder, number


def code_of(folder):
    """What the QR code says behind the # of its address, read from a picture of the certificate."""
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", "certificate.pdf", "page"], cwd=folder, check=True)
    (code,) = zxingcpp.read_barcodes(Image.open(folder / "page.png"))
    return code.text.partition("#")[2]


def verdict(page, state):
    expect(page.locator("#answer .verdict")).to_have_class(f"verdict {state}")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 380), ("en", 1440)])
def test_with_the_network_gone_the_browser_itself_finds_a_flipped_byte(visitor, issued, axe, language, width):
    folder, _ = issued
    page = visitor(language, width)
    page.goto("/verify/")
    page.wait_for_load_state("networkidle")
    axe(page)
    page.route("**/*", lambda route: route.abort())
    page.context.set_offline(True)
    page.set_input_files("#file", folder / "certificate.pdf")
    verdict(page, "holds")
    assert page.locator("#answer .verify-steps > li.passed").count() == 17
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_input_files("#file", folder / "flipped.pdf")
    verdict(page, "does_not_hold")
    axe(page)
    page.set_input_files("#file", [folder / "receipt.json", folder / "credential.json"])
    verdict(page, "holds")
    page.set_input_files("#file", [folder / "receipt.json", folder / "altered.json"])
    verdict(page, "does_not_hold")


def test_a_browser_that_lacks_the_algorithm_says_so_and_calls_nothing_valid(visitor, issued):
    folder, _ = issued
    page = visitor("en")
    page.add_init_script(WITHOUT_ED25519)
    page.goto("/verify/")
    page.set_input_files("#file", folder / "certificate.pdf")
    verdict(page, "cannot_tell")
    expect(page.locator("#answer .why")).to_contain_text("does not know the algorithm Ed25519")
    page.set_input_files("#file", folder / "flipped.pdf")
    verdict(page, "does_not_hold")


def test_without_scripts_the_server_checks_file_and_number(browser, server, issued):
    folder, number = issued
    context = browser.new_context(
        base_url=server.url, java_script_enabled=False, viewport={"width": 380, "height": 800}
    )
    page = context.new_page()
    page.goto("/verify/")
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
    folder, number = issued
    signed = code_of(folder)
    page = visitor("en")
    page.goto(f"/v/{number}#{signed}")
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
