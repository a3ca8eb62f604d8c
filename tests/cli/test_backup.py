# SPDX-License-Identifier: Apache-2.0
"""Backup and restore: every row and every file comes back, from one database into another; or nothing does."""

import hashlib
import json
import os
import random
import resource
import shutil
import sqlite3
import stat
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from gradus.cli.platform.archive import opened, written
from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from tests.cli.conftest import DATABASES
from tests.journeys import server

ON_POSTGRESQL = [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")]
WAYS = ON_POSTGRESQL if "postgresql" in DATABASES else [("sqlite", "sqlite")]
JOURNAL = {"tables/journal.entry.jsonl", "tables/journal.head.jsonl"}


def manifest(file):
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read("manifest.json"))


def lines(file, name):
    with zipfile.ZipFile(file) as archive:
        return archive.read(name).splitlines()


def files(folder):
    """Every file of a data folder that is not made anew, by its digest."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
        and path.relative_to(folder).parts[0] not in {"static", "uploads"}
        and "sqlite3" not in path.name
    }


def restored(platform, file):
    done = platform.gradus("restore", file)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize(("source", "target"), WAYS, ids=["-".join(way) for way in WAYS])
def test_every_row_and_every_file_comes_back(source, target, filled_platform, new_platform, tmp_path):
    old, new = filled_platform(source), new_platform(target)
    first, second = tmp_path / "first.backup", tmp_path / "second.backup"
    drawn = old.data / "cache" / "pages"  # comes and goes while people look at evidence
    drawn.mkdir(parents=True, exist_ok=True)
    (drawn / "page").write_bytes(b"drawn")
    assert old.gradus("backup", first).returncode == 0
    shutil.rmtree(old.data / "cache")
    restored(new, first)
    assert new.gradus("backup", second).returncode == 0

    before, after = manifest(first), manifest(second)
    assert before["migrations"] == after["migrations"]
    assert before["files"] == after["files"]
    assert not [name for name in before["files"] if name.startswith("cache/")]
    assert before["tables"].keys() == after["tables"].keys()
    differ = {f"tables/{each}.jsonl" for each in before["tables"] if before["tables"][each] != after["tables"][each]}
    assert differ == JOURNAL
    *same, last = lines(second, "tables/journal.entry.jsonl")
    assert same == lines(first, "tables/journal.entry.jsonl")
    assert json.loads(last)["kind"] == "backup.restored"
    assert {each["rows"] for name, each in before["tables"].items() if name.startswith(("dossiers.row", "mfa"))} != {0}

    assert files(old.data) == files(new.data)
    assert stat.S_IMODE((new.data / "secret.key").stat().st_mode) == 0o600
    for data in (old.data, new.data):  # nobody but its owner reads what lies here
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        for each in data.glob("gradus.sqlite3*"):
            assert stat.S_IMODE(each.stat().st_mode) == 0o600
        assert all(stat.S_IMODE(each.stat().st_mode) == 0o700 for each in data.glob("keys"))
    assert "The journal is whole" in new.gradus("journal", "check").stdout
    was, found = old.filled("check"), new.filled("check")
    assert found == was
    assert (found["journal"], found["submissions"], found["lost"], found["changeable"]) == ([], [], [], [])
    assert len(found["found"]) == 1  # by the index of the public register, which is made anew
    # Numbers go on from where they were.
    assert new.filled("write") == len(was["rows"]) + 1


def told(row):
    """A row as text; in JSON, the order of names says nothing."""
    return repr([json.dumps(json.loads(cell), sort_keys=True) if str(cell)[:1] == "{" else cell for cell in row])


def test_sqlites_own_tables_triggers_and_rows_are_those_of_the_source(filled_platform, new_platform, backup):
    """Read without Django and without the code that wrote the backup."""
    new = new_platform()
    restored(new, backup)
    old, again = (sqlite3.connect(each.data / "gradus.sqlite3") for each in (filled_platform(), new))
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type <> 'table' ORDER BY 1, 2"
    assert old.execute(schema).fetchall() == again.execute(schema).fetchall()
    names = {name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == {name for (name,) in again.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    # The journal is looked at above; sessions are left out; when a migration was applied is each database's own.
    index = {name for name in names if name.startswith("register_index")}  # made anew; looked at above by what it finds
    for name in (
        names - index - {"journal_entry", "journal_head", "django_session", "django_migrations", "sqlite_sequence"}
    ):
        rows = [sorted(map(told, each.execute(f"SELECT * FROM {name}"))) for each in (old, again)]  # noqa: S608
        assert rows[0] == rows[1], name
    for each in (old, again):
        each.close()


def test_a_backup_is_its_owners_alone_and_replaces_nothing(filled_platform, backup, tmp_path):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    before = backup.read_bytes()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "pipe")
    for taken in (backup, tmp_path, tmp_path / "link", tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(Refusal, match=r"backup\.taken"), written(taken):
            pass
    done = filled_platform().gradus("backup", backup)
    assert (done.returncode, "choose another name" in done.stderr) == (2, True)
    inside = filled_platform().gradus("backup", filled_platform().data / "gradus.backup")
    assert (inside.returncode, "put it elsewhere" in inside.stderr) == (2, True)
    absent = filled_platform().gradus("backup", tmp_path / "no" / "gradus.backup")
    assert (absent.returncode, "no such file or folder" in absent.stderr) == (2, True)
    assert backup.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "pipe"]
    assert sorted(path.name for path in backup.parent.iterdir()) == [backup.name]


def test_lost_and_damaged_evidence_is_named_and_the_rest_kept(backup, new_platform, tmp_path):
    platform, again = new_platform(), new_platform()
    restored(platform, backup)
    lost, damaged, *_ = sorted((platform.data / "files").glob("??/*"))
    lost.unlink()
    damaged.chmod(0o600)
    damaged.write_bytes(b"something else")
    done = platform.gradus("backup", tmp_path / "a.backup")
    assert done.returncode == 1
    assert all(each.name[:50] in done.stderr for each in (lost, damaged))
    done = again.gradus("restore", tmp_path / "a.backup")
    assert done.returncode == 1
    assert all(each.name[:50] in done.stderr for each in (lost, damaged))


def changed(file, target, change):
    """A backup rewritten with ``change(name, content)``, which gives None for what is left out."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = change(info.filename, old.read(info))
            if content is not None:
                new.writestr(info, content)


