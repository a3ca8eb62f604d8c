# SPDX-License-Identifier: Apache-2.0
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from gradus.applications.models import Case, CaseStep
from gradus.people.models import Notification, Organisation
from gradus.process.states import State
from tests.applications.walk import bring_to, open_case
from tests.decisions.deciding import brought_to_grant, evaluated


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "审查申请"), ("en", "Review the application")])
def test_staff_begin_at_their_own_work(sign_in, case, language, said):
    browser = sign_in("application_reviewer", language)
    page = browser.get("/", follow=True)
    assert page.redirect_chain[-1][0] == reverse("own_work")
    assert said in page.text
    assert case.number in page.text
    assert case.number not in sign_in("technical_reviewer", language).get(reverse("own_work")).text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", [State.APPLIED, State.SUPPLEMENT, State.DECISION, State.GRANTED])
def test_board_calendar_and_case_tell_where_it_stands(sign_in, case, world, language, state):
    if state is State.GRANTED:
        case = brought_to_grant(case, world)
    elif state is not State.APPLIED:
        bring_to(case, state, case.changed_at)
    browser = sign_in("office", language)
    for name in ("case_board", "case_calendar"):
        page = browser.get(reverse(name))
        assert page.status_code == 200
        assert case.number in page.text, "what is granted awaits its certificate"
    page = browser.get(reverse("case_page", kwargs={"case": case.pk}))
    assert page.status_code == 200
    assert (case.client.name_en if language == "en" else case.client.name) in page.text
    assert (
        page.text.count('class="passed"')
        == {1: 0, 4: 3, 5: 4}[{"applied": 1, "supplement": 1, "decision": 4}.get(state, 5)]
    )


@pytest.mark.parametrize(
    ("language", "state", "said"),
    [
        ("zh-hans", State.APPLIED, "申请评审员（尚未接手）"),
        ("en", State.TECHNICAL_REVIEW, "Technical reviewer (not taken up yet)"),
        ("en", State.DECISION, "Decision maker (not taken up yet)"),
        ("zh-hans", State.SIGNATURE, "机构负责人（尚未接手）"),
    ],
)
def test_what_nobody_has_taken_up_names_the_role_that_may(sign_in, case, language, state, said):
    if state is not State.APPLIED:
        bring_to(case, state, case.changed_at)
    assert said in sign_in("office", language).get(reverse("case_board")).text


def test_a_case_is_not_there_for_assessors_who_have_no_part_in_it(sign_in, case):
    address = reverse("case_page", kwargs={"case": case.pk})
    assert sign_in("assessor").get(address).status_code == 404
    assert sign_in("stranger").get(address).status_code == 404


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "等您处理"), ("en", "awaits you")])
def test_notifications_are_read_by_a_button(sign_in, case, language, said):
    browser = sign_in("application_reviewer", language)
    assert said in browser.get(reverse("notifications")).text
    assert Notification.objects.filter(read_at=None).count() == 1
    browser.post(reverse("notifications"))
    assert Notification.objects.filter(read_at=None).count() == 0
    assert said in browser.get(reverse("notifications")).text


@pytest.mark.parametrize(("language", "often"), [("zh-hans", "共 3 次"), ("en", "3 times")])
def test_what_was_told_of_one_case_again_is_one_line(sign_in, case, language, often):
    told = Notification.objects.get(account__email__startswith="application_reviewer")
    for hours in (1, 2):
        Notification.objects.create(
            account=told.account, code=told.code, blanks=told.blanks, address=told.address,
            told_at=told.told_at + timedelta(hours=hours), read_at=told.told_at + timedelta(hours=3),
        )  # fmt: skip
    page = sign_in("application_reviewer", language).get(reverse("notifications")).text
    assert page.count(f'href="{told.address}"') == 1
    assert often in page
    assert page.count('class="chip attention"') == 2, "unread: in the bar and in the line"


def test_a_long_work_list_comes_a_page_at_a_time_the_most_pressing_first(case, world, sign_in):
    """Fifty on a page. Each case is applied for by a client of its own, a day after the one before."""
    for number in range(50):
        opened = case.opened_at + timedelta(days=number)
        firm = Organisation.objects.create(kind="client", name=f"企业{number}", created_at=opened)
        more = Case.objects.create(
            number=f"L-{number:02}", client=firm, edition=case.edition, edition_hash=case.edition_hash,
            procedure=case.procedure, submission=case.submission, requested="level-4", state="new", steps=0,
            opened_at=opened, changed_at=opened,
        )  # fmt: skip
        CaseStep.objects.create(case=more, number=1, step="apply", before="new", after="applied", at=opened)
        Case.objects.filter(pk=more.pk).update(state="applied", steps=1)
    first, second = (
        sign_in("application_reviewer", "en").get(reverse("own_work"), {"page": page}).text for page in (1, 2)
    )
    assert "51 cases await you" in first
    assert (len(re.findall(r"L-\d\d", first)), len(re.findall(r"L-\d\d", second))) == (49, 1)
    assert case.number in first
    assert "L-49" in second


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_ended_case_is_found_by_number_client_and_state_and_leads_to_its_papers(sign_in, case, language):
    evaluated(case, case.changed_at)
    bring_to(case, State.WITHDRAWN, case.changed_at)
    browser, listed, own = sign_in("office", language), reverse("case_list"), reverse("case_page", args=[case.pk])
    assert case.number not in browser.get(reverse("case_board")).text
    for asked in ({}, {"q": case.number[-4:]}, {"q": case.client.name[:2]}, {"state": "withdrawn"}, {"page": "9"}):
        assert own in browser.get(listed, asked).text, asked
    for asked in ({"q": "没有这家"}, {"state": "granted"}, {"q": case.number, "state": "refused"}):
        assert own not in browser.get(listed, asked).text, asked
    assert case.number in browser.get(reverse("office_client", args=[case.client_id])).text
    page = browser.get(reverse("case_page", args=[case.pk])).text
    for name in ("case_submission", "application_review", "technical_review", "case_letters"):
        assert f'href="{reverse(name, args=[case.pk])}"' in page, name
    assert reverse("case_submission", args=[case.pk]) in page
    assert reverse("certificate_desk", args=[case.pk]) not in page
    for who in ("office", "assessor", "head_of_body", "certificate_officer"):
        reader = sign_in(who)
        shown = reader.get(reverse("case_page", args=[case.pk])).text
        links = shown.partition('<nav class="case-parts"')[2].partition("</nav>")[0]
        assert bool(links) == (who in ("office", "assessor")), who
        for address in re.findall(r'href="([^"]+)"', links):
            assert reader.get(address).status_code == 200, (who, address)
