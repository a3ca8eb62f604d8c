# SPDX-License-Identifier: Apache-2.0
"""A firm's story (firms/*.yaml) as the tables of its dossier: what is written there, and what is drawn from its ranges.

Cells are text as in a CSV file; an empty cell is an empty text or is not there.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from examples.draw import Draw

Row = dict[str, str]
Tables = dict[str, list[Row]]

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm: its dossier's tables, the papers that are really there, and what only they say.

    ``papers`` are rows of documents as they should be; the table may list them wrongly, or list more. ``hidden`` names
    what the workbook hides: sheets, and rows by sheet.
    """

    folder: str
    workbook: str
    imprint: dict[str, str]
    tables: Tables
    papers: list[Row]
    numbers: dict[str, str]
    hidden: dict[str, Any]
    draw: Draw

    @property
    def enterprise(self) -> Row:
        return self.tables["enterprise"][0]

    @property
    def code(self) -> str:
        """The credit code that the firm's papers bear."""
        return self.imprint.get("code", self.enterprise["uscc"])

    def find(self, table: str, column: str, value: str) -> Row:
        """The first row with that cell."""
        return next(row for row in self.tables[table] if row[column] == value)


def read_firm(path: Path) -> Firm:
    """The firm of a story."""
    story = yaml.safe_load(path.read_text(encoding="utf-8"))
    draw = Draw(story["seed"])
    tables: Tables = {name: _rows(block) for name, block in story["tables"].items()}
    as_of = date.fromisoformat(tables["application"][0]["applied_on"])
    tables["project_technologies"] = [
        {"project": project, "technology": each}
        for project, words in story.get("technologies", {}).items()
        for each in words.split()
    ]
    drawn = {
        "staff": _staff(story["staff"], as_of, draw),
        "surveys": _surveys(story["surveys"], tables["projects"], as_of, draw),
        "operations": _operations(story["operations"], as_of, draw),
    }
    tables |= {name: [*rows, *tables.get(name, [])] for name, rows in drawn.items()}
    own = _rows(story["company_papers"])
    numbers = {row["file"]: row.pop("number") for row in own}
    without = {f"{each}.pdf" for each in story.get("without", ())}
    papers = _once(row for row in (*_documents(tables, draw), *own) if row["file"] not in without)
    listed = [row | story.get("mislisted", {}).get(row["file"], {}) for row in papers]
    tables["documents"] = listed + _rows(story.get("lost", ""))
    return Firm(
        folder=story["folder"],
        workbook=story["workbook"],
        imprint=story["imprint"],
        tables=tables,
        papers=papers,
        numbers=numbers,
        hidden=story.get("hidden", {}),
        draw=draw,
    )


def _once(papers: Iterable[Row]) -> list[Row]:
    """Each file once: what is entered twice has one paper."""
    files: dict[str, Row] = {}
    for row in papers:
        files.setdefault(row["file"], row)
    return list(files.values())


def _rows(block: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(block)))


def _staff(groups: list[dict[str, Any]], as_of: date, draw: Draw) -> Iterator[Row]:
    """People under pseudonyms, group after group."""
    number = 0
    for at, group in enumerate(groups):
        for _ in range(group["count"]):
            number += 1
            person = f"S{number:04d}"
            joined = draw.day(*group["joined"], person, "joined")
            evaluated = draw.number(1, 100, at, person, "evaluated") <= group["evaluated"]
            first = max(joined, as_of - timedelta(days=330))
            left = str(draw.day(*group["left"], person, "left")) if "left" in group else ""
            last = date.fromisoformat(left) if left else as_of - timedelta(days=10)
            yield {
                "person": person,
                "technical": _word(yes=group["technical"]),
                "key_post": _word(yes=group.get("key_post", False)),
                "employed_from": str(joined),
                "employed_until": left,
                "insured_by_applicant": _word(yes=group.get("insured", True)),
                "training_hours": _hours(group["hours"], person, draw),
                "skill_evaluated_on": str(draw.day(first, last, person, "skill")) if evaluated else "",
            }


def _word(*, yes: bool) -> str:
    return "yes" if yes else "no"


