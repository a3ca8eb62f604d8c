# SPDX-License-Identifier: Apache-2.0
"""What the stages before leave to the file, each in one function: the only place that knows where it comes from.

Until stages 2 and 3 are wired in, the verified result is that of the submission, and there are no verdicts, findings or
report; :func:`lacking` then asks for none.
"""

from functools import lru_cache
from typing import Any

from gradus.applications.models import Case
from gradus.dossiers.frozen import grade_submission
from gradus.dossiers.models import Submission
from gradus.grading.faults import Fault
from gradus.grading.result import Result

Json = dict[str, Any]


def claimed(case: Case) -> Result:
    """What the newest submission filed comes to by itself."""
    return _graded(case.submission_id)


def verified(case: Case) -> Result:
    """What assessors found it to come to."""
    return _graded(case.submission_id)


def verdicts(case: Case) -> list[Json]:
    """What assessors said of rows: table, row, accepted, reason, by whom, when."""
    return []


def ratings(case: Case) -> list[Json]:
    """Assessed ratings: indicator, rating, by whom, when."""
    return []


def findings(case: Case) -> list[Json]:
    """Findings: id, grade ("major", "minor", "observation"), text, open, deadline."""
    return []


def report(case: Case) -> Json | None:
    """The evaluation report: digest, proposed outcome, issued when and by whom."""
    return None


def lacking(case: Case) -> list[Fault]:
    """Records of an earlier stage that are not there (Regulation on Certification and Accreditation, art. 21)."""
    return []


@lru_cache(maxsize=64)
def _graded(submission: object) -> Result:
    """Submissions never change, and neither do their results."""
    return grade_submission(Submission.objects.get(pk=submission))
