# SPDX-License-Identifier: Apache-2.0
"""Every code has its sentence and every sentence its use; places are named as their readers know them."""

import re
from pathlib import Path

import pytest

import gradus
from gradus.formats import wording
from gradus.formats.wording import place, place_named, say, sentence, sentence_named
from gradus.grading.faults import Fault, Place
from tests.formats.tables import EDITION

SOURCE = Path(gradus.__file__).parent
OURS = [
    # the bundle of a case knows a kind of journal entry that looks like a code
    *(path for path in SOURCE.glob("formats/*.py") if path.name != "case_bundle.py"),
    *(path for path in SOURCE.glob("dossiers/*.py") if path.name != "evidence_names.py"),
    SOURCE / "grading" / "validate.py",
]
CODES = re.compile(r'"dossier\.(\w+)"|\b(?:fault|_refusal)\("(\w+)"')


def test_every_fault_of_a_dossier_has_its_sentence():
    codes = {a or b for path in OURS for a, b in CODES.findall(path.read_text("utf-8"))}
    assert len(codes) > 60
    assert {code for code in codes if f"dossier.{code}" not in wording._sentences()} == set()


def test_no_sentence_is_left_over():
    code = "\n".join(path.read_text("utf-8") for path in OURS)
    made = {f"unknown_{what}{like}" for what in ("table", "sheet", "column") for like in ("", "_like")}
    ours = {name.removeprefix("dossier.") for name in wording._sentences() if name.startswith("dossier.")}
    assert {name for name in ours - made if not re.search(rf'"(dossier\.)?{name}"', code)} == set()


@pytest.mark.parametrize("file", sorted(SOURCE.glob("*/sentences/*.yaml")), ids=lambda path: path.name)
def test_no_sentence_is_cut_short_by_a_comment(file):
    assert [line for line in file.read_text("utf-8").splitlines() if re.match(r"^\s+(zh|en): [^\"'].*\s#", line)] == []


def test_sentences_say_the_same_in_both_languages():
    for code, words in wording._sentences().items():
        if code.startswith("dossier."):
            assert words.zh[-1] in "。？", code
            assert words.en[-1] in ".?", code
            assert set(re.findall(r"\{\w+\}", words.zh)) == set(re.findall(r"\{\w+\}", words.en)), code


@pytest.mark.parametrize(
    ("where", "zh", "en"),
    [
        (
            Place(table="people", row=7, field="until"),
            "people表(people) 第 7 行 until的名称(until):",
            "people (People) row 7, until (The until):",
        ),
        (Place(table="people", row=7), "people表(people) 第 7 行:", "people (People) row 7:"),
        (Place(table="people"), "people表(people):", "people (People):"),
        (Place(file="a.csv", table="people", field="x"), "people表(people) x:", "people (People), x:"),
        (Place(file="a.csv", line=3, column=9), "a.csv 第 3 行第 9 列:", "a.csv line 3, column 9:"),
        (Place(file="a.csv", table="none"), "a.csv:", "a.csv:"),
        (Place(), "", ""),
    ],
)
def test_places(where, zh, en):
    fault = Fault("dossier.empty_cell", where)
    assert (place(fault, EDITION, "zh"), place(fault, EDITION, "en")) == (zh, en)


def test_pages_call_tables_and_columns_by_their_names_alone():
    fault = Fault("dossier.needed_with", Place(table="people", row=7, field="until"), {"other": "person"})
    assert place_named(fault, EDITION, "zh") == "people表 第 7 行 until的名称："
    assert place_named(fault, EDITION, "en") == "People, row 7, The until:"
    assert sentence_named(fault, EDITION, "zh").startswith("填写了 person的名称 时")
    assert place_named(Fault("dossier.macros", Place(file="申报.xlsx")), EDITION, "en") == "申报.xlsx:"


def test_values_are_cut_and_can_not_act_on_a_screen():
    said = sentence(Fault("dossier.bad_number", params={"value": "\x1b[31m" + "x" * 100}), "en")
    assert "\x1b" not in said
    assert f" [31m{'x' * 55}…" in said


def test_a_blank_may_be_given_in_each_language():
    params = {"value": "x", "expected_zh": "甲、乙", "expected_en": "a, b"}
    assert "甲、乙" in say("dossier.not_in_list", "zh", params)
    assert "a, b" in say("dossier.not_in_list", "en", params)


def test_a_code_without_a_sentence_is_a_defect():
    with pytest.raises(KeyError):
        say("dossier.nonsense", "en")


@pytest.mark.parametrize(
    "files", [["a: {zh: 甲, en: a}\na: {zh: 乙, en: b}\n"], ["a: {zh: 甲, en: a}\n", "a: {zh: 乙, en: b}\n"]]
)
def test_a_code_that_comes_twice_is_a_defect(tmp_path, monkeypatch, files):
    for number, text in enumerate(files):
        (tmp_path / f"room{number}" / "sentences").mkdir(parents=True)
        (tmp_path / f"room{number}" / "sentences" / "own.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(wording, "_GRADUS", tmp_path)
    with pytest.raises(ValueError, match="the sentence a is there already"):
        wording._sentences.__wrapped__()
