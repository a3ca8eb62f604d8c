# SPDX-License-Identifier: Apache-2.0
"""The register's rows as the statements that they were made from."""

import json

from gradus.register.models import Entry, Said
from gradus.trust.records import from_json
from gradus.trust.statement import CertificateStatement, StatusStatement


def certificate_of(said: Said) -> CertificateStatement:
    return from_json(CertificateStatement, json.loads(said.statement), "register")


def changes_of(entry: Entry) -> list[StatusStatement]:
    """Every change of a certificate, in the order in which it was noted."""
    rows = sorted(entry.changes.all(), key=lambda each: each.pk)  # perhaps fetched already, for many entries at once
    return [from_json(StatusStatement, json.loads(each.statement), "register") for each in rows]
