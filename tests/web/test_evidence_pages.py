# SPDX-License-Identifier: Apache-2.0
"""The evidence pages: adding files, looking at them, taking them away, and what nobody else may see."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gradus.dossiers import store
from gradus.dossiers.citations import cite
from gradus.dossiers.evidence import add_evidence, remove_evidence
from gradus.dossiers.grading import edition_of, grade_dossier
from gradus.dossiers.models import Citation, Evidence, File, Row
from gradus.journal.actor import system
from gradus.web.ui.middleware import most_bytes
from tests.dossiers import papers
from tests.web.conftest import browser


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def dossier(golden_dossier):
    return golden_dossier()


@pytest.fixture
def manager(world):
    return browser(world.people["manager"])


@pytest.fixture
def address(dossier):
    def made(name, **parts):
        return reverse(name, kwargs={"client": dossier.client_id, "dossier": dossier.pk, **parts})

    return made


@pytest.fixture
def evidence(client_firm, at):
    return add_evidence(client_firm, "合同/a.pdf", [papers.pdf(3)], system, at).evidence


def upload(name, content):
    return SimpleUploadedFile(name, content, "application/octet-stream")


def send(somebody, address, *files, **fields):
    """Send files as a browser does, each under the very name that is given; Django's client sends only its end."""
    edge = b"edge"
    parts = [
        b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (n.encode(), v.encode()) for n, v in fields.items()
    ]
    for name, content in files:
        head = b'Content-Disposition: form-data; name="files"; filename="%s"\r\nContent-Type: application/pdf'
        parts.append(head % name.encode() + b"\r\n\r\n" + content)
    body = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + edge + b"--\r\n"
    return somebody.post(address, body, content_type="multipart/form-data; boundary=edge")


def names():
    return [each.name for each in Evidence.objects.filter(removed_at=None).order_by("name")]


def text(response):
    return response.content.decode()


def test_of_many_files_the_good_ones_are_kept_and_each_bad_one_is_told(manager, address):
    files = [upload("a.pdf", papers.pdf()), upload("b.pdf", b"nothing"), upload("c.png", papers.picture())]
    response = manager.post(address("evidence"), {"files": files, "folder": "2026", "valid_until": "2027-01-31"})
    assert response.status_code == 422
    assert "<b>2026/b.pdf</b> — 只接受 PDF、PNG 和 JPEG" in text(response)
    assert [(each.name, str(each.valid_until)) for each in Evidence.objects.order_by("name")] == [
        ("2026/a.pdf", "2027-01-31"),
        ("2026/c.png", "2027-01-31"),
    ]
    # the form comes back as it was
    assert 'name="folder" value="2026"' in text(response)
    assert 'name="valid_until" value="2027-01-31"' in text(response)


def test_a_script_is_told_the_same_as_data(manager, address):
    accept = {"headers": {"accept": "application/json"}}
    good = manager.post(address("evidence"), {"files": upload("a.pdf", papers.pdf())}, **accept)
    assert (good.status_code, [each["state"] for each in good.json()["files"]]) == (200, ["added"])
    bad = manager.post(address("evidence"), {"files": upload("a.exe", b"MZ")}, **accept)
    assert (bad.status_code, [each["state"] for each in bad.json()["files"]]) == (422, ["refused"])


def test_a_day_that_is_none_keeps_the_file_out_and_is_told_beside_its_field(manager, address):
    sent = {"files": upload("a.pdf", papers.pdf()), "valid_until": "2027-02-30"}
    response = manager.post(address("evidence"), sent)
    assert response.status_code == 422
    assert 'id="wrong-valid_until">“2027-02-30”不是日期' in text(response)
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("name", ["../../etc/a.pdf", "..\\\\a.pdf", "/etc/a.pdf", "x/../../a.pdf", "..", "C:\\\\a.pdf"])
def test_a_name_that_climbs_out_of_its_folder_is_refused_in_words(name, manager, address):
    response = send(manager, address("evidence"), (name, papers.pdf()))
    assert response.status_code == 422
    assert "指向文件夹之外" in text(response)
    assert names() == []


