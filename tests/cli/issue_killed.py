# SPDX-License-Identifier: Apache-2.0
"""Issuing a certificate in a process that is killed before a statement to the database; then in another.

Each trial has a copy of one database with a granted case. Only children speak to a copy: this process stays as it was.
"""

import json
import os
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from gradus.applications.models import Case
from gradus.certificates.bundle import bundle_at
from gradus.certificates.issue import issue_certificate
from gradus.certificates.models import Certificate, Leaf, Publication
from gradus.certificates.queries import publication_of
from gradus.certificates.recover import recover
from gradus.cli.platform.prepare import prepare
from gradus.dossiers.actions import create_dossier
from gradus.dossiers.store import path_of
from gradus.grading.faults import Refusal
from gradus.journal.actor import Actor
from gradus.journal.models import Entry
from gradus.journal.queries import faults
from gradus.people.models import Account
from gradus.trust.pdf_verify import open_pdf
from gradus.trust.verdict import State
from tests.certificates.issuing import ADDRESSES, equip, verified
from tests.decisions.deciding import granted
from tests.dossiers.fill import fill
from tests.dossiers.submitting import submit_ready
from tests.grading.dossiers import FOLDER, edition
from tests.people.firms import make_world

PASSPHRASE = "correct horse battery staple"
MINUTE = timedelta(minutes=1)


def build():
    """A body with its keys, and a granted case; nothing is issued."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.KEY_PASSPHRASE = PASSPHRASE
    prepare()
    world = make_world(now())
    equip()
    dossier = create_dossier(world.client, "2026", edition().name, world.actor("manager"), now())
    fill(dossier, FOLDER / "cases" / "first-application-small", now())
    case = granted(submit_ready(dossier, world.actor("manager"), "level-4"), world)
    return str(case.pk)


def every_write():
    """Killed before each statement that writes: what was left, made whole by another process."""
    return _trials(lambda sql: sql.startswith(("INSERT", "UPDATE")))


def every_statement():
    """The same for statements of any kind."""
    return _trials(lambda _: True)


def at_once():
    """Two processes issue for one decision at the same time: what each of them told, and what is there then."""
    settings.KEY_PASSPHRASE = PASSPHRASE
    name = connection.settings_dict["NAME"]
    connection.close()
    said = [os.pipe() for _ in range(2)]
    for _, speak in said:
        if not os.fork():
            try:
                os.write(speak, _issue_or_refused(name).encode())
            finally:
                os._exit(0)
        os.close(speak)
    told = []
    for listen, _ in said:
        with os.fdopen(listen) as heard:
            told.append(heard.read())
        os.wait()
    return {"answers": sorted(told), **json.loads(_child(lambda: _restart(name)))}


def _issue_or_refused(name):
    case, actor, at = _open(name)
    try:
        issue_certificate(case, ADDRESSES, actor, at)
    except Refusal as refusal:
        return refusal.faults[0].code
    return "issued"


def _trials(counts):
    settings.KEY_PASSPHRASE = PASSPHRASE
    original, found, number = connection.settings_dict["NAME"], [], 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    killed = True
    while killed:
        name = _copy(original, number)
        killed = _child(lambda name=name, number=number: _issue(name, number, counts)) == "killed"
        found.append({"killed": killed, **json.loads(_child(lambda name=name: _restart(name)))})
        _drop(name)
        number += 1
    return found


def _child(work):
    """What a child process tells before it ends, or "killed"."""
    listen, speak = os.pipe()
    child = os.fork()
    if not child:
        os.close(listen)
        try:
            os.write(speak, work().encode())
        finally:
            os._exit(0)
    os.close(speak)
    with os.fdopen(listen) as heard:
        said = heard.read()
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else said


def _issue(name, number, counts):
    """Die before the statement of that number, of those that count."""
    seen = {"count": 0}

    def watch(execute, sql, params, many, context):
        if counts(sql):
            if number == seen["count"]:
                os.kill(os.getpid(), signal.SIGKILL)
            seen["count"] += 1
        return execute(sql, params, many, context)

    case, actor, at = _open(name)
    with connection.execute_wrapper(watch):
        issue_certificate(case, ADDRESSES, actor, at)
    return "issued"


def _restart(name):
    """Finish what was begun; issue where nothing was; and look."""
    case, actor, at = _open(name)
    staged = Certificate.objects.count()
    recover(at + MINUTE)
    if not staged:
        issue_certificate(case, ADDRESSES, actor, at + MINUTE)
    made = Certificate.objects.get()
    handed, later = publication_of(made), at + 2 * MINUTE
    opened = open_pdf(path_of(handed.page_id).read_bytes(), bundle_at(later))
    steps = [*verified(made, later).steps, *opened.steps]
    told = Entry.objects.filter(kind__in=["certificate.issued", "certificate.published"])
    return json.dumps(
        {
            "staged": staged,
            "numbers": [each.number for each in Certificate.objects.all()],
            "leaves": Leaf.objects.count(),
            "published": Publication.objects.count(),
            "not_passed": [each.id for each in steps if each.state is not State.PASSED],
            "journal": [fault.code for fault in faults()],
            "told": sorted(told.values_list("kind", flat=True)),
        }
    )


def _open(name):
    connection.settings_dict["NAME"] = name
    officer = Account.objects.get(email="certificate_officer@example.com")
    case = Case.objects.get()
    return case, Actor(str(officer.pk), officer.name, "certificate_officer"), case.changed_at + MINUTE


def _copy(original, number):
    if connection.vendor == "sqlite":
        return shutil.copy(original, f"{original}.{number}")
    _administer(f'CREATE DATABASE "{original}_{number}" TEMPLATE "{original}"')
    return f"{original}_{number}"


def _drop(name):
    if connection.vendor == "sqlite":
        for each in ("", "-wal", "-shm"):
            Path(f"{name}{each}").unlink(missing_ok=True)
    else:
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(statement):
    with psycopg.connect(**_server(), autocommit=True) as there:
        there.execute(statement)


def _server():
    wanted = {"dbname": "postgres", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    found = {name: connection.settings_dict.get(key, key) for name, key in wanted.items()}
    return {name: value for name, value in found.items() if value}
