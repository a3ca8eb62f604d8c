# SPDX-License-Identifier: Apache-2.0
"""What every stage does to a case: lock it, move it by a step, note who plays which part, keep its procedure."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from django.utils.timezone import localdate

from gradus.applications.models import Case, CaseStep, Involvement, KeptProcedure, Relief, Tie
from gradus.applications.telling import tell_awaited
from gradus.applications.tie_words import source_words
from gradus.formats.procedures import procedure_from_content
from gradus.grading.faults import Fault, Refusal
from gradus.journal.actions import record
from gradus.journal.actor import Actor, system
from gradus.journal.kinds import Kind
from gradus.people.models import Appointment
from gradus.process.impartiality import Tie as TieValue
from gradus.process.impartiality import TieKind, conflicts
from gradus.process.parts import EVALUATORS, Part, forbidden_with
from gradus.process.procedure import Rules
from gradus.process.states import State, Step, after
from gradus.schemes.queries import edition_named


def lock(case: Case) -> Case:
    """The case as it stands now, locked until the transaction ends; two people acting at once come one by one."""
    found = Case.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("client", "submission").get(pk=case.pk)


def lock_for(case: Case, step: Step) -> Case:
    """The same, about to take a step. Raises Refusal (``case.not_now``) when the case has moved on to where it may not
    be taken: before anything is written, which the database would refuse without words."""
    locked = lock(case)
    after(State(locked.state), step)
    return locked


def advance(case: Case, step: Step, actor: Actor, at: datetime, said: Mapping[str, object] | None = None) -> CaseStep:
    """Move a locked case by a step, tell whom it awaits now, and write the journal's entry, all in the caller's
    transaction.

    ``said`` is what the step says (a reason, an answer), kept with it. Raises Refusal (``case.not_now``) when the
    step may not be taken, ``case.before_last`` when the instant lies before the case's last step.
    """
    led_to = after(State(case.state), step)
    refuse_earlier(case, at)
    taken = CaseStep.objects.create(
        case=case,
        number=case.steps + 1,
        step=step.value,
        before=case.state,
        after=led_to.value,
        at=at,
        account_id=None if actor == system else actor.account,
        said=dict(said or {}),
    )
    case.state, case.steps, case.changed_at = led_to.value, taken.number, at
    case.save(update_fields=["state", "steps", "changed_at", "submission", "by_exception"])
    tell_awaited(case, at)
    note(case, Kind.CASE_ADVANCED, actor, at, {"step": step.value, "after": led_to.value, **dict(said or {})})
    return taken


def refuse_others_than_client(case: Case, actor: Actor, at: datetime) -> None:
    """Raises Refusal (``case.client_only``) for somebody who is not appointed at the case's client; the database takes
    what is the client's to say from nobody else."""
    own = Appointment.objects.filter(account_id=actor.account, organisation=case.client_id)
    if not any(each.ends_on is None or each.ends_on > localdate(at) for each in own):
        raise Refusal([Fault("case.client_only")])


def refuse_earlier(case: Case, at: datetime, follows: datetime | None = None) -> None:
    """Raises Refusal (``case.before_last``) for an instant before the case's last step, or before what the deed
    ``follows``, as when a clock was set back."""
    last = max(case.changed_at, follows or case.changed_at)
    if at < last:
        raise Refusal([Fault("case.before_last", params={"at": last.isoformat()})])


def note(case: Case, kind: Kind, actor: Actor, at: datetime, payload: Mapping[str, object]) -> None:
    """Write a journal entry about a case. Raises Refusal for an instant before its last step: nothing that is done in a
    state lies before it."""
    refuse_earlier(case, at)
    record(kind, actor, at, {"number": case.number, **payload}, organisation=case.client_id, subject=f"case:{case.pk}")


def take_part(case: Case, account: object, part: Part, at: datetime) -> Involvement:
    """Note that somebody plays a part in a case; nothing when it is noted already.

    Raises Refusal, for all reasons at once: a part that rules this one out, one that ended, a tie to the client, an
    appointment there. A tie that the body came to know of later bars from the next deed on.
    """
    faults = hindrances(case, account, part, at)
    if faults:
        raise Refusal(faults)
    found = Involvement.objects.filter(case=case, account_id=account, part=part.value).first()
    return found or Involvement.objects.create(case=case, account_id=account, part=part.value, since=at)