@pytest.mark.parametrize(
    ("name", "says"),
    [("in\u202efdp.exe.pdf", "改变书写方向"), ("a\x07.pdf", "控制字符"), ("..%2fa.pdf", "指向文件夹之外")],
)
def test_a_name_that_deceives_is_refused_in_words(name, says, manager, address):
    response = send(manager, address("evidence"), (name, papers.pdf()))
    assert (response.status_code, says in text(response), names()) == (422, True, [])


def test_a_name_that_cannot_stand_as_it_was_given_is_told(manager, address):
    # A browser writes a quotation mark in the name of a part as %22.
    response = send(manager, address("evidence"), ("合同 %22x%22 <b>.pdf", papers.pdf()))
    told = text(manager.get(response.headers["Location"]))
    assert names() == ["合同 _x_ _b_.pdf"]
    assert "合同 &#34;x&#34; &lt;b&gt;.pdf — 已添加。 文件名有所调整，存为“合同 _x_ _b_.pdf”。" in told.replace(
        "&quot;", "&#34;"
    )


def test_a_folder_that_climbs_is_refused_in_words(manager, address):
    response = manager.post(address("evidence"), {"files": upload("b.pdf", papers.pdf(2)), "folder": "../x"})
    assert "指向文件夹之外" in text(response)
    assert names() == []


def test_files_of_a_folder_keep_their_paths(manager, address):
    sent = [(f"evidence/P0{number}/contract.pdf", papers.pdf(number)) for number in (1, 2, 3)]
    assert send(manager, address("evidence"), *sent).status_code == 302
    assert names() == [name for name, _ in sent]


def test_a_file_that_the_list_of_documents_waits_for_takes_its_name_there(manager, address, dossier):
    where = edition_of(dossier).document_table
    row = Row.objects.filter(dossier=dossier, table=where.table).first()
    Row.objects.filter(pk=row.pk).update(cells={**row.cells, where.file: "P01/contract.pdf"})
    climbing = send(manager, address("evidence"), ("../P01/contract.pdf", papers.pdf(3)))
    assert (climbing.status_code, names()) == (422, [])
    for pages in (1, 2):
        send(manager, address("evidence"), ("2026年材料/P01/contract.pdf", papers.pdf(pages)))
    assert names() == ["2026年材料/P01/contract.pdf", "P01/contract.pdf"]


def test_same_names_in_one_batch_are_kept_apart_and_each_is_told_with_the_way_to_make_it_a_version(manager, address):
    page = address("evidence")
    response = send(manager, page, *(("contract.pdf", papers.pdf(number)) for number in (1, 2, 3)))
    assert names() == ["contract (2).pdf", "contract (3).pdf", "contract.pdf"]
    beside = Evidence.objects.get(name="contract (2).pdf")
    told = text(manager.get(response.headers["Location"]))
    assert "另存为“contract (2).pdf”" in told
    assert "另存为“contract (3).pdf”" in told
    manage = address("evidence_manage", evidence=beside.pk)
    assert f'<a href="{manage}#version-title">作为“contract.pdf”的新版本</a>' in told
    data = manager.post(page, {"files": upload("contract.pdf", papers.pdf(4))}, headers={"accept": "application/json"})
    (said,) = data.json()["files"]
    assert (data.status_code, said["state"], said["url"].endswith("#version-title")) == (200, "kept_apart", True)
    assert "“contract.pdf”将换成这个文件的内容" in text(manager.get(manage))
    done = manager.post(manage, {"version": "1"})
    assert Evidence.objects.get(name="contract.pdf").file_id == beside.file_id
    assert "contract (2).pdf" not in names()
    assert "已成为新版本" in text(manager.get(done.headers["Location"]))


