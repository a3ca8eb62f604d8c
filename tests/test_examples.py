# SPDX-License-Identifier: Apache-2.0
"""The example dossiers grade as their stories say, every fault in them is found, and papers bear their rows' facts."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from gradus.formats.dossier import read_dossier
from gradus.formats.editions import default_edition, find_edition
from gradus.grading.assess import assess
from gradus.grading.dossier import Dossier
from gradus.grading.faults import Refusal
from gradus.grading.identifiers import gb32100_valid
from gradus.grading.result import Result, Status

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
REFUSED = EXAMPLES / "faulty" / "refused"
DOUBTFUL = EXAMPLES / "faulty" / "doubtful"
GRADED = ["tiangong", "hainan-cloud", "faulty/doubtful"]

MOST_BYTES, MOST_FILES, MOST_BYTES_A_PAPER = 8_000_000, 500, 45_000

edition = cache(lambda: find_edition(default_edition()))


@cache
def graded(name: str) -> Result:
    dossier, notices = read_dossier(EXAMPLES / name, edition())
    return assess(edition(), dossier, notices=notices)


def outcome(rank: int) -> str:
    found = edition().outcome(rank)
    return found.id if found else "none"


def listed(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


# The stories


@pytest.mark.parametrize(
    ("name", "capability", "grantable", "worst", "best"),
    [
        ("tiangong", "level-2-star-4", "level-4", None, None),
        ("hainan-cloud", "level-4", "level-4", "level-4", "level-3"),
        ("faulty/doubtful", "level-4", "level-4", None, None),
    ],
)
def test_it_grades_as_its_story_says(name, capability, grantable, worst, best):
    result = graded(name)
    bounds = result.bounds and (outcome(result.bounds.worst), outcome(result.bounds.best))
    assert (outcome(result.capability), outcome(result.grantable)) == (capability, grantable)
    assert bounds == ((worst, best) if worst else None)


def test_the_first_application_is_complete_free_of_doubt_and_less_than_a_point_short_of_five_stars():
    result = graded("tiangong")
    assert result.warnings == ()
    assert not missing(result, "level-2-star-5")
    (block,) = result.blocking
    assert (block.kind, block.asked) == ("overall", 85)
    assert 0 < block.asked - block.value < 1
    assert {"path.entry", "path.requested"} <= {step.code for step in result.path}


def test_the_firm_near_the_border_lacks_three_facts_and_lies_below_level_3_in_three_ways():
    result = graded("hainan-cloud")
    assert result.warnings == ()
    assert len(result.dossier.tables["enterprise"][0].cells[0]) == 40
    assert {(fact.table, fact.column) for fact in result.bounds.facts} == {
        ("finance", "rd_expense"),
        ("infrastructure", "scale_minutes"),
        ("projects", "requirements_baselined"),
    }
    assert [(block.kind, block.id, block.status) for block in result.blocking] == [
        ("requirement", "technology.rd", Status.UNKNOWN),
        ("dimension", "technology", Status.NOT_MET),
        ("overall", "", Status.NOT_MET),
    ]
    gains = {gain.indicator for block in result.blocking for gain in block.gains}
    assert {"technology.rd_intensity", "technology.iso27001", "resources.elasticity"} <= gains
    assert result.scope_not_granted == ("software_development",)


@pytest.mark.parametrize("name", GRADED)
def test_its_credit_code_is_valid_and_plainly_invented(name):
    (row,) = graded(name).dossier.tables["enterprise"]
    code = row.cells[edition().tables["enterprise"].position("uscc")]
    assert gb32100_valid(code)
    assert "EXAMPLE" in code


# What is wrong on purpose


def test_every_listed_fault_is_found_in_one_pass_and_no_other():
    with pytest.raises(Refusal) as refused:
        read_dossier(REFUSED, edition())
    found = [
        (fault.place.table or fault.params["value"], fault.place.row, fault.place.field, fault.code)
        for fault in refused.value.faults
    ]
    faults = listed(REFUSED / "faults.yaml")["faults"]
    wanted = [(each["sheet"], each.get("row", 0), reported_at(each), each["code"]) for each in faults]
    assert Counter(found) == Counter(wanted)


def reported_at(fault: dict) -> str:
    """The column of a listed fault: the only one that was typed into, unless another is named."""
    return fault["at"] if "at" in fault else "" if "new_sheet" in fault else "".join(fault["typed"])


def test_every_listed_warning_is_found_and_no_other():
    found = [
        (fault.place.table, fault.place.row, fault.place.field, fault.params.get("rule", fault.code))
        for fault in graded("faulty/doubtful").warnings
    ]
    warnings = listed(DOUBTFUL / "warnings.yaml")["warnings"]
    wanted = [
        (each["sheet"], each.get("row", 0), each.get("column", ""), each.get("rule") or each["code"])
        for each in warnings
    ]
    assert Counter(found) == Counter(wanted)


def missing(result: Result, level: str) -> list[tuple[str, str]]:
    lines = [line for line in result.documents if level in line.owed_by and not line.present]
    return [(line.kind, line.subject) for line in lines]


def test_every_missing_document_is_found_and_no_other():
    wanted = listed(DOUBTFUL / "warnings.yaml")["missing"]
    assert missing(graded("faulty/doubtful"), "level-4") == [(each["kind"], each["subject"]) for each in wanted]


# The papers


def by_column(dossier: Dossier, table: str) -> list[dict]:
    names = [column.id for column in edition().tables[table].columns]
    return [{"row": row.number, **dict(zip(names, row.cells, strict=True))} for row in dossier.tables[table]]


CERTIFICATE = ("number", "issued_on", "valid_until")
YEAR = "audit_report_no revenue service_revenue rd_expense net_profit total_assets total_liabilities total_equity"
FACTS = {
    "business_licence": ("enterprise", "", ("legal_name", "uscc", "established_on", "registered_capital")),
    "contract": ("projects", "project", ("title", "contract_no", "customer", "amount", "signed_on")),
    "implementation_plan": ("projects", "project", ("title", "contract_no", "customer", "amount")),
    "test_report": ("projects", "project", ("title", "contract_no", "customer", "amount")),
    "acceptance_report": ("projects", "project", ("title", "contract_no", "customer", "amount", "accepted_on")),
    "recommendation_letter": ("projects", "project", ("title", "contract_no", "customer", "amount")),
    "audit_report": ("finance", "fiscal_year", tuple(YEAR.split())),
    "iso_certificate": ("management_certificates", "number", CERTIFICATE),
    "other": ("management_certificates", "number", CERTIFICATE),
    "personnel_certificate": ("person_certificates", "person", ("person", *CERTIFICATE)),
    "patent_certificate": ("ip", "number", ("number", "title", "granted_on", "valid_until")),
    "software_copyright": ("ip", "number", ("number", "title", "granted_on")),
}


def stated(dossier: Dossier, document: dict) -> Iterator[tuple[str, int, str, object]]:
    """Each fact that a document must bear: (sheet, row, column, value)."""
    (firm,) = by_column(dossier, "enterprise")
    yield "enterprise", firm["row"], "legal_name", firm["legal_name"]
    yield "documents", document["row"], "issued_on", document["issued_on"]
    table, key, columns = FACTS.get(document["kind"], ("documents", "", ("title",)))
    rows = [document] if table == "documents" else by_column(dossier, table)
    for row in rows:
        if not key or str(row[key]) == document["subject"]:
            yield from ((table, row["row"], column, row[column]) for column in columns if row[column] is not None)


def written(value: object) -> str:
    """A fact as papers write it: days in Chinese, money with two decimals, text without blanks."""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return re.sub(r"\s", "", value) if isinstance(value, str) else f"{float(value):,.2f}"


@cache
def paper_text(path: Path) -> str:
    """The text of a PDF without blanks and line ends, as the text layer has it."""
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    return re.sub(r"\s", "", done.stdout)


def papers(name: str) -> list[tuple[dict, Path]]:
    result = graded(name)
    lost = {warning.params["file"] for warning in result.warnings if warning.code == "check.file_missing"}
    documents = [each for each in by_column(result.dossier, "documents") if each["file"] not in lost]
    return [(each, EXAMPLES / name / "evidence" / each["file"]) for each in documents]


@pytest.mark.parametrize("name", GRADED)
def test_each_paper_bears_number_date_amount_and_party_of_its_row_except_where_listed(name):
    dossier = graded(name).dossier
    contradicted = {
        (document["file"], sheet, row, column)
        for document, path in papers(name)
        for sheet, row, column, value in stated(dossier, document)
        if written(value) not in paper_text(path)
    }
    evidence = listed(DOUBTFUL / "warnings.yaml")["evidence"] if name == "faulty/doubtful" else []
    assert contradicted == {
        (each["file"], each["sheet"], each["row"], column) for each in evidence for column in each.get("paper", ())
    }


def figures_of(capitals: str) -> float:
    """What an amount in capitals says: 壹佰贰拾万零伍佰元伍角整 is 1200500.50."""
    digits = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}
    total = group = digit = 0
    for sign in capitals:
        if sign in digits:
            digit = digits[sign]
        elif sign in places:
            group, digit = group + digit * places[sign], 0
        elif sign in "万元":
            total, group, digit = (total + group + digit) * (10_000 if sign == "万" else 1), 0, 0
        elif sign in "角分":
            total, digit = total + digit / (10 if sign == "角" else 100), 0
    return total


def test_amounts_in_capitals_are_those_in_figures_except_where_listed():
    different = set()
    for name in GRADED:
        for document, path in papers(name):
            if document["kind"] == "contract":
                capitals, figures = re.search(r"（大写）(.+?)，小写¥([\d,.]+\d)", paper_text(path)).groups()
                if figures_of(capitals) != float(figures.replace(",", "")):
                    different.add((name, document["file"], capitals))
    evidence = listed(DOUBTFUL / "warnings.yaml")["evidence"]
    wanted = {("faulty/doubtful", each["file"], each["facts"]["capitals"]) for each in evidence if "facts" in each}
    assert different == wanted


def test_where_a_paper_differs_it_says_what_is_listed():
    for each in listed(DOUBTFUL / "warnings.yaml")["evidence"]:
        text = paper_text(DOUBTFUL / "evidence" / each["file"])
        for value in each.get("paper", {}).values():
            typed = date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else value
            typed = float(value) if re.fullmatch(r"\d+\.\d\d", value) else typed
            assert written(typed) in text, each["file"]


@pytest.mark.parametrize("name", GRADED)
def test_every_file_of_the_evidence_folder_is_a_listed_document_and_says_that_it_is_an_example(name):
    folder = EXAMPLES / name / "evidence"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {document["file"] for document, _ in papers(name)}
    for _, path in papers(name):
        assert "示例材料·Examplematerial" in paper_text(path), path


# The repository


def test_the_examples_stay_small():
    files = [path for path in EXAMPLES.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    large = [path.name for path in files if path.suffix == ".pdf" and path.stat().st_size > MOST_BYTES_A_PAPER]
    assert large == []
    assert len(files) <= MOST_FILES
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


def made(folder: Path) -> dict[str, bytes]:
    """What the script makes: workbooks and PDFs."""
    files = (path for path in folder.rglob("*") if path.suffix in {".xlsx", ".pdf"})
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_script_makes_the_committed_files_byte_for_byte(tmp_path):
    subprocess.run([sys.executable, "-m", "examples.make", tmp_path], cwd=ROOT, check=True)
    new, old = made(tmp_path), made(EXAMPLES)
    differ = sorted(name for name in new.keys() | old.keys() if new.get(name) != old.get(name))
    assert differ == [], "make them anew: .venv/bin/python -m examples.make"


def readme_commands() -> list[tuple[str, int]]:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    blocks = "".join(re.findall(r"^```sh\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL))
    lines = [line for line in blocks.splitlines() if line.startswith("./run ")]
    return [(line.partition("#")[0].strip(), 2 if "exits 2" in line else 0) for line in lines]


@pytest.mark.parametrize(("command", "exits"), readme_commands())
def test_the_commands_of_the_readme_do_what_it_says(command, exits, tmp_path):
    words = command.replace("examples/", f"{EXAMPLES}/").split()[1:]
    done = subprocess.run([sys.executable, "-m", "gradus", *words], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == exits, done.stderr.decode()
