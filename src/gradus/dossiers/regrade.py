# SPDX-License-Identifier: Apache-2.0
"""The grade of frozen facts. It needs no platform, so that whoever holds a submission can grade it again."""

from collections.abc import Iterable, Mapping
from typing import Any

from gradus.dossiers.convert import Stored, whole
from gradus.grading.assess import assess
from gradus.grading.result import Result
from gradus.grading.scheme import Edition
from gradus.journal.canonical import canonical


def grade_facts(edition: Edition, facts: Mapping[str, Any], evidence: Iterable[Mapping[str, Any]]) -> Result:
    """The result under the edition itself: a faulty or missing cell is refused here, never taken for unknown."""
    rows = [
        Stored(row["id"], table, row["number"], canonical(row["cells"]))
        for table, own in facts["tables"].items()
        for row in own
    ]
    names = frozenset(each["name"] for each in evidence)
    return assess(edition, whole(edition, facts["dossier"]["title"], rows, names))
