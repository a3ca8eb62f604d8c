# SPDX-License-Identifier: Apache-2.0
"""A scheme's public page, and what stands around every page for visitors."""

import re

import pytest
from django.urls import reverse
from django.utils.timezone import now

from gradus.certificates.issuer import name_issuer
from gradus.formats.editions import default_edition, find_edition
from gradus.journal.actor import system
from tests.certificates.issuing import NAMING
from tests.web.test_register_pages import BOTH, get

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "at"), BOTH)
def test_the_schemes_page_says_levels_fees_rights_complaints_and_marks_assumptions(language, at):
    edition = find_edition(default_edition())
    text = get("scheme", language).content.decode()
    for each in (*edition.outcomes, *edition.requirements, *edition.indicators):
        assert (each.text.zh, each.text.en)[at].replace("&", "&amp;") in text
    for words in (
        ("假定", "assumed"),
        ("2,000", "2,000"),
        ("投诉与申诉", "Complaints and appeals"),
        ("最高", "highest"),
    ):
        assert words[at] in text


@pytest.mark.parametrize(("language", "at"), BOTH)
def test_the_schemes_page_says_who_owns_it_who_issues_here_and_how_to_reach_them(language, at, settings):
    settings.CONTACT = "010-00000000 · office@body.example"
    name_issuer(NAMING, system, now())
    text = get("scheme", language).content.decode()
    assert ("在本站评价并发证的认证机构", "Who evaluates and issues here")[at] in text
    assert NAMING.approval_no in text
    complaints = text.partition('id="complain"')[2].partition("<h2")[0]
    assert settings.CONTACT in complaints
    assert settings.CONTACT in get("verify_page", language).content.decode().partition("<footer")[2]


def test_the_schemes_page_asks_for_no_document_that_is_never_owed_and_lists_its_own_editions_alone():
    text = get("scheme").content.decode()
    for each in find_edition(default_edition()).documents:
        if not each.from_level:
            assert f'{each.text.zh} · <span class="muted">{each.note.zh}</span>' in text
    assert "iso33020" not in text
    assert "not public" not in text
    assert "not public" in get("scheme", "en").content.decode()


def test_visitors_find_register_checking_notices_and_scheme_from_every_public_page():
    for name in ("home", "verify_page", "scheme", "register"):
        bar = get(name).content.decode().partition("<nav")[2].partition("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', bar) == list(
            map(reverse, ("register", "verify_page", "public_notices", "scheme"))
        )


def test_every_published_edition_has_its_page_and_no_other_has():
    assert get("scheme_edition", scheme_id="iso33020", edition_id="2019-a1").status_code == 200
    assert get("scheme_edition", scheme_id="..", edition_id="etc").status_code == 404
