# SPDX-License-Identifier: Apache-2.0
"""``gradus grade DOSSIER...``: grade dossiers and explain the grade on the terminal, as JSON, as a page, as a
report."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path

from gradus.cli.refusals import add_language, print_refusal
from gradus.cli.streams import tell, warn
from gradus.cli.terminal import print_result
from gradus.formats.dossier import read_dossier
from gradus.formats.editions import default_edition, find_edition
from gradus.formats.files import write_file
from gradus.formats.published import altered
from gradus.formats.report_html import render_html
from gradus.formats.report_pdf import render_pdf
from gradus.formats.result_json import dumps, result_to_json
from gradus.formats.result_reader import FIRST_YEAR, LAST_YEAR, sensible_day
from gradus.formats.wording import words
from gradus.grading.assess import assess
from gradus.grading.dossier import Dossier
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.result import Result
from gradus.grading.scheme import Edition


def describe(parser: ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "dossiers", nargs="+", type=Path, metavar="DOSSIER", help="a folder of CSV files or a workbook (.xlsx)"
    )
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help="grade as at this date (default: as the dossier declares)"
    )
    parser.add_argument(
        "--edition",
        metavar="NAME",
        help="SCHEME/EDITION, the beginning of its hash, or a folder (default: what schemes/DEFAULT names)",
    )
    parser.add_argument(
        "--reject",
        action="append",
        default=[],
        metavar="TABLE:ROW",
        help="grade as if an assessor had rejected this row (may be repeated)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a dossier and line")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="write the report as PDF")
    add_language(parser)
    parser.set_defaults(run=run)


def _day(text: str) -> date:
    try:
        return sensible_day(text)
    except ValueError:
        years = f"{FIRST_YEAR}-{LAST_YEAR}"
        raise ArgumentTypeError(f"{text!r}: write a date of {years} as 2026-06-30 / 日期请写作 2026-06-30") from None


def run(options: Namespace) -> int:
    """Grade each dossier; a refused one does not stop the others."""
    if (options.html or options.pdf) and len(options.dossiers) > 1:
        raise Refusal([Fault("cli.one_dossier")])
    endings = ((options.html, (".html", ".htm")), (options.pdf, (".pdf",)))
    wrong = [
        Fault("cli.not_a_report", Place(str(file))) for file, known in endings if file and file.suffix not in known
    ]
    if wrong:
        raise Refusal(wrong)
    edition = find_edition(options.edition or default_edition())
    refused = False
    for path in options.dossiers:
        try:
            result = _grade(path, edition, options)
        except Refusal as refusal:
            print_refusal(refusal, options.lang, edition, str(path))
            refused = True
            continue
        if options.json:
            tell(dumps(result_to_json(result)))
        else:
            print_result(result, options.lang)
        _write(options, result)
    return 2 if refused else 0


def _grade(path: Path, edition: Edition, options: Namespace) -> Result:
    dossier, notices = read_dossier(path, edition)
    rejected = _rejected(options.reject, edition, dossier)
    return assess(edition, dossier, options.as_of, rejected, (*altered(edition), *notices))


def _rejected(texts: list[str], edition: Edition, dossier: Dossier) -> frozenset[tuple[str, int]]:
    """The rows named on the command line. Raises Refusal for a row that is not there or can not be rejected."""
    found, faults = set(), []
    for text in texts:
        table, _, row = text.partition(":")
        known = edition.tables.get(table)
        numbers = {str(each.number): each.number for each in dossier.tables.get(table, ())}
        if known is None or not known.rejectable or row not in numbers:
            tables = ", ".join(each.id for each in edition.tables.values() if each.rejectable)
            faults.append(Fault("cli.no_such_row", Place(), {"value": text, "expected": tables}))
        else:
            found.add((table, numbers[row]))
    if faults:
        raise Refusal(faults)
    return frozenset(found)


def _write(options: Namespace, result: Result) -> None:
    for file, render in ((options.html, render_html), (options.pdf, render_pdf)):
        if file is None:
            continue
        content = render(result, options.lang)
        data = content.encode() if isinstance(content, str) else content
        write_file(file, data)
        warn(words("cli.written", options.lang, file=str(file)))
