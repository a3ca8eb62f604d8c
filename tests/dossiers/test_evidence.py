# SPDX-License-Identifier: Apache-2.0
"""Evidence: what is kept and under which name, what is refused, what rests on it, and what runs out."""

import os
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from gradus.dossiers import evidence as actions
from gradus.dossiers import pages, store
from gradus.dossiers.actions import create_dossier
from gradus.dossiers.citations import Listing, cite, follow_name, list_document, uncite, uses
from gradus.dossiers.evidence import (
    add_evidence,
    remove_evidence,
    rename_evidence,
    replace_evidence,
    restore_evidence,
    set_valid_until,
    take_as_version,
    versions,
)
from gradus.dossiers.evidence_names import clean_name
from gradus.dossiers.expiry import ends
from gradus.dossiers.grading import edition_of, grade_dossier
from gradus.dossiers.models import Citation, Dossier, Evidence, File, Row
from gradus.dossiers.readiness import Mend, readiness
from gradus.dossiers.reminders import Standing, reminders, standing
from gradus.dossiers.rollforward import confirm_rows, roll_forward
from gradus.dossiers.rows import CellChange, RowChange, change_rows
from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.journal.actor import system
from gradus.journal.models import Entry
from gradus.journal.queries import faults as journal_faults
from tests.dossiers import papers
from tests.grading.dossiers import edition

EXAMPLE = Path(__file__).parents[2] / "examples" / "tiangong" / "evidence"


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def add(client_firm, at):
    def added(name, content, **more):
        chunks = (content[start : start + 1000] for start in range(0, len(content), 1000))
        return add_evidence(client_firm, name, chunks, system, at, **more)

    return added


def on_disk(data):
    return sorted(path.name for path in (data / "files").rglob("*") if path.is_file())


def codes(refusal):
    said = refusal.value.faults
    assert all(sentence(each, "zh") and sentence(each, "en") for each in said)
    return [each.code.removeprefix("evidence.") for each in said]


# What is kept


def test_a_file_is_kept_under_its_digest_with_one_entry(add, data, client_firm):
    content = (EXAMPLE / "P011" / "contract.pdf").read_bytes()
    done = add("P011/contract.pdf", content, valid_until=date(2027, 1, 1))
    evidence = done.evidence
    assert (done.became, evidence.file.pages, evidence.file.media_type) == ("added", 1, "application/pdf")
    assert store.path_of(evidence.file_id).read_bytes() == content
    assert store.is_whole(evidence.file_id)
    (entry,) = Entry.objects.filter(kind="evidence.added")
    assert (entry.subject, entry.organisation) == (f"evidence:{evidence.pk}", str(client_firm.pk))


def test_the_same_content_is_kept_once_and_told(add, data):
    first = add("a/one.pdf", papers.pdf(2))
    second = add("b/two.pdf", papers.pdf(2))
    assert second.same_as == ("a/one.pdf",)
    assert on_disk(data) == [first.evidence.file_id]
    assert File.objects.count() == 1
    assert Evidence.objects.count() == 2


def test_the_same_name_and_content_changes_nothing(add):
    add("one.pdf", papers.pdf())
    assert add("one.pdf", papers.pdf()).became == "unchanged"
    assert Entry.objects.filter(kind__startswith="evidence.").count() == 1


def test_replaced_content_is_a_new_version_and_the_old_stays(add, data, at):
    first = add("one.pdf", papers.pdf(1), valid_until=date(2027, 1, 1)).evidence
    done = replace_evidence(first, [papers.pdf(2)], system, at)
    assert (done.became, done.evidence.pk, done.evidence.file.pages) == ("replaced", first.pk, 2)
    assert done.evidence.valid_until == date(2027, 1, 1)
    again = replace_evidence(done.evidence, [papers.pdf(3)], system, at)
    assert [each.file.pages for each in versions(again.evidence)] == [3, 2, 1]
    assert len(on_disk(data)) == 3


