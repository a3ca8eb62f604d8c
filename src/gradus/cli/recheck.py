# SPDX-License-Identifier: Apache-2.0
"""``gradus recheck FILE...``: grade results again from themselves alone, and compare every value."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from gradus.cli.refusals import add_language, print_refusal
from gradus.cli.streams import tell
from gradus.formats.files import read_file
from gradus.formats.published import altered
from gradus.formats.result_json import dumps, result_to_json
from gradus.formats.result_reader import edition_of, facts_of, parse_result
from gradus.formats.wording import say, sentence
from gradus.grading.assess import assess
from gradus.grading.faults import Fault, Place, Refusal

_ABSENT = object()


def describe(parser: ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "results",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="what `./run grade --json` wrote; - for standard input / ./run grade --json 写出的文件",
    )
    add_language(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Compare each line with a fresh grade: 0 the same, 1 different, 2 refused; the worst of all lines and files."""
    return max(_recheck_file(path, options.lang) for path in options.results)


def _recheck_file(path: Path, language: str) -> int:
    try:
        text = _read(path)
    except Refusal as refusal:
        print_refusal(refusal, language)
        return 2
    # Only a line feed ends a result: other line ends may stand in a dossier's texts.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        print_refusal(Refusal([Fault("result.empty", Place(str(path)))]), language)
        return 2
    return max(_recheck(line, f"{path}:{number}", language) for number, line in lines)


def _recheck(line: str, subject: str, language: str) -> int:
    edition = None
    try:
        given = parse_result(line)
        edition = edition_of(given)
        dossier, as_of, rejected, notices = facts_of(given, edition)
        again = result_to_json(assess(edition, dossier, as_of, rejected, notices))
    except Refusal as refusal:
        print_refusal(refusal, language, edition, subject)
        return 2
    for notice in altered(edition):
        tell(sentence(notice, language))
    params = {"dossier": dossier.name, "edition": f"{edition.name} {edition.hash[:19]}"}
    differences = [] if dumps(again) == dumps(given) else _differences("", given, again)
    if not differences:
        tell(say("recheck.same", language, params))
        return 0
    absent = say("recheck.absent", language)
    told = [say("recheck.different", language, params)]
    for path, stated, found in differences[:20]:
        blanks = {"path": path, "stated": _json(stated) or absent, "found": _json(found) or absent}
        told.append("  " + say("recheck.difference", language, blanks))
    if len(differences) > 20:
        told.append("  " + say("recheck.more", language, {"count": str(len(differences) - 20)}))
    tell("\n".join(told))
    return 1


def _read(path: Path) -> str:
    piped = str(path) == "-"
    data = (sys.stdin.buffer.read() if sys.stdin else b"") if piped else read_file(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal([Fault("result.not_text", Place(str(path)), {"position": str(error.start + 1)})]) from None


def _json(value: object) -> str:
    return "" if value is _ABSENT else dumps(value)


def _differences(path: str, stated: object, found: object) -> list[tuple[str, object, object]]:
    """Every leaf in which two results differ: (path, stated, found)."""
    if isinstance(stated, dict) and isinstance(found, dict):
        pairs = [(f".{key}", stated.get(key, _ABSENT), found.get(key, _ABSENT)) for key in {**found, **stated}]
    elif isinstance(stated, list) and isinstance(found, list) and len(stated) == len(found):
        pairs = [(f"[{index}]", a, b) for index, (a, b) in enumerate(zip(stated, found, strict=True))]
    elif _json(stated) == _json(found):
        return []
    else:
        return [(path.lstrip("."), stated, found)]
    return [each for step, a, b in pairs for each in _differences(path + step, a, b)]
