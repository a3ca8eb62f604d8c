# SPDX-License-Identifier: Apache-2.0
"""serve, admin and journal check as somebody at a terminal has them: what they ask for, say and refuse."""

import json
import re
import shlex
import socket
import sqlite3
import subprocess
import sys
import urllib.request

import pytest

from gradus.cli.main import main
from gradus.conf import environment
from gradus.grading.faults import Refusal
from tests.cli.conftest import DATABASES, ROOT
from tests.journeys.server import Server, gradus, surroundings

PASSWORD = "correct horse battery\n"
COMMANDS = ("admin", "backup", "demo", "journal check", "restore", "serve")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_platform_takes_a_data_folder(command, capsys):
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    assert "--data DIR" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["journal check", "backup {file}"])
def test_where_no_platform_is_none_is_made(command, tmp_path):
    words = command.format(file=tmp_path / "a.backup").split()
    done = gradus(*words, "--data", tmp_path / "nothing", "--lang", "en")
    assert (done.returncode, "there is no platform's data here" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def readme_commands():
    blocks = re.findall(r"^```console\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [shlex.split(line.removeprefix("$ ./run ")) for line in "".join(blocks).splitlines()]


def test_the_commands_of_the_readme_lead_from_nothing_to_a_restored_platform(tmp_path):
    (tmp_path / "out").mkdir()
    served = []
    for words in readme_commands():
        if words[0] == "serve":
            server = Server(tmp_path / words[words.index("--data") + 1])
            server.start("serve")
            with urllib.request.urlopen(f"{server.url}/healthz") as answer:  # noqa: S310
                served.append((answer.status, json.load(answer)))
            assert server.stop() == 0
            continue
        done = gradus(*words, "--lang", "en", cwd=tmp_path, input=PASSWORD)
        assert (done.returncode, done.stderr) == (0, "")
    assert served == [(200, {"status": "ok"})]
    rows = sqlite3.connect(tmp_path / "out" / "again" / "gradus.sqlite3")
    assert rows.execute("SELECT email FROM people_account").fetchall() == [("fang@example.org",)]
    rows.close()


@pytest.mark.parametrize("database", DATABASES)
def test_the_first_administrator_is_made_once_and_with_a_good_password(database, new_platform):
    platform = new_platform(database)
    who = ["admin", "--email", "Fang@Example.org", "--name", "方管理"]
    weak = platform.gradus(*who, "--body", "示例认证中心", input="12345\n")
    assert (weak.returncode, "this password will not do" in weak.stderr) == (2, True)
    nobody = platform.gradus(*who, input=PASSWORD)
    assert (nobody.returncode, "give its name with --body" in nobody.stderr) == (2, True)
    done = platform.gradus(*who, "--body", "示例认证中心", input=PASSWORD)
    assert done.returncode == 0, done.stderr
    assert "fang@example.org now is Administrator" in done.stdout
    again = platform.gradus(*who, input=PASSWORD)
    assert (again.returncode, "Traceback" in again.stderr) == (2, False), again.stdout
    checked = platform.gradus("journal", "check")
    assert (checked.returncode, "The journal is whole: 3 entries" in checked.stdout) == (0, True), checked.stdout


def test_a_broken_journal_is_told_with_every_place(backup, new_platform):
    platform = new_platform()
    assert platform.gradus("restore", backup).returncode == 0
    database = sqlite3.connect(platform.data / "gradus.sqlite3")
    database.executescript(
        "DROP TRIGGER journal_entry_update_refused; DROP TRIGGER journal_entry_delete_refused;"
        "UPDATE journal_entry SET payload = '{}' WHERE sequence = 2; DELETE FROM journal_entry WHERE sequence = 4;"
    )
    database.close()
    done = platform.gradus("journal", "check")
    assert (done.returncode, "The journal is broken in 2 places" in done.stdout) == (1, True)
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("given", ["", "https://gradus.example.org"])
def test_links_in_letters_lead_to_the_port_that_is_served_unless_an_address_is_given(given, tmp_path):
    """The port is taken, so that serve ends once it has its settings."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ["serve", "--port", str(port), "--data", str(tmp_path / "data")]
        asked = f"from gradus.cli.main import main; main({words}); from django.conf import settings"
        done = subprocess.run(
            [sys.executable, "-c", f"{asked}; print(settings.ADDRESS)"],
            env=surroundings(GRADUS_ADDRESS=given), capture_output=True, text=True, check=True,
        )  # fmt: skip
    assert done.stdout.strip() == (given or f"http://localhost:{port}")


# ---- Settings

WRONG = {
    "GRADUS_DATABASE_URL": [
        "mysql://a/b",
        "postgresql://host",
        "postgresql://host:port/name",
        "postgresql://h:99999/n",
    ],
    "GRADUS_MAIL_PORT": ["0", "70000", "smtp", "٣"],
    "GRADUS_THREADS": ["0", "-1", "four", "1000"],
    "GRADUS_TLS": ["ja"],
    "GRADUS_ADDRESS": ["gradus.example.org", "https://a.example,https://b.example"],
    "GRADUS_ORIGINS": ["gradus.example.org", "https://a.example,b.example"],
    "GRADUS_SECRET_KEY": ["short"],
    "GRADUS_MAIL_FROM": ["Gradus"],
    "GRADUS_DATABSE_URL": ["postgresql://a/b"],
}
RIGHT = {
    "GRADUS_DATABASE_URL": ["postgresql://a:p%40ss@h:5432/n", "postgres:///n?host=%2Frun", "postgresql://[::1]/n", ""],
    "GRADUS_MAIL_PORT": ["587", ""],
    "GRADUS_TLS": ["1", "no", "True", ""],
    "GRADUS_ADDRESS": ["https://gradus.example.org", ""],
    "GRADUS_ORIGINS": ["https://a.example, http://b.example", ""],
    "GRADUS_THREADS": ["1", "64"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_setting_that_can_not_be_meant_so_is_refused(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as caught:
        environment.refuse_wrong()
    assert [fault.place.file for fault in caught.value.faults] == [name]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in RIGHT.items() for value in values])
def test_a_setting_that_can_be_meant_so_is_not(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    environment.refuse_wrong()


def test_serve_refuses_every_wrong_setting_at_once_and_shows_no_value(tmp_path):
    env = surroundings(**{name: values[0] for name, values in WRONG.items()})
    done = gradus("serve", "--data", tmp_path / "data", "--lang", "en", env=env)
    assert done.returncode == 2
    assert all(f"  {name}: " in done.stderr for name in WRONG)
    assert "short" not in done.stderr.replace("too short", "")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path):
    env = surroundings(GRADUS_DATABASE_URL="postgresql://somebody:hush-hush@127.0.0.1:1/gradus")
    done = gradus("serve", "--data", tmp_path / "data", "--lang", "en", env=env)
    assert (done.returncode, "the database can not do this" in done.stderr) == (2, True)
    assert "hush-hush" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_settings_of_the_readme_are_all_there_are():
    told = (ROOT / "README.md").read_text("utf-8")
    hidden = {"GRADUS_DEMO", "GRADUS_NO_RATE_LIMITS"}  # for the demonstration and for tests
    named = {name for name in environment._EXPECTED if f"`{name}`" in told or f"`_{name.rpartition('_')[2]}`" in told}
    assert named == environment._EXPECTED.keys() - hidden


def test_serve_refuses_a_port_that_is_taken_and_a_demonstration(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = gradus("serve", "--data", tmp_path / "data", "--port", port, "--lang", "en")
    assert (done.returncode, f"port {port} is taken" in done.stderr) == (2, True)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "demonstration.json").write_text("[]")
    done = gradus("serve", "--data", tmp_path / "demo", "--lang", "en")
    assert (done.returncode, "this is a demonstration" in done.stderr) == (2, True)


@pytest.mark.django_db
def test_healthz_says_that_the_database_answers(client):
    answer = client.get("/healthz", headers={"host": "localhost"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
