# SPDX-License-Identifier: Apache-2.0
"""Where an indicator's self-rating stands in the dossier, read from the indicator's own formula."""

from dataclasses import dataclass

from gradus.grading import expressions as ex
from gradus.grading.scheme import Edition, Indicator


@dataclass(frozen=True, slots=True)
class RatingPlace:
    """The table that holds ratings, the column that names the indicator, and the column of the applicant's claim."""

    table: str
    key: str
    claim: str


def rating_place(edition: Edition, indicator: Indicator) -> RatingPlace | None:
    """Where the applicant rates an indicator; None for one that is not rated, or in a way this does not know."""
    match indicator.measure.root:
        case ex.Aggregate(kind="the", condition=ex.Node() as condition, value=ex.Node() as value):
            keys = _cells(condition)
            claims = [node for node in _cells(value) if not edition.tables[node.table].column(node.column).for_assessor]
            if keys and claims:
                return RatingPlace(keys[0].table, keys[0].column, claims[0].column)
    return None


def _cells(node: ex.Node) -> list[ex.Cell]:
    if isinstance(node, ex.Cell):
        return [node]
    return [cell for part in ex.parts(node) for cell in _cells(part)]
