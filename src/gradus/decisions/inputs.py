# SPDX-License-Identifier: Apache-2.0
"""What the stages before leave to the file, each in one function: the only place that knows where it comes from."""

import json
from typing import Any

from gradus.applications.facts import known_events
from gradus.applications.models import Case, CaseStep
from gradus.evaluations.verified import Standing, claimed_result, standing, verified_result
from gradus.grading.faults import Fault
from gradus.grading.result import Result
from gradus.process.states import Step
from gradus.visits.findings import findings_of, is_open
from gradus.visits.models import EvaluationReport

Json = dict[str, Any]


def said_by_assessors(case: Case) -> Standing:
    """What assessors have said that still stands."""
    return standing(case)


def claimed(case: Case) -> Result:
    """What the newest submission filed comes to by itself."""
    return claimed_result(case)


def verified(case: Case, said: Standing) -> Result:
    """What assessors found it to come to: it rests on their ratings only."""
    return verified_result(case, said)


def events(case: Case) -> list[Json]:
    """Events that the body knows of itself, also those after the declared day."""
    return [dict(each) for each in known_events(case)]


def verdicts(said: Standing) -> list[Json]:
    """What assessors said of rows that still stand."""
    return [
        {
            "table": table,
            "row": row,
            "accepted": each.accepted,
            "reason": each.reason,
            "text": each.text,
            "by": str(each.account_id),
        }
        for (table, row), each in sorted(said.verdicts.items())
    ]


def ratings(said: Standing) -> list[Json]:
    """Assessed ratings."""
    return [
        {"item": item, "value": each.value, "text": each.text, "by": str(each.account_id)}
        for item, each in sorted(said.ratings.items())
    ]


def findings(case: Case) -> list[Json]:
    """Findings on site, with whether each is open."""
    return [
        {"id": str(each.pk), "grade": each.grade, "rule": each.rule, "text": each.text, "open": is_open(each)}
        for each in findings_of(case)
    ]


def report(case: Case) -> Json | None:
    """The evaluation report issued last: number, digest, what it proposes and concludes, when and by whom; None without
    one."""
    last = EvaluationReport.objects.filter(case=case).order_by("-number").first()
    if last is None:
        return None
    content = json.loads(last.content)
    said = {name: content[name] for name in ("proposed", "conclusion", "issued_at", "issued_by")}
    return {"number": last.number, "digest": last.digest, **said}


def lacking(case: Case, found: Json | None) -> list[Fault]:
    """Records of an earlier stage that are not there (Regulation on Certification and Accreditation, art. 21): the
    report that the last step out of the evaluation names, of which ``found`` is the last issued.

    An item that nobody rated is no gap here: it is unknown in the verified result, and keeps it low.
    """
    issued = CaseStep.objects.filter(case=case, step=Step.ISSUE_REPORT).order_by("-number").first()
    if issued is None or found is None or issued.said.get("report") != found["digest"]:
        return [Fault("review.no_report")]
    return []
