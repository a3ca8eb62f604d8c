# SPDX-License-Identifier: Apache-2.0
"""``gradus demo code ROLE``: what a demonstration account's authenticator would show now."""

from argparse import Namespace

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils.timezone import now

from gradus.cli.platform.accounts import read_accounts
from gradus.cli.streams import tell
from gradus.grading.faults import Fault, Refusal

_PERIOD = 30


def run(options: Namespace) -> int:
    """Print the code of the first account with that role or address."""
    with_secret = [each for each in read_accounts() if each.secret]
    for account in with_secret:
        if options.role in (account.role, account.email):
            tell(format_hotp_value(hotp_value(account.secret, int(now().timestamp()) // _PERIOD)))
            return 0
    expected = ", ".join(dict.fromkeys(account.role for account in with_secret))
    raise Refusal([Fault("platform.no_such_account", params={"value": options.role, "expected": expected})])
