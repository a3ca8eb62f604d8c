# SPDX-License-Identifier: Apache-2.0
"""The body's own register: certificates that clients held before, and events at clients that the body knows of.

Nothing in it is edited: what is wrong is superseded by another row, or taken back by one. It is the body's alone; a
client's dossier changes nothing here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from gradus.applications.days import EARLIEST, is_too_early
from gradus.applications.models import BodyEvent, HeldCertificate
from gradus.dossiers.models import File
from gradus.formats.cells import WORKBOOK, cell_reader
from gradus.formats.procedures import find_procedure
from gradus.grading.checks import check_rows
from gradus.grading.dossier import Row
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Cell, Edition
from gradus.grading.validate import validate_table, written
from gradus.journal.actions import record
from gradus.journal.actor import Actor, system
from gradus.journal.kinds import Kind
from gradus.people.models import Organisation
from gradus.process.procedure import Rules

longest_source = 200
longest_number = 80


@dataclass(frozen=True, slots=True)
class Proof:
    """The evidence of a certificate: a kept file under the name it was given."""

    file: File
    name: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate to be entered. ``row`` is its row in a workbook, 0 in a form."""

    level: str
    number: str
    since: date | None
    valid_until: date | None
    source: str
    proof: Proof | None
    ended_on: date | None = None
    barred_until: date | None = None
    withdrawn_for: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """An event to be recorded, its cells by column as text. ``supersedes`` is what it corrects; with ``void`` it only
    takes that back."""

    cells: Mapping[str, str]
    source: str
    supersedes: BodyEvent | None = None
    void: bool = False


def enter_certificate(
    client: Organisation,
    edition: Edition,
    certificate: Certificate,
    actor: Actor,
    at: datetime,
    *,
    supersedes: HeldCertificate | None = None,
) -> HeldCertificate:
    """Enter one certificate, in place of another or anew. Raises Refusal with everything that is wrong with it."""
    faults = certificate_faults(edition, certificate, localdate(at))
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=client.pk)
        faults += _already_there(client, edition, certificate, supersedes)
        if faults:
            raise Refusal(faults)
        made = _enter(client, edition, certificate, actor, at)
        made.supersedes = supersedes
        made.save(force_insert=True)
        said = {"number": made.number, "level": made.level, "certificate": str(made.pk), "source": made.source}
        kind = Kind.REGISTER_CERTIFICATE_CORRECTED if supersedes else Kind.REGISTER_CERTIFICATE_ENTERED
        record(kind, actor, at, said, organisation=client.pk, subject=f"certificate:{made.pk}")
    return made


def enter_certificates(
    entries: Iterable[tuple[Organisation, Certificate]], edition: Edition, actor: Actor, at: datetime
) -> int:
    """Enter many certificates, all or none. Raises Refusal with everything that is wrong with any of them."""
    every = list(entries)
    with transaction.atomic():
        clients = {client.pk: client for client, _ in every}
        list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=clients).order_by("pk"))
        faults = faults_of_many(every, edition, localdate(at))
        if faults:
            raise Refusal(faults)
        made = [_enter(client, edition, each, actor, at) for client, each in every]
        HeldCertificate.objects.bulk_create(made)
        said = {"count": len(made), "certificates": [str(each.pk) for each in made]}
        record(Kind.REGISTER_CERTIFICATES_IMPORTED, actor, at, said)
    return len(made)


def faults_of_many(
    entries: Iterable[tuple[Organisation | None, Certificate]], edition: Edition, day: date
) -> list[Fault]:
    """What is wrong with certificates that are to be entered together; of a client that is not known (None), with the
    certificate alone."""
    faults, seen = [], set()
    for client, certificate in entries:
        faults += certificate_faults(edition, certificate, day)
        if client is None:
            continue
        faults += _already_there(client, edition, certificate, None)
        if (client.pk, certificate.number) in seen:
            faults.append(_fault("register.twice", certificate, "number"))
        seen.add((client.pk, certificate.number))
    return faults


def take_back_certificate(certificate: HeldCertificate, reason: str, actor: Actor, at: datetime) -> HeldCertificate:
    """Say that a row of the register is wrong and nothing takes its place."""
    if not 0 < len(reason.strip()) <= longest_source:
        raise Refusal([Fault("register.source_needed", Place(field="source"), {"limit": str(longest_source)})])
    _refuse_following(certificate)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=certificate.client_id)
        _refuse_superseded(certificate)
        old = HeldCertificate.objects.get(pk=certificate.pk)
        made = HeldCertificate(
            client_id=old.client_id, scheme=old.scheme, level=old.level, number=old.number, since=old.since,
            valid_until=old.valid_until, source=reason.strip(), void=True, supersedes=old,
            entered_by_id=_account(actor), entered_at=at,
        )  # fmt: skip
        made.save(force_insert=True)
        said = {"number": old.number, "level": old.level, "certificate": str(old.pk), "source": made.source}
        subject = f"certificate:{old.pk}"
        record(Kind.REGISTER_CERTIFICATE_CORRECTED, actor, at, said, organisation=old.client_id, subject=subject)
    return made


