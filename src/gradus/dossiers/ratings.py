# SPDX-License-Identifier: Apache-2.0
"""Where an indicator's self-rating stands in the dossier, read from the indicator's own formula."""

from dataclasses import dataclass

from gradus.grading import expressions as ex
from gradus.grading.scheme import Edition, Indicator


@dataclass(frozen=True, slots=True)
class RatingPlace:
    """The table that holds ratings, and its columns: that names the indicator, of the applicant's claim, and of the
    assessor's rating ("" where the edition has none)."""

    table: str
    key: str
    claim: str
    assessed: str = ""


def rating_place(edition: Edition, indicator: Indicator) -> RatingPlace | None:
    """Where the applicant rates an indicator; None for one that is not rated, or in a way this does not know."""
    match indicator.measure.root:
        case ex.Aggregate(kind="the", condition=ex.Node() as condition, value=ex.Node() as value):
            keys = _cells(condition)
            rated: dict[bool, list[str]] = {False: [], True: []}
            for node in _cells(value):
                rated[edition.tables[node.table].column(node.column).for_assessor].append(node.column)
            if keys and rated[False]:
                assessed = rated[True][0] if rated[True] else ""
                return RatingPlace(keys[0].table, keys[0].column, rated[False][0], assessed)
    return None


def _cells(node: ex.Node) -> list[ex.Cell]:
    if isinstance(node, ex.Cell):
        return [node]
    return [cell for part in ex.parts(node) for cell in _cells(part)]
