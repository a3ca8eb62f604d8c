# SPDX-License-Identifier: Apache-2.0
"""What the grid's script sends, read with the suspicion that everything from outside deserves."""

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from gradus.dossiers.rows import CellChange, Removal, RowChange, Save
from gradus.formats.cells import unkeepable
from gradus.formats.dossier_rows import most_rows
from gradus.grading.faults import Fault, Refusal

_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
_LARGEST = 2**63 - 1

_Kind = TypeVar("_Kind")


def said(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object. Raises Refusal."""
    try:
        found = json.loads(request.body)
    except RequestDataTooBig as error:
        raise Refusal([Fault("grid.too_much", params={"limit": str(most_rows)})]) from error
    except (ValueError, RecursionError) as error:
        raise _not_understood("JSON") from error
    return _is(dict, found, "JSON")


def save_of(body: dict[str, Any]) -> Save:
    """The changes and removals of a save. Raises Refusal for what is none."""
    changes = _each(body, "changes", _change)
    removals = _each(body, "removals", _removal)
    if len(changes) + len(removals) > most_rows:
        raise Refusal([Fault("grid.too_much", params={"limit": str(most_rows)})])
    return Save(key_of(body), changes, removals)


def key_of(body: dict[str, Any]) -> str:
    """The page's own name for what it sends; "" when it gives none."""
    key = body.get("key", "")
    if key and not (isinstance(key, str) and _KEY.fullmatch(key)):
        raise _not_understood("key")
    return str(key)


def number(value: object, what: str) -> int:
    """A whole number that a database can hold."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise _not_understood(what)
    return value


def _change(each: object) -> RowChange:
    said = _is(dict, each, "changes")
    cells = {_name(name, "cells"): _cell(cell) for name, cell in _is(dict, said.get("cells"), "cells").items()}
    return RowChange(number(said.get("row", 0), "row"), cells, _name(said.get("key", ""), "key")[:64])


def _name(value: object, what: str) -> str:
    name = _is(str, value, what)
    if unkeepable(name):
        raise _not_understood(what)
    return name


def _cell(cell: object) -> CellChange:
    pair = _is(list, cell, "cells")
    if len(pair) != 2:
        raise _not_understood("cells")
    return CellChange(_is(str, pair[0], "cells"), _is(str, pair[1], "cells"))


def _removal(each: object) -> Removal:
    said = _is(dict, each, "removals")
    return Removal(number(said.get("row"), "row"), number(said.get("version"), "version"))


def _each(body: dict[str, Any], name: str, read: Callable[[object], _Kind]) -> list[_Kind]:
    return [read(each) for each in _is(list, body.get(name, []), name)]


def _is(kind: type[_Kind], value: object, what: str) -> _Kind:
    if not isinstance(value, kind):
        raise _not_understood(what)
    return value


def _not_understood(what: str) -> Refusal:
    return Refusal([Fault("grid.not_understood", params={"what": what})])
