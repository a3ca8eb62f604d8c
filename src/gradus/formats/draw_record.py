# SPDX-License-Identifier: Apache-2.0
"""The record of a draw as JSON, and checking it from itself alone (docs/formats/draw.md)."""

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeGuard

from gradus.formats.files import read_file
from gradus.grading.faults import Fault, Place, Refusal
from gradus.process.draw import commitment, drawn, population_digest

FORMAT = "gradus-draw/1"
_MOST_BYTES = 4 * 2**20
_HEX = re.compile(r"[0-9a-f]{64}")
_WHOLE = {"visit", "count"}
_LISTS = {"population", "drawn"}


@dataclass(frozen=True, slots=True)
class DrawRecord:
    """Everything that a draw rests on; instants are ISO 8601 with an offset, digests and seed hexadecimal digits."""

    case: str
    visit: int
    population: tuple[str, ...]
    population_digest: str
    count: int
    commitment: str
    committed_at: str
    client_text: str
    answered_at: str
    seed: str
    opened_at: str
    drawn: tuple[str, ...]


def draw_to_plain(record: DrawRecord) -> dict[str, object]:
    """The record as plain data."""
    lists = {"population": list(record.population), "drawn": list(record.drawn)}
    return {"format": FORMAT, **asdict(record), **lists}


def draw_to_json(record: DrawRecord) -> str:
    """The record as a JSON text."""
    return json.dumps(draw_to_plain(record), ensure_ascii=False, indent=1) + "\n"


def read_draw(file: Path) -> DrawRecord:
    """Read a record. Raises Refusal when it is none."""
    return draw_from_bytes(read_file(file, _MOST_BYTES), file.name)


def draw_from_bytes(data: bytes, name: str) -> DrawRecord:
    """The record that a file of a name holds. Raises Refusal when it is none."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refusal([Fault("draw.not_json", Place(name))]) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Refusal([Fault("draw.other_format", Place(name), {"format": FORMAT})])
    wrong = [each.name for each in fields(DrawRecord) if not _fits(each.name, found.get(each.name))]
    if wrong:
        raise Refusal([Fault("draw.wrong_key", Place(name), {"key": key}) for key in wrong])
    known: dict[str, Any] = {each.name: found[each.name] for each in fields(DrawRecord)}
    return DrawRecord(**known | {name: tuple(known[name]) for name in _LISTS})


def _fits(name: str, value: object) -> bool:
    if name in _WHOLE:
        return type(value) is int and 0 < value < 10**6
    if name in _LISTS:
        return (
            isinstance(value, list) and all(map(_is_text, value)) and (name == "drawn" or value == sorted(set(value)))
        )
    if not _is_text(value):
        return False
    if name in ("population_digest", "commitment", "seed"):
        return _HEX.fullmatch(value) is not None
    return not name.endswith("_at") or _instant(value) is not None


def _is_text(value: object) -> TypeGuard[str]:
    """Whether it is a text that has bytes: JSON can write half of a character."""
    return isinstance(value, str) and not any("\ud800" <= each <= "\udfff" for each in value)


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def check_draw(record: DrawRecord) -> list[Fault]:
    """What in a record does not follow from the rest, in this order:

    1. the population's digest is that of the population;
    2. the commitment is the SHA-256 of the seed;
    3. the client's text came after the commitment, and the seed was opened after the text;
    4. what was drawn is what seed, text and population give.
    """
    faults = []
    if population_digest(record.population) != record.population_digest:
        faults.append(Fault("draw.other_population"))
    seed = bytes.fromhex(record.seed)
    if commitment(seed) != record.commitment:
        faults.append(Fault("draw.other_seed"))
    instants = [datetime.fromisoformat(each) for each in (record.committed_at, record.answered_at, record.opened_at)]
    if instants != sorted(instants):
        faults.append(Fault("draw.out_of_order"))
    again = drawn(seed, record.client_text, record.population, record.count)
    if again != record.drawn:
        faults.append(Fault("draw.other_result", params={"drawn": ", ".join(again)}))
    return faults
