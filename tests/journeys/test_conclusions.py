# SPDX-License-Identifier: Apache-2.0
"""In a real browser: from the technical review to the second signature, and cases that end without one. Cases of the
demonstration stand where each story begins, for days must pass between them."""

import pytest
from playwright.sync_api import expect

from tests.dossiers import papers
from tests.journeys.desks import form, found, send, sign_form, staff, whole

BECAUSE = "Records support the conclusion / 记录支持结论"
WORDS = {
    "zh-hans": {"granted": "授予", "refused": "不予认证", "effect": "已生效", "notice": "公示", "supplement": "补正"},
    "en": {"granted": "Grant", "refused": "Refuse certification", "effect": "In effect", "notice": "Public notice",
           "supplement": "upplement"},
}  # fmt: skip


@pytest.fixture
def desk(sign_in, server):
    """``desk("decision_maker", firm, "decision/", "en", 380)``: somebody before a page of a firm's case."""

    def opened(role, firm, part="", language="zh-hans", width=1440):
        page = sign_in(staff(role), language, width)
        page.goto(f"/office/cases/{found(server, firm)[0]}/{part}")
        return page

    return opened


@pytest.fixture
def client(sign_in, server):
    """``client(firm, "consent/", "en", 380)``: the firm's manager before a page of its case."""

    def opened(firm, email, part="", language="zh-hans", width=1440):
        case, own = found(server, firm)
        page = sign_in(email, language, width)
        page.goto(f"/applicant/{own}/cases/{case}/{part}")
        return page

    return opened


def recommend(page, axe):
    """Recommend the highest outcome that is offered, with its whole scope."""
    filled = form(page, "/review/recommend/")
    whole(page, axe)
    filled.locator("select").select_option(index=0)
    for each in filled.locator("input[type=checkbox]").all():
        each.check()
    filled.locator("textarea").fill(BECAUSE)
    send(filled)
    expect(page.locator(".said").first).to_be_visible()
    whole(page, axe)


def sign_second(desk, server, firm, language, width, axe):
    """The head of the body puts a decision into effect."""
    head = desk("head_of_body", firm, "decision/", language, width)
    whole(head, axe)
    sign_form(head, form(head, "/decision/sign/"), server.accounts[staff("head_of_body")]["password"])
    expect(head.locator(".seal")).to_have_text(WORDS[language]["effect"])
    whole(head, axe)
    return head


def test_level_4_after_a_supplement_is_recommended_announced_decided_and_signed(desk, client, server, axe):
    reviewer = desk("technical_reviewer", "黔灵大数据有限公司", "review/", "en", 380)
    recommend(reviewer, axe)
    office = desk("office", "珠江口岸软件有限公司", "decision/", "zh-hans", 1440)
    whole(office, axe)
    send(form(office, "/notice/close/"))
    expect(form(office, "/notice/close/")).to_have_count(0)
    firm = "凤城电子政务有限公司"
    maker = desk("decision_maker", firm, "decision/", "en", 380)
    whole(maker, axe)
    grant = form(maker, "/decision/grant/")
    grant.locator("select").select_option("level-4")
    grant.locator("textarea").fill("short")
    sign_form(maker, grant, server.accounts[staff("decision_maker")]["password"])
    expect(maker.locator(".said.error, .wrong, [aria-invalid=true]").first).to_be_visible()
    whole(maker, axe)
    grant = form(maker, "/decision/grant/")
    expect(grant.locator("textarea")).to_have_value("short")
    grant.locator("textarea").fill(BECAUSE)
    sign_form(maker, grant, server.accounts[staff("decision_maker")]["password"])
    expect(maker.locator(".decided h2")).to_contain_text("Grant")
    expect(maker.locator(".seal")).to_have_count(0)
    sign_second(desk, server, firm, "zh-hans", 1440, axe)
    letters = client(firm, "manager@fengcheng.example", "letters/", "en", 380)
    whole(letters, axe)
    with letters.expect_download() as download:
        letters.locator(".downloads a").last.evaluate("link => { link.download = ''; link.click() }")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    history = client(firm, "manager@fengcheng.example", "", "zh-hans", 1440)
    expect(history.locator("p.lead").first).to_have_text("授予")
    expect(history.locator(".journal")).to_contain_text("补正")
    whole(history, axe)