def test_a_new_version_with_fewer_pages_marks_what_cites_a_page_that_is_gone(manager, address, evidence, dossier):
    row = Row.objects.filter(dossier=dossier, table="staff").first()
    cites = address("row_evidence", table="staff", row=row.pk)
    manager.post(cites, {"evidence": evidence.name, "page": "3"})
    manage = address("evidence_manage", evidence=evidence.pk)
    done = manager.post(manage, {"file": upload("x.pdf", papers.pdf(1))}, follow=True)
    assert "有 1 处引用的页在新版本中不存在" in text(done)
    assert "现在没有这一页" in text(manager.get(manage))
    assert "现在只有 1 页" in text(manager.get(cites))
    check = text(manager.get(address("submit")))
    assert "引用了“合同/a.pdf”第 3 页，但这个文件现在的版本没有这一页" in check
    assert f'href="{cites}"' in check


def test_a_line_of_the_checklist_leads_to_its_upload_and_ticks(world, client_firm, golden_dossier, at):
    dossier = golden_dossier("first-application-small")
    Row.objects.filter(dossier=dossier, table=edition_of(dossier).document_table.table).update(removed_at=at)
    manager = browser(world.people["manager"])
    parts = {"client": client_firm.pk, "dossier": dossier.pk}
    checklist = text(manager.get(reverse("materials", kwargs=parts)))
    link = re.search(r'href="([^"]*/evidence/\?kind=(\w+)&amp;subject=([^"#]*)#upload-title)"', checklist)
    address, kind, subject = link[1].replace("&amp;", "&"), link[2], link[3]
    form = text(manager.get(address.partition("#")[0]))
    assert f'<option value="{kind}" selected>' in form
    assert f'name="subject" value="{subject}"' in form
    sent = {"files": upload("paper.pdf", papers.pdf()), "kind": kind, "subject": subject}
    assert manager.post(reverse("evidence", kwargs=parts), sent).status_code == 302
    lines = grade_dossier(dossier, at).result.documents
    assert [line.present for line in lines if (line.kind, line.subject) == (kind, subject)] == [True]


def test_who_may_not_list_documents_is_told_and_the_file_is_kept(world, dossier, address):
    member = browser(world.people["member"])
    kind = edition_of(dossier).documents[0].id
    sent = {"files": upload("a.pdf", papers.pdf()), "kind": kind}
    response = member.post(address("evidence"), sent, headers={"accept": "application/json"})
    assert "没有登记到材料表" in response.json()["files"][0]["words"]
    assert Evidence.objects.count() == 1


def test_the_list_says_what_is_there_what_is_unused_and_what_is_missing(manager, address, evidence, dossier, at):
    where = edition_of(dossier).document_table
    named = Row.objects.filter(dossier=dossier, table=where.table).first().cells[where.file]
    page = text(manager.get(address("evidence")))
    assert "合同/a.pdf" in page
    assert evidence.file_id[:8] in page
    assert "未被引用（1）" in page
    assert f'<b class="attention">{named}</b>' in page
    assert "没有符合条件的文件" in text(manager.get(address("evidence") + "?q=zzz"))
    assert "没有符合条件的文件" not in text(manager.get(address("evidence") + "?q=A.PDF&show=unused"))


def test_a_file_that_no_row_cites_tells_how_it_is_linked(manager, address, evidence, dossier):
    listing = edition_of(dossier).document_table.table
    for name in ("evidence_viewer", "evidence_manage"):
        page = text(manager.get(address(name, evidence=evidence.pk)))
        assert "还没有任何一行引用这个文件" in page
        assert f'/tables/{listing}/"' in page


def test_the_viewer_opens_at_a_page_and_keeps_turn_and_zoom(manager, address, evidence):
    page = text(manager.get(address("evidence_viewer", evidence=evidence.pk) + "?page=2&turn=90&zoom=150"))
    assert re.search(r'id="page-2"[^>]* autofocus', page)
    assert page.count('loading="lazy"') == 3
    assert "Page 2" in page
    assert "zoom-150" in page
    assert "turn=180&amp;zoom=150" in page
    # A page further than the last, or none at all, is the nearest there is.
    for asked in ("page=99", "page=0", "page=-1", "page=x", "page=999999999999", "turn=17&zoom=3"):
        assert manager.get(address("evidence_viewer", evidence=evidence.pk) + f"?{asked}").status_code == 200


