# SPDX-License-Identifier: Apache-2.0
"""The draw of projects of a visit: committed, answered by the client, opened (:mod:`gradus.process.draw`).

The seed is made from the installation's secret key and the draw's id, and stands nowhere before it is opened: whoever
reads the database or a backup of it can not tell what would be drawn.
"""

import hashlib
import hmac
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from gradus.applications.cases import leads, lock, note, refuse_earlier, rules_of
from gradus.applications.models import Case
from gradus.applications.telling import tell_client
from gradus.applications.work_calendar import work_calendar
from gradus.dossiers.frozen import frozen_in
from gradus.formats.draw_record import DrawRecord, draw_to_json
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.process.draw import commitment, drawn, population_digest
from gradus.process.states import State
from gradus.process.visits import draw_count
from gradus.process.working_days import Due, due
from gradus.visits.models import Draw, DrawOpening, DrawText, Visit
from gradus.visits.queries import of_client, refuse_others, text_faults, visit_begun, visit_on_site


def population_of(case: Case) -> tuple[str, ...]:
    """The ids that are drawn from: those of the newest submission's rows, each once, sorted."""
    procedure = rules_of(case).procedure
    rows = frozen_in(case.submission).facts["tables"].get(procedure.draw_table, [])
    return tuple(sorted({row["cells"].get(procedure.draw_id, "") for row in rows} - {""}))


def titles_of(case: Case) -> dict[str, str]:
    """What the submission calls each that may be drawn, by its id: the first free text of its row; none without."""
    rules = rules_of(case)
    table, id_ = rules.procedure.draw_table, rules.procedure.draw_id
    columns = rules.edition.tables[table].columns if table in rules.edition.tables else ()
    named = next((each.id for each in columns if each.type == "text" and not each.options and each.id != id_), "")
    rows = frozen_in(case.submission).facts["tables"].get(table, [])
    return {row["cells"].get(id_, ""): row["cells"][named] for row in rows if row["cells"].get(named)}


def commit_draw(case: Case, actor: Actor, at: datetime) -> Draw:
    """Freeze the population and commit to a seed; the journal has both before anybody knows what is drawn."""
    with transaction.atomic():
        locked = lock(case)
        visit = visit_begun(locked, at)
        refuse_others(leads(locked, actor.account), "visit.leader_only")
        if Draw.objects.filter(visit=visit).exists():
            raise Refusal([Fault("draw.committed_already")])
        population = population_of(locked)
        if not population:
            raise Refusal([Fault("draw.nothing_to_draw")])
        made = Draw(
            id=uuid.uuid4(),
            case=locked,
            account_id=actor.account,
            at=at,
            visit=visit,
            population=list(population),
            population_digest=population_digest(population),
            count=draw_count(len(population), rules_of(locked)),
        )
        made.commitment = commitment(_seed(made.pk, settings.SECRET_KEY))
        made.save(force_insert=True)
        tell_client(locked, "draw_awaits_text", "visit/", at)
        told = {"population": made.population, "population_digest": made.population_digest, "count": made.count}
        note(locked, Kind.DRAW_COMMITTED, actor, at, {"visit": visit.number, "commitment": made.commitment, **told})
    return made


def add_client_text(case: Case, text: str, actor: Actor, at: datetime) -> DrawText:
    """The client, who knows the commitment, adds its own text; it can not be changed afterwards."""
    with transaction.atomic():
        locked = lock(case)
        found = _draw(visit_on_site(locked))
        refuse_others(of_client(locked, actor.account), "visit.client_only")
        refuse_earlier(locked, at, found.at)
        if DrawText.objects.filter(draw=found).exists():
            raise Refusal([Fault("draw.text_already")])
        if not text.strip():
            raise Refusal([Fault("draw.text_empty", Place(field="text"))])
        if not text.strip().isprintable():
            raise Refusal([Fault("draw.text_unfit", Place(field="text"))])
        if faults := text_faults("text", text, 1, 200):
            raise Refusal(faults)
        made = DrawText.objects.create(draw=found, case=locked, account_id=actor.account, at=at, text=text.strip())
        note(locked, Kind.DRAW_ANSWERED, actor, at, {"visit": found.visit.number, "text": made.text})
    return made


