# SPDX-License-Identifier: Apache-2.0
"""Editions with defects: one defect is one fault, at its line and column, in both languages."""

import re
from pathlib import Path

import pytest
import yaml

from gradus.formats import editions
from gradus.formats.dossier import read_dossier
from gradus.formats.editions import find_edition, load_edition
from gradus.formats.wording import place, sentence
from gradus.grading.faults import Refusal
from gradus.grading.grade import grade

ASSETS = Path(__file__).resolve().parents[1] / "assets"
MINI = ASSETS / "good" / "edition" / "mini.yaml"
FOLDER = ASSETS / "bad" / "editions"
SOURCE = Path(editions.__file__).resolve().parents[1]


def plain_yaml(name):
    """Texts only, as they are written: yes stays "yes"."""
    return yaml.load((ASSETS / "bad" / name).read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - builds texts


FILES = plain_yaml("editions.yaml")
EDITS = plain_yaml("edition_edits.yaml")


def faults_of(path):
    with pytest.raises(Refusal) as refusal:
        load_edition(path)
    return refusal.value.faults


def said(path):
    return [
        {"at": f"{each.place.line}:{each.place.column}", "zh": sentence(each, "zh"), "en": sentence(each, "en")}
        for each in faults_of(path)
    ]


def test_the_edition_that_the_bad_ones_are_copies_of_is_clean_and_grades():
    edition = load_edition(MINI)
    dossier, notices = read_dossier(MINI.parent / "dossier", edition)
    assert notices == ()
    result = grade(edition, dossier)
    assert (result.capability, result.grantable, float(result.overall)) == (2, 1, 83.99)
    assert result.scope == ("tea", "books")


@pytest.mark.parametrize("name", FILES)
def test_a_defect_is_told_once_at_its_place_in_both_languages(name):
    assert said(FOLDER / name) == [FILES[name]]


def test_every_file_of_the_museum_is_described():
    assert sorted(each.name for each in FOLDER.iterdir()) == sorted([*FILES, "ten_defects.yaml"])


@pytest.mark.parametrize("edit", EDITS, ids=[each["name"] for each in EDITS])
def test_an_edit_that_is_a_defect_is_told_once_at_its_place(edit, tmp_path):
    text = MINI.read_text("utf-8")
    assert text.count(edit["old"]) == 1
    path = tmp_path / "mini.yaml"
    path.write_text(text.replace(edit["old"], edit["new"]), "utf-8")
    assert said(path) == [{key: edit[key] for key in ("at", "zh", "en")}]


def test_ten_defects_are_told_in_one_pass():
    faults = faults_of(FOLDER / "ten_defects.yaml")
    assert len(faults) == 10
    assert len({fault.place for fault in faults}) == 10
    assert [fault.place.line for fault in faults] == sorted(fault.place.line for fault in faults)


def test_the_place_is_written_as_editors_follow_it():
    (fault,) = faults_of(FOLDER / "bare_number.yaml")
    assert place(fault, None, "zh") == place(fault, None, "en") == "bare_number.yaml:99:32:"


def test_faults_of_several_files_name_their_files(tmp_path):
    text = MINI.read_text("utf-8")
    at = text.index("levels:\n  - {id: bronze")
    (tmp_path / "one.yaml").write_text(text[:at] + "bands: []\n", "utf-8")
    (tmp_path / "two.yaml").write_text(text[at:], "utf-8")
    (fault,) = faults_of(tmp_path)
    line = text[at:].splitlines().index("bands:") + 1
    assert place(fault, None, "en") == f"two.yaml:{line}:1:"
    assert sentence(fault, "en").startswith("The key “bands” stands in line one.yaml:")


SECTIONS = re.split(r"(?m)^(?=[a-z_]+:)", MINI.read_text("utf-8"))[1:]


def test_a_file_that_is_missing_is_not_blamed_on_another(tmp_path):
    files_of([each for each in SECTIONS if not each.startswith("outcomes:")], tmp_path)
    missing = [each for each in faults_of(tmp_path) if each.code == "scheme.missing_key"]
    assert [(each.params["key"], each.place.file, each.place.line) for each in missing] == [
        ("outcomes", tmp_path.name, 0)
    ]


def files_of(sections, folder):
    """Each section of an edition in a file of its own."""
    for number, section in enumerate(sections):
        (folder / f"{number:02}.yaml").write_text(section, "utf-8")


@pytest.mark.parametrize("broken", range(len(SECTIONS)), ids=[each.partition(":")[0] for each in SECTIONS])
def test_what_stands_in_a_file_that_can_not_be_read_is_not_missed_in_the_others(broken, tmp_path):
    files_of(["key: [a" if at == broken else each for at, each in enumerate(SECTIONS)], tmp_path)
    assert [(fault.code, fault.place.file) for fault in faults_of(tmp_path)] == [
        ("scheme.yaml_bracket", f"{broken:02}.yaml")
    ]


def test_a_file_that_can_not_be_read_does_not_hide_the_faults_of_the_others(tmp_path):
    text = MINI.read_text("utf-8")
    defects = [("stars: 3\n", "stars: 3.5\n"), ("of: visits.goods", "of: visits.good"), ("terms:\n", "terms: [\n")]
    for old, new in defects:
        assert text.count(old) == 1
        text = text.replace(old, new)
    files_of(re.split(r"(?m)^(?=[a-z_]+:)", text)[1:], tmp_path)
    assert {fault.code for fault in faults_of(tmp_path)} == {
        "scheme.yaml_indent",
        "scheme.not_whole",
        "scheme.no_such_column",
    }


@pytest.mark.parametrize("name", ["terms.yml", "terms.YAML"])
def test_a_file_that_is_almost_named_as_one_of_an_edition_is_refused(name, tmp_path):
    text = MINI.read_text("utf-8")
    start, end = text.index("terms:"), text.index("dimensions:")
    (tmp_path / "mini.yaml").write_text(text[:start] + text[end:], "utf-8")
    (tmp_path / name).write_text(text[start:end], "utf-8")
    (fault,) = faults_of(tmp_path)
    assert place(fault, None, "en") == f"{name}:"
    assert sentence(fault, "zh") == "只读取以 .yaml 结尾的文件，这个文件没有被读取。请改名为 terms.yaml。"
    assert sentence(fault, "en") == (
        "Only files that end in .yaml are read, so this one was not. Rename it to terms.yaml."
    )


@pytest.mark.parametrize(
    ("measure", "floor"),
    [
        ("points(share(recent, happy) - share(recent, not happy))", "-20"),  # a difference may be below 0
        ("mean(recent, guests)", "2.5"),  # a mean of counts may lie between two
    ],
)
def test_a_threshold_is_accepted_where_the_measure_can_be_so(measure, floor, tmp_path):
    text = MINI.read_text("utf-8").replace("distinct(recent, goods)", measure)
    text = text.replace(
        "    floor: {value: 0, provenance: assumed}\n    target: {value: 2,",
        f"    floor: {{value: {floor}, provenance: assumed}}\n    target: {{value: 90,",
    )
    text = text.replace(
        "    unit: count\n    floor", f"    unit: {'points' if 'points' in measure else 'count'}\n    floor"
    )
    (tmp_path / "mini.yaml").write_text(text, "utf-8")
    indicator = load_edition(tmp_path).indicators[1]
    assert str(indicator.floor.value) in (floor, "5/2")


@pytest.mark.parametrize("name", ["no-such-scheme", "mini/99", "sha256:0000000000"])
def test_an_edition_that_is_not_there_is_refused_with_those_that_are(name):
    with pytest.raises(Refusal) as refusal:
        find_edition(name)
    (fault,) = refusal.value.faults
    assert sentence(fault, "en").startswith(f"There is no edition “{name}”. There are: ccid-isd/2019-a1")
    assert sentence(fault, "zh").startswith(f"没有叫“{name}”的版本。现有：ccid-isd/2019-a1")


def test_a_folder_without_files_is_refused(tmp_path):
    (fault,) = faults_of(tmp_path)
    assert sentence(fault, "zh") == "这里没有 YAML 文件。请给出版本的文件夹，里面应有 *.yaml。"


def test_a_file_that_no_scheme_would_be_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(editions, "most_bytes", 2**20)
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (2**20 + 1))
    (fault,) = faults_of(path)
    assert sentence(fault, "en").startswith("The file is larger than 1 MB and is not read.")