def follow_statement(
    client: Organisation, edition: Edition, said: Certificate, before: str, at: datetime
) -> HeldCertificate | None:
    """Let the register say what a certificate of Gradus's own says, in the transaction that publishes it, which keeps
    the journal; nothing when it says so already. ``before`` is the number in whose place it came, or "": the same level
    is held since that one was."""
    Organisation.objects.select_for_update(no_key=True).get(pk=client.pk)
    there = certificates_of(client.pk, edition.scheme)
    replaced, own = there.filter(number=before).first(), there.filter(number=said.number).first()
    if replaced is not None and replaced.level == said.level:
        said = replace(said, since=replaced.since)
    if own is not None and all(getattr(own, name) == getattr(said, name) for name in _FOLLOWED):
        return None
    made = _enter(client, edition, said, system, at)
    made.supersedes = own
    made.save(force_insert=True)
    return made


_FOLLOWED = ("level", "since", "valid_until", "ended_on")


def certificate_faults(edition: Edition, certificate: Certificate, day: date) -> list[Fault]:
    """What is wrong with a certificate as it was typed on a day: what it says has happened by then."""
    faults = []
    if certificate.level not in {each.id for each in edition.levels}:
        faults.append(_fault("register.level_unknown", certificate, "level"))
    for name, limit in (("number", longest_number), ("source", longest_source)):
        if not 0 < len(getattr(certificate, name)) <= limit:
            faults.append(_fault(f"register.{name}_needed", certificate, name, limit=str(limit)))
    faults += [
        _fault("register.day_needed", certificate, name)
        for name in ("since", "valid_until")
        if getattr(certificate, name) is None
    ]
    since, until, ended = certificate.since, certificate.valid_until, certificate.ended_on
    faults += [
        _fault("register.day_to_come", certificate, name, day=day.isoformat())
        for name, given in (("since", since), ("ended_on", ended))
        if given and given > day
    ]
    if since and is_too_early(since):
        faults.append(_fault("day.too_early", certificate, "since", first=str(EARLIEST.year)))
    if since and until and until < since:
        faults.append(_fault("register.ends_before", certificate, "valid_until"))
    if since and ended and ended < since:
        faults.append(_fault("register.ends_before", certificate, "ended_on"))
    if certificate.withdrawn_for and certificate.withdrawn_for not in withdrawals(edition):
        faults.append(_fault("register.reason_unknown", certificate, "withdrawn_for"))
    if (certificate.barred_until or certificate.withdrawn_for) and not ended:
        faults.append(_fault("register.bar_without_end", certificate, "barred_until"))
    if ended and certificate.barred_until and certificate.barred_until < ended:
        faults.append(_fault("register.ends_before", certificate, "barred_until"))
    if certificate.proof is None:
        faults.append(_fault("register.evidence_needed", certificate, "evidence"))
    return faults


def _already_there(
    client: Organisation, edition: Edition, certificate: Certificate, instead: HeldCertificate | None
) -> list[Fault]:
    if instead is not None:
        _refuse_following(instead)
        _refuse_superseded(instead)
    there = certificates_of(client.pk, edition.scheme).filter(number=certificate.number)
    if instead is not None:
        there = there.exclude(pk=instead.pk)
    return [_fault("register.there_already", certificate, "number")] if there.exists() else []


def _refuse_following(row: HeldCertificate) -> None:
    """What follows from a certificate of Gradus's own is changed by a decision about that, and by nothing else."""
    if row.follows_statement:
        raise Refusal([Fault("register.issued_here", params={"value": row.number})])


def _refuse_superseded(row: HeldCertificate | BodyEvent) -> None:
    if type(row).objects.filter(supersedes=row).exists():
        raise Refusal([Fault("register.superseded_meanwhile")])


def _enter(client: Organisation, edition: Edition, said: Certificate, actor: Actor, at: datetime) -> HeldCertificate:
    return HeldCertificate(
        client=client,
        scheme=edition.scheme,
        level=said.level,
        number=said.number,
        since=said.since,
        valid_until=said.valid_until,
        ended_on=said.ended_on,
        withdrawn_for=said.withdrawn_for or None,
        barred_until=said.barred_until,
        source=said.source,
        file=said.proof.file if said.proof else None,
        file_name=said.proof.name if said.proof else "",
        entered_by_id=_account(actor),
        entered_at=at,
    )


def _account(actor: Actor) -> str | None:
    return None if actor == system else actor.account


def _fault(code: str, certificate: Certificate, field: str, **params: str) -> Fault:
    return Fault(code, Place(row=certificate.row, field=field), {"value": certificate.number, **params})