def cut(at):
    return lambda file, target: target.write_bytes(file.read_bytes()[: int(file.stat().st_size * at)])


def with_flip(file, target, at):
    content = bytearray(file.read_bytes())
    content[at] ^= 0x55
    target.write_bytes(content)


def flipped(start):
    """A byte changed in the middle of the largest member whose name starts so."""

    def flip(file, target):
        with zipfile.ZipFile(file) as archive:
            info = max(
                (each for each in archive.infolist() if each.filename.startswith(start)), key=lambda x: x.file_size
            )
        with_flip(
            file, target, info.header_offset + 30 + len(info.filename) + len(info.extra) + info.compress_size // 2
        )

    return flip


def rewritten(part, to):
    def rewrite(file, target):
        changed(file, target, lambda name, content: to(content) if name == part else content)

    return rewrite


def with_migration(content):
    found = json.loads(content)
    found["migrations"].append(["dossiers", "9999_to_come"])
    return json.dumps(found)


def leading_out(content):
    return content.replace(b'"secret.key"', b'"../secret.key"')


def manifest_with(change):
    """The manifest after ``change(manifest)``."""

    def change_it(content):
        found = json.loads(content)
        change(found)
        return json.dumps(found)

    return rewritten("manifest.json", change_it)


def with_part(name, content, told, listed=None):
    """One more part, or another content of one; the manifest, in its list of tables or files, tells of it."""
    kind, entry = ("tables", listed) if listed else ("files", name.removeprefix("data/"))
    told = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), **told}

    def forge(file, target):
        rewritten(name, lambda _: None)(file, target.with_suffix(".part"))
        manifest_with(lambda found: found[kind].update({entry: told}))(target.with_suffix(".part"), target)
        target.with_suffix(".part").unlink()
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr(name, content)

    return forge


def without_accounts(file, target):
    rewritten(ACCOUNTS, lambda _: None)(file, target.with_suffix(".part"))
    manifest_with(lambda found: found["tables"].pop("people.account"))(target.with_suffix(".part"), target)
    target.with_suffix(".part").unlink()


