# SPDX-License-Identifier: Apache-2.0
"""Signing in, the second factor, passwords, invitations: every page ours, in both languages, errors included."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.urls import reverse

from gradus.journal.actor import system
from gradus.people.actions import Seat, close_account
from gradus.people.invitations import invite, withdraw_invitation
from gradus.people.models import Account, Invitation
from tests.people.firms import PASSWORD
from tests.platform_fixtures import SECRET
from tests.web.conftest import browser

NEW = "another fine sentence"
FOREIGN = {"Gradus", "English", "TOTP", "Beijing"}


def code(secret=SECRET):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def text_of(response):
    html = response.content.decode()
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", body))


def assert_ours(response, language="zh-Hans"):
    """The page stands in our frame and speaks the reader's language, also where allauth or Django has the word."""
    html = response.content.decode()
    assert f'<html lang="{language}">' in html
    assert '<header class="bar">' in html
    text = re.sub(r"\S+@\S+|\S+://\S+", " ", text_of(response))
    if language == "zh-Hans":
        assert set(re.findall(r"[A-Za-z]{3,}", text)) - FOREIGN - {"manager", "member", "assessor", "stranger"} == set()
    else:
        left = re.sub(r"中文|\w*有限公司|测试认证中心|简体中文", "", text)
        assert re.findall(r"[\u4e00-\u9fff]+", left) == []


@pytest.fixture(autouse=True)
def limited(settings):
    """As on a real platform: guessing and asking too often is stopped."""
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    return request.param


@pytest.fixture
def html_language(language):
    return {"zh-hans": "zh-Hans", "en": "en"}[language]


def sign_in(client, who, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": f"{who}@example.com", "password": password, **more})


PLAIN_PAGES = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
]
OWN_PAGES = ["account_logout", "account_reauthenticate", "account_change_password", "my_account"]


@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_the_pages_for_visitors_are_ours(world, name, language, html_language):
    assert_ours(browser(language=language).get(reverse(name)), html_language)


@pytest.mark.parametrize("name", OWN_PAGES)
def test_the_pages_for_account_holders_are_ours(world, name, language, html_language):
    assert_ours(browser(world.people["manager"], language).get(reverse(name)), html_language)


def test_a_client_signs_in_with_a_password(world):
    response = sign_in(browser(), "manager", next="/enter/account/")
    assert (response.status_code, response["Location"]) == (302, "/enter/account/")


def test_who_must_sign_in_first_comes_back_to_the_whole_address(world):
    wanted = f"/applicant/{world.client.pk}/?part=1&q=%E7%8E%8B%26x"
    asked = browser().get(wanted)["Location"]
    assert parse_qs(urlsplit(asked).query) == {"next": [wanted]}


def test_nobody_is_sent_to_another_site_after_signing_in(world):
    assert sign_in(browser(), "manager", next="https://example.org/")["Location"] == "/"


@pytest.mark.parametrize(("who", "password"), [("manager", "wrong"), ("nobody", PASSWORD), ("manager", "")])
def test_a_wrong_password_is_told_in_our_words_with_what_was_typed(world, who, password, language, html_language):
    response = sign_in(browser(language=language), who, password)
    assert response.status_code == 422
    assert_ours(response, html_language)
    assert f'value="{who}@example.com"' in response.content.decode()


def test_an_unknown_address_and_a_wrong_password_sound_the_same(world):
    known, unknown = (sign_in(browser(), who, "wrong") for who in ("manager", "nobody"))
    assert "邮箱或密码不正确" in text_of(known)
    assert text_of(known).replace("manager", "") == text_of(unknown).replace("nobody", "")


def test_guessing_is_stopped_in_our_words(world, language, html_language):
    for _ in range(5):
        sign_in(browser(), "manager", "wrong")
    response = sign_in(browser(language=language), "manager")
    assert response.status_code == 422
    assert_ours(response, html_language)
    assert ("错误次数太多" if language != "en" else "Too many wrong attempts") in text_of(response)


