# SPDX-License-Identifier: Apache-2.0
"""Who does something, as a value: the person, and the appointment in which the person acts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """``account`` is the account's id, ``role`` the role of the appointment, ``organisation`` the appointment's own.

    ``tables`` are the dossier tables the appointment may edit; empty means every one.
    """

    account: str
    name: str
    role: str
    organisation: str = ""
    tables: frozenset[str] = frozenset()

    @property
    def appointment(self) -> str:
        """``role@organisation``, as the journal keeps it."""
        return f"{self.role}@{self.organisation}" if self.organisation else self.role


system = Actor(account="system", name="Gradus", role="system")
"""A command run on the machine itself."""
