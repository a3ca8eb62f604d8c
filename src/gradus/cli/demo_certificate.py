# SPDX-License-Identifier: Apache-2.0
"""``gradus demo-certificate OUT``: a certificate as a client gets it, made without a server, to be verified."""

import importlib
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from gradus.cli.refusals import add_language
from gradus.cli.streams import tell
from gradus.formats.files import write_file
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Refusal

_EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "tiangong"


def describe(parser: ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("folder", type=Path, metavar="OUT", help="the folder to write into")
    parser.add_argument(
        "--dossier", type=Path, default=_EXAMPLE, metavar="DOSSIER", help="whose certificate (default: an example's)"
    )
    add_language(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Write certificate.pdf, credential.json, receipt.json and trust.json; the keys are not kept."""
    try:
        work = importlib.import_module("gradus.cli.demonstration")  # signing a PDF needs more than verifying one
    except ModuleNotFoundError as error:
        raise Refusal([Fault("platform.not_installed", params={"name": error.name or ""})]) from error
    at = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  a face may read the clock
    for name, data in work.certificate_of(options.dossier, at).items():
        write_file(options.folder / name, data)
        tell(words("cli.written", options.lang, file=str(options.folder / name)))
    tell(words("demo_certificate.verify", options.lang, folder=str(options.folder)))
    return 0