def test_behind_a_proxy_one_strangers_guesses_do_not_lock_out_others(world, settings):
    settings.BEHIND_TLS = True
    for number in range(11):
        stranger = browser()
        stranger.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.1"
        locked = sign_in(stranger, f"nobody{number}", "wrong")
    assert "错误次数太多" in text_of(locked)
    other = browser()
    other.defaults["HTTP_X_FORWARDED_FOR"] = "198.51.100.7"
    assert sign_in(other, "manager").status_code == 302


def test_asking_too_often_is_a_page_of_ours(world, language, html_language):
    client = browser(language=language)
    responses = [client.post(reverse("account_reset_password"), {"email": "a@example.com"}) for _ in range(6)]
    assert responses[-1].status_code == 429
    assert_ours(responses[-1], html_language)


def test_a_closed_account_does_not_sign_in(world, at):
    close_account(world.people["member"], system, at)
    client = browser()
    sign_in(client, "member")
    assert client.get(reverse("my_account"))["Location"].startswith(reverse("account_login"))


def test_closing_an_account_ends_its_session(world, at):
    client = browser(world.people["member"])
    assert client.get(reverse("my_account")).status_code == 200
    close_account(world.people["member"], system, at)
    assert client.get(reverse("my_account"))["Location"].startswith(reverse("account_login"))


def test_staff_sign_in_with_password_and_code(world, language, html_language):
    client = browser(language=language)
    assert sign_in(client, "assessor")["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("office_home"))["Location"].startswith(reverse("account_login"))
    assert_ours(client.get(reverse("mfa_authenticate")), html_language)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 422
    assert_ours(wrong, html_language)
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).status_code == 302
    assert client.get(reverse("office_home")).status_code == 200


def test_too_many_wrong_codes_are_stopped(world):
    client = browser()
    sign_in(client, "assessor")
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    response = client.post(reverse("mfa_authenticate"), {"code": code()})
    assert response.status_code == 422
    assert "错误次数太多" in text_of(response)


def test_a_recovery_code_signs_in_once(world):
    spare = RecoveryCodes.activate(world.people["assessor"]).get_unused_codes()[0]
    for status in (302, 422):
        client = browser()
        sign_in(client, "assessor")
        assert client.post(reverse("mfa_authenticate"), {"code": spare}).status_code == status