def record_event(client: Organisation, rules: Rules, event: Event, actor: Actor, at: datetime) -> BodyEvent:
    """Record an event that the body knows of, in the words of the scheme's table of events.

    Raises Refusal with everything that is wrong with a cell, or when the body does not say how it knows.
    """
    source, instead = event.source.strip(), event.supersedes
    typed, faults = _read(
        rules.edition, rules.procedure.events.table, event.cells, None if event.void else localdate(at)
    )
    if not 0 < len(source) <= longest_source:
        faults.append(Fault("register.source_needed", Place(field="source"), {"limit": str(longest_source)}))
    if faults:
        raise Refusal(faults)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=client.pk)
        if instead is not None:
            _refuse_superseded(instead)
        made = BodyEvent(
            client=client,
            scheme=rules.edition.scheme,
            cells=typed,
            source=source,
            void=event.void,
            supersedes=instead,
            recorded_by_id=_account(actor),
            recorded_at=at,
        )
        made.save(force_insert=True)
        said = {"event": str(made.pk), "source": source, "cells": typed, "void": event.void}
        record(Kind.REGISTER_EVENT_RECORDED, actor, at, said, organisation=client.pk, subject=f"event:{made.pk}")
    return made


def _read(
    edition: Edition, table_id: str, cells: Mapping[str, str], day: date | None
) -> tuple[dict[str, str], list[Fault]]:
    """An event's cells in plain form, and what is wrong with them. What is a warning in a client's declaration (a
    ``day`` to come, say) is refused here: whoever records it can look again at once. None: it is only taken back."""
    table = edition.tables[table_id]
    typed: list[Cell] = []
    faults = []
    for column in table.columns:
        value = cell_reader(column, WORKBOOK)(cells.get(column.id) or None)
        if isinstance(value, Fault):
            faults.append(replace(value, place=Place(field=column.id)))
            value = None
        if day and isinstance(value, date) and is_too_early(value):
            faults.append(Fault("day.too_early", Place(field=column.id), {"first": str(EARLIEST.year)}))
        typed.append(value)
    broken = frozenset((table_id, 1, fault.place.field) for fault in faults)
    row = Row(1, tuple(typed))
    found = validate_table(edition, table_id, {table_id: (row,)}, broken)
    if day and not faults and not found:
        found = check_rows(edition, table_id, (row,), day)
    faults += [replace(each, place=Place(field=each.place.field)) for each in found]
    kept = {column.id: written(cell) for column, cell in zip(table.columns, typed, strict=True) if cell is not None}
    return kept, faults


def certificates_of(client: object, scheme: str, until: datetime | None = None) -> QuerySet[HeldCertificate]:
    """A client's certificates as the register has them now, or had them at an instant, oldest first."""
    return _current(HeldCertificate, "entered_at", client, scheme, until).order_by("since", "entered_at", "id")


def body_events(client: object, scheme: str, until: datetime | None = None) -> QuerySet[BodyEvent]:
    """The events that the body knows of, in the order in which they were recorded."""
    return _current(BodyEvent, "recorded_at", client, scheme, until).order_by("recorded_at", "id")


def _current(model: Any, instant: str, client: object, scheme: str, until: datetime | None) -> QuerySet:
    known = Q(**{f"{instant}__lte": until}) if until else Q()
    later = model.objects.filter(known, client_id=client, supersedes__isnull=False).values("supersedes")
    found: QuerySet = model.objects.filter(known, client_id=client, scheme=scheme, void=False)
    return found.exclude(pk__in=later)


def held_on(client: object, edition: Edition, day: date, until: datetime | None = None) -> HeldCertificate | None:
    """The certificate of the highest level that holds on a day, since when it is held longest."""
    levels = [each.id for each in edition.levels]
    holding = [
        each
        for each in certificates_of(client, edition.scheme, until)
        if each.level in levels
        and each.since <= day <= each.valid_until
        and (each.ended_on is None or day < each.ended_on)
    ]
    return min(holding, key=lambda each: (-levels.index(each.level), each.since), default=None)


@dataclass(frozen=True, slots=True)
class Bar:
    """That a client may not apply anew before ``until``, because ``certificate`` ended as it did."""

    certificate: HeldCertificate
    until: date


def bars_on(client: object, rules: Rules, day: date) -> list[Bar]:
    """The ends of certificates that still bar the client from applying on a day. How long one bars follows from the
    reason of the withdrawal; only where the procedure says nothing of it does what the office typed count."""
    known = [(each, _computed(each, rules) or each.barred_until) for each in certificates_of(client, _scheme(rules))]
    return [Bar(each, until) for each, until in known if until and day < until]


def bar_differences(client: object, rules: Rules) -> list[Fault]:
    """Each bar that was typed otherwise than it follows from the reason of the withdrawal."""
    return [
        Fault(
            "difference.bar",
            params={"value": each.number, "declared": each.barred_until.isoformat(), "known": computed.isoformat()},
        )
        for each in certificates_of(client, _scheme(rules))
        if (computed := _computed(each, rules)) and each.barred_until and each.barred_until != computed
    ]


def _computed(certificate: HeldCertificate, rules: Rules) -> date | None:
    ended = certificate.ended_on
    return rules.may_apply_from(certificate.withdrawn_for or "", ended) if ended else None


def _scheme(rules: Rules) -> str:
    return rules.edition.scheme


@lru_cache(maxsize=8)
def withdrawals(edition: Edition) -> tuple[str, ...]:
    """The reasons for which a certificate of the edition's scheme is withdrawn, by id; a procedure never changes."""
    return tuple(each.id for each in find_procedure(edition).procedure.reasons["withdraw"])
