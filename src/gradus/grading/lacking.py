# SPDX-License-Identifier: Apache-2.0
"""Which kinds of rows a measure asks for and none is there of: those documents or certificates that it names itself."""

from gradus.grading import expressions as ex
from gradus.grading.evaluate import Evaluator, Trail
from gradus.grading.expressions import Node
from gradus.grading.result import Missing


def lacking_rows(run: Evaluator, node: Node) -> tuple[Missing, ...]:
    """The rows of which none counts, by the value that a column of theirs would have; () where the formula names none.

    Of alternatives all are named; whatever else keeps the measure from being true is not looked for.
    """
    return tuple(dict.fromkeys(_lacking(run, node)))


def _lacking(run: Evaluator, node: Node) -> list[Missing]:
    match node:
        case ex.Term(id=name):
            return _lacking(run, run.edition.terms[name].formula.root)
        case ex.Choose(condition=condition):
            return _lacking(run, condition)
        case ex.Both(items=items):
            return [each for item in items for each in _lacking(run, item)] if _fails(run, node) else []
        case ex.Aggregate(kind="exists", condition=ex.Compare(sign="==", left=ex.Cell() as cell, right=ex.Constant())):
            wanted: list[object] = [node.condition.right.value]  # type: ignore[union-attr]
        case ex.Aggregate(kind="exists", condition=ex.Member(item=ex.Cell() as cell, container=ex.Constant() as among)):
            wanted = list(among.value) if isinstance(among.value, tuple) else []
        case _:
            return []
    if not _fails(run, node):
        return []
    return [Missing(cell.table, 0, cell.column, each) for each in wanted if isinstance(each, str)]


def _fails(run: Evaluator, node: Node) -> bool:
    return run.value(node, 1, Trail()) is False
