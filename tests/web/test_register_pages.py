# SPDX-License-Identifier: Apache-2.0
"""The public register as a buyer meets it: searched, a certificate on a day, its badge, paper, CSV and JSON."""

import csv
import io
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.timezone import now

from gradus.certificates.keys import CHAIN_LASTS
from gradus.formats import wording
from gradus.formats.editions import default_edition, find_edition
from gradus.formats.level_words import asks_of
from gradus.formats.register_csv import write_csv
from gradus.formats.standing_pdf import render_standing
from gradus.grading.texts import Text
from gradus.register.limits import address_of
from gradus.register.regions import REGIONS
from gradus.register.standings import Known
from gradus.schemes.actions import keep_edition
from gradus.trust.certificate_number import certificate_number
from gradus.trust.instants import day_of
from gradus.trust.statement import EditionNamed, Worded
from gradus.web.public.register_entry import signs_papers, standing_face
from tests.certificates.issuing import BEFORE, equip
from tests.register.entries import CODES, Change, certificate, change, entered
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db
BOTH = [("zh-hans", 0), ("en", 1)]
FRAUD = Worded("fraud", Text("申请材料造假", "Fraud in the application"))
# Long ago, so that all of it is past whenever the tests run.
ISSUED = datetime(2020, 6, 2, 1, 30, tzinfo=UTC)
LATER = ISSUED + timedelta(days=400)
ONE = certificate(
    issued=ISSUED, en="Tiangong Example IT Co., Ltd", fields=("cloud", "operation"), address="北京市海淀区"
)


def get(name, language="zh-hans", query="", **parts):
    return browser(language=language).get(reverse(name, kwargs=parts) + query)


def page_of(statement, language="zh-hans", query=""):
    return get("register_entry", language, query, certificate_no=statement.number)


@pytest.mark.parametrize(("language", "at"), BOTH)
def test_a_search_says_in_words_what_was_asked_and_lists_what_was_found(language, at):
    entered(ONE, certificate(2, zh="地利软件", uscc=CODES[1]))
    page = get(
        "register", language, "?q=天工&field=cloud&region=11&stars=4&level=example:two&standing=valid&on=2020-07-01"
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert ONE.number in text
    assert "地利软件" not in text
    for words in (("云服务", "Cloud services"), ("北京", "Beijing"), ("2020-07-01",) * 2, ("共 1 张", "1 certificate")):
        assert words[at] in text


def test_of_every_filter_several_values_may_be_ticked_and_one_of_them_is_enough():
    for serial, level, field, place in (
        (1, "one", "cloud", "北京市海淀区"),
        (2, "two", "operation", "广东省深圳市"),
        (3, "two", "development", "上海市浦东新区"),
        (4, "four", "cloud", "北京市朝阳区"),
    ):
        entered(certificate(serial, uscc=CODES[serial - 1], level=level, fields=(field,), address=place, issued=ISSUED))
    query = "level=example:one&level=example:two&stars=4&stars=5&field=cloud&field=operation&region=11&region=44"
    wanted = {certificate_number("XA", 2020, serial) for serial in (1, 2)}
    text = get("register", "en", f"?{query}").content.decode()
    assert set(re.findall(r"XA-2020-\d{6}-\w\w(?= · credit)", text)) == wanted
    ticked = re.findall(r'type="checkbox" name="(\w+)" value="([^"]+)" checked', text)
    assert sorted(f"{name}={value}" for name, value in ticked) == sorted(query.split("&"))
    assert text.count('<details class="several" open>') == 4
    assert "registered in Beijing or Guangdong" in text
    exported = get("register_csv", query=f"?{query}").content.decode("utf-8-sig")
    assert {row[0] for row in list(csv.reader(io.StringIO(exported)))[1:]} == wanted
    regions = re.findall(r'name="region" value="(\w+)"', text)
    assert (regions[:3], len(regions)) == (["11", "44", "12"], len(REGIONS))
    told = browser().get(f"/api/register/?{query}").json()["certificates"]
    assert {each["number"] for each in told} == wanted
    assert '<details class="several" open>' not in get("register").content.decode()


def test_of_levels_and_stars_those_are_offered_that_some_certificate_has():
    entered(ONE)
    text = get("register").content.decode()
    for kind, has in (("level", f"example:{ONE.outcome.level}"), ("stars", str(ONE.outcome.stars))):
        assert re.findall(rf'name="{kind}" value="([^"]+)"', text) == [has]


@pytest.mark.parametrize(("page", "last"), [("999", "2"), ("99999", "2"), ("3", "2"), ("2", ""), ("0", ""), ("x", "")])
def test_a_page_behind_the_last_leads_to_the_last_with_the_same_question(page, last):
    for serial in range(1, 23):
        entered(certificate(serial, issued=ISSUED))
    answer = get("register", query=f"?q=天工&stars=4&stars=5&page={page}")
    if not last:
        assert answer.status_code == 200
        assert '<li class="line' in answer.content.decode()
        return
    assert answer.status_code == 302
    led = answer.headers["Location"]
    assert parse_qs(urlsplit(led).query) == {"q": ["天工"], "stars": ["4", "5"], "page": [last]}
    assert browser().get(led).content.decode().count('<li class="line') == 2
    assert "去掉一个条件" in get("register", query=f"?q=蓝海&page={page}").content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?q=天", "请至少写两个相邻的字"),
        ("?q=XA-2026-000042-00", "校验"),
        ("?on=tomorrow", "不是日期"),
        ("?standing=excellent", "没有这种状态"),
    ],
)
def test_a_question_that_can_not_be_answered_is_told_why(query, words):
    page = get("register", query=query)
    assert (page.status_code, words in page.content.decode()) == (422, True)


