# SPDX-License-Identifier: Apache-2.0
"""Opening dossiers and taking workbooks over: what is bad is refused in words with nothing kept, what was typed comes
back, and differences are shown before anything is replaced."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate

from gradus.dossiers.citations import cite
from gradus.dossiers.evidence import add_evidence
from gradus.dossiers.intake import write_workbook
from gradus.dossiers.models import Citation, Dossier, Intake, Row
from gradus.dossiers.rollforward import roll_forward
from gradus.journal.models import Entry
from gradus.journal.queries import payload
from tests.dossiers import papers
from tests.dossiers.submissions import fresh, ready_dossier, write
from tests.grading.dossiers import edition
from tests.web.conftest import browser
from tests.web.test_entrance import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(client_firm, at):
    return ready_dossier(client_firm, at)


@pytest.fixture
def manager(world):
    return browser(world.people["manager"])


@pytest.fixture
def content(dossier, tmp_path):
    """The dossier as its workbook."""
    out = tmp_path / "out.xlsx"
    write_workbook(dossier, out)
    return out.read_bytes()


def page(name, dossier, **parts):
    return reverse(name, kwargs={"client": dossier.client_id, "dossier": dossier.pk, **parts})


def upload(content, name="申报.xlsx"):
    return SimpleUploadedFile(name, content)


def revision(answer):
    """The revision that the page of the differences bears."""
    return re.search(r'name="revision" value="(\d+)"', answer.content.decode())[1]


BAD = {
    "empty": b"",
    "text": b"staff;name\n1;2\n",
    "web page": b"<!doctype html><table></table>",
    "PDF named as workbook": papers.pdf(),
    "picture named as workbook": papers.picture(),
    "workbook with macros": papers.workbook(macros=True),
    "workbook without sheets": papers.workbook(),
    "zip bomb": papers.zip_bomb(50),
    "encrypted workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
    "cut workbook": papers.zip_bomb(1)[:200],
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_workbook_is_refused_in_words_and_nothing_is_kept(kind, manager, dossier):
    entries, rows = Entry.objects.count(), list(Row.objects.values_list("pk", "version"))
    answer = manager.post(page("workbook", dossier), {"workbook": upload(BAD[kind])})
    assert answer.status_code == 422
    said = text_of(answer).partition("没有任何内容被改动：")[2].partition("下载")[0]
    assert "申报.xlsx" in said
    assert "CSV" not in said
    new = reverse("new_dossier", kwargs={"client": dossier.client_id})
    again = manager.post(new, {"title": "我的标题", "way": "workbook", "workbook": upload(BAD[kind])})
    assert again.status_code == 422
    assert 'value="我的标题"' in again.content.decode()
    assert 'value="workbook" checked' in again.content.decode()
    assert Dossier.objects.count() == 1
    assert not Intake.objects.exists()
    assert (Entry.objects.count(), list(Row.objects.values_list("pk", "version"))) == (entries, rows)


def test_a_heading_that_is_no_column_is_told_where_it_stands_in_words(manager, dossier, content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["staff"].cell(1, 2).value = "skills"
    out = io.BytesIO()
    book.save(out)
    told = text_of(manager.post(page("workbook", dossier), {"workbook": upload(out.getvalue())}))
    assert f"{edition().tables['staff'].text.zh} 第 1 行：" in told
    assert "(staff)" not in told


def test_a_form_that_fails_gives_back_the_earlier_dossier_that_was_chosen(manager, dossier, client_firm, at):
    ready_dossier(client_firm, at)
    new = reverse("new_dossier", kwargs={"client": dossier.client_id})
    answer = manager.post(new, {"title": " ", "way": "earlier", "earlier": str(dossier.pk)})
    assert answer.status_code == 422
    assert f'<option value="{dossier.pk}" selected>' in answer.content.decode()
    assert 'name="title" maxlength="100" value=""' in answer.content.decode()


@pytest.mark.parametrize("way", ["empty", "workbook", "earlier"])
def test_a_form_that_is_sent_twice_opens_one_dossier(way, manager, dossier, content, at):
    write(dossier, "staff", "training_hours", "77", at)
    new = reverse("new_dossier", kwargs={"client": dossier.client_id})

    def form():
        return manager.get(new).content.decode()

    def send(once):
        said = {"once": once, "title": "2027", "way": way, "earlier": str(dossier.pk)}
        return manager.post(new, {**said, "workbook": upload(content)} if way == "workbook" else said)

    once = re.search(r'name="once" value="(\w+)"', form())[1]
    assert send(once).headers["Location"] == send(once).headers["Location"]
    assert Dossier.objects.count() == 2
    assert Entry.objects.filter(kind="dossier.created").count() == 2
    assert once not in form()
    send(re.search(r'name="once" value="(\w+)"', form())[1])
    assert Dossier.objects.count() == 3


def test_signs_that_no_spreadsheet_can_hold_go_out_with_the_workbook_and_come_back(manager, dossier, at):
    typed = "a\x01b\x0bc\x1f_x0041_\U0001f600"
    write(dossier, "staff", "person", typed, at)
    write(dossier, "staff", "person", "a\ufffeb", at, number=2)
    answer = manager.get(page("workbook_file", dossier))
    assert answer.status_code == 200
    manager.post(page("workbook", dossier), {"workbook": upload(answer.content)})
    assert [row["person"] for row in Intake.objects.get().rows["staff"][:2]] == [typed, "a\ufffdb"]


def test_a_workbook_does_not_bring_in_what_the_grid_refuses(manager, dossier, content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["staff"].cell(4, 1).value = book["projects"].cell(3, 1).value = "a_x0000_b"
    out = io.BytesIO()
    book.save(out)
    answer = manager.post(page("workbook", dossier), {"workbook": upload(out.getvalue())})
    assert answer.status_code == 422
    told = text_of(answer)
    assert told.count("U+0000") == 2
    assert f"{edition().tables['staff'].text.zh} 第 4 行" in told
    assert not Intake.objects.exists()


@pytest.mark.parametrize("title", ["2026\x01年", "2026\n 年", "\u202e2026\x0b年 "])
def test_a_title_is_one_line_of_what_can_be_seen(title, manager, dossier):
    new = reverse("new_dossier", kwargs={"client": dossier.client_id})
    manager.post(new, {"way": "empty", "title": title})
    made = Dossier.objects.exclude(pk=dossier.pk).get()
    assert made.title == "2026 年"
    assert manager.get(page("report_pdf", made)).status_code == 200
    assert manager.get(page("workbook_file", made)).status_code == 200


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd.xlsx", "passwd.xlsx"), ("C:\\temp\\a.xlsx", "a.xlsx"), ("a\u202e\x07b.xlsx", "ab.xlsx")],
)
def test_a_name_that_climbs_or_hides_is_only_a_name(given, kept, manager, dossier, content, at):
    write(dossier, "staff", "training_hours", "77", at)
    assert manager.post(page("workbook", dossier), {"workbook": upload(content, given)}).status_code == 302
    assert Intake.objects.get().file_name == kept


def test_the_same_workbook_again_changes_nothing_and_waits_for_nobody(manager, dossier, content):
    entries = Entry.objects.count()
    shown = manager.post(page("workbook", dossier), {"workbook": upload(content)}, follow=True)
    assert "工作簿与现有内容相同" in text_of(shown)
    assert not Intake.objects.exists()
    assert "等您查看差异" not in text_of(shown)
    assert Entry.objects.count() == entries
    assert fresh(dossier).revision == dossier.revision


def test_a_title_and_a_workbook_that_are_both_wrong_are_told_together(manager, dossier):
    new = reverse("new_dossier", kwargs={"client": dossier.client_id})
    entries = Entry.objects.count()
    answer = manager.post(new, {"title": " ", "way": "workbook", "workbook": upload(papers.pdf())})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="title-error"' in html
    assert "申报.xlsx" in text_of(answer)
    assert (Dossier.objects.count(), Entry.objects.count()) == (1, entries)


def test_differences_are_shown_before_anything_is_replaced_and_a_change_meanwhile_shows_them_anew(
    manager, dossier, content, at
):
    write(dossier, "staff", "training_hours", "77", at)
    before = list(Row.objects.filter(dossier=dossier).values_list("pk", "version"))
    shown = manager.post(page("workbook", dossier), {"workbook": upload(content)}, follow=True)
    assert "77" in text_of(shown)
    assert list(Row.objects.filter(dossier=dossier).values_list("pk", "version")) == before
    write(dossier, "staff", "training_hours", "78", at, number=2)
    intake = Intake.objects.get()
    said = {"answer": "accept", "table": "staff", "revision": revision(shown)}
    for _ in range(2):  # a form sent twice is one that was shown once
        late = manager.post(page("intake", dossier, intake=intake.pk), said)
        assert late.status_code == 409
        assert "78" in text_of(late)
    assert Row.objects.filter(dossier=dossier, cells__training_hours="78").exists()
    said["revision"] = revision(late)
    assert manager.post(page("intake", dossier, intake=intake.pk), said).status_code == 302
    hours = Row.objects.filter(dossier=dossier, table="staff").values_list("cells__training_hours", flat=True)
    assert not {"77", "78"} & set(hours)
    assert not Intake.objects.exists()
    again = manager.get(page("intake", dossier, intake=intake.pk), follow=True)
    assert again.redirect_chain[0][0] == page("workbook", dossier)
    assert "已经处理过" in text_of(again)


def test_the_differences_tell_how_many_faults_would_be_there(manager, dossier, content, at):
    write(dossier, "staff", "training_hours", "77", at)
    assert "没有问题" in text_of(manager.post(page("workbook", dossier), {"workbook": upload(content)}, follow=True))
    write(dossier, "projects", "amount", "many", at)
    shown = manager.post(page("workbook", dossier), {"workbook": upload(without(content, "projects"))}, follow=True)
    assert "材料中有 1 处需要修改" in text_of(shown)


def without(content, *sheets):
    """The workbook without these sheets."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for each in sheets:
        del book[each]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_table_without_a_sheet_in_the_workbook_is_left_as_it_is(manager, dossier, content, at):
    write(dossier, "staff", "training_hours", "77", at)
    there = dict(Row.objects.filter(dossier=dossier, removed_at=None).values_list("pk", "table"))
    shown = manager.post(page("workbook", dossier), {"workbook": upload(without(content, "projects"))}, follow=True)
    assert "工作簿里没有这张表，保持不变" in text_of(shown)
    offered = re.findall(r'name="table" value="(\w+)" checked', shown.content.decode())
    assert offered == ["staff"]
    said = {"answer": "accept", "table": offered, "revision": revision(shown)}
    assert manager.post(page("intake", dossier, intake=Intake.objects.get().pk), said).status_code == 302
    assert dict(Row.objects.filter(dossier=dossier, removed_at=None).values_list("pk", "table")) == there
    assert not Row.objects.filter(dossier=dossier, cells__training_hours="77").exists()


