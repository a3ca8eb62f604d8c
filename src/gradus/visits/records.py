# SPDX-License-Identifier: Apache-2.0
"""What was heard and seen on site: interviews, samples, and the trace of each drawn project. Nothing is edited: what
was wrong is replaced by another record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from gradus.applications.cases import evaluates, lock, note
from gradus.applications.models import Case
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.process.visits import Link, RecordKind
from gradus.visits.draws import drawn_in
from gradus.visits.models import Visit, VisitRecord
from gradus.visits.queries import refuse_others, text_faults, visit_begun


@dataclass(frozen=True, slots=True)
class Seen:
    """What a record says; ``links`` only of a trace: which links of the project were seen."""

    kind: RecordKind
    subject: str
    notes: str
    links: Mapping[Link, bool] = field(default_factory=dict)


def record_seen(case: Case, seen: Seen, actor: Actor, at: datetime, replaces: VisitRecord | None = None) -> VisitRecord:
    """Record an interview, a sample or a trace; ``replaces`` is the record that this one corrects."""
    with transaction.atomic():
        locked = lock(case)
        visit = visit_begun(locked, at)
        refuse_others(evaluates(locked, actor.account))
        traced = held_records(visit, RecordKind.TRACE)
        if seen.kind is RecordKind.TRACE and replaces is None:  # a project has one trace: the next one corrects it
            replaces = next((each for each in traced if each.subject == seen.subject), None)
        faults = _faults(visit, seen, replaces)
        if faults:
            raise Refusal(faults)
        made = VisitRecord.objects.create(
            case=locked,
            visit=visit,
            account_id=actor.account,
            at=at,
            kind=seen.kind.value,
            subject=seen.subject.strip(),
            notes=seen.notes.strip(),
            links={each.value: bool(seen.links.get(each)) for each in Link} if seen.kind is RecordKind.TRACE else {},
            replaces=replaces,
        )
        said = {"visit": visit.number, "kind": made.kind, "subject": made.subject, "notes": made.notes}
        replaced = str(replaces.pk) if replaces else ""
        note(locked, Kind.VISIT_RECORDED, actor, at, {**said, "links": made.links, "replaces": replaced})
    return made


def held_records(visit: Visit, *kinds: RecordKind) -> list[VisitRecord]:
    """The records of a visit that none replaces, in the order in which they were made."""
    found = VisitRecord.objects.filter(visit=visit, replaced_by=None).select_related("account").order_by("at")
    return [each for each in found if not kinds or each.kind in {kind.value for kind in kinds}]


def untraced(visit: Visit) -> tuple[str, ...]:
    """The drawn projects that have no trace yet."""
    traced = {each.subject for each in held_records(visit, RecordKind.TRACE)}
    return tuple(each for each in drawn_in(visit) if each not in traced)


def _faults(visit: Visit, seen: Seen, replaces: VisitRecord | None) -> list[Fault]:
    faults = [*text_faults("subject", seen.subject, 1, 200), *text_faults("notes", seen.notes, 2, 4000)]
    if seen.kind is RecordKind.TRACE and seen.subject not in drawn_in(visit):
        faults.append(Fault("visit.not_drawn", Place(field="subject")))
    if replaces is not None:
        later = VisitRecord.objects.filter(replaces=replaces).exists()
        if later or replaces.visit_id != visit.pk or replaces.kind != seen.kind.value:
            faults.append(Fault("visit.replaced_already"))
    return faults