def _hours(bounds: list[int], person: str, draw: Draw) -> str:
    """Training hours by halves; none where they are not known."""
    if not bounds:
        return ""
    return f"{draw.number(2 * bounds[0], 2 * bounds[1], person, 'hours') / 2:g}"


def _surveys(scores: dict[str, str], projects: list[Row], as_of: date, draw: Draw) -> Iterator[Row]:
    """Answers of customers in the last twelve months, none sooner than ten days after acceptance."""
    accepted = {row["project"]: row["accepted_on"] for row in projects}
    for project, words in scores.items():
        for at, score in enumerate(str(words).split()):
            first = max(date.fromisoformat(accepted[project]) + timedelta(days=10), as_of - timedelta(days=350))
            day = draw.day(first, as_of - timedelta(days=20), project, at, "survey")
            yield {"project": project, "surveyed_on": str(day), "score": score}


def _operations(bounds: dict[str, list[int]], as_of: date, draw: Draw) -> Iterator[Row]:
    """Twelve months up to the as-of date; ``met`` and ``answered`` are parts of a thousand."""
    for back in range(MONTHS):
        whole = as_of.year * 12 + as_of.month - 1 - back
        month = str(date(whole // 12, whole % 12 + 1, 1))
        events = draw.number(*bounds["events"], month, "events")
        faults = draw.number(*bounds["faults"], month, "faults")
        yield {
            "month": month,
            "sla_events": str(events),
            "sla_met": str(events * draw.number(*bounds["met"], month, "met") // 1000),
            "faults": str(faults),
            "faults_within_1h": str(faults * draw.number(*bounds["answered"], month, "answered") // 1000),
        }


def _documents(tables: Tables, draw: Draw) -> Iterator[Row]:
    """The papers that projects, years and certificates bring with them."""
    for project in tables["projects"]:
        yield from _project_papers(project, draw)
    for year in tables["finance"]:
        if year["audit_report_no"]:
            n = year["fiscal_year"]
            day = draw.day(date(int(n) + 1, 3, 10), date(int(n) + 1, 4, 20), n, "audit")
            yield _document("audit_report", f"{n}年度审计报告", f"audit/{n}.pdf", str(day), n)
    for row in tables.get("management_certificates", []):
        kind, number = "iso_certificate" if row["standard"].startswith("iso") else "other", row["number"]
        title = f"{row['standard'].upper()}证书"
        yield _document(kind, title, f"certificates/{number}.pdf", row["issued_on"], number)
    for row in tables.get("ip", []):
        kind = "software_copyright" if row["kind"] == "software_copyright" else "patent_certificate"
        yield _document(kind, row["title"], f"ip/{row['number']}.pdf", row["granted_on"], row["number"])
    latest: dict[str, str] = {}
    for row in tables["person_certificates"]:
        latest[row["person"]] = max(latest.get(row["person"], ""), row["issued_on"])
    for person, issued in sorted(latest.items()):
        yield _document("personnel_certificate", f"{person}资质证书", f"persons/{person}.pdf", issued, person)


def _project_papers(project: Row, draw: Draw) -> Iterator[Row]:
    """Contract, plan, test report and acceptance report, as far as the project has come."""
    name, title, accepted = project["project"], project["title"], project["accepted_on"]
    signed = date.fromisoformat(project["signed_on"])
    papers = [("contract", "合同", signed)]
    if project["complete_records"] == "yes":
        end = date.fromisoformat(accepted)
        planned = draw.day(signed + timedelta(days=7), signed + timedelta(days=24), name, "plan")
        tested = draw.day(end - timedelta(days=24), end - timedelta(days=7), name, "test")
        papers += [("implementation_plan", "实施方案", planned), ("test_report", "测试报告", tested)]
    if accepted:
        papers.append(("acceptance_report", "验收报告", date.fromisoformat(accepted)))
    for kind, word, issued in papers:
        yield _document(kind, title + word, f"{name}/{kind.replace('_', '-')}.pdf", str(issued), name)


def _document(kind: str, title: str, file: str, issued_on: str, subject: str) -> Row:
    return {"kind": kind, "title": title, "file": file, "issued_on": issued_on, "subject": subject}
