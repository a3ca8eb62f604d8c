# SPDX-License-Identifier: Apache-2.0
"""``gradus demo``: the platform with a demonstration in it, built through the actions that its pages call."""

import os
from argparse import Namespace

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from gradus.cli.platform.accounts import DemonstrationAccount, print_accounts, read_accounts, write_accounts
from gradus.cli.platform.demonstration.build import build
from gradus.cli.platform.demonstration.plan import Plan, read_plan
from gradus.cli.platform.options import marker
from gradus.cli.platform.prepare import prepare, refuse_unless_empty, start_over, take_place
from gradus.cli.platform.serve import finish_begun, refuse_taken, serve
from gradus.cli.streams import warn
from gradus.formats.wording import words

_contact = "010-00000000 · office@body.example"
"""How the invented body is reached."""


def run(options: Namespace) -> int:
    """Build the demonstration unless it is there, say who can sign in, and serve it."""
    if not options.build_only:
        refuse_taken(options.port)
    there = (options.data / marker).exists()
    if there:
        prepare()
        finish_begun(options.lang)
        accounts = read_accounts()
    else:
        refuse_unless_empty(options.data)
        plan = read_plan()
        start_over(settings.DATA)
        warn(words("platform.demo_begins", options.lang, folder=str(options.data)))
        prepare()
        accounts = _build(plan, options)
        write_accounts(accounts)
        take_place(settings.DATA, options.data)
    print_accounts(accounts, options.data, options.lang)
    if not options.build_only:
        os.environ["GRADUS_DEMO"] = "1"
        os.environ.setdefault("GRADUS_CONTACT", _contact)
        serve(options.port, options.data)
    return 0


def _build(plan: Plan, options: Namespace) -> list[DemonstrationAccount]:
    """Build it, without the letters of what happened in the past, and without waiting for the disk: an interrupted
    build is thrown away."""
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.dummy.EmailBackend"
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous = OFF")
    try:
        return build(plan, now(), lambda name: warn(words("platform.demo_firm", options.lang, name=name)))
    finally:
        settings.EMAIL_BACKEND = backend
