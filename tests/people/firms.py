# SPDX-License-Identifier: Apache-2.0
"""A small world for tests: the certification body with one holder of each of its roles, and two client firms."""

from dataclasses import dataclass, field
from datetime import date

from gradus.journal.actor import Actor, system
from gradus.people.actions import create_organisation
from gradus.people.models import Account, Appointment, Organisation
from gradus.people.permissions import Kind, roles_for

PASSWORD = "correct horse battery"


@dataclass
class World:
    """``people`` and ``seats`` are keyed by what a person is: a role of the body, manager, member, stranger."""

    body: Organisation
    client: Organisation
    other: Organisation
    people: dict[str, Account] = field(default_factory=dict)
    seats: dict[str, Appointment] = field(default_factory=dict)

    def actor(self, who):
        seat = self.seats[who]
        return Actor(
            str(seat.account_id), seat.account.name, seat.role, str(seat.organisation_id), frozenset(seat.tables)
        )

    def join(self, who, organisation, role, at, **seat):
        """Straight into the database, for most tests begin with it; tests/people/test_actions.py tries the actions."""
        name = who.replace("_", " ")
        account = Account.objects.create_user(f"{who}@example.com", PASSWORD, name=name, created_at=at)
        # They have been here for a while.
        seat = {"account": account, "organisation": organisation, "role": role, "starts_on": date(2026, 1, 1), **seat}
        self.people[who], self.seats[who] = account, Appointment.objects.create(**seat)


def make_world(at):
    made = World(
        body=create_organisation(Kind.BODY, "测试认证中心", "Test Certification", system, at),
        client=create_organisation(Kind.CLIENT, "天工数智有限公司", "Tiangong", system, at),
        other=create_organisation(Kind.CLIENT, "另一家有限公司", "", system, at),
    )
    for role in roles_for(Kind.BODY):
        made.join(role.id, made.body, role.id, at)
    made.join("manager", made.client, "client_manager", at)
    made.join("member", made.client, "client_member", at, department="人力资源部", tables=["staff"])
    made.join("stranger", made.other, "client_manager", at)
    return made
