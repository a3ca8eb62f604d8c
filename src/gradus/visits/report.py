# SPDX-License-Identifier: Apache-2.0
"""The evaluation report: all that the evaluation came to, frozen (docs/formats/evaluation_report.md).

It is plain data without words of either language but those that people wrote; :mod:`gradus.formats.evaluation_report`
renders it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

from gradus.applications.cases import advance, leads, lock, rules_of
from gradus.applications.models import Case, CaseStep
from gradus.evaluations.models import DocumentFinding
from gradus.evaluations.team import hindered_now, look_for_team
from gradus.evaluations.verified import Difference, claimed_result, verified_result, why_they_differ
from gradus.formats.draw_record import draw_to_plain
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.result import Result
from gradus.journal.actor import Actor
from gradus.journal.canonical import canonical, digest
from gradus.people.models import Organisation
from gradus.people.permissions import Kind
from gradus.process.states import State, Step
from gradus.process.verdict import asked_ranks
from gradus.visits.draws import record_of, titles_of
from gradus.visits.findings import findings_of, is_open, open_findings
from gradus.visits.models import Draw, EvaluationReport, Finding, Visit
from gradus.visits.presence import presence
from gradus.visits.queries import refuse_others, refuse_unless, team_of, text_faults
from gradus.visits.records import held_records

Json = dict[str, Any]
FORMAT = "gradus-evaluation-report/1"


def proposals(case: Case) -> list[str]:
    """The outcomes that may be proposed, the highest first: none above the one verified or the one applied for; "" is
    none at all."""
    verified, edition = verified_result(case), rules_of(case).edition
    most = min(verified.grantable, asked_ranks(edition, case.requested)[1])
    return [each.id for each in sorted(edition.outcomes, key=lambda each: -each.rank) if each.rank <= most] + [""]


def issue_report(case: Case, proposed: str, conclusion: str, actor: Actor, at: datetime) -> EvaluationReport:
    """The leader proposes an outcome, and freezes the report; the case goes to its technical review."""
    look_for_team(case, actor, at)
    with transaction.atomic():
        locked = lock(case)
        refuse_unless(locked, State.REPORTING)
        refuse_others(leads(locked, actor.account), "visit.leader_only")
        faults = [Fault("visit.finding_open", params={"text": each.text}) for each in open_findings(locked)]
        faults += hindered_now(locked, at)
        if proposed not in proposals(locked):
            faults.append(Fault("visit.no_such_proposal", Place(field="proposed")))
        faults += text_faults("conclusion", conclusion, 5, 4000)
        if faults:
            raise Refusal(faults)
        content = report_content(locked, proposed, conclusion.strip())
        content |= {"issued_at": localtime(at).isoformat(), "issued_by": actor.name}
        made = EvaluationReport.objects.create(
            case=locked,
            account_id=actor.account,
            at=at,
            number=EvaluationReport.objects.filter(case=locked).count() + 1,
            content=canonical(content),
            digest=digest(content),
        )
        advance(locked, Step.ISSUE_REPORT, actor, at, {"report": made.digest, "proposed": proposed})
    return made


def report_content(case: Case, proposed: str | None, conclusion: str) -> Json:
    """The report as it stands now; a draft proposes nothing yet (None)."""
    claimed, verified = claimed_result(case), verified_result(case)
    body, titles = Organisation.objects.get(kind=Kind.BODY.value), titles_of(case)
    return {
        "format": FORMAT,
        "case": case.number,
        "body": _names(body),
        "client": _names(case.client),
        "edition": {"name": case.edition, "hash": case.edition_hash},
        "procedure": case.procedure_id,
        "submission": case.submission.digest,
        "requested": case.requested,
        "team": [{"name": each.account.name, "part": each.part} for each in team_of(case)],
        "visits": [_visit(each, titles) for each in _finished(case)],
        "findings": [_finding(each) for each in findings_of(case)],
        "claimed": _result(claimed),
        "verified": _result(verified),
        "differences": [_difference(each) for each in why_they_differ(case, verified)],
        "document_findings": [
            {"item": each.item, "text": each.text, "by": each.account.name} for each in document_findings(case)
        ],
        "proposed": None
        if proposed is None
        else {"outcome": proposed, "scope": list(verified.scope) if proposed else []},
        "scope_not_granted": list(verified.scope_not_granted),
        "conclusion": conclusion,
    }


def _names(organisation: Organisation) -> Json:
    return {"name": organisation.name, "name_en": organisation.name_en}


def _finished(case: Case) -> QuerySet[Visit]:
    """The visits that were finished, not the plans that were taken back."""
    steps = CaseStep.objects.filter(case=case, step=Step.FINISH_VISIT.value)
    numbers = [each.said["visit"] for each in steps if "visit" in each.said]
    return Visit.objects.filter(case=case, number__in=numbers).select_related("case").order_by("number")


def document_findings(case: Case) -> QuerySet[DocumentFinding]:
    """What the papers left open, in the order in which it was noted."""
    return DocumentFinding.objects.filter(case=case).select_related("account").order_by("id")


def _difference(each: Difference) -> Json:
    """A rejected row with why, or an item that was rated otherwise than claimed; and what looks at it."""
    if each.row is not None and each.verdict is not None:
        row = {"table": each.row.table, "row": each.row.number}
        return {**row, "reason": each.verdict.reason, "text": each.verdict.text, "touches": list(each.touches)}
    return {"item": each.item, "claimed": each.claimed, "rating": each.assessed, "touches": list(each.touches)}


def _visit(visit: Visit, titles: Mapping[str, str]) -> Json:
    draw = Draw.objects.filter(visit=visit).select_related("visit", "case").first()
    record = record_of(draw) if draw else None
    return {
        "number": visit.number,
        "opening": localtime(visit.opening).isoformat(),
        "closing_until": localtime(visit.closing_until).isoformat(),
        "sites": visit.sites,
        "man_days": {"planned": visit.man_days, "table": visit.table_days, "reason": visit.reason},
        "attendants": [
            {"name": each.account.name, "as": each.attends_as, "days": each.days}
            for each in visit.attendants.select_related("account").order_by("id")
        ],
        "deviations": [
            {
                "name": each.attendant.account.name,
                "moment": each.moment.value,
                "deviations": [one.value for one in each.deviations],
                "explained": {side: one.text for side, one in each.explained.items()},
            }
            for each in presence(visit)
            if each.deviations
        ],
        "draw": draw_to_plain(record) if record else None,
        "titles": {each: titles[each] for each in (record.drawn if record else ()) if each in titles},
        "records": [
            {"kind": each.kind, "subject": each.subject, "notes": each.notes, "links": each.links}
            for each in held_records(visit)
        ],
    }


def _finding(finding: Finding) -> Json:
    last = max(finding.corrections.all(), key=lambda each: each.number, default=None)
    return {
        "id": str(finding.pk),
        "visit": finding.visit.number,
        "grade": finding.grade,
        "rule": finding.rule,
        "text": finding.text,
        "by": finding.account.name,
        "photos": sorted(each.file_id for each in finding.photos.all()),
        "open": is_open(finding),
        "correction": last and {"correction": last.correction, "cause": last.cause, "action": last.action},
        "verified": last.verification.text if last and hasattr(last, "verification") else "",
    }


def _result(result: Result) -> Json:
    """Capability and grantable outcome by id ("" is none), and the scores."""
    edition = result.edition
    found = {
        name: edition.outcome(rank)
        for name, rank in (("capability", result.capability), ("grantable", result.grantable))
    }
    return {
        **{name: outcome.id if outcome else "" for name, outcome in found.items()},
        "overall": _text(result.overall),
        "dimensions": {id_: _text(score) for id_, score in result.dimensions.items()},
    }


def _text(score: Any) -> str | None:
    return None if score is None else str(score)
