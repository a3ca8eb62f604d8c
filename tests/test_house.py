# SPDX-License-Identifier: Apache-2.0
"""House rules that a program can see. Each test reads the repository as a newcomer would get it."""

import ast
import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SPDX = "# SPDX-License-Identifier: Apache-2.0"

MODULE_LINES = 400
FUNCTION_LINES = 50
# "path" or "path::function" of what may be longer, each with its reason; empty is how it should stay.
MAY_BE_LONGER: dict[str, str] = {}

VAGUE_NAMES = {"common", "helpers", "manager", "managers", "misc", "service", "services", "util", "utils"}

IMPURE = {"float", "input", "open", "print"}

# Written so that neither pattern finds itself.
MACHINE_PATH = re.compile(r"/(tmp|work|farm|root|home)/[\w.-]+")
REGISTRY_HOST = re.compile(r"(py[p]i|python[h]osted|npm[j]s|yarn[p]kg)[.](org|com)|deb[.]debian[.]org|crates[.]io")


def committed_files() -> list[Path]:
    """What git tracks or would track; in a copy without git, everything that no tool made."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        return sorted(path for name in names if name and (path := ROOT / name).is_file())
    made = {".git", ".hypothesis", ".venv", "__pycache__", "node_modules", "out"}
    return sorted(p for p in ROOT.rglob("*") if p.is_file() and not made & set(p.relative_to(ROOT).parts))


def committed_texts() -> list[tuple[str, str]]:
    texts = []
    for path in committed_files():
        try:
            texts.append((path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue  # a font, a workbook, a PDF, or a test's deliberately broken file
    return texts


def python_files(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)  # other makers' files


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY_HOST], ids=["machine path", "registry host"])
def test_no_file_names_a_place_that_a_stranger_does_not_have(pattern):
    hits = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in committed_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert hits == []


@pytest.mark.parametrize(
    ("pattern", "line", "forbidden"),
    [
        (MACHINE_PATH, "written to /" + "tmp/report.pdf", True),
        (MACHINE_PATH, 'open("/' + 'home/li/dossier")', True),
        (MACHINE_PATH, "examples/tiangong/evidence", False),
        (REGISTRY_HOST, "index-url = https://" + "pypi" + ".org/simple", True),
        (REGISTRY_HOST, "works behind any mirror", False),
    ],
)
def test_the_patterns_find_what_they_should_and_nothing_else(pattern, line, forbidden):
    assert bool(pattern.search(line)) is forbidden


def pins(lock: Path) -> dict[str, str]:
    """Each requirement of a lock with its hashes: the continued lines of pip's format, comments left out."""
    text = re.sub(r"^#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    return {line.split()[0]: " ".join(line.split()[1:]) for line in text.splitlines() if line.strip()}


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_every_requirement_is_pinned_with_hashes_and_no_address(name):
    locked = pins(ROOT / "requirements" / name)
    assert locked
    for requirement, rest in locked.items():
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", requirement), requirement
        assert re.fullmatch(r"(--hash=sha256:[0-9a-f]{64} ?)+", rest), requirement


def test_tests_run_on_the_very_packages_that_users_get():
    run, test = (pins(ROOT / "requirements" / name) for name in ("run.txt", "test.txt"))
    assert run.items() <= test.items()


def test_modules_stay_short():
    """What makemigrations writes is read by Django."""
    written = [path for path in python_files("src") if "migrations" not in path.parts]
    long = {relative(p): n for p in written if (n := len(p.read_text("utf-8").splitlines())) > MODULE_LINES}
    assert {name: lines for name, lines in long.items() if name not in MAY_BE_LONGER} == {}


def test_functions_stay_short():
    long = {
        f"{relative(path)}::{node.name}": node.end_lineno - node.lineno + 1
        for path in python_files("src")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= FUNCTION_LINES
    }
    assert {name: lines for name, lines in long.items() if name not in MAY_BE_LONGER} == {}


def test_locks_leave_the_key_of_a_row_to_rows_that_point_at_it():
    """A foreign key is checked when its transaction commits, on PostgreSQL by a lock on the key, while that transaction
    holds the journal: a lock on the whole row, whose holder waits for the journal, would be a deadlock."""
    found = [
        f"{relative(path)}:{node.lineno}"
        for path in python_files("src")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and "no_key" not in {each.arg for each in node.keywords}
    ]
    assert found == []


def test_every_python_file_names_its_licence():
    bare = [relative(p) for p in python_files("src", "tests", "bench") if p.read_text("utf-8").split("\n")[0] != SPDX]
    assert bare == []


def test_no_module_has_a_name_that_could_hold_anything():
    assert [relative(p) for p in (ROOT / "src").rglob("*") if p.stem in VAGUE_NAMES] == []


def test_the_pure_core_knows_no_float_and_opens_nothing():
    """House rule 9, and what import contracts cannot see."""
    nodes = [
        (f"{relative(path)}:{node.lineno}", node)
        for path in python_files("src/gradus/grading", "src/gradus/trust")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant | ast.Call)
    ]
    floats = [place for place, node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    calls = [place for place, node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) in IMPURE]
    assert floats + calls == []


def readme_commands() -> list[tuple[list[str], int]]:
    """Each ``./run`` line of README's sh blocks but the tests themselves, with the exit code that its comment tells."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    commands = []
    for line in "".join(blocks).splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["./run"] and words[1:2] not in (["test"], [], ["demo"], ["serve"]):
            exits = re.search(r"#.*\bexits (\d+)", line)
            commands.append((words[1:], int(exits[1]) if exits else 0))
    return commands


def test_readme_shows_how_to_run():
    assert readme_commands(), "README.md has no ```sh block with a ./run line"


@pytest.mark.parametrize(("words", "exits"), [pytest.param(*each, id=" ".join(each[0])) for each in readme_commands()])
def test_readme_commands_do_what_readme_says(words, exits):
    before = committed_files()
    done = subprocess.run([ROOT / "run", *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == exits, done.stderr
    assert committed_files() == before, "what a README command writes belongs into out/"
