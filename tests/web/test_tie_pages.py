# SPDX-License-Identifier: Apache-2.0
"""Ties and competence on pages: the office corrects or ends a record by another; people see their own."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from gradus.applications.cases import ties_of
from gradus.applications.models import Tie
from gradus.applications.ties import TieTold, declare_tie, record_tie
from gradus.evaluations.competence import CompetenceTold, competences_on, fields_of, record_competence
from gradus.evaluations.models import Competence
from gradus.process.impartiality import TieKind
from tests.grading.dossiers import edition

SINCE = date(2025, 1, 1)


@pytest.fixture
def tie(world, at):
    told = TieTold(world.client, TieKind.EMPLOYED, SINCE, None, "人事档案")
    return record_tie(world.people["assessor"], told, world.actor("office"), at)


@pytest.fixture
def competence(world, at):
    scheme = edition()
    told = CompetenceTold(fields_of(scheme)[0].id, scheme.levels[0].id, SINCE, None, "考核记录")
    return record_competence(world.people["assessor"], scheme, told, world.actor("office"), at)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_office_ends_a_tie_and_the_list_shows_the_new_record_alone(sign_in, world, tie, language):
    browser, page = sign_in("office", language), reverse("correct_tie", kwargs={"tie": tie.pk})
    assert f'href="{page}"' in browser.get(reverse("own_ties")).text
    shown = browser.get(page).text
    assert 'value="2025-01-01"' in shown  # what is known stands in the form
    assert 'value="人事档案"' in shown
    said = {"kind": "employed", "starts_on": "2025-01-01", "ends_on": "2025-06-01", "source": "离职证明"}
    wrong = browser.post(page, said | {"ends_on": "2024-06-01"})
    assert wrong.status_code == 422
    assert 'value="离职证明"' in wrong.text  # and nothing typed is lost
    assert browser.post(page, said).status_code == 302
    assert [each.ends_on for each in ties_of(tie.account_id, world.client.pk)] == [date(2025, 6, 1)]
    listed = browser.get(reverse("own_ties")).text
    assert "离职证明" in listed
    assert "人事档案" not in listed


def test_a_record_that_is_replaced_has_no_form_and_its_second_correction_is_told(sign_in, world, tie):
    browser, page = sign_in("office"), reverse("correct_tie", kwargs={"tie": tie.pk})
    said = {"kind": "consulted", "starts_on": "2025-01-01", "ends_on": "", "source": "本人更正"}
    assert browser.post(page, said).status_code == 302
    assert '<form method="post" novalidate>' not in browser.get(page).text
    again = browser.post(page, said)
    assert (again.status_code, Tie.objects.count()) == (422, 2)
    assert "已被替换" in again.text


def test_a_tie_that_was_found_in_papers_is_ended_as_what_it_is(sign_in, world, tie, at):
    """People do not tell that kind; of a tie that has it the form offers it."""
    found = Tie.objects.create(
        account=world.people["assessor"],
        client=world.client,
        kind=TieKind.IN_PAPERS.value,
        starts_on=SINCE,
        source="staff 1 · name",
        told_at=at,
    )
    browser, said = sign_in("office"), {"starts_on": "2025-01-01", "ends_on": "2025-06-01", "source": "同名，非本人"}
    assert 'value="in_papers" selected' in browser.get(reverse("correct_tie", kwargs={"tie": found.pk})).text
    assert 'value="in_papers"' not in browser.get(reverse("correct_tie", kwargs={"tie": tie.pk})).text
    page = reverse("correct_tie", kwargs={"tie": found.pk})
    assert browser.post(page, {"kind": "in_papers", **said}).status_code == 302


def test_people_see_their_own_ties_without_a_way_to_correct_them(sign_in, tie):
    shown = sign_in("assessor").get(reverse("own_ties")).text
    assert "人事档案" in shown
    assert reverse("correct_tie", kwargs={"tie": tie.pk}) not in shown
    assert sign_in("assessor").get(reverse("correct_tie", kwargs={"tie": tie.pk})).status_code == 403


def test_the_office_is_shown_no_way_to_correct_its_own_tie_and_refused_when_it_finds_one(sign_in, world, at):
    told = TieTold(world.client, TieKind.EMPLOYED, SINCE, None, "人事档案")
    own = record_tie(world.people["office"], told, world.actor("office"), at)
    browser, page = sign_in("office", "en"), reverse("correct_tie", kwargs={"tie": own.pk})
    assert page not in browser.get(reverse("own_ties")).text
    said = {"kind": "employed", "starts_on": "2025-01-01", "ends_on": "2025-06-01", "source": "x"}
    refused = browser.post(page, said)
    assert (refused.status_code, Tie.objects.count()) == (422, 1)
    assert "somebody else of the office" in refused.text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_office_ends_a_competence_and_still_finds_it(sign_in, world, competence, at, language):
    browser, today = sign_in("office", language), localdate(at)
    page = reverse("correct_competence", kwargs={"competence": competence.pk})
    assert f'href="{page}"' in browser.get(reverse("competences")).text
    said = {"field": competence.field, "level": competence.level, "starts_on": "2025-01-01", "basis": "能力复评"}
    assert browser.post(page, said | {"basis": ""}).status_code == 422
    assert browser.post(page, said | {"ends_on": (today - timedelta(1)).isoformat()}).status_code == 302
    assert not competences_on(today).exists()
    listed = browser.get(reverse("competences")).text
    ended = Competence.objects.get(replaces=competence)
    assert reverse("correct_competence", kwargs={"competence": ended.pk}) in listed
    assert page not in listed
    assert ("今天不适用" if language == "zh-hans" else "Does not hold today") in listed


def test_the_journal_says_that_a_record_was_corrected(sign_in, tie):
    said = {"kind": "employed", "starts_on": "2025-01-01", "ends_on": "2025-06-01", "source": "离职证明"}
    sign_in("office").post(reverse("correct_tie", kwargs={"tie": tie.pk}), said)
    assert "corrected or ended a tie" in sign_in("administrator", "en").get(reverse("office_journal")).text


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "第 1 行 · "), ("en", "row 1 · ")])
def test_a_place_in_the_papers_is_named_in_words(sign_in, world, at, language, said):
    told = TieTold(world.client, TieKind.IN_PAPERS, SINCE, None, "enterprise 1 · legal_name")
    record_tie(world.people["assessor"], told, world.actor("office"), at)
    page = sign_in("office", language).get(reverse("own_ties")).text
    assert "legal_name" not in page
    assert said in page


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "不能登记或更正本人的评估能力"), ("en", "of their own")])
def test_no_page_offers_to_record_or_correct_a_competence_of_ones_own(sign_in, world, at, language, said):
    scheme, own = edition(), world.people["office"]
    told = CompetenceTold(fields_of(scheme)[0].id, scheme.levels[0].id, SINCE, None, "考核记录")
    known = record_competence(own, scheme, told, world.actor("administrator"), at)
    browser, correct = sign_in("office", language), reverse("correct_competence", kwargs={"competence": known.pk})
    page = browser.get(reverse("competences")).text
    assert said in page
    assert f'value="{own.pk}"' not in page
    assert correct not in page
    assert 'name="basis"' not in browser.get(correct).text
    row = {"field": told.field, "level": told.level, "starts_on": "2025-01-01", "basis": "考核记录"}
    refused = browser.post(correct, row)
    assert (refused.status_code, said in refused.text) == (422, True)


def test_marks_that_nobody_sees_and_a_copied_table_brings_along_are_spaces(sign_in, tie):
    browser, page = sign_in("office"), reverse("correct_tie", kwargs={"tie": tie.pk})
    said = {"kind": "consulted", "starts_on": "2025-01-01", "ends_on": "", "source": "本人\x07更正\x0b\u202e单"}
    assert browser.post(page, said).status_code == 302
    assert ties_of(tie.account_id, tie.client_id)[0].source == "本人 更正  单"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_office_proposes_to_lift_a_declared_tie_and_the_list_says_that_it_still_bars(sign_in, world, at, language):
    told = TieTold(world.client, TieKind.EMPLOYED, SINCE, None, "本人声明")
    tie = declare_tie(told, world.actor("assessor"), at)
    browser, page = sign_in("office", language), reverse("correct_tie", kwargs={"tie": tie.pk})
    assert ("两人" if language == "zh-hans" else "Two people") in browser.get(page).text
    said = {"kind": "employed", "starts_on": "2005-01-01", "ends_on": "2006-01-01", "source": "离职证明"}
    listed = browser.post(page, said, follow=True).text
    assert ("office已提出更正" if language == "zh-hans" else "office has proposed to correct it") in listed
    assert [each.ends_on for each in ties_of(tie.account_id, world.client.pk)] == [None]
    again = reverse("correct_tie", kwargs={"tie": Tie.objects.get(replaced_by=None).pk})
    assert 'value="离职证明"' in browser.get(again).text, "what was proposed stands in the form"
    assert browser.post(again, said).status_code == 422
    told_of = sign_in("administrator", language).get(reverse("office_journal")).text
    assert ("提出更正或终止" if language == "zh-hans" else "proposed to correct or end a tie") in told_of
