# SPDX-License-Identifier: Apache-2.0
"""``gradus recheck FILE``: grade results again from themselves alone, and compare every value."""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path

from gradus.cli.refusals import add_language
from gradus.formats.result_json import dumps, read_result, result_to_json
from gradus.formats.wording import say
from gradus.grading.assess import assess
from gradus.grading.faults import Fault, Place, Refusal


def add_parser(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("recheck", help="grade a result again from itself alone / 复核评级结果")
    parser.add_argument(
        "result", type=Path, metavar="FILE", help="what `gradus grade --json` wrote; - for standard input"
    )
    add_language(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Compare each line with a fresh grade: 0 the same, 1 different."""
    text = _read(options.result)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise Refusal([Fault("result.unreadable", Place(str(options.result)), {"problem": "empty"})])
    different = False
    for line in lines:
        edition, dossier, as_of, rejected, notices, given = read_result(line)
        again = result_to_json(assess(edition, dossier, as_of, rejected, notices))
        params = {"dossier": dossier.name, "edition": f"{edition.name} {edition.hash[:19]}"}
        if dumps(again) == dumps(given):
            print(say("recheck.same", options.lang, params))
            continue
        different = True
        print(say("recheck.different", options.lang, params))
        for path, stated, found in list(_differences("", given, again))[:20]:
            blanks = {"path": path, "stated": _short(stated), "found": _short(found)}
            print("  " + say("recheck.difference", options.lang, blanks))
    return 1 if different else 0


def _read(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or "not UTF-8 text"
        raise Refusal([Fault("result.unreadable", Place(str(path)), {"problem": problem})]) from None


def _short(value: object) -> str:
    return str(value)[:60]


def _differences(path: str, stated: object, found: object) -> "list[tuple[str, object, object]]":
    """Every leaf in which two results differ: (path, stated, found)."""
    if isinstance(stated, dict) and isinstance(found, dict):
        keys = dict.fromkeys([*found, *stated])
        return [each for key in keys for each in _differences(f"{path}.{key}", stated.get(key), found.get(key))]
    if isinstance(stated, list) and isinstance(found, list) and len(stated) == len(found):
        pairs = enumerate(zip(stated, found, strict=True))
        return [each for index, (a, b) in pairs for each in _differences(f"{path}[{index}]", a, b)]
    return [] if stated == found else [(path.lstrip("."), stated, found)]
