# SPDX-License-Identifier: Apache-2.0
"""Makes the example dossiers, workbooks and evidence, from the files beside this one; each time the same bytes.

    python -m examples.make [OUT]

writes into OUT, or where the committed examples stand. See README.md beside it.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from examples.books import FIRST_ROW, hiding, mistyped, workbook
from examples.papers import paper
from examples.press import Press
from examples.story import Firm, read_firm
from gradus.formats.editions import default_edition, find_edition
from gradus.grading.scheme import Edition

HERE = Path(__file__).parent
REFUSED = "faulty/refused"


def make(out: Path) -> None:
    """Writes every example below the folder."""
    edition, press = find_edition(default_edition()), Press()
    for path in sorted((HERE / "firms").glob("*.yaml")):
        firm = read_firm(path)
        book = workbook(edition, firm.folder, firm.tables, hiding(**firm.hidden) if firm.hidden else None)
        _write(out / firm.folder / firm.workbook, book)
        _write_evidence(firm, press, out / firm.folder / "evidence")
    _write_refused(edition, out)


def _write_evidence(firm: Firm, press: Press, folder: Path) -> None:
    warnings = HERE / firm.folder / "warnings.yaml"
    listed = yaml.safe_load(warnings.read_text(encoding="utf-8"))["evidence"] if warnings.exists() else []
    wrong = {each["file"]: each for each in listed}
    for document in firm.papers:
        different = wrong.get(document["file"], {})
        template, facts = paper(_as_printed(firm, different), document)
        facts |= different.get("facts", {})
        _write(folder / document["file"], press.pdf(template, facts, document["issued_on"]))


def _as_printed(firm: Firm, different: Mapping[str, Any]) -> Firm:
    """The firm with the cells that a paper states otherwise."""
    if "paper" not in different:
        return firm
    rows = list(firm.tables[different["sheet"]])
    at = different["row"] - FIRST_ROW
    rows[at] = rows[at] | different["paper"]
    return replace(firm, tables=firm.tables | {different["sheet"]: rows})


def _write_refused(edition: Edition, out: Path) -> None:
    """The doubtful firm's workbook with the mistakes of its first attempt typed into it; it never comes to evidence."""
    firm = read_firm(HERE / "firms" / "beiming.yaml")
    mistakes = yaml.safe_load((HERE / REFUSED / "faults.yaml").read_text(encoding="utf-8"))["faults"]
    _write(out / REFUSED / firm.workbook, workbook(edition, REFUSED, firm.tables, mistyped(mistakes)))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
