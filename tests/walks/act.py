# SPDX-License-Identifier: Apache-2.0
"""One act of a walk: an action of the platform, with something to say that would often be right."""

from collections.abc import Callable
from dataclasses import dataclass

from gradus.process.states import State


@dataclass(frozen=True)
class Act:
    """``do(walk, who)`` calls ``action`` as an actor, with what it finds in the case of the walk; it returns False when
    the case has nothing of the kind that the act is about. ``states``: where it can succeed (none named: everywhere).
    ``by``: whose act it is, a part in the case or a role in the world. ``often``: its weight beside others."""

    action: Callable
    by: str
    states: frozenset[State]
    do: Callable
    often: int = 10


def act(action, by, *states, often=10):
    """Marks a function as what does an action."""

    def made(do):
        return Act(action, by, frozenset(states), do, often)

    return made
