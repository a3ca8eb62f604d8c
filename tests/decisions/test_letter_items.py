# SPDX-License-Identifier: Apache-2.0
"""Each letter says what it is about: what to supplement, why and until when; the dates and people of a visit."""

from datetime import timedelta

import pypdfium2
import pytest
from django.utils.timezone import localtime

from gradus.applications.cases import rules_of
from gradus.applications.models import CaseStep
from gradus.applications.review import ask_supplement, refuse_application
from gradus.applications.supplements import answer_supplement
from gradus.decisions.letters import letter_of
from gradus.evaluations.review import Wanted, ask_review_supplement
from gradus.formats.letters import render_letter
from gradus.grading.faults import Refusal
from gradus.process.states import Step
from tests.applications.stage_one import LICENCE, RECORDS, all_yes, submit_again
from tests.applications.walk import open_case
from tests.evaluations.review import LEADER, reviewed_case
from tests.visits import on_site

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


def letter(case, step, language):
    return letter_of(case, CaseStep.objects.filter(case=case, step=step).last(), language)


def words_of(pdf):
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.parametrize(
    ("language", "document", "reason", "row"),
    [
        ("zh", "营业执照", "缺少应提交的材料", "第 1 行"),
        ("en", "Business licence", "An owed document is missing", "row 1"),
    ],
)
def test_a_request_of_stage_1_names_each_document_and_row_with_its_reason_and_the_last_day(
    case, world, language, document, reason, row
):
    at = case.changed_at + MINUTE
    ask_supplement(case, {}, [LICENCE, RECORDS], world.actor("application_reviewer"), at)
    made = letter(case, Step.ASK_SUPPLEMENT, language)
    first, second = made.items
    assert all(each in first for each in (document, reason, LICENCE.text))
    assert row in second
    assert RECORDS.text in second
    assert "2026-07-28" in {each.text for each in made.facts}  # 20 working days after 30 June 2026
    said = words_of(render_letter(made))
    assert LICENCE.text in said.replace("\r\n", "")
    assert made.number == f"{case.number}-1", "the first letter of the case, whichever step brought it about"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_request_of_the_document_review_names_what_it_is_about(submitted, world, language):
    case = reviewed_case(world, submitted())
    asked = [Wanted("staff", "missing", "请补充社会保险缴费清单")]
    ask_review_supplement(case, asked, world.actor(LEADER), case.changed_at + MINUTE)
    [item] = letter(case, Step.ASK_REVIEW_SUPPLEMENT, language).items
    reason = rules_of(case).procedure.reason("supplement", "missing").text[language]
    table = rules_of(case).edition.tables["staff"].text[language]
    assert all(each in item for each in (table, reason, asked[0].wanted))


def test_what_the_assessors_ask_for_is_not_answered_as_if_stage_1_had_asked(submitted, world):
    """That way answers no item, and would set the clock going again."""
    case = reviewed_case(world, submitted())
    at = case.changed_at + MINUTE
    ask_review_supplement(case, [Wanted("staff", "missing", "社保清单")], world.actor(LEADER), at)
    again = submit_again(case.submission.dossier, world.actor("manager"), at + MINUTE)
    with pytest.raises(Refusal) as refused:
        answer_supplement(case, again, {}, world.actor("manager"), at + 2 * MINUTE)
    assert [each.code for each in refused.value.faults] == ["case.not_now"]
    case.refresh_from_db()
    assert case.state == "review_supplement"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_letter_of_a_plan_has_its_dates_places_people_and_agenda(case, world, language):
    visit = on_site.planned(case, world, case.opened_at)
    made = letter(case, Step.PLAN_VISIT, language)
    said = {each.text for each in made.facts}
    assert f"{localtime(visit.opening):%Y-%m-%d %H:%M}" in said
    assert "总部 北京市海淀区某路 1 号" in said
    assert any("lead assessor" in each and "assessor" in each for each in said)
    assert len(made.items) == 2
    assert "首次会议" in made.items[0]
    assert "组长" in made.items[1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_of_an_application_gives_the_reason_of_the_list_and_the_words(case, world, language):
    at = case.changed_at + MINUTE
    refuse_application(
        case, all_yes(case), "no-competence", "本机构尚无该领域的评估员", world.actor("application_reviewer"), at
    )
    [item] = letter(case, Step.REFUSE_APPLICATION, language).items
    reason = rules_of(case).procedure.reason("refuse_application", "no-competence").text[language]
    assert reason in item
    assert "本机构尚无该领域的评估员" in item
