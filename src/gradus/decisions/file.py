# SPDX-License-Identifier: Apache-2.0
"""The file: everything that a decision rests on, as plain data, and the digest under which it is signed.

Two files of one digest say the same. What the decision itself adds (its makers' parts, its steps) is no part of it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from gradus.applications.cases import rules_of
from gradus.applications.models import Case, CaseStep, Filing, Involvement
from gradus.decisions import inputs
from gradus.decisions.inputs import Json
from gradus.decisions.record import (
    consents_of,
    decision_of,
    notice_of,
    objections_of,
    opinion_of,
    review_of,
    seats_of,
)
from gradus.dossiers.readiness import vetoes_since
from gradus.grading.faults import Fault
from gradus.grading.result import Result
from gradus.grading.scheme import Edition
from gradus.journal.canonical import canonical, digest
from gradus.process.parts import Part
from gradus.process.states import State
from gradus.process.verdict import asked_ranks

FORMAT = "gradus-case-file/1"
_REPORTED = ("number", "digest", "proposed", "issued_at", "issued_by")
"""What the file says of the evaluation report, whose digest covers the rest of it."""
_DECIDING = (Part.DECISION_MAKER.value, Part.SECOND_SIGNATORY.value)


@dataclass(frozen=True)
class CaseFile:
    """``content`` is what the digest covers; the rest is the same in richer form, for those who read it."""

    claimed: Result
    verified: Result
    report: Json | None
    findings: list[Json]
    lacking: list[Fault]
    content: Json

    @cached_property
    def digest(self) -> str:
        return digest(self.content)

    @property
    def open_major(self) -> list[Json]:
        return [each for each in self.findings if each["grade"] == "major" and each["open"]]

    @property
    def recommendable(self) -> int:
        """The highest rank that was verified and asked for."""
        return min(self.verified.grantable, asked_ranks(self.verified.edition, self.content["case"]["requested"])[1])

    def gate(self, day: date) -> list[Fault]:
        """What keeps anything from being granted on a day: records that are not there, major findings that are open,
        and vetoes that came to hold since the day that the facts declare."""
        open_ones = [Fault("review.open_major", params={"finding": str(each["id"])}) for each in self.open_major]
        return [*self.lacking, *open_ones, *vetoes_since(self.verified, day)]


def case_file(case: Case) -> CaseFile:
    """The file as it stands."""
    said, edition = inputs.said_by_assessors(case), rules_of(case).edition
    claimed, verified = inputs.claimed(case), inputs.verified(case, said)
    report, findings = inputs.report(case), inputs.findings(case)
    content = {
        "format": FORMAT,
        "case": _case(case),
        "submissions": _submissions(case),
        "claimed": _result(edition, claimed),
        "verified": _result(edition, verified),
        "events": inputs.events(case),
        "verdicts": inputs.verdicts(said),
        "ratings": inputs.ratings(said),
        "findings": findings,
        "report": report and {name: report[name] for name in _REPORTED},
        "people": _people(case),
        "steps": _steps(case),
        "review": _review(case),
        "panel": _panel(case),
        "notice": _notice(case),
        "consents": _consents(case),
    }
    return CaseFile(claimed, verified, report, findings, inputs.lacking(case, report), content)


def decided_file(case: Case) -> dict[str, str]:
    """The file that the decision that stands was made over, as a bundle has it; none where there is no decision, or
    the file can not be made again as it was."""
    decision = decision_of(case)
    content = case_file(case).content if decision else {}
    return {"file.json": canonical(content)} if decision and digest(content) == decision.file_digest else {}


def instant(at: datetime) -> str:
    """An instant as it stands in the file."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _case(case: Case) -> Json:
    return {
        "number": case.number,
        "client": str(case.client_id),
        "edition": case.edition_hash,
        "procedure": case.procedure_id,
        "requested": case.requested,
        "by_exception": case.by_exception,
    }


def _submissions(case: Case) -> list[Json]:
    filed = Filing.objects.filter(case=case).select_related("submission").order_by("number")
    filed = filed.only("number", "filed_at", "submission__digest")
    return [{"number": each.number, "digest": each.submission.digest, "at": instant(each.filed_at)} for each in filed]


def _result(edition: Edition, result: Result) -> Json:
    return {
        "capability": outcome_id(edition, result.capability),
        "grantable": outcome_id(edition, result.grantable),
        "overall": None if result.overall is None else str(result.overall),
        "dimensions": {key: None if score is None else str(score) for key, score in result.dimensions.items()},
        "scope": list(result.scope),
        "vetoes": list(result.vetoed),
    }


def outcome_id(edition: Edition, rank: int) -> str:
    """The id of a rank's outcome; "" for none."""
    outcome = edition.outcome(rank)
    return outcome.id if outcome else ""


def rank_of(edition: Edition, outcome: str) -> int:
    """The rank of an outcome by its id; 0 for "" and for what the edition does not know."""
    return next((each.rank for each in edition.outcomes if each.id == outcome), 0)


def _people(case: Case) -> list[Json]:
    """Who played which part before the decision."""
    found = Involvement.objects.filter(case=case).exclude(part__in=_DECIDING).order_by("id")
    return [{"account": str(each.account_id), "part": each.part, "since": instant(each.since)} for each in found]


def _steps(case: Case) -> list[Json]:
    """The steps up to the one that brought the case to its decision."""
    taken = list(CaseStep.objects.filter(case=case).order_by("number"))
    last = max((each.number for each in taken if each.after == State.DECISION.value), default=case.steps)
    return [
        {
            "number": each.number,
            "step": each.step,
            "after": each.after,
            "at": instant(each.at),
            "account": str(each.account_id or ""),
            "said": each.said,
        }
        for each in taken
        if each.number <= last
    ]


def _review(case: Case) -> Json | None:
    found = review_of(case)
    if found is None:
        return None
    return {
        "by": str(found.account_id),
        "at": instant(found.at),
        "outcome": found.outcome,
        "scope": found.scope,
        "reasons": found.reasons,
        "sheet": found.sheet,
    }


def _panel(case: Case) -> Json:
    opinion = opinion_of(case)
    return {
        "members": [_member(each) for each in seats_of(case)],
        "opinion": opinion and {"opinion": opinion.opinion, "counts": opinion.counts, "reasons": opinion.reasons},
    }


def _member(seat: Any) -> Json:
    vote, leave = getattr(seat, "vote", None), getattr(seat, "leave", None)
    return {
        "account": str(seat.account_id),
        "vote": vote and {"voice": vote.voice, "reasons": vote.reasons, "at": instant(vote.at)},
        "left": leave and {"why": leave.why, "at": instant(leave.at)},
    }


def _notice(case: Case) -> Json | None:
    found = notice_of(case)
    if found is None:
        return None
    return {
        "outcome": found.outcome,
        "scope": found.scope,
        "opened_on": found.opened_on.isoformat(),
        "last_day": found.last_day.isoformat(),
        "objections": [_objection(each) for each in objections_of(case)],
    }


def _objection(each: Any) -> Json:
    answer = getattr(each, "answer", None)
    return {
        "said_by": each.said_by,
        "text": each.text,
        "received_on": each.received_on.isoformat(),
        "answer": answer and answer.text,
    }


def _consents(case: Case) -> list[Json]:
    return [
        {
            "outcome": each.proposal.outcome,
            "scope": each.proposal.scope,
            "given": each.given,
            "name": each.name,
            "at": instant(each.at),
        }
        for each in consents_of(case)
    ]
