# SPDX-License-Identifier: Apache-2.0
"""Ties between the body's people and its clients: told by the people themselves, recorded by the office, or found in
the client's own papers (ISO/IEC 17065, 4.2.3, 4.2.10 and 6.1.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate

from gradus.applications.cases import conflict_months, lock, note, rules_of, tied
from gradus.applications.days import began_faults
from gradus.applications.marks import mark_of, refuse_unmarkable
from gradus.applications.models import Case, Mark, Tie
from gradus.dossiers.frozen import frozen_in
from gradus.formats.editions import default_edition, find_edition
from gradus.formats.procedures import find_procedure
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.people.models import Account, Appointment, Organisation
from gradus.people.permissions import roles
from gradus.process.impartiality import Tie as TieValue
from gradus.process.impartiality import TieKind, barred_until, conflicts
from gradus.process.procedure import Holds, PeopleCell

TOLD = tuple(each for each in TieKind if each is not TieKind.IN_PAPERS)
"""The kinds that people tell; the other one is found."""

longest_source = 200


@dataclass(frozen=True, slots=True)
class TieTold:
    """A tie as it is told: to whom, what, from a day until the day before another (None: it holds), and how known."""

    client: Organisation
    kind: TieKind
    starts_on: date
    ends_on: date | None
    source: str


def declare_tie(told: TieTold, actor: Actor, at: datetime) -> Tie:
    """A person of the body tells a tie of its own."""
    return _tell(Account.objects.get(pk=actor.account), told, None, actor, at)


def record_tie(account: Account, told: TieTold, actor: Actor, at: datetime, replaces: Tie | None = None) -> Tie:
    """The office records a tie of somebody, or corrects or ends one by another. Nobody corrects or ends a tie of their
    own, which would lift what bars them: somebody else of the office does.

    What the person declared, or the client's papers say, is not for one person of the office to lift: the first one
    who corrects it proposes that, and the tie is told anew and bars until a second person corrects it too.
    """
    return _tell(account, told, replaces, actor, at)


def rests_on_word(tie: Tie) -> bool:
    """Whether a tie is known by the person's own declaration, or by the client's papers alone, which nobody told."""
    return tie.told_by_id in (None, tie.account_id)


def awaits_second(tie: Tie) -> bool:
    """Whether somebody of the office has corrected a tie, and it bars until a second person does so too."""
    return tie.replaces_id is not None and rests_on_word(tie)


def _tell(account: Account, told: TieTold, replaces: Tie | None, actor: Actor, at: datetime) -> Tie:
    source = told.source.strip()
    faults = []
    if not 0 < len(source) <= longest_source:
        faults.append(Fault("tie.source_needed", Place(field="source"), {"limit": str(longest_source)}))
    faults += began_faults(told.starts_on, localdate(at))
    if told.ends_on is not None and told.ends_on <= told.starts_on:
        faults.append(Fault("tie.ends_before_it_starts", Place(field="ends_on")))
    if replaces is not None and (replaces.account_id, replaces.client_id) != (account.pk, told.client.pk):
        faults.append(Fault("tie.other_replaced"))
    if replaces is not None and str(account.pk) == str(actor.account):
        faults.append(Fault("tie.own_replaced"))
    if replaces is not None and awaits_second(replaces) and str(_proposer(replaces)) == str(actor.account):
        faults.append(Fault("tie.second_person"))
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(
            pk=account.pk
        )  # of two who replace one tie the second is told
        if replaces is not None and Tie.objects.filter(replaces=replaces).exists():
            faults.append(Fault("tie.replaced_already"))
        if faults:
            raise Refusal(faults)
        tie = _keep(account, told, window_months(told.client), actor.account, at, replaces)
        first = replaces is not None and rests_on_word(replaces) and not awaits_second(replaces)
        if replaces is not None and first:
            _tell_anew(replaces, tie, at)
        payload = {
            "name": account.name,
            "kind": told.kind.value,
            "starts_on": told.starts_on.isoformat(),
            "ends_on": told.ends_on.isoformat() if told.ends_on else "",
            "source": source,
            "replaces": str(replaces.pk) if replaces else "",
        }
        if first:
            payload["awaits_second"] = "yes"
        record(Kind.TIE_RECORDED, actor, at, payload, organisation=told.client.pk, subject=f"account:{account.pk}")
    return tie


def _proposer(tie: Tie) -> object:
    assert tie.replaces is not None, "it awaits a second person"
    return tie.replaces.told_by_id


def _tell_anew(tie: Tie, corrected: Tie, at: datetime) -> Tie:
    """A tie that was corrected as it stood before, in the place of what corrected it."""
    kept = ("account_id", "client_id", "kind", "starts_on", "ends_on", "bars_until", "source", "told_by_id")
    return Tie.objects.create(told_at=at, replaces=corrected, **{each: getattr(tie, each) for each in kept})


def _keep(
    account: Account, told: TieTold, months: int, teller: object, at: datetime, replaces: Tie | None = None
) -> Tie:
    """``teller`` is the person on whose word the tie is known; None where that is a rule's alone."""
    value = TieValue(told.kind, told.starts_on, told.ends_on, told.source.strip())
    return Tie.objects.create(
        account=account,
        client=told.client,
        kind=told.kind.value,
        starts_on=told.starts_on,
        ends_on=told.ends_on,
        bars_until=barred_until(value, months),
        source=value.source,
        told_by_id=teller,
        told_at=at,
        replaces=replaces,
    )


