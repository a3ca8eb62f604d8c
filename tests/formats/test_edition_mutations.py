# SPDX-License-Identifier: Apache-2.0
"""Whatever is done to an edition's file, it loads or is refused in words; what loads also grades."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.formats.dossier import read_dossier
from gradus.formats.editions import edition_from_content, load_edition
from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.grading.grade import grade

MINI = Path(__file__).resolve().parents[1] / "assets" / "good" / "edition" / "mini.yaml"
TEXT = MINI.read_text("utf-8")
LINES = TEXT.splitlines()

JUNK = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                "~",
                "null",
                "[]",
                "{}",
                "yes",
                "no",
                "-1",
                "0",
                "1e400",
                ".5",
                "1_000",
                "９",
                "9" * 400,
                "'",
                '"',
                "*x",
            ),
            *(
                "&x 1",
                "!!python/object:os.system x",
                "<<: *x",
                "? [a]",
                "{a: {b: c}}",
                "[[1]]",
                "| x",
                ">-",
                "@",
                "%",
                "`",
            ),
            *("__import__('os')", "lambda: 0", "A", "this", "outer.visit", "unknown", "0/0", "(" * 200, "not " * 200),
            *(
                "count(visits, count(visits, visit == outer.visit) > 0)",
                "'a' 'b'",
                "f'{A}'",
                "x := 1",
                "\\x",
                "a\tb",
                "\x00",
            ),
            *(
                "recent",
                "visits",
                "shop.name",
                "W12",
                "few",
                "busy",
                "boolean",
                "text",
                "levels",
                "gold-5",
                "many",
                "1" * 5000,
            ),
        ]
    ),
    st.text(max_size=30),
)


@pytest.fixture(scope="module")
def attempt(tmp_path_factory):
    path = tmp_path_factory.mktemp("mutated") / "mini.yaml"

    def load(data):
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
        try:
            return load_edition(path)
        except Refusal as refusal:
            said = [sentence(fault, language) for fault in refusal.faults for language in ("zh", "en")]
        assert said
        assert all(said)
        return None

    return load


@given(st.lists(st.tuples(st.integers(0, len(TEXT.encode()) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_bytes_are_flipped(attempt, flips):
    data = bytearray(TEXT.encode())
    for at, byte in flips:
        data[at] = byte
    attempt(bytes(data))


@given(st.data())
def test_lines_are_deleted_doubled_and_moved(attempt, data):
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 6))):
        at, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match data.draw(st.sampled_from("delete double move indent".split())):
            case "delete":
                del lines[at : at + data.draw(st.integers(1, 12))]
                lines = lines or list(LINES)
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(other, lines.pop(at))
            case _:
                lines[at] = " " * data.draw(st.integers(0, 8)) + lines[at]
    attempt("\n".join(lines))


@given(st.lists(st.tuples(st.sampled_from(range(len(LINES))), JUNK, st.booleans()), min_size=1, max_size=4))
def test_values_are_swapped_for_junk(attempt, swaps):
    lines = list(LINES)
    for at, junk, quoted in swaps:
        key, colon, _ = lines[at].rpartition(": ")
        lines[at] = key + colon + (f'"{junk}"' if quoted else junk)
    edition = attempt("\n".join(lines))
    if edition is not None:
        grades(edition)


@given(st.integers(1, 60_000), st.sampled_from(["[", "{a: ", "- ", "? ", "!!seq ["]), st.integers(0, len(TEXT)))
def test_brackets_are_nested_deeply(attempt, depth, bracket, at):
    attempt(TEXT[:at] + bracket * depth + TEXT[at:])


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9), st.lists, max_leaves=9),
    st.data(),
)
def test_the_content_that_a_result_carries_is_swapped_for_junk(leaf, data):
    content = load_edition(MINI).content
    copy = dict(content)
    where = data.draw(st.sampled_from(sorted(copy)))
    copy[where] = leaf
    for each in (leaf, copy):
        with contextlib.suppress(Refusal):
            edition_from_content(each)


def grades(edition):
    try:
        dossier, _ = read_dossier(MINI.parent / "dossier", edition)
    except Refusal:
        return
    grade(edition, dossier)
