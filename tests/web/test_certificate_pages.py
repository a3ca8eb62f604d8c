# SPDX-License-Identifier: Apache-2.0
"""The certificate officer's desk, and the decision maker's part of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gradus.certificates.issue import stage
from gradus.certificates.keys import current, rotate_key
from gradus.certificates.models import Certificate, ChangeDecision, ChangeProposal, KeyPurpose
from gradus.certificates.queries import certificates_of, standing_of
from gradus.certificates.recover import recover
from gradus.journal.actor import system
from tests.certificates.conftest import case, equipped  # noqa: F401  fixtures
from tests.certificates.issuing import ADDRESSES
from tests.decisions.deciding import BECAUSE
from tests.people.firms import PASSWORD

MINUTE = timedelta(minutes=1)
TYPED = {
    "issue-registered": "北京市海淀区天工路2号",
    "issue-sites": "北京市海淀区天工路2号 | 2 Tiangong Road, Beijing\n上海市浦东新区天工路3号",
}


def address(name, case, **more):  # noqa: F811
    return reverse(name, kwargs={"case": case.pk, **more})


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "签发前核对"), ("en", "Before it is issued")])
def test_the_officer_sees_what_is_asserted_looks_at_a_preview_and_issues(case, sign_in, language, said):  # noqa: F811
    officer = sign_in("certificate_officer", language)
    assert case.number in officer.get(reverse("certificate_list")).text
    assert reverse("certificate_list") in officer.get(reverse("own_work")).text
    page = officer.get(address("certificate_desk", case))
    assert said in page.text
    assert "✕" not in page.text
    assert officer.post(address("issue_certificate", case), {"issue-sites": "x"}).status_code == 422
    shown = officer.post(address("preview_certificate", case), TYPED)
    assert (shown.headers["Content-Type"], Certificate.objects.count()) == ("application/pdf", 0)
    assert officer.post(address("issue_certificate", case), TYPED).status_code == 302
    (made,) = certificates_of(case)
    page = officer.get(address("certificate_desk", case)).text
    assert made.number in page
    assert reverse("certificate_pdf", kwargs={"number": made.number}) in page
    assert made.number in officer.get(reverse("certificate_list")).text
    assert officer.post(address("issue_certificate", case), TYPED).status_code == 422  # issued already


def test_what_fails_is_said_and_nothing_is_issued(case, equipped, sign_in, settings):  # noqa: F811
    settings.KEY_PASSPHRASE = "another horse battery staple"
    officer = sign_in("certificate_officer", "en")
    page = officer.get(address("certificate_desk", case)).text
    assert "✕ fails" in page
    assert officer.post(address("issue_certificate", case), TYPED).status_code == 422
    assert not Certificate.objects.exists()


def test_a_change_is_proposed_by_one_and_decided_by_another(case, world, sign_in, at):  # noqa: F811
    officer = sign_in("certificate_officer")
    officer.post(address("issue_certificate", case), TYPED)
    (made,) = certificates_of(case)
    propose = address("propose_change", case, change="suspended")
    said = {"suspended-reason": "contract", "suspended-reasons": BECAUSE}
    assert officer.post(propose, said | {"suspended-reason": "fraud"}).status_code == 422
    assert officer.post(propose, said).status_code == 302
    proposal = ChangeProposal.objects.get()
    assert officer.post(address("decide_change", case), {}).status_code == 403
    maker = sign_in("decision_maker")
    assert reverse("certificate_list") in maker.get(reverse("own_work")).text
    assert BECAUSE in maker.get(address("certificate_desk", case)).text
    yes = {"decide-accepted": "yes", "decide-reasons": BECAUSE}
    assert maker.post(address("decide_change", case), yes).status_code == 302  # to prove who it is
    assert not hasattr(ChangeProposal.objects.get(), "decision")
    assert standing_of(made.number, at + 60 * MINUTE).standing == "valid"
    assert proposal.account == world.people["certificate_officer"]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2026-02-30"])
def test_a_day_that_no_calendar_reaches_is_refused_in_words(case, sign_in, day):  # noqa: F811
    officer = sign_in("certificate_officer", "en")
    officer.post(address("issue_certificate", case), TYPED)
    said = {"suspended-reason": "contract", "suspended-reasons": BECAUSE, "suspended-effective_on": day}
    answer = officer.post(address("propose_change", case, change="suspended"), said)
    assert answer.status_code == 422
    assert "Write the day like 2026-06-30" in answer.text


def refused_with_its_words(answer, *words):
    """422, and nothing of what was typed is lost."""
    page = answer.text
    return answer.status_code == 422 and 'class="unsent"' in page and all(each in page for each in words)


@pytest.mark.parametrize(("language", "told"), [("zh-hans", "情况已经变化"), ("en", "has moved on")])
def test_of_two_windows_the_second_is_told_and_keeps_what_it_typed(case, sign_in, language, told):  # noqa: F811
    officer, maker = sign_in("certificate_officer", language), sign_in("decision_maker", language)
    proven(maker)
    officer.post(address("issue_certificate", case), TYPED)
    assert refused_with_its_words(officer.post(address("issue_certificate", case), TYPED), told, "天工路3号")

    said = {"suspended-reason": "contract", "suspended-reasons": BECAUSE}
    officer.post(address("propose_change", case, change="suspended"), said)
    other = {"withdrawn-reason": "fraud", "withdrawn-reasons": "第二个窗口写下的理由"}
    answer = officer.post(address("propose_change", case, change="withdrawn"), other)
    assert refused_with_its_words(answer, told, "第二个窗口写下的理由")

    first = ChangeProposal.objects.get()
    seen = {"decide-seen": str(first.pk), "decide-accepted": "no", "decide-reasons": BECAUSE}
    assert str(first.pk) in maker.get(address("certificate_desk", case)).text
    assert maker.post(address("decide_change", case), seen).status_code == 302
    late = seen | {"decide-accepted": "yes", "decide-reasons": "另一个窗口里的决定理由"}
    assert refused_with_its_words(maker.post(address("decide_change", case), late), told, "另一个窗口里的决定理由")

    officer.post(address("propose_change", case, change="withdrawn"), other)
    answer = maker.post(address("decide_change", case), late)
    assert refused_with_its_words(answer, told, "另一个窗口里的决定理由", "第二个窗口写下的理由")
    assert not ChangeDecision.objects.exclude(proposal=first).exists(), "what is proposed now was not shown"


def proven(browser):
    """The password was given just now."""
    assert browser.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def test_what_is_decided_and_not_published_is_told_at_the_desk(case, world, sign_in, at, settings):  # noqa: F811
    stage(case, ADDRESSES, world.actor("certificate_officer"), at)
    settings.KEY_PASSPHRASE = "another horse battery staple"
    (made,) = certificates_of(case)
    officer = sign_in("certificate_officer", "en")
    assert f"Decided and not published yet: {made.number}" in officer.get(reverse("certificate_list")).text
    settings.KEY_PASSPHRASE = "correct horse battery staple"
    recover(at)
    assert "not published yet" not in officer.get(reverse("certificate_list")).text


def test_a_replacement_shows_the_holder_as_it_is_now(case, sign_in):  # noqa: F811
    officer = sign_in("certificate_officer")
    officer.post(address("issue_certificate", case), TYPED)
    page = officer.get(address("certificate_desk", case)).text
    assert "上海市浦东新区天工路3号" in page
    propose = address("propose_change", case, change="superseded")
    same = {
        "superseded-name": "天工数智集团有限公司", "superseded-registered": "北京市海淀区天工路9号",
        "superseded-sites": "北京市海淀区天工路9号", "superseded-reason": "address-changed",
        "superseded-reasons": BECAUSE,
    }  # fmt: skip
    assert officer.post(propose, same).status_code == 302
    assert "天工路9号" in officer.get(address("certificate_desk", case)).text
    assert officer.post(address("propose_change", case, change="improved"), same).status_code == 404


def test_a_new_key_signs_the_next_page(case, sign_in, at):  # noqa: F811
    rotate_key(KeyPurpose.PDF, system, at)
    sign_in("certificate_officer").post(address("issue_certificate", case), TYPED)
    assert certificates_of(case)[0].leaves.get().publications.get().pdf_key == current(KeyPurpose.PDF)