ACCOUNTS = "tables/people.account.jsonl"
BAD = {
    "cut in the middle": (cut(0.5), "damaged or cut off"),
    "cut by a byte": (cut(0.99999), "damaged or cut off"),
    "empty": (cut(0), "no backup of Gradus"),
    "another file": (lambda _, target: target.write_bytes(b"%PDF-1.7 " * 100), "no backup of Gradus"),
    "another ZIP": (lambda _, target: zipfile.ZipFile(target, "w").writestr("a.txt", "a" * 99), "no backup of Gradus"),
    "a byte of a table": (flipped("tables/"), "is damaged"),
    "a byte of a paper": (flipped("data/files/"), "is damaged"),
    "a byte of the manifest": (flipped("manifest.json"), "damaged"),
    "a row altered": (rewritten(ACCOUNTS, lambda rows: rows.replace(b"office", b"0ffice")), f"“{ACCOUNTS}” in this"),
    "a table missing": (rewritten(ACCOUNTS, lambda _: None), f"“{ACCOUNTS}” in this backup is damaged"),
    "no manifest": (rewritten("manifest.json", lambda _: None), "damaged or cut off"),
    "a manifest of something else": (rewritten("manifest.json", lambda _: b"[1]"), "damaged or cut off"),
    "a file that leads out": (rewritten("manifest.json", leading_out), "../secret.key” in this backup is damaged"),
    "a list for a table of files": (manifest_with(lambda found: found.update(files=[])), "damaged or cut off"),
    "a file without a mode": (with_part("data/q", b"x", {}), "damaged or cut off"),
    "a mode in words": (with_part("data/q", b"x", {"mode": "all"}), "damaged or cut off"),
    "no instant": (manifest_with(lambda found: found.update(made_at="soon")), "damaged or cut off"),
    "a database of its own": (with_part("data/gradus.sqlite3", b"x", {"mode": 0o600}), "gradus.sqlite3” in this"),
    "a file outside": (with_part("data//etc/q", b"x", {"mode": 0o600}), "is damaged"),
    "a newer format": (rewritten("gradus-backup", lambda _: b"gradus-backup/2\n"), "newer version"),
    "a folder": (lambda _, target: target.mkdir(), "This is a folder"),
    "a pipe": (lambda _, target: os.mkfifo(target), "This is a pipe"),
    "nothing": (lambda *_: None, "no such file"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_whole_backup_is_refused_in_words(kind, backup, tmp_path):
    spoil, said = BAD[kind]
    spoil(backup, tmp_path / "bad.backup")
    with pytest.raises(Refusal) as caught, opened(tmp_path / "bad.backup", lambda _: None):
        pass
    assert said in "\n".join(sentence(fault, "en") for fault in caught.value.faults)


def test_a_file_comes_back_for_its_owner_alone_and_with_no_more_rights_than_those(backup, tmp_path):
    with_part("data/x.sh", b"#!/bin/sh", {"mode": 0o4777})(backup, tmp_path / "bad.backup")
    with opened(tmp_path / "bad.backup", lambda _: None) as reader:
        reader.write_file("x.sh", tmp_path / "x.sh")
    assert stat.S_IMODE((tmp_path / "x.sh").stat().st_mode) == 0o700


def test_no_changed_byte_gets_through(backup, tmp_path):
    """Wherever it is: the backup is refused, or (among what a ZIP says twice) all that is read is as it was."""
    read = {}
    size = backup.stat().st_size
    ends = range(size - 22, size)  # where a ZIP says how long its directory is, and where
    for at in [None, *random.Random(7).sample(range(size), 60), *ends]:  # noqa: S311
        target = tmp_path / "flipped.backup"
        shutil.copy(backup, target) if at is None else with_flip(backup, target, at)
        try:
            with opened(target, lambda _: None) as reader:
                tables = {label: reader.table(label).read() for label in reader.manifest["tables"]}
                read[at] = (reader.manifest, tables)
        except Refusal:
            pass
    assert len(read) < 50
    assert all(each == read[None] for each in read.values())


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (flipped("data/files/"), "is damaged"),
        (rewritten("manifest.json", with_migration), "newer version"),
        (without_accounts, "damaged or cut off"),
        (manifest_with(lambda found: found.update(migrations=found["migrations"][:5])), "damaged or cut off"),
        (with_part(ACCOUNTS, b'{"id":1}\n', {"rows": 1}, "people.account"), f"“{ACCOUNTS}” in this backup is damaged"),
        (lambda _, target: target.mkdir(), "This is a folder"),
    ],
)
def test_what_is_refused_restores_nothing(spoil, said, backup, tmp_path, new_platform):
    spoil(backup, tmp_path / "bad.backup")
    platform = new_platform()
    done = platform.gradus("restore", tmp_path / "bad.backup")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert said in done.stderr
    assert list(platform.data.parent.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_as_it_is(backup, new_platform, filled_platform):
    for platform in (new_platform(), filled_platform()):
        platform.data.mkdir(exist_ok=True)
        (platform.data / "mine.txt").write_text("mine")
        before = files(platform.data)
        done = platform.gradus("restore", backup)
        assert (done.returncode, "left as it is" in done.stderr) == (2, True)
        assert files(platform.data) == before
        (platform.data / "mine.txt").unlink()
    platform = new_platform()
    platform.data.write_text("a file")
    assert platform.gradus("restore", backup).returncode == 2
    assert platform.data.read_text() == "a file"


@pytest.mark.parametrize("database", DATABASES)
def test_a_database_with_something_in_it_is_left_as_it_is(database, backup, new_platform):
    platform = new_platform(database)
    restored(platform, backup)
    before = platform.gradus("journal", "check").stdout
    kept = platform.data.with_name("kept")
    if database == "postgresql":  # another folder, the same database
        platform.data.rename(kept)
        done = platform.gradus("restore", backup)
        assert "has tables and is left as it is" in done.stderr
        assert not platform.data.exists()
        kept.rename(platform.data)
    else:
        done = platform.gradus("restore", backup)
    assert done.returncode == 2
    assert platform.gradus("journal", "check").stdout == before


@pytest.mark.parametrize("database", DATABASES)
def test_a_demonstration_stays_one_and_stays_out_of_postgresql(database, backup, new_platform, tmp_path):
    def marked(name, content):
        if name != "manifest.json":
            return content
        found = json.loads(content)
        entry = {"sha256": hashlib.sha256(b"[]").hexdigest(), "size": 2, "mode": 0o600}
        return json.dumps({**found, "files": {**found["files"], "demonstration.json": entry}})

    changed(backup, tmp_path / "demo.backup", marked)
    with zipfile.ZipFile(tmp_path / "demo.backup", "a") as archive:
        archive.writestr("data/demonstration.json", "[]")
    platform = new_platform(database)
    if database == "postgresql":
        done = platform.gradus("restore", tmp_path / "demo.backup")
        assert (done.returncode, "lives in its folder alone" in done.stderr) == (2, True)
    else:
        restored(platform, tmp_path / "demo.backup")
        done = platform.gradus("serve")
        assert (done.returncode, "this is a demonstration" in done.stderr) == (2, True)


@pytest.mark.long
def test_the_key_of_second_factors_given_from_outside_stays_outside(backup, new_platform, tmp_path):
    platform, again = new_platform(), new_platform()
    restored(platform, backup)
    platform.settings["GRADUS_SECRET_KEY"] = "x" * 50
    assert platform.gradus("backup", tmp_path / "a.backup").returncode == 0
    assert "secret.key" not in manifest(tmp_path / "a.backup")["files"]
    assert "Set GRADUS_SECRET_KEY as it was" in restored(again, tmp_path / "a.backup")


def full(most):
    """A disk that takes no more than so many bytes a file."""
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))}


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_a_disk_that_takes_no_more_leaves_nothing_behind(database, filled_platform, new_platform, backup, tmp_path):
    done = filled_platform(database).gradus("backup", tmp_path / "a.backup", **full(20_000))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert list(tmp_path.iterdir()) == []
    platform = new_platform(database)
    done = platform.gradus("restore", backup, **full(20_000))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert list(platform.data.parent.iterdir()) == []
    restored(platform, backup)


