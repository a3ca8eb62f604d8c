# SPDX-License-Identifier: Apache-2.0
"""What differs between two states of a dossier, each a submission or the dossier now: rows, evidence, and the grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from gradus.dossiers.differences import Known, TableDifference, differences
from gradus.dossiers.frozen import Frozen, Json, freeze, frozen_in, grade_submission
from gradus.dossiers.grading import grade_dossier
from gradus.dossiers.models import Dossier, Submission
from gradus.grading.result import Result, Status
from gradus.grading.scheme import Dimension, Edition, Indicator, Requirement


@dataclass(frozen=True, slots=True)
class State:
    """What there is, and what it comes to."""

    frozen: Frozen
    result: Result


@dataclass(frozen=True, slots=True)
class EvidenceDifference:
    """Files by name; ``replaced`` have another content, ``cited_otherwise`` other pages, facts or last day."""

    added: tuple[Json, ...]
    replaced: tuple[tuple[Json, Json], ...]
    cited_otherwise: tuple[tuple[Json, Json], ...]
    removed: tuple[Json, ...]

    @property
    def count(self) -> int:
        return len(self.added) + len(self.replaced) + len(self.cited_otherwise) + len(self.removed)


@dataclass(frozen=True, slots=True)
class Flip:
    """A requirement, and the outcomes for which it is met by one state and not by the other."""

    requirement: Requirement
    outcomes: Mapping[str, tuple[Status, Status]]


@dataclass(frozen=True, slots=True)
class Moves:
    """What moved in the grade; scores are pairs of before and after."""

    capability: tuple[int, int] | None
    grantable: tuple[int, int] | None
    overall: tuple[Fraction | None, Fraction | None] | None
    dimensions: tuple[tuple[Dimension, Fraction | None, Fraction | None], ...]
    requirements: tuple[Flip, ...]
    indicators: tuple[Indicator, ...]

    @property
    def any(self) -> bool:
        return bool(self.capability or self.grantable or self.overall or self.requirements or self.indicators)


@dataclass(frozen=True, slots=True)
class SubmissionDifference:
    """Everything that differs."""

    tables: tuple[TableDifference, ...]
    evidence: EvidenceDifference
    moves: Moves


def state_of(submission: Submission) -> State:
    """What was submitted."""
    return State(frozen_in(submission), grade_submission(submission))


def state_now(dossier: Dossier, at: datetime) -> State:
    """What there is now, also with faults in it."""
    return State(freeze(dossier), grade_dossier(dossier, at).result)


def compare(edition: Edition, before: State, after: State) -> SubmissionDifference:
    """What changed from one state to the other."""
    tables, evidence = compare_facts(edition, before.frozen, after.frozen)
    return SubmissionDifference(tables, evidence, _moves(edition, before.result, after.result))


def compare_facts(
    edition: Edition, before: Frozen, after: Frozen
) -> tuple[tuple[TableDifference, ...], EvidenceDifference]:
    """The rows and the files alone, without grading anything."""
    there = {
        table: [Known(row["id"], 0, row["number"], row["cells"]) for row in rows]
        for table, rows in before.facts["tables"].items()
    }
    wanted = {table: [row["cells"] for row in rows] for table, rows in after.facts["tables"].items()}
    return differences(edition, there, wanted), _evidence(before, after)


def _evidence(before: Frozen, after: Frozen) -> EvidenceDifference:
    old = {each["name"]: each for each in before.evidence}
    new = {each["name"]: each for each in after.evidence}
    both = [(old[name], new[name]) for name in old if name in new]
    return EvidenceDifference(
        added=tuple(each for name, each in new.items() if name not in old),
        replaced=tuple(pair for pair in both if pair[0]["digest"] != pair[1]["digest"]),
        cited_otherwise=tuple(pair for pair in both if pair[0]["digest"] == pair[1]["digest"] and pair[0] != pair[1]),
        removed=tuple(each for name, each in old.items() if name not in new),
    )


def _moves(edition: Edition, before: Result, after: Result) -> Moves:
    return Moves(
        capability=_pair(before.capability, after.capability),
        grantable=_pair(before.grantable, after.grantable),
        overall=None if before.overall == after.overall else (before.overall, after.overall),
        dimensions=tuple(
            (each, before.dimensions[each.id], after.dimensions[each.id])
            for each in edition.dimensions
            if before.dimensions[each.id] != after.dimensions[each.id]
        ),
        requirements=tuple(flip for each in edition.requirements if (flip := _flip(each, before, after)).outcomes),
        indicators=tuple(
            each for each in edition.indicators if before.indicators[each.id].points != after.indicators[each.id].points
        ),
    )


def _pair(before: int, after: int) -> tuple[int, int] | None:
    return None if before == after else (before, after)


def _flip(requirement: Requirement, before: Result, after: Result) -> Flip:
    old, new = before.requirements[requirement.id].status, after.requirements[requirement.id].status
    return Flip(requirement, {outcome: (old[outcome], new[outcome]) for outcome in old if old[outcome] != new[outcome]})
