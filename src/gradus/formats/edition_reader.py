# SPDX-License-Identifier: Apache-2.0
"""From the tree of an edition's YAML to a checked :class:`Edition`: every fault in one pass, each with its line.

Names come first (tables, parameters, populations, terms), then everything that formulas say with them.
"""

from collections.abc import Mapping
from typing import Any

from gradus.formats.edition_ladder import read_ladder
from gradus.formats.edition_names import Vocabulary
from gradus.formats.edition_papers import read_papers
from gradus.formats.edition_parts import read_note, read_source
from gradus.formats.edition_rules import read_requirements
from gradus.formats.edition_tables import Tables, Wanted, read_tables, single_cell
from gradus.formats.edition_tree import read_tree
from gradus.formats.fields import IDENTIFIER, NOTHING, Fields, Findings
from gradus.formats.yaml_tree import Item
from gradus.grading.faults import Fault
from gradus.grading.scheme import Edition

SECTIONS = tuple(
    "edition sources notes scales parameters windows tables populations terms frameworks dimensions elements indicators"
    " levels bands outcomes requirement_groups requirements vetoes path scope document_groups documents document_table"
    " checks process".split()
)
"""Every top-level key an edition may have."""


def read_edition(root: Item, digest: str, content: Mapping[str, object], faults: list[Fault]) -> Edition:
    """Read a whole edition. When ``faults`` is not empty afterwards the edition must not be used."""
    findings = Findings(root, faults)
    fields = findings.root
    for section in SECTIONS:
        fields.get(section)
    tables = read_tables(fields)
    vocabulary = Vocabulary(fields, tables)
    formulas = vocabulary.read()
    found: dict[str, Any] = _head(fields, tables)
    found |= read_tree(fields, formulas, tables)
    found |= read_ladder(fields, formulas, tables)
    found |= read_requirements(fields, formulas, found["outcomes"])
    found |= read_papers(fields, formulas, tables)
    edition = Edition(
        **found,
        hash=digest,
        content=content,
        sources={each.identifier(): read_source(each) for each in fields.section("sources")},
        notes=tuple(read_note(each) for each in fields.section("notes")),
        scales=vocabulary.scales,
        parameters=vocabulary.parameters,
        windows=vocabulary.windows,
        tables=tables.tables,
        populations=vocabulary.populations,
        terms=vocabulary.terms,
    )
    findings.finish()
    return edition


def _head(root: Fields, tables: Tables) -> dict[str, object]:
    head = root.fields("edition") or root.findings.of(Item({}, root.place, told=True))
    if head.values:
        _check_folder_name(head)
    rounding = head.number("rounding")  # scores are shown with two decimals: no finer step could be seen
    if rounding is not None and not (0 < rounding.value <= 1 and (100 * rounding.value).denominator == 1):
        head.fault("scheme.rounding", "rounding")
    return {
        "scheme": head.string("scheme"),
        "id": head.identifier(),
        "text": head.text(),
        "owner": head.words("owner"),
        "criterion": head.words("criterion"),
        "as_of": single_cell(tables, head, "as_of", Wanted("date", given=True)),
        "subject": single_cell(tables, head, "subject", Wanted("text", given=True)),
        "none": head.words("none"),
        "claimed": head.optional_words("claimed"),
        "report": head.optional_words("report"),
        "rounding": rounding or NOTHING,
    }


def _check_folder_name(head: Fields) -> None:
    """The scheme's name is a folder, and stands in the edition's name."""
    name = head.string("scheme")
    if name and not IDENTIFIER.fullmatch(name):
        head.fault("scheme.bad_id", "scheme", value=name)
