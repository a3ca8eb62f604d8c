# SPDX-License-Identifier: Apache-2.0
"""The pages of a case bundle that people read: index.html in Chinese, index.en.html in English. They need nothing but
the files beside them, and run nothing."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

from gradus.formats.palette import colours
from gradus.formats.report_html import environment
from gradus.formats.wording import known, words

_PAGES = {"zh": "index.html", "en": "index.en.html"}
_CHINA = timezone(timedelta(hours=8))
_FIRST = ("applications.case", "applications.casestep", "applications.filing", "applications.involvement")
"""Records that the page shows itself; the others are tables of their own below."""

Json = dict[str, Any]


def index_pages(head: Json, files: Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    """The pages by their file names, from a manifest's head, the bundle's JSON files and the names of all files."""
    template = environment().get_template("case_index.html.j2")
    return {
        page: template.render(page=_model(head, files, names, language), colours=colours)
        for language, page in _PAGES.items()
    }


def _model(head: Json, files: Mapping[str, Any], names: Sequence[str], language: str) -> Json:
    def say(code: str) -> str:
        return words(code, language) if known(code) else code

    people = files["parties.json"]["people"]
    (case,) = files["records/applications.case.json"]
    steps = files["records/applications.casestep.json"]
    involved = files.get("records/applications.involvement.json", [])
    labels = "title case client edition procedure state opened steps step when who parts part files other journal entry"
    labels += " hash other_language check none kind"
    return {
        "language": language,
        "other": _PAGES["en" if language == "zh" else "zh"],
        "labels": {each: words(f"bundle.{each}", language) for each in labels.split()},
        "head": head,
        "client": files["parties.json"]["client"],
        "state": say(f"state.{case['state']}"),
        "opened": _day(case["opened_at"]),
        "steps": [
            {
                "number": each["number"],
                "step": say(f"step.{each['step']}"),
                "after": say(f"state.{each['after']}"),
                "at": _minute(each["at"]),
                "who": people.get(each["account_id"] or "", "Gradus"),
                "said": _pairs(each["said"]),
            }
            for each in steps
        ],
        "parts": [
            {"who": people[each["account_id"]], "part": say(f"part.{each['part']}"), "since": _day(each["since"])}
            for each in involved
        ],
        "records": [
            {"name": name, "rows": [_pairs(row, people) for row in rows]}
            for name, rows in ((each[8:-5], files[each]) for each in files if each.startswith("records/"))
            if name not in _FIRST
        ],
        "folders": _folders(names),
        "journal": [
            {
                "sequence": each["sequence"],
                "at": _minute(each["at"]),
                "kind": say(f"journal.kind.{each['kind']}"),
                "who": each["actor_name"],
                "hash": each["hash"],
            }
            for each in files["journal.json"]
        ],
    }


def _pairs(row: Json, people: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """A row's fields and values; accounts by their names."""
    names = people or {}
    return [
        (key, names.get(value, value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for key, value in row.items()
        if value not in ("", None, [], {}) and key not in ("id", "case_id")
    ]


def _folders(names: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Every file by its first folder, with its address from the page."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in names:
        folder, _, rest = name.rpartition("/") if name.count("/") < 2 else name.partition("/")
        found[folder].append((rest, quote(name)))
    return dict(found)


def _minute(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")


def _day(text: str) -> str:
    return _minute(text)[:10]
