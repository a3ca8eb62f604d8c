# SPDX-License-Identifier: Apache-2.0
"""A platform with something in every corner, made and examined by a process of its own (``Platform.filled``).

Where it lies say the settings, as for any command of the platform.
"""

import time
from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils.timezone import localdate, now

from gradus.cli.platform.prepare import prepare
from gradus.dossiers.actions import create_dossier
from gradus.dossiers.citations import cite
from gradus.dossiers.evidence import add_evidence
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier, Evidence, File, Row, Submission
from gradus.dossiers.rows import CellChange, RowChange, change_rows
from gradus.dossiers.store import examine
from gradus.dossiers.submit import verify_submission
from gradus.journal.actor import system
from gradus.journal.models import Entry
from gradus.journal.queries import faults
from gradus.register.enter import enter_certificate
from gradus.register.search import Search, find
from tests.dossiers import papers
from tests.dossiers.fill import fill
from tests.dossiers.submitting import submit_ready
from tests.grading.dossiers import FOLDER, edition
from tests.people.firms import make_world
from tests.register.entries import ISSUED, certificate

PERSON = "Ünï 码 𝔘 'quoted' \"twice\" {x} %s"


def build():
    """The body and two firms; a dossier that was submitted on this very day, another to write into, a second factor."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    prepare()
    at = now()
    world = make_world(at)
    TOTP.activate(world.people["office"], "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    actor = world.actor("manager")
    ready = create_dossier(world.client, "submitted", edition().name, actor, at)
    fill(ready, FOLDER / "cases" / "first-application-small", at, actor)
    table, column = edition_of(ready).as_of
    row = Row.objects.get(dossier=ready, table=table)
    row.cells[column] = localdate(at).isoformat()
    row.save()
    submit_ready(ready, actor)
    staff = Row.objects.filter(dossier=ready, table="staff").first()
    dossier = create_dossier(world.client, "written into", edition().name, actor, at)
    done = change_rows(dossier, "staff", [RowChange(0, {"person": CellChange("", PERSON)}, "n")], [], actor, at)
    kept = add_evidence(world.client, "合同/甲.pdf", [papers.pdf(2)], actor, at).evidence
    cite(Row.objects.get(pk=done.new["n"]), kept, 2, actor, at)
    enter_certificate(certificate(), ISSUED)
    return {"client": str(world.client.pk), "ready": str(ready.pk), "dossier": str(dossier.pk), "row": staff.pk}


def session():
    """The session of the firm's manager, who has given the password just now."""
    account = Dossier.objects.first().client.appointments.get(role="client_manager").account
    browser = Client()
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    made = browser.session
    tomorrow = now().timestamp() + 86_400  # and will have given it just now for as long as a test lasts
    record_authentication(
        SimpleNamespace(session=made),
        account,
        method="password",
        email=account.email,
        reauthenticated=True,
        at=tomorrow,
    )
    made.save()
    return made.session_key


def write():
    """One more row, so that the database must count on."""
    dossier = Dossier.objects.get(title="written into")
    change_rows(dossier, "staff", [RowChange(0, {"person": CellChange("", PERSON)}, "n")], [], system, now())
    return Row.objects.filter(dossier=dossier, table="staff").count()


def keep_writing():
    """A row after the other, until somebody stops it."""
    while True:
        write()
        time.sleep(0.02)


def check():
    """What is there, what is wrong with it, and which tables let somebody change what they must keep."""
    examined = examine()
    dossier = Dossier.objects.get(title="written into")
    return {
        "journal": [fault.code for fault in faults()],
        "submissions": [fault.code for each in Submission.objects.all() for fault in verify_submission(each)],
        "lost": [*examined.missing, *examined.damaged],
        "changeable": [table for table in KEPT for way in WAYS if not refused(way, table)],
        "rows": sorted(row.cells["person"] for row in Row.objects.filter(dossier=dossier, table="staff")),
        "evidence": sorted(Evidence.objects.values_list("name", flat=True)),
        "numbers": list(Submission.objects.order_by("number").values_list("number", flat=True)),
        "changes": Entry.objects.filter(kind="dossier.rows_changed", subject=f"dossier:{dossier.pk}").count(),
        "files": File.objects.count(),
        "added": Entry.objects.filter(kind="evidence.added").count(),
        "submitted": Entry.objects.filter(kind="dossier.submitted").count(),
        "found": list(find(Search(now(), "天工示例")).ids),
        "migrations": sorted(MigrationRecorder.Migration.objects.values_list("app", "name")),
    }


KEPT = ("journal_entry", "dossiers_submission", "dossiers_file", "schemes_keptedition")
WAYS = ("UPDATE {table} SET {column} = {column}", "DELETE FROM {table}")


def refused(way, table):
    """Whether the database itself refuses a statement because of what the table is."""
    with connection.cursor() as cursor:
        column = connection.introspection.get_table_description(cursor, table)[0].name
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(way.format(table=table, column=column))
            transaction.set_rollback(True)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False
