# SPDX-License-Identifier: Apache-2.0
"""What the register is told. It follows statements that are signed and logged already, and whose issue is journalled
(of changes that take validity away, the decision); it keeps no journal of its own. Certificates are issued one after
the other, and entered so."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice

from django.db import transaction
from django.db.models import Max

from gradus.grading.texts import Text
from gradus.register import index
from gradus.register.folding import folded
from gradus.register.models import PER_DAY, Changed, Choice, Entry, Extent, Said, Turn
from gradus.register.regions import region_of
from gradus.register.standings import certificate_of, changes_of, edition_of, spans
from gradus.register.terms import GRANTED, level_key, outcome_key, terms_of
from gradus.trust.canonical import canonical
from gradus.trust.instants import begins, day_of, ends
from gradus.trust.records import to_json
from gradus.trust.standing import Standing
from gradus.trust.statement import CertificateStatement, StatusStatement

_BATCH = 2000


def first_id(day: date) -> int:
    """The lowest id that a certificate issued on a day can have."""
    return day.toordinal() * PER_DAY


@transaction.atomic
def enter_certificate(statement: CertificateStatement, at: datetime) -> Entry:
    """Enter a certificate that was issued; once more is as once. Raises ValueError for what no issuer could mean:
    issued after ``at``, or another statement under a number that is taken."""
    there = Entry.objects.select_related("said").filter(number=statement.number).first()
    if there:
        if there.said.statement != _written(statement):
            raise ValueError(f"{statement.number} is entered with another statement")
        return there
    if statement.issued_at > at:
        raise ValueError(f"{statement.number} is not issued yet")
    entry, said, terms = _rows(statement, _next_id(day_of(statement.issued_at)))
    entry.save(force_insert=True)
    said.save(force_insert=True)
    index.put([(entry.pk, terms)])
    _keep_choices([statement])
    _keep_extent([statement])
    return entry


@transaction.atomic
def note_change(statement: StatusStatement, at: datetime) -> bool:
    """Note a change of an entered certificate; once more is as once, and returns False. Raises ValueError as above,
    and Entry.DoesNotExist."""
    if statement.recorded_at > at:
        raise ValueError(f"the change of {statement.number} is not recorded yet")
    entry = Entry.objects.select_for_update(no_key=True).get(number=statement.number)
    _, new = Changed.objects.get_or_create(digest=_digest(statement), defaults=_change(entry, statement))
    if new:
        _turn(entry)
    return new


@transaction.atomic
def rebuild(certificates: Iterable[CertificateStatement], changes: Iterable[StatusStatement]) -> None:
    """Forget everything and make it anew from all statements, in the order in which they were issued."""
    index.empty()
    for model in (Turn, Changed, Said, Entry, Choice, Extent):
        model.objects.all().delete()
    enter_many(certificates)
    touched = set()
    for statement in changes:
        entry = Entry.objects.get(number=statement.number)
        Changed.objects.get_or_create(digest=_digest(statement), defaults=_change(entry, statement))
        touched.add(entry.pk)
    for entry in Entry.objects.filter(pk__in=touched).iterator() if touched else ():
        _turn(entry)


@transaction.atomic
def reindex() -> None:
    """Make the index of terms anew from the entries. It is no model, and so it is in no backup."""
    index.empty()
    rows = Said.objects.select_related("entry").order_by("entry").iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        index.put((each.entry_id, _terms(each)) for each in batch)


def _terms(said: Said) -> list[str]:
    entry = said.entry
    return terms_of(certificate_of(said), entry.folded, entry.region, _stood(entry) if entry.changed else set())


def enter_many(certificates: Iterable[CertificateStatement]) -> None:
    """Enter many certificates at once, into a register that has none of them."""
    next_id: dict[date, int] = {}
    batch: list[CertificateStatement] = []
    for statement in certificates:
        batch.append(statement)
        if len(batch) == _BATCH:
            _enter_batch(batch, next_id)
            batch = []
    _enter_batch(batch, next_id)


def _enter_batch(batch: Sequence[CertificateStatement], next_id: dict[date, int]) -> None:
    rows = []
    for statement in batch:
        day = day_of(statement.issued_at)
        if day not in next_id:
            next_id[day] = _next_id(day)
        rows.append(_rows(statement, next_id[day]))
        next_id[day] += 1
    Entry.objects.bulk_create([entry for entry, _, _ in rows])
    Said.objects.bulk_create([said for _, said, _ in rows])
    index.put((entry.pk, terms) for entry, _, terms in rows)
    _keep_choices(batch)
    _keep_extent(batch)


def _next_id(day: date) -> int:
    low = first_id(day)
    last = Entry.objects.filter(pk__gte=low, pk__lt=low + PER_DAY).aggregate(last=Max("pk"))["last"]
    return low if last is None else last + 1


def _rows(statement: CertificateStatement, key: int) -> tuple[Entry, Said, list[str]]:
    holder = statement.holder
    names = "\n".join(filter(None, (folded(holder.name.zh), folded(holder.name.en))))
    region = region_of(holder.registered_address.zh, holder.uscc)
    entry = Entry(
        id=key,
        number=statement.number,
        uscc=holder.uscc,
        folded=names,
        region=region,
        scheme=statement.scheme.id,
        level=statement.outcome.level,
        stars=statement.outcome.stars,
        first_at=max(begins(statement.valid_from), statement.issued_at),
        last_at=ends(statement.last_valid_on),
    )
    return entry, Said(entry=entry, statement=_written(statement)), terms_of(statement, names, region)


def _change(entry: Entry, statement: StatusStatement) -> dict[str, object]:
    return {"entry": entry, "statement": _written(statement)}


def _turn(entry: Entry) -> None:
    """Make the turns of a changed certificate anew, and let it be found by how it stood."""
    certificate, changes = certificate_of(entry.said), changes_of(entry)
    before = terms_of(certificate, entry.folded, entry.region, _stood(entry))
    issued = day_of(certificate.issued_at)
    ahead = max((issued - day_of(each.effective_at)).days for each in changes)
    Extent.objects.filter(pk=1, ahead__lt=ahead).update(ahead=ahead)
    Turn.objects.filter(entry=entry).delete()
    Turn.objects.bulk_create(
        Turn(entry=entry, standing=each.standing.value, since=each.since, until=each.until)
        for each in spans(certificate, changes)
    )
    Entry.objects.filter(pk=entry.pk).update(changed=True)
    index.replace(entry.pk, before, terms_of(certificate, entry.folded, entry.region, _stood(entry)))


def _stood(entry: Entry) -> set[Standing]:
    return {Standing(each) for each in Turn.objects.filter(entry=entry).values_list("standing", flat=True)}


def _keep_choices(statements: Sequence[CertificateStatement]) -> None:
    """What the page offers to choose by: every field and level that some certificate has."""
    offered: dict[tuple[str, str], tuple[Text, int]] = {}
    for statement in statements:
        for each in statement.scope:
            offered["field", each.id] = each.text, 0
        level = level_key(statement.scheme.id, statement.outcome.level)
        if ("level", level) not in offered:
            offered["level", level] = _level(statement), statement.outcome.rank
        offered[GRANTED, outcome_key(level, statement.outcome.stars)] = statement.outcome.text, statement.outcome.rank
    for (kind, key), (text, rank) in offered.items():
        words = {"zh": text.zh, "en": text.en, "rank": rank}
        Choice.objects.update_or_create(kind=kind, key=key, defaults=words)


def _keep_extent(statements: Sequence[CertificateStatement]) -> None:
    spans = [(each.last_valid_on - day_of(each.issued_at)).days + 1 for each in statements]
    extent, _ = Extent.objects.get_or_create(pk=1, defaults={"longest": 0})
    if spans and max(spans) > extent.longest:
        Extent.objects.filter(pk=1).update(longest=max(spans))


def _level(statement: CertificateStatement) -> Text:
    """The name of a level. A statement names its outcome, stars and all; the edition it rests on knows the level."""
    edition, outcome = edition_of(statement), statement.outcome
    levels = edition.levels if edition else ()
    return next((each.text for each in levels if each.id == outcome.level), outcome.text)


def _written(statement: CertificateStatement | StatusStatement) -> str:
    return canonical(to_json(statement)).decode()


def _digest(statement: StatusStatement) -> str:
    return hashlib.sha256(_written(statement).encode()).hexdigest()