# Codes that no file of the museum shows: asked above.
ELSEWHERE = {"scheme.misnamed", "scheme.no_files", "scheme.not_found"}


def test_every_sentence_about_an_edition_is_shown_by_a_defect(tmp_path):
    written = yaml.safe_load((SOURCE / "formats" / "sentences" / "scheme.yaml").read_text("utf-8"))
    codes = {code for code in written if not code.startswith("formula.kind_")}
    shown = {fault.code for name in FILES for fault in faults_of(FOLDER / name)}
    text = MINI.read_text("utf-8")
    for edit in EDITS:
        path = tmp_path / "mini.yaml"
        path.write_text(text.replace(edit["old"], edit["new"]), "utf-8")
        shown |= {fault.code for fault in faults_of(path)}
    assert codes - shown - ELSEWHERE == set()
    assert shown - codes == set()


def test_every_code_that_the_source_raises_has_a_sentence_and_no_sentence_is_left():
    written = yaml.safe_load((SOURCE / "formats" / "sentences" / "scheme.yaml").read_text("utf-8"))
    source = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    raised = set(re.findall(r'"((?:scheme|formula)\.[a-z_]+)"', source))
    assert raised - set(written) == set()
    assert {code.removesuffix("_like") for code in written} - raised == set()


def test_both_languages_fill_the_same_blanks():
    written = yaml.safe_load((SOURCE / "formats" / "sentences" / "scheme.yaml").read_text("utf-8"))
    for code, words in written.items():
        assert set(words) == {"zh", "en"}, code
        assert len({frozenset(re.findall(r"\{\w+\}", text)) for text in words.values()}) == 1, code
