# SPDX-License-Identifier: Apache-2.0
"""Pages of stage 2: the team at the office and at the client, the workbook of the team."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from gradus.dossiers.models import Row as DossierRow
from gradus.evaluations.models import DocumentFinding, Rating, Verdict
from gradus.evaluations.review import Wanted, ask_review_supplement
from gradus.evaluations.rows import judged_tables, rated_items, submitted
from gradus.evaluations.team import change_team, current_team, propose_team
from gradus.formats.wording import words
from gradus.process.states import State
from tests.dossiers.submitting import submit_ready
from tests.evaluations.review import EXPERT, LEADER, MEMBER, agreed_case, competent, reviewed_case, usual


def address(name, case, **more):
    return reverse(name, kwargs={"case": case.pk, **more})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_office_proposes_a_team_and_is_told_every_hindrance(sign_in, world, submitted, language):
    case = agreed_case(submitted())
    browser = sign_in("office", language)
    seats = {f"seat-{world.people[who].pk}": part for who, part in ((LEADER, "lead_assessor"), (MEMBER, "assessor"))}
    page = browser.post(address("team", case), {"do": "propose", **seats})
    assert page.status_code == 422
    assert page.text.count("<li>") >= 3  # a field that nobody covers, a leader who covers none
    competent(world, LEADER, case, case.changed_at)
    assert browser.post(address("team", case), {"do": "propose", **seats}).status_code == 302
    case.refresh_from_db()
    assert (case.state, current_team(case).members.count()) == (State.OBJECTION, 2)
    page = browser.get(address("team", case))
    assert world.people[LEADER].name in page.text
    assert browser.post(address("team", case), {"do": "change", "reason": "换人"}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.AGREED


@pytest.mark.parametrize("other", ["a part of others", "an unknown part", "an unknown person"])
def test_a_seat_that_is_not_offered_refuses_the_whole_proposal_in_words(sign_in, world, submitted, other):
    case = agreed_case(submitted())
    competent(world, LEADER, case, case.changed_at)
    who = "0" * 32 if other == "an unknown person" else world.people[EXPERT].pk
    part = {"a part of others": "decision_maker", "an unknown part": "zzz", "an unknown person": "assessor"}[other]
    seats = {f"seat-{world.people[LEADER].pk}": "lead_assessor", f"seat-{who}": part}
    answer = sign_in("office", "en").post(address("team", case), {"do": "propose", **seats})
    assert answer.status_code == 422
    assert "no team was proposed" in answer.text
    assert (world.people[EXPERT].name if other != "an unknown person" else who) in answer.text
    assert current_team(case) is None


def test_the_client_sees_the_names_objects_and_is_answered(sign_in, world, submitted):
    case = agreed_case(submitted())
    competent(world, LEADER, case, case.changed_at)
    browser, office = sign_in("manager"), sign_in("office")
    seats = {f"seat-{world.people[LEADER].pk}": "lead_assessor", f"seat-{world.people[MEMBER].pk}": "assessor"}
    office.post(address("team", case), {"do": "propose", **seats})
    member = current_team(case).members.get(account=world.people[MEMBER])
    page = address("client_team", case, client=case.client_id)
    assert world.people[MEMBER].name in browser.get(page).text
    assert sign_in("member").post(page, {}).status_code == 403
    assert browser.post(page, {"member": member.pk, "reason": ""}).status_code == 422
    assert browser.post(page, {"member": member.pk, "reason": "曾在竞争对手任职"}).status_code == 302
    told = office.get(address("team", case))
    assert "曾在竞争对手任职" in told.text
    objection = member.objections.get()
    assert sign_in("member").post(page, {"back": objection.pk}).status_code == 403
    assert 'name="back"' not in sign_in("member").get(page).text
    assert f'name="back" value="{objection.pk}"' in browser.get(page).text
    assert browser.post(page, {"back": "0"}).status_code == 404
    assert browser.post(page, {"back": objection.pk}).status_code == 302
    assert "异议已于" in office.get(address("team", case)).text
    assert browser.post(page, {"back": objection.pk}).status_code == 422
    assert f'id="reason-{member.pk}"' in browser.get(page).text, "and the client may object anew"
    browser.post(page, {"member": member.pk, "reason": "曾在竞争对手任职"})
    objection = member.objections.last()
    office.post(address("team", case), {"do": "answer", "objection": objection.pk, "text": "已核对，无利益关系"})
    assert "已核对，无利益关系" in browser.get(page).text


def test_the_leader_named_begins_and_nobody_who_is_not_on_the_team_reads_the_workbook(sign_in, world, submitted):
    case = agreed_case(submitted())
    at = case.changed_at + timedelta(minutes=1)
    competent(world, LEADER, case, at)
    propose_team(case, usual(world)[:2], world.actor("office"), at)
    book = address("assessor_workbook", case)
    assert sign_in(LEADER).get(book).status_code == 200
    assert sign_in(EXPERT).get(book).status_code == 404
    assert sign_in("office").get(book).status_code == 403
    # The time to object, counted from the day of the case, is long over.
    assert sign_in(MEMBER).post(address("start_review", case)).status_code == 403
    assert sign_in(LEADER).post(address("start_review", case)).status_code == 302
    case.refresh_from_db()
    assert case.state == State.DOCUMENT_REVIEW


@pytest.fixture
def case(world, submitted):
    return reviewed_case(world, submitted())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_workbook_stands(sign_in, case, language):
    browser, found = sign_in(MEMBER, language), submitted(case)
    pages = [address("assessor_workbook", case)]
    pages += [address("assessor_table", case, table=each.id) for each in judged_tables(found.edition)]
    every = [*found.edition.indicators[::6], *found.edition.requirements[::6]]
    pages += [address("assessor_item", case, item=each.id) for each in every]
    file = next(iter(found.files))
    pages += [address("assessor_evidence", case, digest=file), address("assessor_file", case, digest=file)]
    pages += [address("assessor_picture", case, digest=file, page=1)]
    got = {page: browser.get(page) for page in pages}
    assert len(b"".join(got[address("assessor_file", case, digest=file)].streaming_content)) > 100
    assert {page: answer.status_code for page, answer in got.items() if answer.status_code != 200} == {}
    form = browser.get(address("accept_table", case, table="staff"))
    assert form["Location"] == address("assessor_table", case, table="staff")
    assert browser.get(address("assessor_evidence", case, digest="0" * 64)).status_code == 404
    assert browser.get(address("assessor_item", case, item="nothing")).status_code == 404


@pytest.mark.parametrize("said", [{"opinion": "destroy"}, {}], ids=["unknown", "none"])
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_an_opinion_that_no_button_says_judges_nothing_and_loses_nothing_typed(sign_in, case, said, htmx):
    row = submitted(case).rows["projects"][0]
    judged = address("judge_row", case, table="projects", row=row.id)
    said = {"reason": "not-proven", "text": "验收报告没有盖章", **said}
    answer = sign_in(MEMBER).post(judged, said, headers=htmx)
    assert "没有选定要做什么" in answer.text
    assert "验收报告没有盖章" in answer.text
    assert answer.status_code == (200 if htmx else 422)  # htmx takes a refused row back as any other
    assert not Verdict.objects.exists()


def test_a_verdict_moves_the_grade_at_once_and_says_why(sign_in, case):
    browser = sign_in(MEMBER)
    row = submitted(case).rows["projects"][0]
    judged = address("judge_row", case, table="projects", row=row.id)
    answer = browser.post(judged, {"opinion": "reject", "reason": "", "text": ""}, headers={"HX-Request": "true"})
    assert "请选择不认可的原因" in answer.text
    said = {"opinion": "reject", "reason": "not-proven", "text": "验收报告没有盖章"}
    answer = browser.post(judged, said, headers={"HX-Request": "true"})
    assert 'hx-swap-oob="true"' in answer.text
    assert "验收报告没有盖章" in answer.text
    assert "<html" not in answer.text
    assert "验收报告没有盖章" in browser.get(address("assessor_workbook", case)).text
    # Without scripts the same form leads back to the page it stands on.
    assert browser.post(judged, {"opinion": "accept"})["Location"] == address("assessor_table", case, table="projects")
    assert [each.accepted for each in Verdict.objects.order_by("id")] == [False, True]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_rows_of_one_page_are_accepted_together_and_those_without_papers_only_when_that_is_said(
    sign_in, case, language
):
    browser = sign_in(MEMBER, language)
    page = address("assessor_table", case, table="staff")
    shown = browser.get(page).text
    here = {int(each) for each in re.findall(r'name="row" value="(\d+)"', shown)}
    rows = submitted(case).rows["staff"]
    bare = {each.id for each in rows if each.id in here and not each.papers}
    assert len(here) == min(20, len(rows))
    accept = address("accept_table", case, table="staff")
    with_papers = browser.post(accept, {"row": [*here, 0]})
    if bare == here:
        assert (with_papers.status_code, Verdict.objects.count()) == (422, 0)
    else:
        assert Verdict.objects.count() == len(here - bare)
    assert browser.post(accept, {"row": list(here), "bare": "yes", "show": "bare"})["Location"] == f"{page}?show=bare"
    assert {each.row for each in Verdict.objects.filter(table="staff", accepted=True)} == here
    assert not here & {int(each) for each in re.findall(r'name="row" value="(\d+)"', browser.get(page).text)}


def test_a_rating_stands_beside_its_own_row_and_the_others_are_folded(sign_in, case):
    item = next(iter(rated_items(submitted(case).edition)))
    shown = sign_in(MEMBER).get(address("assessor_item", case, item=item)).text
    before, _, folded = shown.partition('<details class="others">')
    assert before.count('class="book-row') == 1
    assert folded.count('class="book-row') > 1


def test_amounts_are_read_with_separators_and_years_without(sign_in, case):
    shown = sign_in(MEMBER).get(address("assessor_table", case, table="finance")).text
    amounts = [row.cells["revenue"] for row in submitted(case).rows["finance"]]
    assert all(f"{int(each):,}元" in shown for each in amounts)
    assert all(f"<dd>{row.cells['fiscal_year']}</dd>" in shown for row in submitted(case).rows["finance"])


@pytest.mark.parametrize(("language", "told"), [("zh-hans", "案件现在的状态"), ("en", "Not in the state")])
def test_accepting_a_table_too_late_says_so_on_the_page_of_the_table(sign_in, case, world, language, told):
    browser = sign_in(MEMBER, language)
    change_team(case, "组员因病不能继续", world.actor("office"), case.changed_at)
    row = submitted(case).rows["staff"][0].id
    answer = browser.post(address("accept_table", case, table="staff"), {"row": row, "bare": "yes"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert told in answer.text
    assert address("assessor_workbook", case) in answer.text
    assert browser.post(address("accept_table", case, table="nothing")).status_code == 404


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_a_rejection_without_a_reason_keeps_its_words_and_stays_open(sign_in, case, htmx):
    browser = sign_in(MEMBER)
    row = submitted(case).rows["projects"][-1]
    judged = address("judge_row", case, table="projects", row=row.id)
    answer = browser.post(judged, {"opinion": "reject", "text": "验收报告没有盖章", "seen": "0"}, headers=htmx)
    assert "请选择不认可的原因" in answer.text
    card = answer.text[answer.text.index(f'id="row-projects-{row.id}"') :].partition("</article>")[0]
    assert "<details open>" in card
    assert "验收报告没有盖章</textarea>" in card


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_the_second_of_two_assessors_on_a_row_is_shown_what_the_first_said(sign_in, case, world, htmx):
    row = submitted(case).rows["projects"][0]
    judged = address("judge_row", case, table="projects", row=row.id)
    said = {"opinion": "reject", "reason": "not-proven", "text": "验收报告没有盖章", "seen": "0"}
    sign_in(MEMBER).post(judged, said)
    browser = sign_in(LEADER)
    answer = browser.post(judged, {"opinion": "accept", "seen": "0"}, headers=htmx)
    told = answer.text[answer.text.index('role="alert"') :].partition("</p>")[0]
    assert world.people[MEMBER].name in told
    assert "验收报告没有盖章" in told
    assert Verdict.objects.count() == 1
    card = answer.text[answer.text.index(f'id="row-projects-{row.id}"') :].partition("</article>")[0]
    seen = str(Verdict.objects.get().pk)
    assert card.count(f'name="seen" value="{seen}"') == 2
    browser.post(judged, {"opinion": "accept", "seen": seen}, headers=htmx)
    assert Verdict.objects.count() == 2


def test_the_second_of_two_ratings_of_an_item_is_refused_with_the_first(sign_in, case, world):
    item = next(iter(rated_items(submitted(case).edition)))
    page = address("assessor_item", case, item=item)
    sign_in(EXPERT).post(page, {"value": "2", "text": "记录零散", "seen": "0"})
    answer = sign_in(MEMBER).post(page, {"value": "4", "text": "记录齐全", "seen": "0"})
    assert answer.status_code == 422
    assert f"{world.people[EXPERT].name} 已将此项评为 2（记录零散）" in answer.text
    assert "记录齐全</textarea>" in answer.text
    assert f'name="seen" value="{Rating.objects.get().pk}"' in answer.text


def test_an_item_is_rated_and_questions_are_noted(sign_in, case):
    browser, item = sign_in(EXPERT), next(iter(rated_items(submitted(case).edition)))
    page = address("assessor_item", case, item=item)
    assert browser.post(page, {"value": "nine", "text": "x"}).status_code == 422
    browser.post(page, {"value": "3", "text": "记录完整"})
    browser.post(page, {"text": "现场抽看两份记录"})
    assert (Rating.objects.get().value, DocumentFinding.objects.get().text) == (3, "现场抽看两份记录")
    assert "现场抽看两份记录" in browser.get(page).text


def test_the_leader_asks_and_the_client_answers_in_pages(sign_in, case, world):
    ask = address("ask_review_supplement", case)
    said = {"about": ["projects", ""], "reason": ["missing", ""], "wanted": ["验收报告", ""]}
    assert sign_in(MEMBER).post(ask, said).status_code == 403
    answer = sign_in(LEADER).post(ask, said | {"reason": ["", ""]})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="验收报告"' in answer.text
    assert sign_in(LEADER).post(ask, said).status_code == 302
    late = sign_in(LEADER).post(ask, said)
    assert "不能进行“要求补充材料”" in late.text
    assert "验收报告" in late.text
    browser = sign_in("manager")
    page = address("review_supplement", case, client=case.client_id)
    assert "验收报告" in browser.get(page).text
    assert browser.post(page, {"answer-1": ""}).status_code == 422
    another = browser.post(page, {"answer-1": "见新的提交", "file": "0"})  # a colleague submitted anew meanwhile
    assert (another.status_code, "见新的提交" in another.text) == (422, True)
    assert browser.post(page, {"answer-1": "见新的提交"}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.DOCUMENT_REVIEW
    ask_review_supplement(case, [Wanted("staff", "missing", "社保")], world.actor(LEADER), case.changed_at)
    assert sign_in("stranger").get(page).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_the_client_answered_and_changed_stands_where_it_was_asked(sign_in, case, world, language):
    row, kept = submitted(case).rows["projects"][:2]
    said = {"opinion": "reject", "reason": "not-proven", "text": "验收报告没有盖章", "seen": "0"}
    for each in (row, kept):
        sign_in(MEMBER).post(address("judge_row", case, table="projects", row=each.id), said)
    item = next(iter(rated_items(submitted(case).edition)))
    wanted = [Wanted("projects", "missing", "盖章的验收报告"), Wanted(item, "missing", "培训记录")]
    ask_review_supplement(case, wanted, world.actor(LEADER), case.changed_at)
    was, changed = row.cells["title"], DossierRow.objects.get(pk=row.id)
    changed.cells["title"] = "更正后的项目名称"
    changed.save()
    newer = submit_ready(case.submission.dossier, world.actor("manager"))
    client = sign_in("manager", language)
    page = address("review_supplement", case, client=case.client_id)
    client.post(page, {"answer-1": "已补盖章页", "answer-2": "见培训台账", "file": str(newer.pk)})
    browser = sign_in(MEMBER, language)
    shown = {
        "overview": browser.get(address("assessor_workbook", case)).text,
        "table": browser.get(address("assessor_table", case, table="projects")).text,
        "item": browser.get(address("assessor_item", case, item=item)).text,
        "case": browser.get(address("case_page", case)).text,
        "client": client.get(address("client_case", case, client=case.client_id)).text,
        "questions": client.get(page).text,
    }
    answers = {"overview": ("已补盖章页", "见培训台账"), "table": ("已补盖章页",), "item": ("见培训台账",)}
    for name, text in shown.items():
        assert all(each in text for each in answers.get(name, ("已补盖章页", "见培训台账"))), name
    assert "见培训台账" not in shown["table"]
    card = shown["table"][shown["table"].index(f'id="row-projects-{row.id}"') :].partition("</article>")[0]
    assert f"<del>{was}</del>" in card
    assert "<ins>更正后的项目名称</ins>" in card
    assert "验收报告没有盖章" in card, "the earlier rejection is told"
    assert "<del>" in shown["overview"]
    # What was rejected and then changed is not swallowed with the others.
    open_rows = [each.id for each in submitted(case).rows["projects"]]
    sign_in(MEMBER).post(address("accept_table", case, table="projects"), {"row": open_rows, "bare": "yes"})
    assert not Verdict.objects.filter(row=row.id, accepted=True).exists()
    assert f'name="row" value="{row.id}"' not in shown["table"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_done_with_a_team_is_confirmed_and_what_it_needs_stays_told(sign_in, world, submitted, language):
    case = agreed_case(submitted())
    competent(world, LEADER, case, case.changed_at)
    office, page = sign_in("office", language), address("team", case)

    def lead():
        return office.get(page).text.partition('<p class="lead">')[2].partition("</p>")[0]

    needed = lead()
    seats = {f"seat-{world.people[LEADER].pk}": "lead_assessor", f"seat-{world.people[MEMBER].pk}": "assessor"}
    done = office.post(page, {"do": "propose", **seats}, follow=True).text
    assert words("team.done_propose", language[:2]) in done
    assert lead() == needed
    client, own = sign_in("manager", language), address("client_team", case, client=case.client_id)
    member = current_team(case).members.get(account=world.people[MEMBER])
    assert f'id="reason-{member.pk}"' in client.get(own).text
    assert client.post(own, {"agree": "yes"}).status_code == 302
    assert f'id="reason-{member.pk}"' not in client.get(own).text, "who has agreed is asked no more"
    done = office.post(page, {"do": "change", "reason": "组员因病不能继续"}, follow=True).text
    assert words("team.done_change", language[:2]) in done
