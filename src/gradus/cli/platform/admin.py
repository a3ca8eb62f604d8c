# SPDX-License-Identifier: Apache-2.0
"""``gradus admin``: the first administrator, made by whoever has the machine."""

import sys
from argparse import Namespace
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now

from gradus.cli.platform.prepare import prepare
from gradus.cli.streams import tell
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Refusal
from gradus.journal.actor import system
from gradus.people.actions import Seat, clean_email, create_account, create_organisation, make_appointment
from gradus.people.models import Account, Organisation
from gradus.people.permissions import Kind, roles_for


def run(options: Namespace) -> int:
    """Make the account, unless it is there, and appoint it; and the certification body, if there is none."""
    prepare()
    email, at = clean_email(options.email), now()
    account = Account.objects.filter(email=email).first()
    password = None if account else _password(options, Account(email=email, name=options.name))
    leading = next(role for role in roles_for(Kind.BODY) if role.leads)
    with transaction.atomic():
        body = Organisation.objects.filter(kind=Kind.BODY.value).first()
        if body is None:
            if not options.body:
                raise Refusal([Fault("platform.no_body")])
            body = create_organisation(Kind.BODY, options.body, "", system, at)
        if password is not None:
            account = create_account(email, options.name, password, system, at)
        assert account is not None
        make_appointment(account, Seat(body, leading.id), system, at)
    tell(words("platform.appointed", options.lang, email=email, role=leading.text[options.lang], body=body.name))
    return 0


def _password(options: Namespace, account: Account) -> str:
    """Asked for twice at a terminal, else read from the first line of the input."""
    if sys.stdin.isatty():
        password = getpass(words("platform.password", options.lang))
        if getpass(words("platform.password_again", options.lang)) != password:
            raise Refusal([Fault("platform.passwords_differ")])
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refusal([Fault("platform.weak_password", params={"problem": " ".join(error.messages)})]) from None
    return password
