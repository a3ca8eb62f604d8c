# SPDX-License-Identifier: Apache-2.0
"""``gradus verify FILE``: whether a certificate holds, without asking anybody. Exit 0: it holds; 1: it does not; 3: it
cannot be told, or the file is the genuine record of a change and no certificate."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gradus.cli.refusals import add_language
from gradus.cli.streams import tell
from gradus.formats.files import read_file
from gradus.formats.result_json import dumps
from gradus.formats.verification import (
    SIGNS,
    meaning_sentences,
    of_a_change,
    only_status_unknown,
    statement_lines,
    step_sentences,
    step_title,
    verdict_words,
    verification_to_json,
)
from gradus.formats.wording import words
from gradus.trust.bundle import LARGEST_BUNDLE, TrustBundle, read_bundle
from gradus.trust.instants import day_of, ends, read_day, read_instant
from gradus.trust.pdf_verify import is_pdf, verify_file
from gradus.trust.receipt import LARGEST_RECEIPT
from gradus.trust.statement import CertificateStatement
from gradus.trust.status_check import with_named
from gradus.trust.status_list import LARGEST_LIST, read_list
from gradus.trust.verdict import Named, Verdict, Verification

LARGEST_FILE = 32 * 2**20
MOST_LISTS = 200

CANNOT_TELL = 3
_EXITS = {Verdict.HOLDS: 0, Verdict.DOES_NOT_HOLD: 1, Verdict.CANNOT_TELL: CANNOT_TELL}


def describe(parser: ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a credential.json, or a certificate as PDF")
    parser.add_argument("--trust", type=Path, metavar="BUNDLE", help="the certification body's trust file")
    parser.add_argument(
        "--receipt", type=Path, metavar="FILE", help="the receipt (default: receipt.json beside credential.json)"
    )
    parser.add_argument(
        "--status",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a status list, or a folder of them (may be repeated); those in the trust file are used too",
    )
    parser.add_argument(
        "--at",
        type=_instant,
        metavar="DATE",
        help="whether it held on that day, to its end in China; or an instant as 2026-06-30T01:00:00Z (default: now)",
    )
    parser.add_argument("--json", action="store_true", help="everything as one JSON object")
    add_language(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Verify one file."""
    bundle = read_bundle(read_file(options.trust, LARGEST_BUNDLE), options.trust.name) if options.trust else None
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  a face may read the clock
    found = _verified(options, bundle, now)
    if options.json:
        tell(dumps(verification_to_json(found, bundle)))
    else:
        tell("\n".join(_lines(found, bundle, options.lang, to_come=found.at > now)))
    return CANNOT_TELL if of_a_change(found) else _EXITS[found.verdict]


def _verified(options: Namespace, bundle: TrustBundle | None, now: datetime) -> Verification:
    certificate = Named(options.file.name, read_file(options.file, LARGEST_FILE))
    file = options.receipt or (None if is_pdf(certificate.data) else _beside(options.file))
    receipt = Named(file.name, read_file(file, LARGEST_RECEIPT)) if file else None
    lists = [*_listed(options.status), *_carried(bundle)]
    found = verify_file(certificate, receipt, lists, bundle, _asked(options.at, now), now)
    if bundle and isinstance(found.statement, CertificateStatement):
        *before, status = found.steps
        named = list(_listed([each for each in options.status if not each.is_dir()]))
        return replace(found, steps=(*before, with_named(status, found.statement, named, bundle)))
    return found


def _beside(file: Path) -> Path | None:
    """The receipt that lies beside a credential under the name that belongs to its own."""
    receipt = file.with_name(file.name.replace("credential", "receipt"))
    return receipt if receipt != file and receipt.is_file() else None


def _listed(paths: list[Path]) -> Iterator[Named]:
    """The lists that were given. Raises Refusal for a file that was named and is none: an older list would answer in
    its place, and nobody would know."""
    for path in paths:
        files = sorted(path.glob("*.json"))[:MOST_LISTS] if path.is_dir() else [path]
        for file in files:
            found = Named(file.name, read_file(file, LARGEST_LIST))
            if file == path:
                read_list(found.data, found.name)
            yield found


def _carried(bundle: TrustBundle | None) -> Iterator[Named]:
    for number, text in enumerate(bundle.status_lists if bundle else (), 1):
        yield Named(f"status_lists[{number}]", text.encode())


def _instant(text: str) -> datetime:
    """The instant of an argument: a day stands for its last second in China, so that all that it brought counts."""
    for read in (read_instant, lambda day: ends(read_day(day)) - timedelta(seconds=1)):
        try:
            return read(text)
        except (ValueError, OverflowError):
            continue
    raise ArgumentTypeError(f"{text!r}: write a day as 2026-06-30 / 日期请写作 2026-06-30")


def _asked(at: datetime | None, now: datetime) -> datetime:
    """Now, where nothing was asked, or where today was, which is not over yet."""
    today_ends = ends(day_of(now)) - timedelta(seconds=1)
    return now if at is None or at == today_ends else at


def _lines(found: Verification, bundle: TrustBundle | None, language: str, *, to_come: bool) -> Iterator[str]:
    yield verdict_words(found, language)
    if to_come and only_status_unknown(found):
        yield words("verify.to_come", language)
    if found.statement:
        yield from statement_lines(found.statement, language)
    yield ""
    for step in found.steps:
        yield f"{step.id:>2} {SIGNS[step.state]} {step_title(step, language)}"
        yield from (f"     {each}" for each in step_sentences(step, language))
    yield ""
    yield from meaning_sentences(found, language)
    if bundle:
        blanks = {"issuer": bundle.issuer.name[language], "said": bundle.fingerprint}
        yield words("verify.trust_file", language, **blanks)
