# SPDX-License-Identifier: Apache-2.0
"""A case whose team is to be appointed, put into the data of a demonstration. Usage:
``python -m tests.journeys.case_for_review DATA``; prints the case's id and its client's."""

import os
import sys

import django

os.environ.update(GRADUS_DATA=sys.argv[1], GRADUS_DEMO="1", DJANGO_SETTINGS_MODULE="gradus.conf.settings")
django.setup()

from datetime import date  # noqa: E402

from gradus.applications.cases import rules_of  # noqa: E402
from gradus.dossiers.actions import create_dossier  # noqa: E402
from gradus.evaluations.competence import CompetenceTold, fields_of, record_competence  # noqa: E402
from gradus.journal.actor import system  # noqa: E402
from gradus.people.models import Account, Appointment  # noqa: E402
from gradus.people.queries import actor_in  # noqa: E402
from tests.dossiers.fill import fill  # noqa: E402
from tests.dossiers.submitting import submit_ready  # noqa: E402
from tests.evaluations.review import agreed_case  # noqa: E402
from tests.grading.dossiers import FOLDER, edition  # noqa: E402

manager = Appointment.objects.select_related("account", "organisation").get(
    account__email="manager@tiangong.example", role="client_manager"
)
actor = actor_in(manager.account, manager.value())
client = manager.organisation
dossier = create_dossier(client, "评审", edition().name, system, manager.account.created_at)
fill(dossier, FOLDER / "cases" / "first-application-small", manager.account.created_at)
case = agreed_case(submit_ready(dossier, actor), number="2026-9002")
office = Appointment.objects.select_related("account", "organisation").filter(role="office").first()
leader = Account.objects.get(appointments__role="lead_assessor")
for field in fields_of(edition()):
    told = CompetenceTold(field.id, "level-1", date(2020, 1, 1), None, "注册记录")
    record_competence(leader, rules_of(case).edition, told, actor_in(office.account, office.value()), case.changed_at)
sys.stdout.write(f"{case.pk} {client.pk}\n")