def test_a_very_long_file_is_shown_in_parts(manager, address, client_firm, at):
    found = add_evidence(client_firm, "long.pdf", [papers.pdf(450)], system, at).evidence
    page = text(manager.get(address("evidence_viewer", evidence=found.pk) + "?page=250"))
    assert re.findall(r'id="page-(\d+)"', page)[::199] == ["201", "400"]
    assert "?page=200" in page
    assert "?page=401" in page


def test_pages_are_pictures_and_a_damaged_one_says_so(manager, address, client_firm, at):
    found = add_evidence(client_firm, "b.pdf", [papers.pdf(2, damaged=2)], system, at).evidence
    good = manager.get(address("evidence_picture", evidence=found.pk, page=1) + "?width=600")
    assert (good.status_code, good.headers["Content-Type"]) == (200, "image/png")
    assert papers.opened(good.content).size[0] == 600
    bad = manager.get(address("evidence_picture", evidence=found.pk, page=2))
    assert (bad.status_code, bad.headers["Content-Type"]) == (200, "image/svg+xml")
    assert "第 2 页已损坏" in text(bad)
    assert manager.get(address("evidence_picture", evidence=found.pk, page=3)).status_code == 404


def test_the_file_is_only_ever_an_attachment(manager, address, evidence):
    response = manager.get(address("evidence_file", evidence=evidence.pk))
    assert b"".join(response.streaming_content) == papers.pdf(3)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_file_that_the_disk_has_damaged_is_told_and_not_handed_out(manager, address, evidence):
    path = store.path_of(evidence.file_id)
    path.chmod(0o600)
    path.write_bytes(b"damaged")
    response = manager.get(address("evidence_file", evidence=evidence.pk))
    assert response.status_code == 422
    assert "已损坏或丢失" in text(response)
    path.unlink()
    assert manager.get(address("evidence_viewer", evidence=evidence.pk)).status_code == 200
    assert manager.get(address("evidence_picture", evidence=evidence.pk, page=1)).status_code == 200


def test_another_firms_evidence_is_not_found_also_by_its_digest(world, manager, address, evidence, at):
    theirs = add_evidence(world.other, "secret.pdf", [papers.pdf(7)], system, at).evidence
    for name, parts in (
        ("evidence_viewer", {}),
        ("evidence_file", {}),
        ("evidence_manage", {}),
        ("evidence_picture", {"page": 1}),
    ):
        assert manager.get(address(name, evidence=theirs.pk, **parts)).status_code == 404
        if name != "evidence_manage":
            by_digest = address(name, evidence=evidence.pk, **parts) + f"?version={theirs.file_id}"
            assert manager.get(by_digest).status_code == 404


def test_the_same_content_of_another_firm_is_not_told(world, manager, address, at):
    add_evidence(world.other, "secret.pdf", [papers.pdf(7)], system, at)
    sent = {"files": upload("mine.pdf", papers.pdf(7))}
    response = manager.post(address("evidence"), sent, headers={"accept": "application/json"})
    assert "secret" not in json.dumps(response.json())
    assert File.objects.count() == 1


def test_an_earlier_version_can_be_seen(manager, address, evidence):
    manage = address("evidence_manage", evidence=evidence.pk)
    assert manager.post(manage, {"file": upload("x.pdf", papers.pdf(5))}).status_code == 302
    assert evidence.file_id[:8] in text(manager.get(manage))
    old = text(manager.get(address("evidence_viewer", evidence=evidence.pk) + f"?version={evidence.file_id}"))
    assert "您看到的是旧版本" in old
    assert "共 3 页" in old


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": "../a.pdf"}, "指向文件夹之外"),
        ({"name": ""}, "文件名是空的"),
        ({"valid_until": "someday"}, "“someday”不是日期"),
        ({"file": upload("x.pdf", b"nothing")}, "只接受 PDF、PNG 和 JPEG"),
        ({}, None),
    ],
)
def test_a_form_that_fails_returns_what_was_typed(sent, says, manager, address, evidence):
    response = manager.post(address("evidence_manage", evidence=evidence.pk), sent)
    assert response.status_code == 422
    if says:
        assert says in text(response)
    if "name" in sent:
        assert f'name="name" value="{sent["name"]}"' in text(response)