def test_another_content_under_a_name_that_stands_is_kept_beside_it(add):
    first = add("P01/contract.pdf", papers.pdf(1)).evidence
    second = add("P01/contract.pdf", papers.pdf(2))
    third = add("p01/CONTRACT.pdf", papers.pdf(3))
    assert (second.became, second.evidence.name, second.beside) == (
        "kept_apart",
        "P01/contract (2).pdf",
        "P01/contract.pdf",
    )
    assert (third.became, third.evidence.name) == ("kept_apart", "p01/CONTRACT (3).pdf")
    first.refresh_from_db()
    assert first.file.pages == 1
    # Sent again, each is found where it is.
    again = [add("P01/contract.pdf", papers.pdf(pages)) for pages in (1, 2, 3)]
    assert [each.became for each in again] == ["unchanged"] * 3
    assert Evidence.objects.count() == 3


def test_a_file_kept_beside_another_becomes_its_version_when_somebody_says_so(add, row, at):
    first = add("a.pdf", papers.pdf(3)).evidence
    cite(row, first, 2, system, at)
    beside = add("a.pdf", papers.pdf(4), valid_until=date(2027, 5, 6)).evidence
    where = edition_of(row.dossier).document_table
    list_document(row.dossier, beside, Listing(edition_of(row.dossier).documents[0].id), system, at)
    done = take_as_version(beside, system, at)
    assert (done.became, done.evidence.pk, done.evidence.file.pages) == ("replaced", first.pk, 4)
    assert done.evidence.valid_until == date(2027, 5, 6)
    assert [each.file.pages for each in versions(first)] == [4, 3]
    resting = uses(row.dossier)
    assert [(use.row.table, use.page) for use in resting["a.pdf"]] == [(where.table, 0), ("staff", 2)]
    assert "a (2).pdf" not in resting
    assert [each.name for each in Evidence.objects.filter(removed_at=None)] == ["a.pdf"]
    assert not list(journal_faults())


def test_what_was_not_kept_beside_another_or_is_cited_itself_becomes_no_version(add, row, at):
    alone = add("alone (2).pdf", papers.pdf(1)).evidence
    add("a.pdf", papers.pdf(2))
    beside = add("a.pdf", papers.pdf(3)).evidence
    cite(row, beside, 3, system, at)
    for evidence, code in ((alone, "beside_nothing"), (beside, "cited_itself")):
        with pytest.raises(Refusal) as refusal:
            take_as_version(evidence, system, at)
        assert codes(refusal) == [code]
    assert Evidence.objects.filter(removed_at=None).count() == 3


def test_a_citation_of_a_page_that_a_new_version_lacks_is_told(add, row, at):
    evidence = add("a.pdf", papers.pdf(60)).evidence
    for page in (1, 42):
        cite(row, evidence, page, system, at)
    assert not [each for each in readiness(row.dossier, at) if each.mend is Mend.CITATION]
    replace_evidence(evidence, [papers.pdf(1)], system, at)
    assert [(use.page, use.beyond) for use in uses(row.dossier)["a.pdf"]] == [(1, False), (42, True)]
    (finding,) = [each for each in readiness(row.dossier, at) if each.mend is Mend.CITATION]
    assert finding.prevents
    assert (finding.fault.place.table, finding.fault.place.row) == ("staff", 1)
    assert "第 42 页" in sentence(finding.fault, "zh")
    assert "page 42" in sentence(finding.fault, "en")


def test_every_change_of_a_name_counts_as_a_change_of_the_dossier(add, golden_dossier, at):
    dossier = golden_dossier()

    def revision():
        return Dossier.objects.get(pk=dossier.pk).revision

    seen = [revision()]
    evidence = add("one.pdf", papers.pdf()).evidence
    seen.append(revision())
    rename_evidence(evidence, "two.pdf", system, at)
    seen.append(revision())
    remove_evidence(evidence, system, at)
    seen.append(revision())
    assert len(set(seen)) == 4


def test_removing_keeps_content_and_history_and_frees_the_name(add, data, at):
    first = add("one.pdf", papers.pdf()).evidence
    remove_evidence(first, system, at)
    second = add("one.pdf", papers.pdf(2)).evidence
    assert first.pk != second.pk
    assert [each.file.pages for each in versions(first)] == [1]
    assert store.is_whole(first.file_id)
    with pytest.raises(Refusal) as refusal:
        set_valid_until(first, None, system, at)
    assert codes(refusal) == ["removed_meanwhile"]


