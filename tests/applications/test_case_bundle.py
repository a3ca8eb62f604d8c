# SPDX-License-Identifier: Apache-2.0
"""A case as a bundle, through the real commands; and what the check finds when somebody changed it."""

import contextlib
import json
import random
import struct
import subprocess
import sys
import zipfile
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from django.db import transaction

from gradus.applications.belongings import belongings
from gradus.applications.cases import advance, lock
from gradus.cli.bundle import _regrade
from gradus.cli.main import main
from gradus.dossiers.models import Submission
from gradus.dossiers.store import path_of
from gradus.formats.case_bundle import MANIFEST, _manifest, check_bundle, write_bundle
from gradus.formats.stored_zip import Writer
from gradus.grading.faults import Refusal
from gradus.journal.canonical import digest
from gradus.process.states import Step
from tests.applications.walk import open_case, recorded
from tests.surroundings import DATA


@pytest.fixture
def case(submitted, world):
    submission = submitted()
    made = open_case(submission, submission.submitted_at)
    then = made.opened_at + timedelta(minutes=1)
    with transaction.atomic():
        recorded(made, Step.ACCEPT_APPLICATION, then)
        actor = world.actor("application_reviewer")
        advance(lock(made), Step.ACCEPT_APPLICATION, actor, then, {"note": "<b>齐全</b>"})
    made.refresh_from_db()
    return made


def write(case, file):
    kept = belongings(case)
    write_bundle(file, kept.head, kept.files)
    return file


MADE = []
"""The bytes of one bundle, for the tests that need no more than them."""


@pytest.fixture
def bundle(request, tmp_path):
    if not MADE:
        MADE.append(write(request.getfixturevalue("case"), tmp_path / "first.zip").read_bytes())
    file = tmp_path / "case.zip"
    file.write_bytes(MADE[0])
    return file


def faults(file):
    return {(each.code.removeprefix("bundle."), each.place.file) for each in check_bundle(file, _regrade).faults}


def contents(file):
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(file, change, *, manifest=True):
    """The bundle with its files changed; ``manifest``: and a manifest that fits what they are now."""
    files = contents(file)
    head = json.loads(files.pop(MANIFEST))
    change(files)
    listed = {}
    with file.open("w+b") as stream:
        writer = Writer(stream)
        for name in files:
            listed[name] = writer.add(name, [files[name]])
        writer.add(MANIFEST, [_manifest({**head, "files": listed if manifest else head["files"]})])
        writer.finish()


def changed(files, name, change):
    tree = json.loads(files[name])
    change(tree)
    files[name] = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_a_bundle_is_whole_and_the_same_case_gives_the_same_bytes(case, tmp_path, capsys):
    bundle = write(case, tmp_path / "case.zip")
    assert bundle.read_bytes() == write(case, tmp_path / "again.zip").read_bytes()
    assert main(["bundle", "check", str(bundle), "--lang", "en"]) == 0
    assert "2026-0001" in capsys.readouterr().out


def test_a_bundle_has_the_sealed_submission_its_evidence_and_every_record_of_the_case(case, tmp_path):
    files = contents(write(case, tmp_path / "case.zip"))
    submission = Submission.objects.get(pk=case.submission_id)
    assert digest(json.loads(files["submissions/1.json"])) == submission.digest
    for each in json.loads(submission.evidence):
        assert files[f"evidence/1/{each['name']}"] == path_of(each["digest"]).read_bytes()
    assert {name for name in files if name.startswith("records/")} == {
        "records/applications.applicationreview.json",
        "records/applications.case.json",
        "records/applications.casestep.json",
        "records/applications.filing.json",
        "records/applications.involvement.json",
    }
    kinds = [each["kind"] for each in json.loads(files["journal.json"])]
    assert kinds == ["dossier.submitted", "case.advanced", "case.advanced"]