@pytest.mark.parametrize("database", DATABASES)
def test_a_restore_that_was_killed_is_done_again_from_the_start(database, backup, new_platform):
    platform = new_platform(database)
    part = platform.data.with_name("data.unfinished")
    running = server.started("gradus", "restore", backup, "--data", platform.data, **platform.settings)
    while not (part / "files").exists():
        assert running.poll() is None
        time.sleep(0.01)
    time.sleep(0.3)
    running.kill()
    running.wait()
    assert not platform.data.exists()
    restored(platform, backup)
    assert platform.filled("check")["journal"] == []
    shutil.rmtree(part, ignore_errors=True)


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_people_may_write_while_a_backup_is_made(database, backup, new_platform, tmp_path):
    """What is backed up is one moment: its journal ends where its rows end."""
    platform = new_platform(database)
    restored(platform, backup)
    writing = subprocess.Popen(**platform.filling("keep_writing"), stdout=subprocess.DEVNULL)
    before = platform.filled("check")["changes"]
    try:
        file, again = tmp_path / "a.backup", new_platform(database)
        assert platform.gradus("backup", file).returncode == 0
        assert writing.poll() is None
    finally:
        writing.kill()
        writing.wait()
    restored(again, file)
    found = again.filled("check")
    assert (found["journal"], found["changes"]) == ([], len(found["rows"]))
    assert before < found["changes"] < platform.filled("check")["changes"]