def test_what_was_removed_and_comes_again_is_restored_with_what_cites_it(add, row, at):
    evidence = add("a.pdf", papers.pdf(3)).evidence
    cite(row, evidence, 2, system, at)
    for again in (lambda: restore_evidence(evidence, system, at), lambda: add("a.pdf", papers.pdf(3))):
        remove_evidence(evidence, system, at)
        assert "a.pdf" not in uses(row.dossier)
        done = again()
        assert (done.became, done.evidence.pk) == ("restored", evidence.pk)
        assert [use.page for use in uses(row.dossier)["a.pdf"]] == [2]
    assert restore_evidence(evidence, system, at).became == "unchanged"
    assert Entry.objects.filter(kind="evidence.restored").count() == 2


def test_what_is_restored_gives_way_to_another_content_of_its_name(add, at):
    evidence = add("a.pdf", papers.pdf(3)).evidence
    remove_evidence(evidence, system, at)
    add("a.pdf", papers.pdf(1))
    done = restore_evidence(evidence, system, at)
    assert (done.became, done.evidence.name, done.beside) == ("restored", "a (2).pdf", "a.pdf")


def test_a_citation_of_a_removed_file_is_found_before_submitting(add, row, at):
    evidence = add("a.pdf", papers.pdf(3)).evidence
    cite(row, evidence, 2, system, at)
    remove_evidence(evidence, system, at)
    (finding,) = [each for each in readiness(row.dossier, at) if each.mend is Mend.CITATION]
    assert finding.prevents
    assert (finding.fault.code, finding.fault.place.row) == ("readiness.cited_removed", 1)
    assert all(sentence(finding.fault, language) for language in ("zh", "en"))
    restore_evidence(evidence, system, at)
    assert not [each for each in readiness(row.dossier, at) if each.mend is Mend.CITATION]


def test_setting_the_last_day_is_one_entry_with_before_and_after(add, at):
    evidence = add("one.pdf", papers.pdf()).evidence
    set_valid_until(evidence, date(2027, 5, 6), system, at)
    (entry,) = Entry.objects.filter(kind="evidence.changed")
    assert '"valid_until":{"after":"2027-05-06","before":null}' in entry.payload


# What is refused