def test_nothing_found_says_what_to_do_next():
    entered(ONE)
    assert "去掉一个条件" in get("register", query="?q=蓝海").content.decode()
    assert "去掉一个条件" in get("register", query="?field=x+y&level=%22&stars=99&region=zz").content.decode()
    assert "还没有证书" not in get("register").content.decode()


@pytest.mark.parametrize(("language", "at"), BOTH)
def test_a_certificates_page_says_level_meaning_order_scope_and_standing(language, at):
    entered(ONE)
    text = page_of(ONE, language, "?on=2020-07-01").content.decode()
    for words in (ONE.outcome.meaning, ONE.outcome.order, ONE.scope[0].text, ONE.issuer.name, ONE.surveillance):
        assert (words.zh, words.en)[at] in text
    assert ("有效", "valid")[at] in text
    assert f"/verify/?number={ONE.number}" in text
    assert f"/certificates/{ONE.number}/certificate.pdf" in text


@pytest.mark.parametrize(("language", "at"), BOTH)
def test_a_certificates_page_says_what_its_level_asks_where_the_edition_is_kept(language, at):
    edition = find_edition(default_edition())
    keep_edition(edition, ISSUED)
    named = replace(ONE, edition=EditionNamed(edition.name, edition.hash, edition.criterion))
    entered(named)
    text = page_of(named, language).content.decode()
    asks = asks_of(edition, ONE.outcome.rank)
    assert (asks.zh, asks.en)[at] in text
    assert f'href="{reverse("scheme")}">{("每个级别各要求什么", "What each level asks")[at]}' in text


@pytest.mark.parametrize(("day", "said"), [("2021-07-08", True), ("2021-07-01", False)])
def test_of_a_suspension_the_page_says_until_when_it_may_last_and_what_follows(day, said):
    edition = find_edition(default_edition())
    keep_edition(edition, ISSUED)
    named = replace(ONE, edition=EditionNamed(edition.name, edition.hash, edition.criterion))
    entered(named, change(named, Change.SUSPENDED, LATER))
    text = page_of(named, "zh-hans", f"?on={day}").content.decode()
    assert ("暂停最迟到 2022-01-07 为止" in text) is said


