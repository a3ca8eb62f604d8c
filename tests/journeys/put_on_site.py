# SPDX-License-Identifier: Apache-2.0
"""Run as a program beside the demonstration's server: puts a case on site into its data, and prints the case's id."""

from datetime import timedelta
from types import SimpleNamespace

import django
from django.utils.timezone import now

django.setup()  # what follows knows Django's models

from gradus.dossiers.actions import create_dossier
from gradus.journal.actor import Actor, system
from gradus.people.actions import Seat, create_account, create_organisation, make_appointment
from gradus.people.models import Account
from gradus.people.permissions import Kind
from tests.applications.walk import open_case
from tests.dossiers.fill import fill
from tests.dossiers.submitting import submit_ready
from tests.grading.dossiers import FOLDER, edition
from tests.visits.on_site import planned


def main():
    """A client with a case, its team that of the demonstration, planned so that its visit is under way."""
    at = now() - timedelta(days=1, hours=1)
    client = create_organisation(Kind.CLIENT, "现场演练有限公司", "", system, at)
    manager = create_account("manager@onsite.example", "某负责人", "correct horse battery", system, at)
    make_appointment(manager, Seat(client, "client_manager"), system, at)
    dossier = create_dossier(client, "2026", edition().name, system, at)
    fill(dossier, FOLDER / "cases" / "first-application-small", at)
    submission = submit_ready(dossier, Actor(str(manager.pk), manager.name, "client_manager", str(client.pk)))
    case = open_case(submission, at, number="2026-9001")
    team = ("lead_assessor", "assessor", "technical_expert")
    people = {each: Account.objects.get(email=f"{each}@body.example") for each in team}

    def actor(who):
        return Actor(str(people[who].pk), people[who].name, who)

    planned(case, SimpleNamespace(people=people, actor=actor), at)
    print(case.pk)


if __name__ == "__main__":
    main()
