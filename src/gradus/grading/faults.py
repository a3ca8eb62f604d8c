# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the world's input, as data: a code, a place, and the words' blanks. Faces turn it into a
sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault stands: in a text file by line and column, in a dossier by table, row and field.

    Rows and lines count from 1 as the user's editor or spreadsheet shows them; 0 and "" mean "does not apply".
    """

    file: str = ""
    line: int = 0
    column: int = 0
    table: str = ""
    row: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal: ``code`` names the sentence (in both languages), ``params`` fills its blanks."""

    code: str
    place: Place = Place()
    params: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """Input from outside cannot be used; carries every fault that was found, never only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.code for fault in self.faults))