def test_no_page_tells_the_decision_or_digests():
    entered(ONE, change(ONE, Change.SUSPENDED, LATER))
    for page in (page_of(ONE), get("register"), get("register_csv"), browser().get(f"/api/register/{ONE.number}")):
        text = page.content.decode()
        assert ONE.decision.id not in text
        assert ONE.result_digest[7:] not in text


def verdict(page):
    return re.sub(r"\s+", " ", re.search(r'<h2 id="verdict">(.*?)</h2>', page.content.decode(), re.DOTALL)[1])


def test_the_minute_before_at_and_after_a_change_is_answered_apart_and_the_day_tells_the_change():
    at = LATER.replace(hour=2, minute=0, second=0)  # 10:00 in China
    entered(ONE, change(ONE, Change.WITHDRAWN, at, reason=FRAUD))
    day = day_of(at)
    assert "有效" in verdict(page_of(ONE, query=f"?on={day}&time=09:59"))
    assert "撤销" in verdict(page_of(ONE, query=f"?on={day}&time=10:00"))
    whole = page_of(ONE, query=f"?on={day}")
    assert "撤销" in verdict(whole)
    assert "当天状态有过变化" in whole.content.decode()
    assert "申请材料造假" in whole.content.decode()
    assert "有效" in verdict(page_of(ONE, query=f"?on={day - timedelta(days=1)}"))
    assert "尚未生效" in verdict(page_of(ONE, query="?on=2020-01-01"))
    refused = page_of(ONE, query="?on=2026-13-01&time=25:00")
    assert refused.status_code == 422


def test_a_decision_dated_back_says_when_it_was_recorded():
    entered(ONE, change(ONE, Change.WITHDRAWN, LATER, LATER + timedelta(days=9)))
    assert "追溯生效" in page_of(ONE).content.decode()


def test_a_superseded_certificate_leads_to_the_one_that_took_its_place():
    new = certificate(2, issued=LATER, supersedes=ONE.number)
    entered(ONE, new, change(ONE, Change.SUPERSEDED, LATER, superseded_by=new.number))
    assert f'href="/register/{new.number}/"' in page_of(ONE).content.decode()
    assert f'href="/register/{ONE.number}/"' in page_of(new).content.decode()


def test_a_number_typed_otherwise_leads_to_its_page_and_one_that_is_not_there_says_so():
    entered(ONE)
    moved = browser().get(f"/register/{ONE.number.lower()}/")
    assert (moved.status_code, moved["Location"]) == (302, f"/register/{ONE.number}/")
    for number in ("XA-2026-000042-00", certificate(7).number, "nonsense"):
        missing = browser().get(f"/register/{number}/")
        assert (missing.status_code, "很可能不是本机构颁发" in missing.content.decode()) == (404, True)


@pytest.mark.parametrize(("language", "words"), [("zh", "示例信息"), ("en", "Tiangong")])
def test_the_badge_is_a_picture_that_says_who_what_and_how_it_stands_now(language, words):
    entered(ONE)
    badge = get("register_badge", query=f"?lang={language}", certificate_no=ONE.number)
    picture = ET.fromstring(badge.content)  # noqa: S314  our own
    assert picture.tag.endswith("svg")
    assert words in picture.attrib["aria-label"]
    assert ONE.number in badge.content.decode()
    assert badge["Content-Type"].startswith("image/svg+xml")
    assert int(re.search(r"max-age=(\d+)", badge["Cache-Control"])[1]) <= 60
    again = browser().get(badge.request["PATH_INFO"], {"lang": language}, headers={"If-None-Match": badge["ETag"]})
    assert again.status_code in (200, 304)  # the minute may have turned


def test_the_badge_of_a_hostile_name_stays_a_picture():
    one = entered(certificate(en='<script>alert("&")</script>'))
    badge = get("register_badge", query="?lang=en", certificate_no=one.number)
    assert "script" not in {each.tag.rpartition("}")[2] for each in ET.fromstring(badge.content).iter()}  # noqa: S314
    assert "<script>alert" not in page_of(one, "en").content.decode()