def set_up(client):
    """Through re-authentication to the page, and back with the code that the page's key gives."""
    again = client.get(reverse("mfa_activate_totp"))
    assert again["Location"].startswith(reverse("account_reauthenticate"))
    client.post(again["Location"], {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = client.session[SECRET_SESSION_KEY]
    return page, secret


def test_the_second_factor_is_set_up_with_a_drawing_or_a_text(world, language, html_language):
    Authenticator.objects.all().delete()
    client = browser(world.people["assessor"], language)
    assert client.get(reverse("office_home"))["Location"] == reverse("mfa_activate_totp")
    page, secret = set_up(client)
    assert_ours_but_for_the_key(page, secret, html_language)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong.status_code == 422
    assert_ours_but_for_the_key(wrong, secret, html_language)
    done = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(done["Location"])
    assert_ours(codes, html_language)
    shown = re.findall(r"<code>(\d{8})</code>", codes.content.decode())
    assert len(set(shown)) == 10
    seen = client.get(done["Location"])
    assert_ours(seen, html_language)
    assert not any(each in seen.content.decode() for each in shown)
    assert client.get(reverse("office_home")).status_code == 200


def assert_ours_but_for_the_key(response, secret, html_language):
    parts = re.findall(r"<span>([A-Z2-7]{1,4})</span>", response.content.decode())
    assert "".join(parts) == secret
    response.content = re.sub(rb"<span>[A-Z2-7]{1,4}</span>", b"", response.content)
    assert_ours(response, html_language)


def test_the_key_is_kept_encrypted_and_another_installation_can_not_read_it(world, settings):
    kept = Authenticator.objects.get(user=world.people["assessor"]).data["secret"]
    assert SECRET not in kept
    assert get_adapter().decrypt(kept) == SECRET
    RecoveryCodes.activate(world.people["assessor"])
    nothing = Authenticator(data={"seed": get_adapter().encrypt(""), "used_mask": 0})
    computed = RecoveryCodes(nothing).generate_codes()[0]  # from an empty secret, as anybody can
    settings.SECRET_KEY = "another"
    for each in (code(), code(""), computed):
        client = browser()
        client.post(reverse("account_login"), {"login": "assessor@example.com", "password": PASSWORD})
        response = client.post(reverse("mfa_authenticate"), {"code": each})
        assert response.status_code == 422


def confirmed(who, world, language="zh-hans"):
    """Signed in, and confirmed just now by password."""
    client = browser(world.people[who], language)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_what_an_appointment_requires_can_not_be_removed(world, language, html_language):
    client = confirmed("assessor", world, language)
    for response in (client.get(reverse("mfa_deactivate_totp")), client.post(reverse("mfa_deactivate_totp"))):
        assert_ours(response, html_language)
    assert Authenticator.objects.filter(user=world.people["assessor"]).exists()
    assert reverse("mfa_deactivate_totp") not in client.get(reverse("my_account")).content.decode()


def test_a_client_may_set_it_up_and_remove_it(world, language, html_language):
    client = browser(world.people["manager"], language)
    _, secret = set_up(client)
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert_ours(client.get(reverse("mfa_deactivate_totp")), html_language)
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    assert_ours(client.get(reverse("mfa_index"), follow=True), html_language)
    assert not Authenticator.objects.filter(user=world.people["manager"]).exists()


def test_new_recovery_codes_replace_the_old(world, language, html_language):
    old = RecoveryCodes.activate(world.people["assessor"]).get_unused_codes()
    client = confirmed("assessor", world, language)
    assert_ours(client.get(reverse("mfa_generate_recovery_codes")), html_language)
    client.post(reverse("mfa_generate_recovery_codes"))
    new = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not any(each in new for each in old)


@pytest.mark.parametrize(("name", "field"), [("account_reauthenticate", "password"), ("mfa_reauthenticate", "code")])
def test_confirming_with_the_wrong_thing_is_told(world, name, field, language, html_language):
    client = browser(world.people["assessor"], language)
    assert_ours(client.get(reverse(name)), html_language)
    response = client.post(reverse(name), {field: "000000"})
    assert response.status_code == 422
    assert_ours(response, html_language)


BAD_PASSWORDS = ["short", "password123", "1234567890123", "manager@example.com", ""]


@pytest.mark.parametrize("bad", BAD_PASSWORDS)
def test_a_weak_new_password_is_refused_in_our_words(world, bad, language, html_language):
    client = browser(world.people["manager"], language)
    said = {"oldpassword": PASSWORD, "password1": bad, "password2": bad}
    response = client.post(reverse("account_change_password"), said)
    assert response.status_code == 422
    assert_ours(response, html_language)


def test_a_password_is_changed_and_its_owner_told(world, language, html_language, django_capture_on_commit_callbacks):
    client = browser(world.people["manager"], language)
    wrong = client.post(
        reverse("account_change_password"), {"oldpassword": "wrong", "password1": NEW, "password2": NEW + "x"}
    )
    assert wrong.status_code == 422
    assert_ours(wrong, html_language)
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        )
    assert_ours(client.get(done["Location"]), html_language)
    (letter,) = mail.outbox
    assert letter.subject == "您的 Gradus 密码已更改 / Your Gradus password was changed"
    assert sign_in(browser(), "manager", NEW).status_code == 302


def reset_link(who, capture):
    with capture(execute=True):
        browser().post(reverse("account_reset_password"), {"email": f"{who}@example.com"})
    (letter,) = mail.outbox
    assert letter.subject == "重设 Gradus 密码 / Set a new Gradus password"
    links = re.findall(r"http://localhost(\S+)", letter.body)
    assert len(set(links)) == 1
    assert len(links) == 2
    return links[0]


def test_a_forgotten_password_is_set_anew_by_letter(world, language, html_language, django_capture_on_commit_callbacks):
    link = reset_link("manager", django_capture_on_commit_callbacks)
    client = browser(language=language)
    page = client.get(link, follow=True)
    assert_ours(page, html_language)
    address = page.redirect_chain[-1][0]
    weak = client.post(address, {"password1": "short", "password2": "other"})
    assert weak.status_code == 422
    assert_ours(weak, html_language)
    assert_ours(client.post(address, {"password1": NEW, "password2": NEW}, follow=True), html_language)
    assert sign_in(browser(), "manager", NEW).status_code == 302
    assert_ours(browser(language=language).get(link), html_language)
    assert ("失效" if language != "en" else "no longer valid") in text_of(browser(language=language).get(link))


def test_no_letter_goes_to_strangers(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = browser().post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert response["Location"] == reverse("account_reset_password_done")
    assert mail.outbox == []


def test_after_a_forgotten_password_staff_can_still_set_up_a_second_factor(world, django_capture_on_commit_callbacks):
    Authenticator.objects.all().delete()
    reset_link("assessor", django_capture_on_commit_callbacks)
    page, _ = set_up(browser(world.people["assessor"]))
    assert page.status_code == 200


def test_a_name_is_changed_in_my_account(world, language, html_language):
    client = browser(world.people["manager"], language)
    empty = client.post(reverse("my_account"), {"name": " "})
    assert empty.status_code == 422
    assert_ours(empty, html_language)
    client.post(reverse("my_account"), {"name": "李 经理"})
    assert Account.objects.get(email="manager@example.com").name == "李 经理"


@pytest.fixture
def invited(world, at):
    def make(email, role="client_member", organisation=None):
        seat = Seat(organisation or world.client, role)
        made = invite(email, seat, lambda secret: reverse("invitation", args=[secret]), system, at)
        return made, reverse("invitation", args=[made.secret])

    return make


def test_an_invited_person_makes_an_account_and_is_signed_in(world, invited, language, html_language):
    _, link = invited("hr@example.com")
    client = browser(language=language)
    assert_ours(client.get(link), html_language)
    wrong = client.post(link, {"name": "王芳", "password1": "short", "password2": "other"})
    assert wrong.status_code == 422
    assert_ours(wrong, html_language)
    assert 'value="王芳"' in wrong.content.decode()
    client.post(link, {"name": "王芳", "password1": NEW, "password2": NEW})
    assert client.get("/")["Location"] == reverse("applicant_home", args=[world.client.pk])


def test_invited_staff_go_straight_to_the_second_factor(world, invited):
    _, link = invited("new@example.com", "assessor", world.body)
    client = browser()
    client.post(link, {"name": "评估员", "password1": NEW, "password2": NEW})
    assert client.get("/")["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_who_has_an_account_signs_in_first_and_comes_back(world, invited, language, html_language):
    _, link = invited("stranger@example.com")
    client = browser(language=language)
    page = client.get(link)
    assert_ours(page, html_language)
    assert client.post(link, {"name": "x", "password1": NEW, "password2": NEW}).status_code == 422
    assert f'href="{reverse("account_login")}?next={link}"' in page.content.decode()
    assert sign_in(client, "stranger", next=link)["Location"] == link
    assert_ours(client.get(link), html_language)
    assert client.post(link)["Location"] == "/"
    assert client.get("/")["Location"] == reverse("applicant_firms")


def test_somebody_else_is_asked_to_sign_out_first(world, invited, language, html_language):
    made, link = invited("hr@example.com")
    client = browser(world.people["member"], language)
    assert_ours(client.get(link), html_language)
    assert client.post(link).status_code == 422
    assert Invitation.objects.get(pk=made.invitation.pk).accepted_at is None


@pytest.mark.parametrize("what", ["unknown", "used", "withdrawn", "expired"])
def test_an_invitation_that_is_void_says_why(world, invited, at, what, language, html_language):
    made, link = invited("hr@example.com")
    if what == "unknown":
        link = reverse("invitation", args=["nothing"])
    if what == "used":
        browser().post(link, {"name": "王芳", "password1": NEW, "password2": NEW})
    if what == "withdrawn":
        withdraw_invitation(made.invitation, system, at)
    if what == "expired":
        Invitation.objects.filter(pk=made.invitation.pk).update(expires_at=at - timedelta(seconds=1))
    for response in (browser(language=language).get(link), browser(language=language).post(link)):
        assert response.status_code == 422
        assert_ours(response, html_language)


@pytest.mark.parametrize("page", ["home", "register", "verify_page", "scheme"])
def test_every_public_page_leads_to_the_public_notices(client, db, page):
    assert f'href="{reverse("public_notices")}"' in client.get(reverse(page)).text