def test_a_renamed_file_is_renamed_where_documents_name_it(manager, address, evidence, dossier):
    where = edition_of(dossier).document_table
    row = Row.objects.filter(dossier=dossier, table=where.table).first()
    Row.objects.filter(pk=row.pk).update(cells={**row.cells, where.file: evidence.name})
    assert manager.post(address("evidence_manage", evidence=evidence.pk), {"name": "b.pdf"}).status_code == 302
    row.refresh_from_db()
    assert row.cells[where.file] == "b.pdf"


def test_a_removed_file_can_still_be_looked_at_and_not_changed(manager, address, evidence, at):
    remove_evidence(evidence, system, at)
    assert "已于" in text(manager.get(address("evidence_viewer", evidence=evidence.pk)))
    assert manager.get(address("evidence_manage", evidence=evidence.pk)).status_code == 302
    assert "合同/a.pdf" not in text(manager.get(address("evidence")))


def test_what_rests_on_a_file_is_listed_over_all_dossiers_before_it_is_removed(
    manager, address, evidence, golden_dossier, at
):
    other = golden_dossier(title="二〇二五年申报")
    row = Row.objects.filter(dossier=other, table="staff").first()
    cite(row, evidence, 2, system, at)
    listed = text(manager.get(address("evidence")))
    assert "未被引用（0）" in listed
    assert "二〇二五年申报" in listed
    remove = address("evidence_remove", evidence=evidence.pk)
    assert f'href="{remove}"' in text(manager.get(address("evidence_manage", evidence=evidence.pk)))
    asked = text(manager.get(remove))
    assert "各份申报中共有 1 处事实引用它" in asked
    assert "二〇二五年申报" in asked
    assert names() == ["合同/a.pdf"]
    gone = text(manager.post(remove, follow=True))
    assert names() == []
    restore = address("evidence_restore", evidence=evidence.pk)
    assert f'action="{restore}"' in gone
    row_page = reverse("row_evidence", args=[other.client_id, other.pk, "staff", row.pk])
    assert "文件已移除" in text(manager.get(row_page))
    assert "原来引用它的地方也已恢复" in text(manager.post(restore, follow=True))
    assert names() == ["合同/a.pdf"]
    assert "文件已移除" not in text(manager.get(row_page))


def test_who_keeps_other_tables_is_told_and_changes_nothing(world, address, evidence, dossier, at):
    cite(Row.objects.filter(dossier=dossier, table="projects").first(), evidence, 1, system, at)
    member = browser(world.people["member"])
    manage, remove = (address(name, evidence=evidence.pk) for name in ("evidence_manage", "evidence_remove"))
    page = text(member.get(manage))
    assert "其他部门维护的表格引用了这个文件" in page
    assert 'name="valid_until"' not in page
    for sent in ({"valid_until": "2027-01-31"}, {"file": upload("x.pdf", papers.pdf(5))}, {"name": "b.pdf"}):
        response = member.post(manage, sent)
        assert (response.status_code, "其他部门维护的表格引用了这个文件" in text(response)) == (422, True)
    assert member.get(remove).headers["Location"] == manage
    assert member.post(remove).status_code == 422
    evidence.refresh_from_db()
    assert (evidence.name, evidence.file.pages, evidence.valid_until) == ("合同/a.pdf", 3, None)
    assert evidence.removed_at is None


