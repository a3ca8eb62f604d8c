# SPDX-License-Identifier: Apache-2.0
"""What grading costs: medians of several runs on the largest golden case. Usage: python bench/grading.py"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from gradus.formats.dossier import read_dossier
from gradus.formats.editions import load_edition
from gradus.formats.report_pdf import render_pdf
from gradus.formats.result_json import dumps, result_to_json
from gradus.formats.template_xlsx import write_template
from gradus.grading.assess import assess
from gradus.grading.grade import grade

EDITION = Path(__file__).parent.parent / "schemes" / "ccid-isd" / "2019-a1"
LARGEST = EDITION / "cases" / "top"


def measure(name: str, limit: str, runs: int, work: Callable[[], object]) -> None:
    """Print the median and the range of several runs in milliseconds, after one run to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    median = statistics.median(times)
    print(f"{name:44} {median:9.2f} ms   ({min(times):.2f} to {max(times):.2f}, {runs} runs; asked {limit})")


def main() -> None:
    """Measure everything the grading issue names."""
    edition = load_edition(EDITION)
    dossier, notices = read_dossier(LARGEST, edition)
    result = assess(edition, dossier, notices=notices)
    people, projects = len(dossier.tables["staff"]), len(dossier.tables["projects"])
    print(f"Python {sys.version.split()[0]}, case {LARGEST.name}: {people} staff, {projects} projects")
    measure("load and check the edition", "-", 11, lambda: load_edition(EDITION))
    measure("grade with explanation, in memory", "at most 5 ms, aim 1", 101, lambda: grade(edition, dossier))
    measure("grade, plan, bounds, checklist, warnings", "-", 51, lambda: assess(edition, dossier))
    measure("read the CSV folder", "-", 11, lambda: read_dossier(LARGEST, edition))
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "top.xlsx"
        write_template(edition, workbook, dossier)
        measure("read the workbook", "at most 1000 ms", 11, lambda: read_dossier(workbook, edition))
    measure("result as JSON", "-", 11, lambda: dumps(result_to_json(result)))
    for language in ("zh", "en"):
        measure(f"PDF report ({language})", "at most 1000 ms", 7, lambda at=language: render_pdf(result, at))


if __name__ == "__main__":
    main()
