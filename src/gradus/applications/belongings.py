# SPDX-License-Identifier: Apache-2.0
"""Everything that belongs to a case, as files: what a case bundle holds (docs/formats/case-bundle.md).

Rows are found by their foreign keys: whatever points at the case, or at something that does, belongs to it. So the
tables of later stages need no mention here.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import ForeignKey, Model, Q

from gradus.applications.models import Case, Filing, KeptProcedure
from gradus.dossiers.models import File
from gradus.dossiers.store import is_whole, path_of
from gradus.dossiers.submit import sealed
from gradus.formats.case_bundle import FORMAT
from gradus.formats.case_index import index_pages
from gradus.grading.faults import Fault, Refusal
from gradus.journal.actions import hashed
from gradus.journal.canonical import canonical
from gradus.journal.kinds import Kind
from gradus.journal.models import Entry
from gradus.people.models import Account
from gradus.schemes.models import KeptEdition

Json = dict[str, Any]
Content = Callable[[], Iterable[bytes]]

_NOT_SHOWN = ("secret", "password", "token", "email", "phone", "contact")
"""Parts of the names of fields that leave the platform with no case."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """The head of a bundle's manifest, and every file with a function that gives its content."""

    head: Json
    files: Mapping[str, Content]


def belongings(case: Case, more: Mapping[str, str] | None = None) -> Belongings:
    """A case as it stands. ``more`` are files that later stages make of their records, by name. Raises Refusal, naming
    all of it, when evidence is lost or damaged."""
    rows = rows_of(case)
    filings = list(Filing.objects.filter(case=case).select_related("submission").order_by("number"))
    edition = KeptEdition.objects.get(pk=case.edition_hash)
    procedure = KeptProcedure.objects.get(pk=case.procedure_id)
    content: dict[str, Content] = {
        "edition.json": _text(edition.content),
        "procedure.json": _text(procedure.content),
        "parties.json": _json(_parties(case, rows)),
        "journal.json": _json([_entry(each) for each in _journal(case, filings)]),
    }
    for model, found in rows.items():
        content[f"records/{model._meta.label_lower}.json"] = _json([_row(each) for each in found])
    for filing in filings:
        content[f"submissions/{filing.number}.json"] = _text(canonical(sealed(filing.submission)))
    content |= _evidence(filings, rows) | {name: _text(text) for name, text in (more or {}).items()}
    head = {
        "format": FORMAT,
        "case": case.number,
        "edition": {"name": edition.name, "hash": edition.hash},
        "procedure": {"name": procedure.name, "hash": procedure.hash},
    }
    known = {name: list(give()) for name, give in content.items() if name.endswith(".json") and "evidence/" not in name}
    shown = {name: json.loads(b"".join(parts)) for name, parts in known.items()}
    for name, page in index_pages(head, shown, sorted(content)).items():
        content[name] = _text(page)
    return Belongings(head, dict(sorted(content.items())))


def rows_of(case: Case) -> dict[type[Model], list[Model]]:
    """The case and every row with a way of foreign keys to it, by model; never another case."""
    found: dict[type[Model], dict[object, Model]] = {Case: {case.pk: case}}
    waiting: list[tuple[type[Model], list[object]]] = [(Case, [case.pk])]
    while waiting:
        model, keys = waiting.pop()
        for field in _pointing_at(model):
            other = field.model
            new = {
                each.pk: each
                for each in other._default_manager.filter(**{f"{field.name}__in": keys})
                if other is not Case and each.pk not in found.setdefault(other, {})
            }
            if new:
                found[other] |= new
                waiting.append((other, list(new)))
    ordered = sorted((model for model, own in found.items() if own), key=lambda model: str(model._meta.label_lower))
    return {model: [found[model][key] for key in sorted(found[model], key=_in_order)] for model in ordered}


def _pointing_at(model: type[Model]) -> Iterator[ForeignKey]:
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.field


def _in_order(key: Any) -> tuple[int, str]:
    return (key, "") if isinstance(key, int) else (0, str(key))


def _row(row: Model) -> Json:
    shown = (each for each in row._meta.concrete_fields if not any(word in each.name for word in _NOT_SHOWN))
    return {each.attname: _plain(getattr(row, each.attname)) for each in shown}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).hex()
    return value


def _parties(case: Case, rows: Mapping[type[Model], Iterable[Model]]) -> Json:
    """The client, and the names of everybody whom a row names."""
    keys = {each for model, own in rows.items() for each in _named(model, own, Account)}
    accounts = Account.objects.filter(pk__in=keys).values_list("id", "name")
    client = case.client
    return {
        "client": {"id": str(client.pk), "name": client.name, "name_en": client.name_en},
        "people": {str(key): name for key, name in accounts},
    }


def _named(model: type[Model], rows: Iterable[Model], wanted: type[Model]) -> set[Any]:
    """The keys of one kind of row to which rows of a model point."""
    pointing = [each.attname for each in model._meta.concrete_fields if each.related_model is wanted]
    return {key for row in rows for name in pointing if (key := getattr(row, name)) is not None}


def _journal(case: Case, filings: Iterable[Filing]) -> Iterator[Entry]:
    """What was done to the case, and that its submissions were submitted."""
    ids = {str(each.submission_id) for each in filings}
    dossiers = {f"dossier:{each.submission.dossier_id}" for each in filings}
    wanted = Q(subject=f"case:{case.pk}") | Q(kind=Kind.DOSSIER_SUBMITTED.value, subject__in=dossiers)
    for entry in Entry.objects.filter(wanted).order_by("sequence"):
        if entry.kind != Kind.DOSSIER_SUBMITTED.value or json.loads(entry.payload)["submission"] in ids:
            yield entry


def _entry(entry: Entry) -> Json:
    return {**hashed(entry), "hash": entry.hash}


def _evidence(filings: Iterable[Filing], rows: Mapping[type[Model], Iterable[Model]]) -> dict[str, Content]:
    """Each evidence file under the number of the first submission that had it; other files under their digests."""
    found: dict[tuple[str, str], str] = {}
    for filing in filings:
        for each in json.loads(filing.submission.evidence):
            key = (each["name"], each["digest"])
            found.setdefault(key, f"evidence/{filing.number}/{each['name']}")
    named = {digest for _, digest in found}
    others = {key for model, own in rows.items() for key in _named(model, own, File)} - named
    paths = {path: digest for (_, digest), path in found.items()} | {f"files/{each}": each for each in others}
    lost = [path for path, digest in sorted(paths.items()) if not is_whole(digest)]
    if lost:
        raise Refusal([Fault("bundle.evidence_lost", params={"file": each}) for each in lost])
    return {path: partial(_read, digest) for path, digest in paths.items()}


def _read(digest: str) -> Iterator[bytes]:
    with path_of(digest).open("rb") as file:
        while chunk := file.read(2**20):
            yield chunk


def _json(value: object) -> Content:
    return _text(json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1) + "\n")


def _text(text: str) -> Content:
    return lambda: [text.encode("utf-8", "surrogatepass")]