def test_the_csv_opens_in_a_spreadsheet_and_holds_what_was_searched():
    entered(ONE, certificate(2, zh="地利软件", uscc=CODES[1]))
    answer = get("register_csv", query="?q=天工&on=2020-07-01")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [ONE.number]
    assert rows[1][rows[0].index("状态")] == "有效"
    assert rows[1][rows[0].index("注册地")] == "北京"
    assert rows[1][rows[0].index("状态截至")] == "2020-07-01T23:59:59+08:00"
    again = browser().get(reverse("register_csv") + "?q=天工&on=2020-07-01", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert get("register_csv", query="?q=天").status_code == 422


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\r\n=1"])
def test_no_cell_of_the_csv_is_a_formula(cell):
    written = list(csv.reader(io.StringIO(write_csv(["a"], [[cell]]).decode("utf-8-sig"), newline="")))
    assert written[1][0] == f"'{cell}"


def test_whoever_asks_too_often_is_told_to_wait(settings):
    settings.PUBLIC_REQUESTS_A_MINUTE = 20
    cache.clear()
    entered(ONE)
    got = [get("register").status_code for _ in range(40)]
    assert set(got) == {200, 429}
    for address in ("/register/", f"/register/{ONE.number}/", "/register/register.csv", "/api/register/"):
        refused = browser().get(address)
        if refused.status_code != 429:  # the minute has turned
            continue
        assert 0 < int(refused["Retry-After"]) <= 60
        assert "秒后再试" in refused.content.decode()


def test_the_paper_is_one_page_and_what_signs_it_is_given_its_bytes():
    entered(ONE, change(ONE, Change.SUSPENDED, LATER, reason=FRAUD))
    paper = get("register_standing", query="?on=2020-07-01", certificate_no=ONE.number)
    assert (paper.status_code, paper.content[:5], paper["Content-Type"]) == (200, b"%PDF-", "application/pdf")
    face = standing_face(Known(ONE, ()), LATER, LATER)
    given = []
    signed = render_standing(face, "now", LATER, lambda page, at: given.append((page, at)) or page + b"signed")
    assert signed == given[0][0] + b"signed"
    assert given[0][1] == LATER
    assert re.findall(rb"/URI\(([^)]*)\)", signed) == [
        ONE.verification_url.encode()
    ]  # one link, to where it is verified
    assert render_standing(face, "now", LATER) == render_standing(face, "now", LATER)


@pytest.mark.parametrize(
    ("on", "standing", "to_come"),
    [("2020-07-01", "valid", False), ("2021-07-08", "suspended", False), ("2199-12-31", "expired", True)],
)
def test_page_and_paper_answer_for_any_day_and_say_when_it_has_not_come(on, standing, to_come):
    entered(ONE, change(ONE, Change.SUSPENDED, LATER, reason=FRAUD))
    paper = get("register_standing", query=f"?on={on}", certificate_no=ONE.number).content
    text = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
    page = page_of(ONE, "en", f"?on={on}").content.decode()
    assert f"As of {on} 23:59" in text
    for said in (text, page):
        assert wording.words(f"standing.{standing}", "en") in said
        assert ("has not come" in " ".join(said.split())) is to_come


def test_of_a_day_to_come_nothing_is_called_valid_and_what_is_decided_so_far_is_told():
    at = now()
    coming = certificate(3, issued=at.replace(microsecond=0) - timedelta(days=2), uscc=CODES[1])
    entered(coming)
    on = day_of(at) + timedelta(days=30)
    page = page_of(coming, "en", f"?on={on}").content.decode()
    paper = get("register_standing", "en", f"?on={on}", certificate_no=coming.number).content
    text = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
    assert 'class="verdict-box unknown"' in page
    for said in (page, text):
        assert "cannot be told yet" in said
        assert "By what is decided so far it will be valid then" in " ".join(said.split())
    found = get("register", "en", f"?standing=valid&on={on}").content.decode()
    assert coming.number in found
    assert '<p class="stand unknown">' in found
    assert '<p class="small">so far: valid</p>' in found
    assert "rests on the decisions made so far" in found
    rows = list(csv.DictReader(io.StringIO(get("register_csv", "en", f"?on={on}").content.decode("utf-8-sig"))))
    assert rows[0]["standing"] == "cannot be told yet (so far: valid)"
    for day, standing, so_far in ((on, "unknown", "valid"), (day_of(at), "valid", None)):
        answer = browser().get(f"/api/register/{coming.number}?on={day}").json()["standing"]
        assert (answer["standing"], answer["so_far"]) == (standing, so_far)


def test_the_paper_is_signed_where_the_body_has_its_key_and_says_so_where_not(world, settings, tmp_path):
    entered(ONE)
    settings.DATA, settings.KEY_PASSPHRASE = tmp_path, "correct horse battery staple"
    plain = get("register_standing", certificate_no=ONE.number).content
    equip()
    signed = get("register_standing", certificate_no=ONE.number).content
    assert (b"/ByteRange" in plain, b"/ByteRange" in signed) == (False, True)
    file = tmp_path / "paper.pdf"
    file.write_bytes(signed)
    told = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert signs_papers(BEFORE + CHAIN_LASTS - timedelta(seconds=1))
    assert signs_papers(BEFORE + CHAIN_LASTS) is None  # no verifier would take its certificate for good


def test_the_json_of_the_register_says_the_same_as_the_page_without_a_token():
    entered(ONE, change(ONE, Change.WITHDRAWN, LATER, reason=FRAUD))
    said = browser().get(f"/api/register/{ONE.number}?on={day_of(LATER)}").json()
    assert (said["standing"]["standing"], said["standing"]["reason"]["zh"]) == ("withdrawn", "申请材料造假")
    assert [each["standing"] for each in said["history"]] == ["valid", "withdrawn"]
    listed = browser().get("/api/register/?q=天工&standing=valid&on=2020-07-01").json()
    assert [each["number"] for each in listed["certificates"]] == [ONE.number]
    assert browser().get("/api/register/?q=天").json()["wrong"][0]["code"] == "public_register.one_sign"
    level = listed["certificates"][0]["level"]  # as a line shows it, it can be asked for
    assert browser().get(f"/api/register/?level={level}").json()["count"] == 1
    strange = browser().get("/api/register/?level=seven&field=dancing&region=99&region=81").json()
    assert (strange["count"], [each["where"] for each in strange["wrong"]]) == (0, ["level", "field", "region"])
    assert browser().get("/api/register/XA-2026-000042-00").status_code == 404


def test_no_answer_about_standing_is_kept_longer_than_a_minute():
    entered(ONE)
    entry = f"/register/{ONE.number}/"
    for address in ("/register/", entry, f"{entry}badge.svg", "/register/register.csv", "/api/register/"):
        assert int(re.search(r"max-age=(\d+)", browser().get(address)["Cache-Control"])[1]) <= 60
    assert browser().get(f"{entry}standing.pdf")["Cache-Control"] == "no-store"
    for address in ("/verify/", f"/verify/?number={ONE.number}", f"/v/{ONE.number}"):
        assert browser().get(address)["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("on", ["0", "1782777600", "2026-06-30T00:00:00+08:00", "2026-06-30T09:30:00Z", "2026-6-30"])
def test_the_json_of_the_register_takes_a_day_and_nothing_that_it_would_have_to_guess(on):
    entered(ONE)
    for address in (f"/api/register/{ONE.number}", "/api/register/"):
        assert browser().get(address, {"on": on}).status_code == 422
        assert browser().get(address, {"on": "2026-06-30"}).status_code == 200


def test_behind_a_proxy_everybody_is_counted_apart_by_what_the_proxy_saw(settings):
    claimed = {"HTTP_X_FORWARDED_FOR": "1.1.1.1, 2.2.2.2", "REMOTE_ADDR": "10.0.0.1"}
    assert address_of(claimed) == "10.0.0.1"
    settings.BEHIND_TLS = True
    assert address_of(claimed) == "2.2.2.2"
    assert address_of({"REMOTE_ADDR": "10.0.0.1"}) == "10.0.0.1"