BAD = {
    "empty": ("a.pdf", b"", "nothing_in_it"),
    "text named as PDF": ("a.pdf", b"Hello, this is text.", "not_accepted"),
    "web page as PDF": ("a.pdf", b"\xef\xbb\xbf <!doctype html><script>alert(1)</script>", "is_web_page"),
    "SVG": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is_web_page"),
    "program": ("invoice.pdf.exe", b"MZ" + bytes(200), "is_program"),
    "program named as PDF": ("a.pdf", b"MZ" + bytes(200), "is_program"),
    "PDF named as program": ("invoice.pdf.exe", papers.pdf(), "wrong_ending"),
    "PDF without an ending": ("invoice", papers.pdf(), "wrong_ending"),
    "PNG named as PDF": ("photo.pdf", papers.picture(), "wrong_ending"),
    "JPEG named as PNG": ("photo.png", papers.picture("JPEG"), "wrong_ending"),
    "macro workbook": ("a.xlsm", papers.workbook(macros=True), "is_macro"),
    "macro document": ("a.docm", papers.workbook(macros=True), "is_macro"),
    "macro workbook named as PDF": ("a.pdf", papers.workbook(macros=True), "is_office_or_archive"),
    "workbook": ("a.xlsx", papers.workbook(), "is_office_or_archive"),
    "old Office file": ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "is_office_or_archive"),
    "zip bomb": ("a.pdf", papers.zip_bomb(50), "is_office_or_archive"),
    "gzip": ("a.pdf", b"\x1f\x8b" + bytes(50), "is_office_or_archive"),
    "telephone's picture": ("a.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(50), "is_other_picture"),
    "junk before a PDF": ("a.pdf", b"junk\n" + papers.pdf(), "junk_before_pdf"),
    "cut PDF": ("a.pdf", papers.pdf(3)[:400], "corrupt_pdf"),
    "PDF without pages": ("a.pdf", papers.pdf(0), "corrupt_pdf"),
    "only the first signs of a PDF": ("a.pdf", b"%PDF-1.7\n", "corrupt_pdf"),
    "PDF with a password": ("a.pdf", papers.locked_pdf(), "encrypted"),
    "PDF of too many pages": ("a.pdf", papers.pdf(2001), "too_many_pages"),
    "PDF that unpacks to gigabytes": ("a.pdf", papers.inflating_pdf(), "breaks_the_reader"),
    "PNG that unpacks to gigabytes": ("a.png", papers.huge_png(), "too_many_pixels"),
    "cut JPEG": ("a.jpg", papers.picture("JPEG", (900, 900))[:2000], "corrupt_picture"),
    "cut PNG": ("a.png", papers.picture("PNG", (900, 900))[:100], "corrupt_picture"),
    "51 MB": ("a.pdf", papers.pdf() + bytes(51 * 2**20), "too_large"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_in_words_and_nothing_is_kept(kind, add, data):
    name, content, code = BAD[kind]
    entries = Entry.objects.count()
    with pytest.raises(Refusal) as refusal:
        add(name, content)
    assert codes(refusal) == [code]
    assert on_disk(data) == []
    assert (File.objects.count(), Evidence.objects.count(), Entry.objects.count()) == (0, 0, entries)


def test_too_large_a_file_is_not_read_to_its_end(client_firm, at, data):
    read = []

    def chunks():
        for number in range(1000):
            read.append(number)
            yield bytes(2**20)

    with pytest.raises(Refusal):
        add_evidence(client_firm, "a.pdf", chunks(), system, at)
    assert len(read) == 51
    assert on_disk(data) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("../secret.pdf", "name_outside"),
        ("a/../../b.pdf", "name_outside"),
        ("..\\..\\b.pdf", "name_outside"),
        ("/etc/passwd.pdf", "name_outside"),
        ("\\\\server\\share\\a.pdf", "name_outside"),
        ("C:\\Users\\a.pdf", "name_outside"),
        ("", "name_empty"),
        ("...", "name_empty"),
        (" / . / ", "name_outside"),
        ("..%2f..%2fa.pdf", "name_outside"),
        ("..%252Fa.pdf", "name_outside"),
        ("..\uff0fa.pdf", "name_outside"),
        ("%2e%2e/a.pdf", "name_outside"),
        ("\u2025/a.pdf", "name_outside"),
        ("in\u202efdp.exe.pdf", "name_turned"),
        ("in\u2067fdp.exe.pdf", "name_turned"),
        ("in%E2%80%AEfdp.exe.pdf", "name_turned"),
        ("a\x00b.pdf", "name_control"),
        ("a.pdf\r\n", "name_control"),
        ("a.exe%00.pdf", "name_control"),
        ("a\ud800.pdf", "name_control"),
        ("CON.pdf", "name_reserved"),
        ("a/lpt1.PDF", "name_reserved"),
        ("nul .pdf", "name_reserved"),
        ("a" * 300 + ".pdf", "name_too_long"),
        ("合" * 100 + ".pdf", "name_too_long"),
        ("a/" * 9 + "b.pdf", "name_too_long"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused(given, code):
    with pytest.raises(Refusal) as refusal:
        clean_name(given)
    assert codes(refusal) == [code]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("合同/2026年.pdf", "合同/2026年.pdf"),
        ("a\\b\\c.pdf", "a/b/c.pdf"),
        ("a//./b.pdf", "a/b.pdf"),
        (" a .pdf ", "a .pdf"),
        ("a.pdf. . ", "a.pdf"),
        (".hidden.pdf", "hidden.pdf"),
        ("增长50%.pdf", "增长50%.pdf"),
        ("合同／附件……一.pdf", "合同／附件……一.pdf"),
        ("a%2fb.pdf", "a%2fb.pdf"),
        ("\ufeffa\u200b.pdf", "a.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        (unicodedata.normalize("NFD", "é.pdf"), unicodedata.normalize("NFC", "é.pdf")),
    ],
)
def test_what_is_harmless_and_cannot_stand_in_a_name_is_taken_away(given, kept):
    assert clean_name(given) == kept
    assert clean_name(kept) == kept


def test_a_new_name_that_stands_in_other_capitals_is_refused(add, at):
    evidence = add("Contract.pdf", papers.pdf()).evidence
    with pytest.raises(Refusal) as refusal:
        rename_evidence(add("b.pdf", papers.pdf()).evidence, "CONTRACT.pdf", system, at)
    assert codes(refusal) == ["name_taken"]
    assert rename_evidence(evidence, "contract.pdf", system, at)[0].name == "contract.pdf"


def test_a_new_name_must_say_what_the_content_is(add, at):
    evidence = add("a.pdf", papers.pdf()).evidence
    with pytest.raises(Refusal) as refusal:
        rename_evidence(evidence, "a.png", system, at)
    assert codes(refusal) == ["wrong_ending"]


def test_a_client_of_another_name_space_has_the_same_name_for_itself(add, world, at):
    add("a.pdf", papers.pdf())
    other = add_evidence(world.other, "A.pdf", [papers.pdf()], system, at)
    assert (other.became, other.same_as) == ("added", ())


# The store


class Killed(BaseException):
    """As if the process ended here."""


def killing(monkeypatch, step):
    def die(*_, **__):
        raise Killed

    match step:
        case "while writing":
            monkeypatch.setattr(store.os, "fsync", die)
        case "before its name":
            monkeypatch.setattr(Path, "replace", die)
        case "after its name":
            monkeypatch.setattr(store, "_flush", die)
        case "before its row":
            monkeypatch.setattr(actions.File.objects, "get_or_create", die)
        case "before its entry":
            monkeypatch.setattr(actions, "record", die)
    # What a killed process cannot do: clean up behind itself.
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)


@pytest.mark.parametrize(
    "step", ["while writing", "before its name", "after its name", "before its row", "before its entry"]
)
def test_a_process_that_ends_at_any_step_leaves_nothing_half_done(step, add, data, monkeypatch):
    with monkeypatch.context() as patched:
        killing(patched, step)
        with pytest.raises(Killed):
            add("a.pdf", papers.pdf())
    assert (File.objects.count(), Evidence.objects.count()) == (0, 0)
    found = store.examine()
    assert (found.missing, found.damaged) == ((), ())
    assert len(found.passing) + len(found.orphans) == 1
    done = add("a.pdf", papers.pdf())
    assert done.became == "added"
    assert store.is_whole(done.evidence.file_id)


def test_the_store_tells_what_is_missing_damaged_or_of_nobody(add, data):
    kept = [add(f"{n}.pdf", papers.pdf(n)).evidence.file_id for n in (1, 2, 3)]
    assert store.examine() == store.Examined((), (), (), ())
    store.path_of(kept[0]).unlink()
    store.path_of(kept[1]).chmod(0o600)
    store.path_of(kept[1]).write_bytes(b"damaged")
    orphan = "ab" + "0" * 62
    store.path_of(orphan).parent.mkdir(exist_ok=True)
    store.path_of(orphan).write_bytes(b"orphan")
    (data / "files" / "incoming" / "left").write_bytes(b"left")
    assert store.examine() == store.Examined(("left",), (orphan,), (kept[0],), (kept[1],))


def test_uploading_damaged_content_again_mends_it(add, data):
    digest = add("a.pdf", papers.pdf()).evidence.file_id
    store.path_of(digest).chmod(0o600)
    store.path_of(digest).write_bytes(b"damaged")
    add("a.pdf", papers.pdf())
    assert store.is_whole(digest)


# Pages


def test_a_scan_that_lies_on_its_side_is_drawn_upright(add):
    file = add("a.pdf", papers.pdf(2, rotate=90)).evidence.file
    assert [(page.width, page.height, page.text) for page in pages.outline(file, 1, 2)] == [
        (842, 595, "Page 1"),
        (842, 595, "Page 2"),
    ]
    assert size_of(pages.picture(file, 1, 600, 0)) == (600, 424)
    assert size_of(pages.picture(file, 1, 600, 90)) == (600, 850)


def test_a_photograph_is_drawn_as_the_camera_was_held(add):
    file = add("a.jpg", papers.picture("JPEG", (80, 40), orientation=6)).evidence.file
    (page,) = pages.outline(file, 1, 1)
    assert (page.width, page.height) == (40, 80)
    across, down = size_of(pages.picture(file, 1, 600, 0))
    assert down == 2 * across


def test_a_damaged_page_is_not_drawn_and_the_others_are(add):
    file = add("a.pdf", papers.pdf(3, damaged=2)).evidence.file
    drawn = [pages.picture(file, number, 600, 0) for number in (1, 2, 3)]
    assert [each is not None for each in drawn] == [True, False, True]
    assert [page.text for page in pages.outline(file, 1, 3)] == ["Page 1", "", "Page 3"]


def test_a_drawn_page_is_kept_and_its_neighbours_come_along(add, monkeypatch):
    file = add("a.pdf", papers.pdf(6)).evidence.file
    first = pages.picture(file, 1, 600, 0)
    monkeypatch.setattr(pages, "_run", lambda *_: pytest.fail("drawn again"))
    assert pages.picture(file, 1, 600, 0) == first
    assert pages.picture(file, 4, 600, 0) is not None


def test_a_page_that_can_not_be_drawn_is_tried_once(add, monkeypatch):
    file = add("a.pdf", papers.pdf(2, damaged=2)).evidence.file
    assert pages.picture(file, 2, 600, 0) is None
    monkeypatch.setattr(pages, "_draw", None)  # nothing is drawn any more
    assert pages.picture(file, 2, 600, 0) is None


def test_drawn_pages_make_room_for_others(add, data, monkeypatch):
    monkeypatch.setattr(pages, "_MOST_KEPT", 10)
    for count in range(1, 8):
        pages.picture(add("a.pdf", papers.pdf(4, says=f"No {count} of")).evidence.file, 1, 600, 0)
    assert len(list((data / "cache" / "pages").iterdir())) <= 10 + 4


def test_a_reader_that_takes_too_long_is_stopped(add, monkeypatch):
    monkeypatch.setattr(pages, "_SECONDS", 1e-6)
    with pytest.raises(Refusal) as refusal:
        add("a.pdf", papers.pdf())
    assert codes(refusal) == ["breaks_the_reader"]


def test_a_reader_that_has_died_is_started_anew(add):
    add("a.pdf", papers.pdf())
    reader = pages._reader(os.getpid())
    reader.kill()
    reader.wait()
    assert add("b.pdf", papers.pdf(says="another")).evidence.file.pages == 1


def size_of(drawn):
    image = papers.opened(drawn)
    return image.size


# What rests on it


@pytest.fixture
def dossier(golden_dossier):
    return golden_dossier()


@pytest.fixture
def row(dossier):
    return Row.objects.filter(dossier=dossier, table="staff").first()


def test_a_citation_is_made_once_and_taken_back(add, row, at):
    evidence = add("a.pdf", papers.pdf(3)).evidence
    citation = cite(row, evidence, 2, system, at)
    assert cite(row, evidence, 2, system, at) == citation
    assert [each.page for each in uses(row.dossier)["a.pdf"]] == [2]
    uncite(citation, system, at)
    uncite(citation, system, at)
    assert "a.pdf" not in uses(row.dossier)
    assert Entry.objects.filter(kind__startswith="citation.").count() == 2


@pytest.mark.parametrize("page", [0, -1, 4])
def test_a_page_that_is_not_there_cannot_be_cited(page, add, row, at):
    evidence = add("a.pdf", papers.pdf(3)).evidence
    with pytest.raises(Refusal) as refusal:
        cite(row, evidence, page, system, at)
    assert codes(refusal) == ["no_such_page"]


def test_what_is_not_the_clients_or_was_removed_cannot_be_cited(add, row, world, at):
    others = add_evidence(world.other, "a.pdf", [papers.pdf()], system, at).evidence
    gone = add("b.pdf", papers.pdf()).evidence
    remove_evidence(gone, system, at)
    for evidence in (others, gone):
        with pytest.raises(Refusal) as refusal:
            cite(row, evidence, 1, system, at)
        assert codes(refusal) == ["removed_meanwhile"]
    assert Citation.objects.count() == 0


def test_who_keeps_another_table_cites_nothing_in_this_one(add, world, dossier, at):
    evidence = add("a.pdf", papers.pdf()).evidence
    other = Row.objects.filter(dossier=dossier, table="projects").first()
    with pytest.raises(Refusal) as refusal:
        cite(other, evidence, 1, world.actor("member"), at)
    assert codes(refusal) == ["dossier.table_not_yours"]


OTHERS = {
    "replace": lambda found, who, at: replace_evidence(found, [papers.pdf(9)], who, at),
    "take as version": lambda found, who, at: take_as_version(
        add_evidence(found.client, found.name, [papers.pdf(8)], who, at).evidence, who, at
    ),
    "rename": lambda found, who, at: rename_evidence(found, "other.pdf", who, at),
    "date": lambda found, who, at: set_valid_until(found, date(2027, 1, 1), who, at),
    "date by upload": lambda found, who, at: add_evidence(
        found.client, found.name, [papers.pdf(3)], who, at, valid_until=date(2027, 1, 1)
    ),
    "remove": remove_evidence,
}


@pytest.mark.parametrize("deed", OTHERS)
@pytest.mark.parametrize("rests", ["listed", "cited"])
def test_who_keeps_other_tables_changes_no_evidence_on_which_rows_of_these_rest(deed, rests, add, world, dossier, at):
    member, evidence = world.actor("member"), add("audit/2023.pdf", papers.pdf(3)).evidence
    if rests == "listed":
        list_document(dossier, evidence, Listing(edition_of(dossier).documents[0].id), system, at)
    else:
        cite(Row.objects.filter(dossier=dossier, table="projects").first(), evidence, 1, system, at)
    cite(Row.objects.filter(dossier=dossier, table="staff").first(), evidence, 1, system, at)
    with pytest.raises(Refusal) as refusal:
        OTHERS[deed](evidence, member, at)
    assert codes(refusal) == ["others_rest_on_it"]
    evidence.refresh_from_db()
    assert (evidence.name, evidence.file.pages, evidence.valid_until) == ("audit/2023.pdf", 3, None)
    remove_evidence(evidence, system, at)
    if rests == "cited":
        with pytest.raises(Refusal):
            restore_evidence(evidence, member, at)


@pytest.mark.parametrize("deed", OTHERS)
def test_who_keeps_a_table_changes_the_evidence_that_only_its_rows_rest_on(deed, add, world, row, at):
    evidence = add("staff/1.pdf", papers.pdf(3)).evidence
    cite(row, evidence, 1, system, at)
    OTHERS[deed](evidence, world.actor("member"), at)
    before = (evidence.name, evidence.file_id, evidence.valid_until, evidence.removed_at)
    evidence.refresh_from_db()
    assert (evidence.name, evidence.file_id, evidence.valid_until, evidence.removed_at) != before


def test_an_upload_listed_as_a_document_ticks_the_checklist(add, client_firm, at, golden_dossier):
    dossier = golden_dossier()
    where = edition_of(dossier).document_table
    lacking = next(line for line in grade_dossier(dossier, at).result.documents if not line.present)
    evidence = add("x/paper.pdf", papers.pdf()).evidence
    listing = Listing(lacking.kind, lacking.subject, "2026-01-02")
    assert list_document(dossier, evidence, listing, system, at).rows
    assert list_document(dossier, evidence, listing, system, at).rows == []
    after = next(
        line
        for line in grade_dossier(dossier, at).result.documents
        if (line.kind, line.subject) == (lacking.kind, lacking.subject)
    )
    assert (after.present, after.files_missing) == (True, ())
    (use,) = uses(dossier)["x/paper.pdf"]
    assert (use.page, use.row.table, use.row.cells[where.issue_day]) == (0, where.table, "2026-01-02")


def test_an_unknown_kind_of_document_is_refused(add, dossier, at):
    with pytest.raises(Refusal) as refusal:
        list_document(dossier, add("a.pdf", papers.pdf()).evidence, Listing("no such kind"), system, at)
    assert codes(refusal) == ["unknown_kind"]


def test_lists_of_documents_follow_a_new_name(add, client_firm, dossier, at):
    where = edition_of(dossier).document_table
    row = Row.objects.filter(dossier=dossier, table=where.table).first()
    seen = row.cells[where.file]
    change_rows(dossier, where.table, [RowChange(row.pk, {where.file: CellChange(seen, "x\\a.pdf")})], [], system, at)
    assert follow_name(client_firm, "x/a.pdf", "y/b.pdf", system, at) == 1
    row.refresh_from_db()
    assert row.cells[where.file] == "y/b.pdf"
    renamed, rows = rename_evidence(add("y/b.pdf", papers.pdf()).evidence, "c.pdf", system, at)
    row.refresh_from_db()
    assert (renamed.name, rows, row.cells[where.file]) == ("c.pdf", 1, "c.pdf")


def test_who_writes_rows_has_locked_their_dossier_and_who_renames_tells_the_journal_last(client_firm, add, at):
    """Else a renaming and a confirming of the same rows wait for each other, and PostgreSQL ends one of them."""
    where = edition().document_table
    earlier = create_dossier(client_firm, "2025", edition().name, system, at)
    evidence = add("a.pdf", papers.pdf()).evidence
    change_rows(earlier, where.table, [RowChange(0, {where.file: CellChange("", "a.pdf")})], [], system, at)
    made = roll_forward(earlier, "2026", edition().name, system, at)
    with CaptureQueriesContext(connection) as asked:
        assert confirm_rows(made, where.table, system, at).rows == 1
    touched = [
        each["sql"] for each in asked if "dossiers_row" in each["sql"] or 'FROM "dossiers_dossier"' in each["sql"]
    ]
    assert 'FROM "dossiers_dossier"' in touched[0]
    assert touched[0].endswith("FOR NO KEY UPDATE") or connection.vendor == "sqlite"
    with CaptureQueriesContext(connection) as asked:
        _, rows = rename_evidence(evidence, "b.pdf", system, at)
    assert rows == 2
    if connection.vendor == "postgresql":
        waits = [each["sql"] for each in asked if each["sql"].endswith("FOR NO KEY UPDATE")]
        every = next(number for number, sql in enumerate(waits) if '"dossiers_dossier"."client_id" = ' in sql)
        assert not any("journal_head" in sql for sql in waits[: every + 1]), "every dossier is locked before"
    newest = Entry.objects.order_by("-sequence")
    assert [each.kind for each in newest[:3]] == ["evidence.changed", "dossier.rows_changed", "dossier.rows_changed"]


# What runs out


@pytest.mark.parametrize(
    ("left", "expected"),
    [(61, Standing.HOLDS), (60, Standing.ENDS_SOON), (0, Standing.ENDS_SOON), (-1, Standing.ENDED)],
)
def test_the_last_day_counts_and_sixty_days_before_it_is_soon(left, expected):
    day = date(2026, 6, 1)
    assert standing(day + timedelta(days=left), day) is expected
    assert standing(None, day) is Standing.HOLDS


def test_reminders_name_files_and_rows_the_earliest_first(add, dossier, at):
    day = localdate(at)
    before = len(reminders(dossier, at))
    add("soon.pdf", papers.pdf(), valid_until=day + timedelta(days=59))
    add("late.pdf", papers.pdf(), valid_until=day + timedelta(days=61))
    add("over.pdf", papers.pdf(), valid_until=day - timedelta(days=400))
    edition = edition_of(dossier)
    row = next(row for row in Row.objects.filter(dossier=dossier).order_by("table") if ends(edition, row.table))
    column = ends(edition, row.table)[0].id
    change = CellChange(row.cells.get(column, ""), (day - timedelta(days=1)).isoformat())
    change_rows(dossier, row.table, [RowChange(row.pk, {column: change})], [], system, at)
    found = reminders(dossier, at)
    titles = [each.title for each in found]
    assert titles[0] == "over.pdf"
    assert "soon.pdf" in titles
    assert "late.pdf" not in titles
    assert (row.table, Standing.ENDED) in [(each.table, each.standing) for each in found]
    assert len(found) >= before + 2
    assert [each.last_day for each in found] == sorted(each.last_day for each in found)
