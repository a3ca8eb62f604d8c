# SPDX-License-Identifier: Apache-2.0
"""Review, panel, notice, decision and signature through their pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from gradus.decisions.file import case_file
from gradus.decisions.models import Decision, Notice
from gradus.decisions.record import notice_of
from gradus.decisions.review import QUESTIONS
from tests.applications.walk import open_case
from tests.decisions.deciding import BECAUSE, announced, decided, evaluated, granted, recommended, reviewable

MINUTE = timedelta(minutes=1)
LANGUAGES = [("zh-hans", "核实"), ("en", "Verified")]


@pytest.fixture
def case(submitted):
    return reviewable(submitted())


@pytest.fixture
def proven(sign_in, world):
    """The browser of somebody who has just given the password."""

    def browser(who):
        client = sign_in(who)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": now().timestamp(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(world.people[who].pk)
        session.save()
        return client

    return browser


def address(name, case, **more):
    return reverse(name, kwargs={"case": case.pk, **more})


def sent(prefix, file, **said):
    return {f"{prefix}-{name}": value for name, value in {"seen": file.digest, "reasons": BECAUSE, **said}.items()}


@pytest.mark.parametrize(("language", "said"), LANGUAGES)
@pytest.mark.parametrize("name", ["technical_review", "panel", "decision_desk", "case_letters"])
def test_every_page_shows_the_file_to_who_may_read_it(name, language, said, case, sign_in):
    page = sign_in("office", language).get(address(name, case))
    assert page.status_code == 200
    if name != "case_letters":
        assert said in page.text
        assert case_file(case).digest in page.text


@pytest.mark.parametrize(("proposed", "warned"), [(None, False), ("", True)])
def test_a_proposal_other_than_what_was_verified_is_shown_to_the_reviewer(proposed, warned, submitted, sign_in):
    submission = submitted()
    case = evaluated(open_case(submission, submission.submitted_at), submission.submitted_at, proposed)
    page = sign_in("technical_reviewer").get(address("technical_review", case)).text
    assert ("组长的建议与核实后可授予的结果" in page) == warned


def test_a_reviewer_recommends_on_the_page(case, sign_in):
    browser, file = sign_in("technical_reviewer"), case_file(case)
    refused = browser.post(address("recommend_case", case), sent("recommend", file, outcome="level-4"))
    assert refused.status_code == 422
    assert "逐项确认" in refused.text
    assert BECAUSE in refused.text
    full = sent("recommend", file, outcome="level-4", scope=list(file.verified.scope), answered=QUESTIONS)
    assert browser.post(address("recommend_case", case), full).status_code == 302
    case.refresh_from_db()
    assert case.state == "notice"
    assert notice_of(case).outcome == "level-4"


def told_at_the_top(page, *words):
    """The page says it once, at its top, and keeps what was typed."""
    assert page.status_code == 422
    assert page.text.count('role="alert"') == 1
    top = page.text[page.text.index('role="alert"') :].partition('<div class="two">')[0]
    assert [each for each in words if each not in top] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["案件现在处于“公示”", "不能进行“复核推荐”"]),
        ("en", ["“Public notice”", "“Recommend” can not be done"]),
    ],
)
def test_the_second_reviewer_is_told_at_the_top_and_keeps_the_reasons(case, world, sign_in, language, words):
    file = case_file(case)
    full = sent("recommend", file, outcome="level-4", scope=list(file.verified.scope), answered=QUESTIONS)
    browser = sign_in("technical_reviewer", language)
    recommended(case, world, case.changed_at + MINUTE)
    told_at_the_top(browser.post(address("recommend_case", case), full), *words, BECAUSE)
    said = sent("return", case_file(case), reason="incomplete-file")
    told_at_the_top(browser.post(address("return_case", case), said), BECAUSE)


def test_who_decides_or_signs_second_is_told_at_the_top_and_keeps_the_reasons(case, world, proven):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    file = case_file(case)
    decided(case, world, at)
    browser = proven("decision_maker")
    grant = sent("grant", file, outcome="level-4", scope=list(file.verified.scope))
    told_at_the_top(browser.post(address("grant_case", case), grant), "待第二人签署", "不能进行“作出决定”", BECAUSE)
    reason = "other"
    told_at_the_top(
        browser.post(address("refuse_case", case), sent("refuse", file, reason=reason)), "待第二人签署", BECAUSE
    )
    back = sent("return", file, reason="incomplete-file")
    told_at_the_top(browser.post(address("return_decision", case), back), "不能进行“退回评估”", BECAUSE)


def test_the_second_of_two_signatories_is_told_at_the_top(submitted, world, proven):
    case = granted(submitted(), world)
    page = proven("head_of_body").post(address("sign_case", case), {"sign-seen": case_file(case).digest})
    told_at_the_top(page, "案件现在处于“授予”", "不能进行“签署授予”")


def test_a_reviewer_recommends_to_refuse_on_the_page(case, sign_in):
    said = sent("recommend", case_file(case), outcome="refuse", against_verified="on")
    assert sign_in("technical_reviewer").post(address("recommend_case", case), said).status_code == 302
    assert notice_of(case) is None


def test_a_reviewer_returns_on_the_page(case, sign_in):
    said = sent("return", case_file(case), reason="incomplete-file")
    assert sign_in("technical_reviewer").post(address("return_case", case), said).status_code == 302
    case.refresh_from_db()
    assert case.state == "document_review"


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "天工数智有限公司"), ("en", "Tiangong")])
def test_a_notice_is_public_while_it_runs_and_tells_nothing_of_the_file(case, world, at, sign_in, language, said):
    assert said not in sign_in("", language).get(reverse("public_notices")).text
    # The case stands in the year of its dossier; the notice is made to run today.
    recommended(case, world, case.changed_at + MINUTE)
    told = notice_of(case)
    Notice.objects.create(
        case=case, round=told.round, account_id=told.account_id, at=at, outcome=told.outcome, scope=told.scope,
        opened_on=at.date(), last_day=at.date() + timedelta(days=7), provisional=False,
    )  # fmt: skip
    page = sign_in("", language).get(reverse("public_notices"))
    assert said in page.text
    assert BECAUSE not in page.text
    assert case_file(case).digest not in page.text


def test_who_decides_proves_first_who_they_are(case, world, sign_in):
    recommended(case, world, case.changed_at + MINUTE)
    announced(case, world)
    browser, file = sign_in("decision_maker"), case_file(case)
    said = sent("grant", file, outcome="level-4", scope=list(file.verified.scope))
    asked = browser.post(address("grant_case", case), said)
    assert asked.status_code == 302
    assert "/enter/" in asked["Location"]
    assert not Decision.objects.exists()


def test_a_granted_case_bears_its_seal_and_its_letters(submitted, world, sign_in):
    case = granted(submitted(), world)
    page = sign_in("office").get(address("decision_desk", case))
    assert 'class="seal"' in page.text
    assert page.text.count('class="signature"') == 2
    letters = sign_in("manager").get(reverse("client_letters", kwargs={"client": case.client_id, "case": case.pk}))
    assert "认证决定书" in letters.text
    assert "尚未生效" not in letters.text  # the draft for the signatory is not for the client


def test_an_unsigned_decision_bears_no_seal(case, world, sign_in):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    decided(case, world, at)
    page = sign_in("head_of_body").get(address("decision_desk", case))
    assert 'class="seal"' not in page.text
    assert "作为第二人签署" in page.text


def test_the_client_answers_a_lower_outcome(submitted, world, sign_in):
    case = reviewable(submitted(), "level-3")
    recommended(case, world, case.changed_at + MINUTE)
    announced(case, world)
    file = case_file(case)
    said = sent("consent", file, outcome="level-4", scope=list(file.verified.scope))
    browser = sign_in("decision_maker")
    assert browser.post(address("ask_for_consent", case), said).status_code == 302
    page = reverse("consent", kwargs={"client": case.client_id, "case": case.pk})
    client = sign_in("manager")
    assert "三级" in client.get(page).text
    assert client.post(page, {"name": "王法定"}).status_code == 422
    assert sign_in("member").get(page).status_code == 403
    assert client.post(page, {"given": "yes", "name": "王法定"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "decision"


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", ("没有未关闭的事项", "本次不能授予")), ("en", ("nothing is open", "speak against it"))],
)
def test_who_refuses_what_was_verified_is_warned_and_the_decision_page_says_why_nothing_is_granted(
    case, world, sign_in, language, words
):
    (warned, held_back), file = words, case_file(case)
    browser, said = sign_in("technical_reviewer", language), sent("recommend", file, outcome="refuse")
    refused = browser.post(address("recommend_case", case), said)
    assert refused.status_code == 422
    assert warned in refused.text
    assert browser.post(address("recommend_case", case), said | {"recommend-against_verified": "on"}).status_code == 302
    case.refresh_from_db()
    announced(case, world)
    page = sign_in("decision_maker", language).get(address("decision_desk", case)).text
    assert held_back in page
    assert 'value="not-reached"' not in page
    assert 'value="other"' in page