def relieve(involvement: Involvement, actor: Actor, at: datetime) -> Relief:
    """Note in a locked case that somebody plays a part no more."""
    return Relief.objects.create(involvement=involvement, case=involvement.case, account_id=actor.account, at=at)


def hindrances(case: Case, account: object, part: Part, at: datetime) -> list[Fault]:
    """Everything that keeps somebody from playing a part in a case."""
    played = [Part(each) for each in parts_of(case, account)]
    faults = [
        Fault("case.forbidden_part", params={"part": part.value, "played": each.value})
        for each in forbidden_with(part, played)
    ]
    if Relief.objects.filter(involvement__account=account, case=case, involvement__part=part.value).exists():
        faults.append(Fault("case.part_ended", params={"part": part.value}))
    return [*faults, *bonds(case, account, localdate(at), by_ties=part is not Part.CONSULTANT)]


def bonds(case: Case, account: object, day: date, *, by_ties: bool = True) -> list[Fault]:
    """What binds somebody to a case's client on a day: ties that bar, and an appointment there."""
    own = Appointment.objects.filter(account_id=account, organisation=case.client_id)
    barring = conflicts(ties_of(account, case.client_id), day, conflict_months(case)) if by_ties else ()
    faults = [tied(case, each) for each in barring]
    if any(each.ends_on is None or each.ends_on > day for each in own):
        faults.append(Fault("case.clients_own"))
    return faults


def tied(case: Case, tie: TieValue) -> Fault:
    """That a tie bars somebody, with how it is known in both languages."""
    source = source_words(rules_of(case).edition, tie.source)
    return Fault("case.tied", params={"kind": tie.kind.value, "source_zh": source.zh, "source_en": source.en})


def conflict_months(case: Case) -> int:
    """The edition's window for conflicts of interest, in months."""
    return int(rules_of(case).number("impartiality"))


def parts_of(case: Case, account: object) -> list[str]:
    """The parts that somebody plays or has played in a case: what forbids others."""
    return list(Involvement.objects.filter(case=case, account_id=account).values_list("part", flat=True))


def parts_now(case: Case, account: object) -> list[str]:
    """The parts that somebody plays in a case and that have not ended: what one may do there."""
    found = Involvement.objects.filter(case=case, account_id=account, relief=None)
    return list(found.values_list("part", flat=True))


def evaluates(case: Case, account: object) -> bool:
    """Whether somebody is of the case's present team."""
    return any(part in EVALUATORS for part in parts_now(case, account))


def leads(case: Case, account: object) -> bool:
    """Whether somebody leads the evaluation of a case."""
    return Part.LEAD_ASSESSOR in parts_now(case, account)


def ties_of(account: object, client: object) -> list[TieValue]:
    """A person's ties to a client as they are known now."""
    found = Tie.objects.filter(account_id=account, client_id=client, replaced_by=None).order_by("starts_on", "id")
    return [TieValue(TieKind(each.kind), each.starts_on, each.ends_on, each.source) for each in found]


def keep_procedure(rules: Rules, at: datetime) -> KeptProcedure:
    """Keep the procedure's content; nothing when it is kept already."""
    procedure = rules.procedure
    content = json.dumps(procedure.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    fields = {"name": procedure.name, "content": content, "kept_at": at}
    return KeptProcedure.objects.get_or_create(hash=procedure.hash, defaults=fields)[0]


def rules_of(case: Case) -> Rules:
    """The edition and the procedure that a case is bound to."""
    return rules_named(case.edition_hash, case.procedure_id)


@lru_cache(maxsize=16)
def rules_named(edition_hash: str, procedure_hash: str) -> Rules:
    """An edition and a procedure by the hashes of their contents, as they are kept."""
    content = json.loads(KeptProcedure.objects.get(pk=procedure_hash).content)
    return procedure_from_content(content, edition_named(edition_hash))
