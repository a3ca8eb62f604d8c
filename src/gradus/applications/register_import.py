# SPDX-License-Identifier: Apache-2.0
"""Certificates from before, brought into the register from a workbook: all of them or none."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from django.utils.timezone import localdate

from gradus.applications.register import Certificate, Proof, enter_certificates, faults_of_many
from gradus.formats.register_xlsx import read_register
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Cell, Edition
from gradus.journal.actor import Actor
from gradus.people.models import Organisation
from gradus.people.permissions import Kind


def import_certificates(path: Path, proofs: Mapping[str, Proof], edition: Edition, actor: Actor, at: datetime) -> int:
    """Enter every row; ``proofs`` are the evidence files by the names that the rows give.

    Raises Refusal with every fault of every row, one a cell: what can not be read, a client that is not there, a file
    that was not uploaded, a certificate that is there already.
    """
    rows, faults = read_register(path, edition)
    clients = _clients({str(cells["client"]) for _, cells in rows})
    entries: list[tuple[Organisation | None, Certificate]] = []
    for number, cells in rows:
        name, file = str(cells["client"]), str(cells["evidence"])
        if name not in clients:
            faults.append(Fault("register.client_unknown", Place(row=number, field="client"), {"value": name}))
        if file not in proofs:
            faults.append(Fault("register.file_missing", Place(row=number, field="evidence"), {"value": file}))
        entries.append((clients.get(name), _certificate(number, cells, proofs.get(file))))
    faults += faults_of_many(entries, edition, localdate(at))
    if faults:
        raise Refusal(_one_a_cell(faults))
    return enter_certificates([(client, each) for client, each in entries if client], edition, actor, at)


def _one_a_cell(faults: Iterable[Fault]) -> list[Fault]:
    """In the order of the rows, of each cell what was found first: what cannot be read is not also missing."""
    first: dict[tuple[int, str], Fault] = {}
    for each in faults:
        first.setdefault((each.place.row, each.place.field), each)
    return sorted(first.values(), key=lambda each: each.place.row)


def _clients(names: set[str]) -> dict[str, Organisation]:
    """By name; one that several clients bear names nobody."""
    found: dict[str, list[Organisation]] = {}
    for each in Organisation.objects.filter(kind=Kind.CLIENT.value, name__in=names):
        found.setdefault(each.name, []).append(each)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _certificate(number: int, cells: Mapping[str, Cell], proof: Proof | None) -> Certificate:
    days = {name: cells[name] for name in ("since", "valid_until", "ended_on", "barred_until")}
    assert all(day is None or isinstance(day, date) for day in days.values())
    texts = {name: str(cells[name] or "") for name in ("level", "number", "source")}
    texts["withdrawn_for"] = str(cells["withdrawn_for"] or "")
    return Certificate(proof=proof, row=number, **texts, **days)  # type: ignore[arg-type]