def test_only_the_chosen_tables_are_taken_over_and_a_refused_choice_comes_back(manager, dossier, content, at):
    write(dossier, "staff", "training_hours", "77", at)
    write(dossier, "projects", "title", "别的名称", at)
    manager.post(page("workbook", dossier), {"workbook": upload(content)})
    intake = page("intake", dossier, intake=Intake.objects.get().pk)
    said = {"answer": "accept", "offered": ["staff", "projects"], "revision": str(fresh(dossier).revision)}
    none = manager.post(intake, said)
    assert none.status_code == 409
    assert "没有选中任何一张表" in text_of(none)
    assert " checked" not in none.content.decode()
    manager.post(intake, {**said, "table": ["staff"]})
    assert not Row.objects.filter(dossier=dossier, cells__training_hours="77").exists()
    assert Row.objects.filter(dossier=dossier, cells__title="别的名称").count() == 1
    (entry,) = Entry.objects.filter(kind="dossier.imported").order_by("-sequence")[:1]
    assert list(payload(entry)["tables"]) == ["staff"]


def test_who_keeps_one_table_is_offered_that_one_and_told_of_the_others(world, dossier, content, at):
    member = browser(world.people["member"], "en")
    write(dossier, "staff", "training_hours", "77", at)
    write(dossier, "projects", "title", "别的名称", at)
    shown = member.post(page("workbook", dossier), {"workbook": upload(content)}, follow=True)
    assert re.findall(r'name="table" value="(\w+)" checked', shown.content.decode()) == ["staff"]
    assert "Not yours, left as it is" in text_of(shown)
    intake = page("intake", dossier, intake=Intake.objects.get().pk)
    said = {"answer": "accept", "revision": revision(shown)}
    forged = member.post(intake, {**said, "table": ["staff", "projects"]})
    assert forged.status_code == 409
    assert "other departments keep" in text_of(forged)
    assert member.post(intake, {**said, "table": ["staff"]}).status_code == 302
    assert not Row.objects.filter(dossier=dossier, cells__training_hours="77").exists()
    assert Row.objects.filter(dossier=dossier, cells__title="别的名称").count() == 1