def window_months(client: Organisation) -> int:
    """How long a tie bars after its end: as the edition of the client's newest case says, else the default one."""
    case = Case.objects.filter(client=client).order_by("-opened_at").first()
    if case is not None:
        return conflict_months(case)
    return int(find_procedure(find_edition(default_edition())).number("impartiality"))


def declare_mark(
    holds: Holds,
    text: str,
    actor: Actor,
    at: datetime,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Mark:
    """A person tells the number of a certificate it holds, or an employer it works or worked for. Only a keyed hash is
    kept. Raises Refusal for nothing, and for what looks like the number of an identity card."""
    refuse_unmarkable(text, "text")
    faults = []
    if holds is Holds.EMPLOYER and starts_on is None:
        faults.append(Fault("tie.start_needed", Place(field="starts_on")))
    if starts_on:
        faults += began_faults(starts_on, localdate(at))
    if starts_on and ends_on and ends_on <= starts_on:
        faults.append(Fault("tie.ends_before_it_starts", Place(field="ends_on")))
    if faults:
        raise Refusal(faults)
    with transaction.atomic():
        mark = Mark.objects.create(
            account_id=actor.account,
            holds=holds.value,
            mark=mark_of(holds, text),
            starts_on=starts_on,
            ends_on=ends_on,
            told_by_id=actor.account,
            told_at=at,
        )
        record(Kind.MARK_DECLARED, actor, at, {"holds": holds.value}, subject=f"account:{actor.account}")
    return mark


@dataclass(frozen=True, slots=True)
class Found:
    """A person of the body found in a client's papers: by which cell of which row."""

    account: Account
    cell: PeopleCell
    row: int
    mark: Mark | None

    @property
    def source(self) -> str:
        return f"{self.cell.table} {self.row} · {self.cell.column}"


def found_in_papers(case: Case, accounts: Iterable[Account]) -> list[Found]:
    """Who of these people stands in the client's papers, by any mark of theirs or by name; each mark once."""
    tables = frozen_in(case.submission).facts["tables"]
    people = {each.pk: each for each in accounts}
    known: dict[tuple[str, str], list[tuple[Account, Mark | None]]] = {}
    for mark in Mark.objects.filter(account__in=people).order_by("id"):
        known.setdefault((mark.holds, mark.mark), []).append((people[mark.account_id], mark))
    for account in people.values():
        known.setdefault((Holds.NAME.value, mark_of(Holds.NAME, account.name)), []).append((account, None))
    found: dict[tuple[object, object], Found] = {}
    for cell in rules_of(case).procedure.people:
        if not any(holds == cell.holds.value for holds, _ in known):
            continue
        for row in tables.get(cell.table, ()):
            text = row["cells"].get(cell.column, "")
            for account, mark in known.get((cell.holds.value, mark_of(cell.holds, text)), []) if text else []:
                found.setdefault((account.pk, mark and mark.pk), Found(account, cell, row["number"], mark))
    return list(found.values())


def look_for(case: Case, actor: Actor, at: datetime) -> list[Tie]:
    """Look for somebody who is about to take part in a case, in the client's papers: every deed of a part does it
    first, so that the tie is known when the part is asked for."""
    return record_found(case, Account.objects.filter(pk=actor.account), actor, at)


def record_found(case: Case, accounts: Iterable[Account], actor: Actor, at: datetime) -> list[Tie]:
    """Record what ties these people to the client by its papers, or by an appointment there that has ended, unless it
    is known. What two people of the office have corrected since counts as known in the case in which it was found, in
    no later one. It is known on the word of who declared it, not of who made the body look.

    A transaction of its own: what was found stays known, whatever becomes of the act that made the body look.
    """
    found = _what_ties(case, accounts, localdate(at))
    made: list[Tie] = []
    if not found:
        return made
    with transaction.atomic():
        locked = lock(case)
        months = conflict_months(locked)
        for account, told, teller in found:
            if not _is_known(locked, account, told):
                made.append(_keep(account, told, months, teller, at))
        if made:
            names = [each.account.name for each in made]
            sources = [each.source for each in made]
            note(locked, Kind.TIES_FOUND, actor, at, {"names": names, "rows": sources})
    return made


def found_bonds(case: Case, accounts: Iterable[Account], day: date) -> dict[object, list[Fault]]:
    """By account what would be recorded of these people and bar them, when the body looked for them on a day: so that a
    page tells of it before anybody acts."""
    found: dict[object, list[Fault]] = {}
    for account, told, _ in _what_ties(case, accounts, day):
        value = TieValue(told.kind, told.starts_on, told.ends_on, told.source)
        if conflicts([value], day, conflict_months(case)) and not _is_known(case, account, told):
            found.setdefault(account.pk, []).append(tied(case, value))
    return found


def _what_ties(case: Case, accounts: Iterable[Account], day: date) -> list[tuple[Account, TieTold, object]]:
    """What ties people to the client by its papers, or by an appointment there that has ended, and on whose word. An
    employment by the client has the days that the person told; what else stands in the papers holds from now."""
    people, ties = list(accounts), list[tuple[Account, TieTold, object]]()
    for each in found_in_papers(case, people):
        mark = each.mark if each.cell.holds is Holds.EMPLOYER else None
        kind = TieKind.EMPLOYED if mark else TieKind.IN_PAPERS
        starts_on, ends_on = (mark.starts_on or day, mark.ends_on) if mark else (day, None)
        told = TieTold(case.client, kind, starts_on, ends_on, each.source)
        ties.append((each.account, told, each.mark and each.mark.told_by_id))
    return [*ties, *((account, told, None) for account, told in _former_seats(case, people, day))]


def _former_seats(case: Case, people: Iterable[Account], day: date) -> list[tuple[Account, TieTold]]:
    """Who worked for the client on this very platform. An appointment that still holds bars by itself."""
    seats = Appointment.objects.filter(account__in=people, organisation=case.client, ends_on__lte=day)
    held = seats.filter(ends_on__gt=F("starts_on")).select_related("account").order_by("starts_on", "id")
    return [(each.account, _seat_told(case.client, each)) for each in held]


def _seat_told(client: Organisation, seat: Appointment) -> TieTold:
    role = roles()[seat.role].text
    return TieTold(client, TieKind.EMPLOYED, seat.starts_on, seat.ends_on, f"{role.zh} / {role.en}")


def _is_known(case: Case, account: Account, told: TieTold) -> bool:
    same = Tie.objects.filter(
        account=account, client=told.client, kind=told.kind.value, source=told.source, ends_on=told.ends_on
    )
    if told.kind is TieKind.EMPLOYED:  # the same cell may tell of two employments
        same = same.filter(starts_on=told.starts_on)
    # Told anew after the first correction, on the word on which it was known; and replaced by now, by a second person.
    own_word = Q(told_by=None) | Q(told_by=F("account"))
    corrected = own_word & Q(replaces__isnull=False, told_at__gte=case.opened_at)
    return same.filter(Q(replaced_by=None) | corrected).exists()
