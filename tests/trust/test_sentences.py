# SPDX-License-Identifier: Apache-2.0
"""Every code that trust may say has its sentence, in both languages alike, and none is left over."""

import re
from pathlib import Path

import yaml

import gradus
from gradus.formats.wording import _sentences
from gradus.trust.standing import Standing
from gradus.trust.statement import Change
from gradus.trust.verdict import State, Verdict

SOURCE = Path(gradus.__file__).parent
FILES = [SOURCE / "trust" / "sentences" / f"{name}.yaml" for name in ("trust", "verify")]
CODE = "\n".join(
    each.read_text("utf-8") for folder in ("trust", "formats", "cli") for each in (SOURCE / folder).glob("*.py")
)
OURS = {code for file in FILES for code in yaml.safe_load(file.read_text("utf-8"))}

DERIVED = (
    {f"verify.step.{number}" for number in range(1, 10)}
    | {f"verify.state.{each}" for each in State}
    | {f"verify.verdict.{each}" for each in Verdict}
    | {f"verify.proves.{each}" for each in Verdict}
    | {f"standing.{each}" for each in Standing}
    | {f"change.{each}" for each in Change}
    | {code for code in OURS if code.startswith("issue.differs.")}
)


def test_every_code_has_its_sentence():
    kinds = "json|record|number|keys|bundle|credential|checkpoint|receipt|compact|statement|issue|verify|status"
    codes = set(re.findall(rf'"((?:{kinds})\.[a-z_]+(?:\.[a-z_]+)*)"', CODE)) - {"credential.json", "receipt.json"}
    assert len(codes) > 60
    assert {code for code in codes if code not in _sentences()} == set()


def test_no_sentence_is_left_over():
    assert {code for code in OURS - DERIVED if f'"{code}"' not in CODE} == set()


def test_sentences_say_the_same_in_both_languages():
    """A name that has two languages is a blank of each."""
    for code in OURS:
        words = _sentences()[code]
        zh, en = (set(re.findall(r"\{(\w+)[:}]", each)) for each in (words.zh, words.en))
        assert {re.sub("_zh$", "", each) for each in zh} == {re.sub("_en$", "", each) for each in en}, code
