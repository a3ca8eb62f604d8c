# SPDX-License-Identifier: Apache-2.0
"""Who is competent to evaluate what (ISO/IEC 17065, 6.1.2): records of the office, and what a case asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from gradus.applications.cases import rules_of
from gradus.applications.days import began_faults
from gradus.applications.models import Case
from gradus.evaluations.models import Competence
from gradus.evaluations.rows import submitted
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition, Option
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.people.models import Account


@dataclass(frozen=True, slots=True)
class CompetenceTold:
    """``field`` is one of :func:`fields_of` ("" where a scheme has none), ``level`` the highest it reaches."""

    field: str
    level: str
    starts_on: date
    ends_on: date | None
    basis: str


def record_competence(
    account: Account,
    edition: Edition,
    told: CompetenceTold,
    actor: Actor,
    at: datetime,
    replaces: Competence | None = None,
) -> Competence:
    """Record that somebody is competent, or correct or end a record by another. Raises Refusal; also for a record of
    one's own: nobody says of themselves what they may evaluate."""
    own = [Fault("competence.own", Place(field="account"))] if str(account.pk) == actor.account else []
    faults = [*own, *_told_faults(edition, told, localdate(at))]
    if replaces is not None and (replaces.account_id != account.pk or replaces.scheme != edition.scheme):
        faults.append(Fault("tie.other_replaced"))
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if replaces is not None and Competence.objects.filter(replaces=replaces).exists():
            faults.append(Fault("tie.replaced_already"))
        if faults:
            raise Refusal(faults)
        said = {"field": told.field, "level": told.level}
        made = Competence.objects.create(
            account=account,
            scheme=edition.scheme,
            **said,
            starts_on=told.starts_on,
            ends_on=told.ends_on,
            basis=told.basis.strip(),
            told_by_id=actor.account,
            told_at=at,
            replaces=replaces,
        )
        payload = {
            "name": account.name,
            "scheme": edition.scheme,
            **said,
            "starts_on": told.starts_on.isoformat(),
            "ends_on": told.ends_on.isoformat() if told.ends_on else "",
            "basis": made.basis,
            "replaces": str(replaces.pk) if replaces else "",
        }
        record(Kind.COMPETENCE_RECORDED, actor, at, payload, subject=f"account:{account.pk}")
    return made


def _told_faults(edition: Edition, told: CompetenceTold, day: date) -> list[Fault]:
    """What is wrong with a record by itself, as told on a day."""
    fields = {each.id for each in fields_of(edition)} or {""}
    faults = began_faults(told.starts_on, day)
    if told.field not in fields:
        faults.append(Fault("competence.field_needed", Place(field="field")))
    if told.level not in {each.id for each in edition.levels}:
        faults.append(Fault("competence.level_needed", Place(field="level")))
    if told.ends_on is not None and told.ends_on <= told.starts_on:
        faults.append(Fault("tie.ends_before_it_starts", Place(field="ends_on")))
    if not 0 < len(told.basis.strip()) <= 200:
        faults.append(Fault("competence.basis_needed", Place(field="basis")))
    return faults


def standing_competences() -> QuerySet[Competence]:
    """The records that no other has replaced, whether they hold, have ended or are yet to begin."""
    found = Competence.objects.filter(replaced_by=None).select_related("account")
    return found.order_by("account__name", "scheme", "field", "starts_on")


def competences_on(day: date) -> QuerySet[Competence]:
    """Those of them that hold on a day."""
    return standing_competences().filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


def fields_of(edition: Edition) -> tuple[Option, ...]:
    """The fields for which a certification can be applied: the values of the column that the scope is taken from."""
    if edition.scope is None:
        return ()
    return edition.tables[edition.scope.table].column(edition.scope.column).options


def applied_fields(case: Case) -> tuple[str, ...]:
    """The fields that the client applies for, in its newest submission; ("",) where the scheme has none."""
    edition = rules_of(case).edition
    if not fields_of(edition) or edition.scope is None:
        return ("",)
    rows = submitted(case).rows[edition.scope.table]
    return tuple(dict.fromkeys(row.cells[edition.scope.column] for row in rows if edition.scope.column in row.cells))


def applied_level(case: Case) -> str:
    """The level of the outcome applied for."""
    edition = rules_of(case).edition
    return next((each.level for each in edition.outcomes if each.id == case.requested), case.requested)


def reaches(edition: Edition, level: str, wanted: str) -> bool:
    """Whether a competence up to a level covers another; levels are ordered by the outcomes that belong to them."""
    ranks = {each.level: each.rank for each in reversed(edition.outcomes)}
    return ranks.get(level, 0) >= ranks.get(wanted, 0) > 0


def covered(case: Case, accounts: Iterable[object], day: date) -> dict[object, frozenset[str]]:
    """By account, the applied fields that it is competent for at the level applied for."""
    edition, level = rules_of(case).edition, applied_level(case)
    fields = applied_fields(case)
    ids = list(accounts)
    found: dict[object, set[str]] = {each: set() for each in ids}
    for each in competences_on(day).filter(account__in=ids, scheme=edition.scheme):
        if each.field in fields and reaches(edition, each.level, level):
            found[each.account_id].add(each.field)
    return {account: frozenset(each) for account, each in found.items()}