def test_a_row_cites_a_page_and_takes_it_back(manager, address, evidence, dossier):
    row = Row.objects.filter(dossier=dossier, table="staff").first()
    page = address("row_evidence", table="staff", row=row.pk)
    assert manager.post(page, {"evidence": "合同/a.pdf", "page": "2"}).status_code == 302
    shown = text(manager.get(page))
    assert "?page=2" in shown
    (citation,) = Citation.objects.filter(row=row)
    for _ in range(2):
        assert manager.post(page, {"uncite": str(citation.pk)}).status_code == 302
    assert Citation.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"evidence": "合同/a.pdf", "page": "4"}, "没有第 4 页"),
        ({"evidence": "合同/a.pdf", "page": "two"}, "“two”不是页码"),
        ({"evidence": "b.pdf", "page": "1"}, "没有叫“b.pdf”的证据"),
    ],
)
def test_what_cannot_be_cited_is_told_beside_its_field(sent, says, manager, address, evidence, dossier):
    row = Row.objects.filter(dossier=dossier, table="staff").first()
    response = manager.post(address("row_evidence", table="staff", row=row.pk), sent)
    assert response.status_code == 422
    assert says in text(response)
    assert f'name="evidence" list="names" value="{sent["evidence"]}"' in text(response)


def test_a_row_of_another_dossier_is_not_found(manager, address, golden_dossier):
    other = golden_dossier(title="2025")
    row = Row.objects.filter(dossier=other, table="staff").first()
    assert manager.get(address("row_evidence", table="staff", row=row.pk)).status_code == 404


@pytest.mark.parametrize("headers", [{"CONTENT_LENGTH": str(most_bytes + 1)}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_a_body_too_large_or_of_unknown_size_is_refused_unread(headers, manager, address):
    class Unread:
        def read(self, *_):
            raise AssertionError("the body was read")

        readline = read

    response = manager.generic("POST", address("evidence"), b"", **{**headers, "wsgi.input": Unread()})
    assert response.status_code == 413
    assert "一次最多上传 120 MB" in text(response)


def test_pages_of_the_evidence_are_said_in_english_too(world, address, client_firm, dossier, at):
    found = add_evidence(client_firm, "a.pdf", [papers.pdf()], system, at).evidence
    row = Row.objects.filter(dossier=dossier, table="staff").first()
    Row.objects.filter(dossier=dossier).exclude(pk=row.pk).update(removed_at=at)
    reader = browser(world.people["manager"], "en")
    for name, parts in (
        ("evidence", {}),
        ("evidence_viewer", {"evidence": found.pk}),
        ("evidence_manage", {"evidence": found.pk}),
        ("evidence_remove", {"evidence": found.pk}),
        ("row_evidence", {"table": "staff", "row": row.pk}),
    ):
        page = text(reader.get(address(name, **parts)))
        for said in (client_firm.name, "中文", *row.cells.values()):
            page = page.replace(said, "")
        assert re.findall(r"[\u4e00-\u9fff]+", page) == []


def test_the_journal_tells_in_words_what_became_of_evidence(manager, address, evidence, dossier, client_firm):
    manage = address("evidence_manage", evidence=evidence.pk)
    row = Row.objects.filter(dossier=dossier, table="staff").first()
    manager.post(address("row_evidence", table="staff", row=row.pk), {"evidence": evidence.name, "page": "2"})
    for sent in ({"valid_until": "2027-01-31"}, {"file": upload("x.pdf", papers.pdf(5))}, {"name": "b.pdf"}):
        assert manager.post(manage, sent).status_code == 302
    for name in ("evidence_remove", "evidence_restore"):
        manager.post(address(name, evidence=evidence.pk))
    page = text(manager.get(reverse("firm_journal", args=[client_firm.pk])))
    for said in (
        "添加了证明材料",
        "引用了证明材料“合同/a.pdf”第 2 页",
        "修改了证明材料",
        "移除了证明材料“b.pdf”",
        "恢复了证明材料“b.pdf”",
    ):
        assert said in page
    assert "2027-01-31" in page