def test_last_years_dossier_rolled_forward_is_confirmed_table_by_table(manager, dossier, world, at):
    new = reverse("new_dossier", kwargs={"client": dossier.client_id})
    answer = manager.post(new, {"title": "2027", "way": "earlier", "earlier": str(dossier.pk)})
    made = Dossier.objects.exclude(pk=dossier.pk).get()
    assert answer.headers["Location"] == page("dossier_home", made)
    rows = Row.objects.filter(dossier=made, table="staff")
    assert rows.count() == Row.objects.filter(dossier=dossier, table="staff", removed_at=None).count()
    assert all(rows.values_list("carried", flat=True))
    as_of = Row.objects.get(dossier=made, table=edition().as_of[0])
    assert edition().as_of[1] not in as_of.cells
    assert "不能提交" in text_of(manager.get(page("submit", made)))
    assert manager.post(page("confirm_table", made, table="staff")).status_code == 302
    assert not any(rows.values_list("carried", flat=True))
    assert Entry.objects.filter(kind="dossier.rolled_forward").count() == 1
    assert Entry.objects.filter(kind="dossier.rows_confirmed").count() == 1
    # The earlier dossier is as it was.
    assert fresh(dossier).revision == dossier.revision


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_expired_rows_are_marked_in_the_table_and_confirmed_only_when_they_are_meant(language, world, dossier, at):
    actor, yesterday = world.actor("manager"), (localdate(at) - timedelta(days=1)).isoformat()
    write(dossier, "person_certificates", "valid_until", yesterday, at)
    write(dossier, "staff", "employed_until", yesterday, at)
    made = roll_forward(dossier, "2027", edition().name, actor, at)
    rows = Row.objects.filter(dossier=made, table="person_certificates")
    expired = rows.order_by("position", "id")[0]
    client = browser(world.people["manager"], language)
    home = client.get(page("dossier_home", made)).content.decode()
    assert page("table_page", made, table="person_certificates") + "?rows=1" in home
    shown = client.get(page("table_page", made, table="person_certificates")).content.decode()
    assert shown.count(" data-carried") == rows.count()
    assert 'data-mark="expired"' in shown
    told = client.post(page("confirm_table", made, table="person_certificates"), {"from_table": "yes"}, follow=True)
    assert 'class="said warning"' in told.content.decode()
    assert list(rows.filter(carried=True)) == [expired]
    client.post(page("confirm_table", made, table="person_certificates"), {"expired": "yes"})
    assert not rows.filter(carried=True).exists()
    staff = client.get(page("table_page", made, table="staff")).content.decode()
    assert 'data-mark="expired"' not in staff  # who left has not expired
    client.post(page("confirm_table", made, table="staff"))
    assert not Row.objects.filter(dossier=made, table="staff", carried=True).exists()


def test_a_rolled_dossier_cites_what_the_earlier_one_did(dossier, world, at, settings, tmp_path):
    settings.DATA = tmp_path
    actor = world.actor("manager")
    evidence = add_evidence(dossier.client, "a.pdf", [papers.pdf(3)], actor, at).evidence
    cite(Row.objects.filter(dossier=dossier, table="staff")[0], evidence, 2, actor, at)
    made = roll_forward(dossier, "2027", edition().name, actor, at)
    (citation,) = Citation.objects.filter(row__dossier=made)
    assert (citation.evidence, citation.page) == (evidence, 2)