def test_no_address_or_password_of_anybody_is_in_a_bundle(case, world, tmp_path):
    whole = b"".join(contents(write(case, tmp_path / "case.zip")).values())
    for account in world.people.values():
        assert account.email.encode() not in whole
        assert account.password.encode() not in whole


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.hrefs, self.tags = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.hrefs += [value for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize("page", ["index.html", "index.en.html"])
def test_the_pages_lead_to_every_file_run_nothing_and_ask_for_nothing(bundle, page):
    files = contents(bundle)
    text = files[page].decode()
    links = Links()
    links.feed(text)
    assert "script" not in links.tags
    assert "<b>" not in text
    there = {unquote(each) for each in links.hrefs}
    assert there <= files.keys()
    assert files.keys() - {MANIFEST, "index.html", "index.en.html"} <= there


def test_the_check_needs_no_platform(bundle):
    without = "import sys\nfor name in ('django', 'ninja', 'allauth'): sys.modules[name] = None\n"
    run = f"{without}from gradus.cli.main import main\nsys.exit(main(['bundle', 'check', {str(bundle)!r}]))"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


ALTERED = {
    "a missing file": (lambda files: files.pop("parties.json"), False, {("missing", "parties.json")}),
    "an added file": (lambda files: files.update({"more.txt": b"x"}), False, {("added", "more.txt")}),
    "an altered file": (
        lambda files: files.update({"index.html": b"<p>granted</p>"}), False, {("file_altered", "index.html")}
    ),
    "a journal entry": (
        lambda files: changed(files, "journal.json", lambda all_: all_[1].update(actor_name="somebody")),
        True, {("journal_hash", "journal.json")},
    ),
    "a journal entry left out": (
        lambda files: changed(files, "journal.json", lambda all_: all_.pop()),
        True, {("steps_differ", "records/applications.casestep.json")},
    ),
    "a state": (
        lambda files: changed(files, "records/applications.case.json", lambda all_: all_[0].update(state="granted")),
        True, {("steps_differ", "records/applications.casestep.json")},
    ),
    "another case number": (
        lambda files: changed(files, "records/applications.case.json", lambda all_: all_[0].update(number="2026-9")),
        True, {("other_value", "records/applications.case.json")},
    ),
    "the edition": (
        lambda files: changed(files, "edition.json", lambda tree: tree["edition"].update(version="2099")),
        True, {("other_hash", "edition.json")},
    ),
    "a result": (
        lambda files: changed(files, "submissions/1.json", lambda tree: tree["result"].update(capability=None)),
        True, {("submission_digest", "submissions/1.json"), ("result_differs", "submissions/1.json")},
    ),
    "the edition of a result": (
        lambda files: changed(files, "submissions/1.json", lambda tree: tree["edition"].update(hash="sha256:0")),
        True, {("submission_digest", "submissions/1.json"), ("other_hash", "submissions/1.json")},
    ),
    "a submission that is no object": (
        lambda files: files.update({"submissions/1.json": b"[[]]"}), True, {("unreadable", "submissions/1.json")},
    ),
    "an endless nesting": (
        lambda files: files.update({"journal.json": b"[" * 100_000}), True, {("unreadable", "journal.json")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ALTERED)
def test_what_was_altered_is_found_also_when_the_manifest_was_made_to_fit(bundle, capsys, name):
    change, manifest, expected = ALTERED[name]
    rewrite(bundle, change, manifest=manifest)
    assert expected <= faults(bundle)
    assert main(["bundle", "check", str(bundle)]) == 1
    assert capsys.readouterr().err


def test_evidence_that_was_exchanged_is_found(bundle):
    evidence = next(name for name in contents(bundle) if name.startswith("evidence/"))
    rewrite(bundle, lambda files: files.update({evidence: b"%PDF-1.7 another"}))
    assert ("evidence_differs", "submissions/1.json") in faults(bundle)


def test_any_byte_that_was_changed_is_found(bundle):
    whole = bundle.read_bytes()
    chance = random.Random(20260601)  # noqa: S311  the same places on every run
    with zipfile.ZipFile(bundle) as archive:
        manifest = archive.getinfo(MANIFEST)
    begin = manifest.header_offset
    places = [chance.randrange(len(whole)) for _ in range(20)]
    places += [chance.randrange(begin, len(whole)) for _ in range(20)]
    for place in places:
        other = bytearray(whole)
        other[place] ^= 1 << chance.randrange(8)
        bundle.write_bytes(other)
        with contextlib.suppress(Refusal):
            assert faults(bundle), place


def test_every_value_of_the_manifest_is_held_to_what_it_speaks_of(bundle):
    files = contents(bundle)
    manifest = json.loads(files[MANIFEST])
    ways = [
        ("case",),
        ("edition", "name"),
        ("edition", "hash"),
        ("procedure", "name"),
        ("procedure", "hash"),
        ("format",),
    ]
    ways += [("files", "journal.json", key) for key in ("sha256", "size")]
    for *way, last in ways:
        other = json.loads(files[MANIFEST])
        within = other
        for step in way:
            within = within[step]
        within[last] = 7 if last == "size" else "sha256:1"
        with bundle.open("w+b") as stream:
            writer = Writer(stream)
            for name in files:
                writer.add(name, [_manifest(other) if name == MANIFEST else files[name]])
            writer.finish()
        assert faults(bundle), (way, last)
        assert manifest != other


def zipped(file, names, **options):
    with zipfile.ZipFile(file, "w", **options) as archive:
        for name in names:
            archive.writestr(name, b"\0" * 100_000)


@pytest.mark.parametrize(
    "make",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no archive"),
        lambda file: zipped(file, ["manifest.json"], compression=zipfile.ZIP_DEFLATED),
        lambda file: zipped(file, ["../../outside"]),
        lambda file: zipped(file, ["/etc/passwd"]),
        lambda file: zipped(file, ["C:/x"]),
        lambda file: file.mkdir(),
        lambda _: None,
    ],
    ids=["empty", "no archive", "compressed", "a way out", "an absolute name", "a drive", "a folder", "nothing"],
)
def test_what_is_no_bundle_is_refused_in_words(tmp_path, make, capsys):
    file = tmp_path / "x.zip"
    make(file)
    assert main(["bundle", "check", str(file)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_bundle_that_was_cut_off_is_found_wherever_it_was_cut(bundle):
    whole = bundle.read_bytes()
    for length in (len(whole) - 1, len(whole) - 30, len(whole) // 2, 40):
        bundle.write_bytes(whole[:length])
        with contextlib.suppress(Refusal):
            assert faults(bundle), length


def test_a_size_that_lies_beyond_the_end_is_no_file(bundle):
    data = bytearray(bundle.read_bytes())
    data[18:26] = struct.pack("<2L", 2**32 - 1, 2**32 - 1)
    bundle.write_bytes(data)
    assert faults(bundle) == {("archive", bundle.name)}, "the archive's own list knows where the file is"


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_of_a_bundle_that_was_packed_anew_the_altered_file_is_named(bundle, compression):
    files = contents(bundle)
    files["journal.json"] = files["journal.json"].replace(b"case.advanced", b"case.retarded", 1)
    with zipfile.ZipFile(bundle, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.mkdir("folder")
    told = faults(bundle)
    assert {("archive", bundle.name), ("file_altered", "journal.json")} <= told
    assert not {place for code, place in told if code in ("missing", "added")}


@pytest.mark.parametrize("at", [0, 3, 5, 26])
def test_a_bundle_that_is_altered_in_its_first_bytes_is_still_called_altered(bundle, at, capsys):
    data = bytearray(bundle.read_bytes())
    data[at] ^= 1
    bundle.write_bytes(data)
    assert main(["bundle", "check", str(bundle)]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_lost_evidence_is_named_and_leaves_no_file(case, tmp_path):
    each = json.loads(Submission.objects.get(pk=case.submission_id).evidence)[0]
    path = path_of(each["digest"])
    kept = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(Refusal) as refused:
            belongings(case)
    finally:
        path.write_bytes(kept)
    assert {fault.code for fault in refused.value.faults} == {"bundle.evidence_lost"}
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_left_as_it_is(case, tmp_path):
    file = tmp_path / "case.zip"
    file.write_text("mine")
    kept = belongings(case)
    with pytest.raises(Refusal):
        write_bundle(file, kept.head, kept.files)
    assert file.read_text() == "mine"
    assert [each.name for each in tmp_path.iterdir()] == ["case.zip"]


def test_the_commands_list_cases_and_write_one(case, tmp_path, capsys):
    assert main(["case", "list", "--lang", "en", "--data", str(DATA)]) == 0
    assert "2026-0001" in capsys.readouterr().out
    file = tmp_path / "out.zip"
    assert main(["case", "bundle", case.number, str(file), "--data", str(DATA)]) == 0
    assert main(["bundle", "check", str(file)]) == 0
    assert main(["case", "bundle", "no such", str(tmp_path / "no.zip"), "--data", str(DATA)]) == 2
    assert not (tmp_path / "no.zip").exists()
