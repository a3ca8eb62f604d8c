# SPDX-License-Identifier: Apache-2.0
"""The engine knows no scheme by name: no id and no phrase of an edition stands under src/."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from gradus.formats.editions import load_edition

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "gradus"

# Single words that are the engine's own: keys of the edition's format, of a result, names of types, W3C's purposes.
OWN_WORDS = set(
    "absent after amount before brief claimed counted declaration documents faults file kind level major month number"
    " application certificate events field item other process rating ratings related scale score subject suspension"
    " title validity".split()
)
# Names of several parts that the platform has for things of its own: evidence, appointments, statements.
OWN_NAMES = {"issued_on", "organisation_kind", "uscc", "valid_until"}
# Titles that any list of documents or of its kinds, and any certification body, would bear.
OWN_TITLES = {
    "Application", "Competence", "technical", "Document review", "Documents", "On-site evaluation", "Public notice",
    "文件评审", "现场评估", "Issued on", "Kind of document", "Valid until",
    "从列表中选择", "出具日期", "证书编号", "对应对象", "有效期至", "材料类型", "统一社会信用代码",
}  # fmt: skip


def leaves(node: object) -> Iterator[tuple[str, str]]:
    """Every id and every text of an edition, as (key, value)."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("id", "zh", "en") and isinstance(value, str):
                yield key, value
            yield from leaves(value)
    elif isinstance(node, list):
        for each in node:
            yield from leaves(each)


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """The CCID edition's ids, and its phrases."""
    found = list(leaves(load_edition(ROOT / "schemes" / "ccid-isd" / "2019-a1").content))
    ids = frozenset(value for key, value in found if key == "id")
    phrases = frozenset(
        value
        for key, value in found
        if key != "id" and len(value) >= (4 if key == "zh" else 8) and value not in OWN_TITLES
    )
    return ids, phrases


def files() -> list[Path]:
    """Every file of the engine."""
    kinds = (".py", ".yaml", ".j2", ".typ", ".css")
    return sorted(path for path in SOURCE.rglob("*") if path.suffix in kinds and "fonts" not in path.parts)


def occurs(word: str, text: str) -> bool:
    """Whether a word or phrase stands in a text as a whole."""
    if word not in text:
        return False
    return (
        re.search(rf"(?<![A-Za-z0-9_.\-]){re.escape(word)}(?![A-Za-z0-9_\-])", text) is not None or not word.isascii()
    )


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_id_and_no_phrase_of_the_edition_stands_in_the_engine(path: Path) -> None:
    """Ids of several parts and phrases nowhere at all; single-word ids not as a text constant of the code."""
    ids, phrases = vocabulary()
    text = path.read_text(encoding="utf-8")
    compound = {each for each in ids - OWN_NAMES if re.search(r"[._\-]", each)}
    found = {each for each in compound | phrases if occurs(each, text)}
    if path.suffix == ".py":
        constants = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
        found |= constants & (ids - compound - OWN_WORDS - OWN_NAMES)
    assert found == set()


def test_the_check_can_fail() -> None:
    """It sees an indicator's id, a requirement's Chinese name and an English phrase where they stand."""
    ids, phrases = vocabulary()
    assert {"process.milestones", "level-2-star-5", "staff"} <= ids
    assert occurs("process.milestones", 'if key == "process.milestones":')
    assert not occurs("process.milestones", "process.milestones_due")
    assert {"节点达成率", "Node achievement rate"} <= phrases
    assert occurs("节点达成率", "# 节点达成率不低于")