def test_what_reaches_no_level_is_refused_with_a_reason_and_two_signatures(desk, client, server, axe):
    firm = "松江轨道信息有限公司"
    maker = desk("decision_maker", firm, "decision/", "zh-hans", 380)
    refuse = form(maker, "/decision/refuse/")
    whole(maker, axe)
    refuse.locator("select").select_option("not-reached")
    refuse.locator("textarea").fill(BECAUSE)
    sign_form(maker, refuse, server.accounts[staff("decision_maker")]["password"])
    expect(maker.locator(".decided h2")).to_have_text("不予认证")
    sign_second(desk, server, firm, "en", 1440, axe)
    told = client(firm, "manager@songjiang.example", "", "en", 380)
    expect(told.locator("p.lead").first).to_have_text("Refused")
    whole(told, axe)


def test_a_cross_level_case_is_voted_on_by_keyboard_and_counted(desk, axe):
    firm = "琼州数字孪生有限公司"
    member = desk("panel_member_4", firm, "panel/", "en", 380)
    whole(member, axe)
    member.locator("input[name$=voice]").first.focus()
    member.keyboard.press("ArrowDown")
    member.keyboard.press("Tab")
    member.keyboard.type("The innovation is not tied to delivery")
    member.keyboard.press("Tab")
    member.keyboard.press("Enter")
    expect(member.locator("form[action$='/panel/vote/']")).to_have_count(0)
    whole(member, axe)
    office = desk("office", firm, "panel/")
    count = form(office, "/panel/close/")
    count.locator("textarea").fill(BECAUSE)
    whole(office, axe)
    send(count)
    expect(office.locator("main")).to_contain_text("专家组赞成")
    whole(office, axe)


def test_a_review_by_somebody_who_turns_out_to_be_tied_is_made_anew(desk, sign_in, axe):
    firm = "青城智慧能源有限公司"
    office = sign_in(staff("office"))
    office.goto("/office/ties/")
    tie = office.locator("form:has([name=client])")
    tie.locator("[name=account]").select_option(label="沈技审")
    tie.locator("[name=client]").fill(firm)
    tie.locator("[name=kind]").select_option("related")
    tie.locator("[name=starts_on]").fill("2024-01-01")
    tie.locator("[name=source]").fill("举报后查实")
    send(tie)
    for language, width in (("zh-hans", 1440), ("en", 380)):
        page = desk("office", firm, "decision/", language, width)
        form(page, "/review/anew/")
        whole(page, axe)
    send(form(page, "/review/anew/"))
    expect(form(page, "/review/anew/").locator(".wrong, [aria-invalid=true]").first).to_be_visible()
    whole(page, axe)
    form(page, "/review/anew/").locator("textarea").fill("The reviewer’s brother works there")
    send(form(page, "/review/anew/"))
    expect(form(page, "/review/anew/")).to_have_count(0)
    told = desk("office", firm, "review/", "en", 380)
    expect(told.locator("main")).to_contain_text("The reviewer’s brother works there")
    whole(told, axe)


def test_a_firm_is_asked_for_consent_to_less_and_gives_it(client, desk, axe):
    firm = "夏都云数据有限公司"
    asked = client(firm, "manager@xiadu.example", "consent/", "zh-hans", 380)
    whole(asked, axe)
    asked.locator("input[type=radio]").first.check()
    asked.locator("main input[name$=name]").fill("王法定")
    asked.locator("main button.btn-primary").click()
    expect(asked.locator("main")).to_contain_text("贵单位已接受该等级")
    whole(asked, axe)
    maker = desk("decision_maker", firm, "decision/", "en")
    expect(form(maker, "/decision/grant/").locator("option")).to_have_count(1)
    whole(maker, axe)


