# SPDX-License-Identifier: Apache-2.0
"""``gradus dossier template | check``: the workbook to fill in, and what is wrong with a filled one."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from gradus.cli.refusals import add_language, print_refusal
from gradus.cli.streams import tell
from gradus.formats.dossier import read_dossier
from gradus.formats.editions import default_edition, find_edition
from gradus.formats.published import altered
from gradus.formats.template_xlsx import write_template
from gradus.formats.wording import place, say, sentence, words
from gradus.grading.assess import assess
from gradus.grading.faults import Fault, Place, Refusal


def describe(parser: ArgumentParser) -> None:
    """The command's options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    template = actions.add_parser("template", help="write the workbook to fill in")
    template.add_argument("out", type=Path, metavar="OUT.xlsx")
    template.add_argument(
        "--from", dest="source", type=Path, metavar="DOSSIER", help="fill it with this dossier's rows"
    )
    template.add_argument("--force", action="store_true", help="replace a file that is there")
    template.set_defaults(run=run_template)
    check = actions.add_parser("check", help="report every fault and warning of a dossier")
    check.add_argument("dossier", type=Path, metavar="DOSSIER")
    check.set_defaults(run=run_check)
    for each in (template, check):
        each.add_argument("--edition", metavar="NAME", help="SCHEME/EDITION, hash or folder")
        add_language(each)


def run_template(options: Namespace) -> int:
    """Write the workbook; a filled one is never overwritten unasked."""
    edition = find_edition(options.edition or default_edition())
    if options.out.suffix.lower() != ".xlsx":
        raise Refusal([Fault("cli.not_xlsx", Place(str(options.out)))])
    if options.out.exists() and not options.force:
        raise Refusal([Fault("cli.exists", Place(str(options.out)))])
    dossier = None
    if options.source is not None:
        try:
            dossier = read_dossier(options.source, edition)[0]
        except Refusal as refusal:
            print_refusal(refusal, options.lang, edition, str(options.source))
            return 2
    write_template(edition, options.out, dossier)
    tell(words("cli.written", options.lang, file=str(options.out)))
    return 0


def run_check(options: Namespace) -> int:
    """Print faults (exit 2) or warnings (exit 0)."""
    edition = find_edition(options.edition or default_edition())
    try:
        dossier, notices = read_dossier(options.dossier, edition)
        result = assess(edition, dossier, notices=(*altered(edition), *notices))
    except Refusal as refusal:
        print_refusal(refusal, options.lang, edition, str(options.dossier))
        return 2
    for fault in result.warnings:
        where, rule = place(fault, edition, options.lang), fault.params.get("rule", fault.code)
        tell(" ".join(part for part in (f"[{rule}]", where, sentence(fault, options.lang)) if part))
    rows = sum(len(rows) for rows in dossier.tables.values())
    params = {"rows": str(rows), "warnings": str(len(result.warnings))}
    tell(say("cli.dossier_clean", options.lang, params))
    return 0