def open_draw(case: Case, actor: Actor, at: datetime) -> DrawOpening:
    """Open the seed and draw. Raises Refusal before the client's text, and when the secret key is another than at the
    commitment."""
    with transaction.atomic():
        locked = lock(case)
        found = _draw(visit_on_site(locked))
        refuse_others(leads(locked, actor.account), "visit.leader_only")
        if DrawOpening.objects.filter(draw=found).exists():
            raise Refusal([Fault("draw.opened_already")])
        answer = DrawText.objects.filter(draw=found).first()
        if answer is None:
            raise Refusal([Fault("draw.no_text")])
        refuse_earlier(locked, at, answer.at)
        seed = _committed_seed(found)
        result = drawn(seed, answer.text, found.population, found.count)
        made = DrawOpening.objects.create(
            draw=found, case=locked, account_id=actor.account, at=at, seed=seed.hex(), drawn=list(result)
        )
        note(locked, Kind.DRAW_OPENED, actor, at, {"visit": found.visit.number, "seed": made.seed, "drawn": result})
    return made


def record_of(draw: Draw) -> DrawRecord | None:
    """An opened draw as the record that anybody can check (docs/formats/draw.md); None before it is opened."""
    opening = DrawOpening.objects.filter(draw=draw).select_related("draw__answer", "draw__case").first()
    if opening is None:
        return None
    answer = draw.answer
    return DrawRecord(
        case=draw.case.number,
        visit=draw.visit.number,
        population=tuple(draw.population),
        population_digest=draw.population_digest,
        count=draw.count,
        commitment=draw.commitment,
        committed_at=draw.at.isoformat(),
        client_text=answer.text,
        answered_at=answer.at.isoformat(),
        seed=opening.seed,
        opened_at=opening.at.isoformat(),
        drawn=tuple(opening.drawn),
    )


def unanswered_draws(cases: Iterable[Case]) -> dict[object, Draw]:
    """By case on site the draw that waits for the client's text."""
    on_site = [each.pk for each in cases if each.state == State.ON_SITE]
    later = Visit.objects.filter(case=OuterRef("case"), number__gt=OuterRef("visit__number"))
    found = Draw.objects.filter(~Exists(later), case__in=on_site, answer=None).select_related("case")
    return {each.case_id: each for each in found}


def draw_files(case: Case) -> dict[str, str]:
    """The record of each draw that was opened, as a case bundle has it."""
    found = Draw.objects.filter(case=case).select_related("visit", "case").order_by("visit__number")
    records = [record for each in found if (record := record_of(each))]
    return {f"draws/{each.visit}.json": draw_to_json(each) for each in records}


def text_due(draw: Draw) -> Due | None:
    """The last day for the client's text: as long as for a supplement, for which the procedure has a limit."""
    return due(localdate(draw.at), rules_of(draw.case).limit("supplement"), work_calendar())


def drawn_in(visit: Visit) -> tuple[str, ...]:
    """The ids drawn for a visit; none before the draw is opened."""
    opening = DrawOpening.objects.filter(draw__visit=visit).first()
    return tuple(opening.drawn) if opening else ()


def _draw(visit: Visit) -> Draw:
    found = Draw.objects.filter(visit=visit).select_related("visit").first()
    if found is None:
        raise Refusal([Fault("draw.none")])
    return found


def _seed(draw: uuid.UUID, key: str) -> bytes:
    return hmac.new(key.encode(), f"gradus draw {draw}".encode(), hashlib.sha256).digest()


def _committed_seed(draw: Draw) -> bytes:
    """The seed as committed, also after the secret key was changed, as long as the former is among the fallbacks."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        seed = _seed(draw.pk, key)
        if hmac.compare_digest(commitment(seed), draw.commitment):
            return seed
    raise Refusal([Fault("draw.seed_lost")])