def test_a_case_whose_client_let_its_time_pass_is_terminated_with_a_letter(desk, client, axe):
    firm, email = "锦江数据服务有限公司", "manager@jinjiang.example"
    office = desk("office", firm, "", "en", 380)
    expect(form(office, "/terminate/").locator(".optional")).to_have_count(0)
    whole(office, axe)
    send(form(office, "/terminate/"))
    expect(form(office, "/terminate/").locator(".wrong, [aria-invalid=true]").first).to_be_visible()
    whole(office, axe)
    wide = desk("office", firm)
    form(wide, "/terminate/").locator("textarea").fill(BECAUSE)
    whole(wide, axe)
    send(form(wide, "/terminate/"))
    expect(wide.locator(".standing")).to_contain_text("终止")
    expect(form(wide, "/terminate/")).to_have_count(0)
    whole(wide, axe)
    told = client(firm, email, "", "en", 380)
    expect(told.locator("p.lead").first).to_have_text("Terminated")
    expect(told.locator(".to-do .written")).to_have_text(BECAUSE)
    whole(told, axe)
    whole(client(firm, email), axe)
    letters = client(firm, email, "letters/")
    expect(letters.locator("main")).to_contain_text("终止")
    whole(letters, axe)


def test_level_1_of_a_firm_whose_level_2_the_office_has_entered(desk, client, sign_in, server, axe):
    firm, email = "昆仑信息集成有限公司", "manager@kunlun.example"
    _, own = found(server, firm)
    office = sign_in(staff("office"))
    office.goto(f"/office/clients/{own}/register/")
    enter = form(office, "/register/certificates/")
    whole(office, axe)
    enter.locator("select[name$=level]").select_option("level-2")
    for name, text in (
        ("number", "GX-2023-0005"),
        ("since", "2024-07-01"),
        ("valid_until", "2027-06-30"),
        ("source", "原证书"),
    ):
        enter.locator(f"[name$='{name}']").fill(text)
    enter.locator("input[type=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": papers.pdf()}
    )
    send(enter)
    expect(office.locator("main table").first).to_contain_text("GX-2023-0005")
    whole(office, axe)
    manager = sign_in(email, "en", 380)
    manager.goto(f"/applicant/{own}/cases/apply/")
    manager.locator("main button.btn-primary").click()
    expect(manager.locator("p.lead").first).to_have_text("Application review")
    reviewer = desk("application_reviewer", firm, "application/", "en", 380)
    expect(reviewer.locator("main")).to_contain_text("Nothing")
    whole(reviewer, axe)


@pytest.mark.long
def test_experts_vote_on_level_1_and_it_is_announced(desk, visitor, axe):
    firm = "春城信息服务有限公司"
    reviewer = desk("technical_reviewer", firm, "review/")
    recommend(reviewer, axe)
    office = desk("office", firm, "panel/", "en", 380)
    convene = form(office, "/panel/convene/")
    for number in range(3):
        convene.locator("input[type=checkbox]").nth(number).check()
    whole(office, axe)
    send(convene)
    for number in range(1, 5):
        member = desk(f"panel_member_{number}", firm, "panel/", "en" if number % 2 else "zh-hans", 380)
        vote = form(member, "/panel/vote/")
        if vote.count():
            vote.locator("input[value=for]").check()
            vote.locator("textarea").fill(BECAUSE)
            send(vote)
    office.reload()
    count = form(office, "/panel/close/")
    count.locator("textarea").fill(BECAUSE)
    send(count)
    expect(office.locator("main")).to_contain_text("The panel is for it")
    public = visitor("en", 380)
    public.goto("/notices/")
    announced = public.locator(".public-notice, main section", has_text="Chuncheng Information Services").first
    expect(announced).to_contain_text("Level 1 three stars")
    whole(public, axe)
