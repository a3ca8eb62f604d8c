# SPDX-License-Identifier: Apache-2.0
"""The accounts of a demonstration with their passwords and second factors, kept in the file that marks it as one."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from gradus.cli.platform.options import marker
from gradus.cli.streams import tell
from gradus.formats.files import write_file
from gradus.formats.wording import words
from gradus.people.permissions import roles


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """``secret`` is "" for those who need no second factor."""

    role: str
    organisation: str
    name: str
    email: str
    password: str
    secret: str


def read_accounts() -> list[DemonstrationAccount]:
    """Those of the demonstration in the data folder; Django refuses to start with one that is not meant to be."""
    assert settings.DEMONSTRATION
    return [DemonstrationAccount(**each) for each in json.loads((settings.DATA / marker).read_text("utf-8"))]


def write_accounts(accounts: Sequence[DemonstrationAccount]) -> None:
    """Mark the data folder as a demonstration."""
    text = json.dumps([asdict(each) for each in accounts], ensure_ascii=False, indent=1)
    write_file(settings.DATA / marker, text.encode())


def print_accounts(accounts: Sequence[DemonstrationAccount], folder: Path, language: str) -> None:
    """Who can sign in, and with what."""
    for organisation in dict.fromkeys(each.organisation for each in accounts):
        tell(f"\n{organisation}")
        for each in (account for account in accounts if account.organisation == organisation):
            tell(f"  {each.email:<36} {each.password}  {each.secret:<32}  {roles()[each.role].text[language]}")
    tell("\n" + words("platform.how_to_sign_in", language, data=str(folder)))
