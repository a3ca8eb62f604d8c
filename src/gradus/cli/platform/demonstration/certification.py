# SPDX-License-Identifier: Apache-2.0
"""Stories in stage 5: the body names itself and makes its keys; certificates are issued, and what becomes of them is
proposed by the certificate officer and decided by the decision maker."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from gradus.certificates.changes import Proposed, decide_change, open_proposal, propose_change
from gradus.certificates.issue import Addresses, issue_certificate
from gradus.certificates.issuer import Naming, name_issuer
from gradus.certificates.keys import make_keys
from gradus.certificates.models import Certificate
from gradus.certificates.queries import certificates_of
from gradus.cli.platform.demonstration.conclusion import DECIDER
from gradus.cli.platform.demonstration.plan import Turn
from gradus.cli.platform.demonstration.telling import ISSUED, Telling, ago
from gradus.decisions.sign import Proof
from gradus.grading.texts import Text
from gradus.journal.actor import system
from gradus.trust.statement import Change, Name

OFFICER = "certificate_officer"
_PASSPHRASE_BYTES = 24


def equipped(issuer: Mapping[str, str], at: datetime) -> None:
    """The body is named and has its keys; where nobody has set a passphrase, one is made beside them."""
    if not settings.KEY_PASSPHRASE and not settings.KEY_PASSPHRASE_FILE.exists():
        settings.KEY_PASSPHRASE_FILE.touch(mode=0o600)
        settings.KEY_PASSPHRASE_FILE.write_text(secrets.token_urlsafe(_PASSPHRASE_BYTES) + "\n", "utf-8")
    name, address = (Text(issuer[each], issuer[f"{each}_en"]) for each in ("name", "address"))
    name_issuer(Naming(name, address, issuer["approval"], issuer["prefix"], issuer["seal"]), system, at)
    make_keys(system, at)


def begun(t: Telling, turn: Turn) -> None:
    """The certificate officer issues the certificate, or proposes what shall become of it."""
    officer = t.actor(OFFICER)
    if turn.change == ISSUED:
        issue_certificate(t.case, _addresses(t), officer, t.at)
        return
    name = Name(turn.name, turn.name_en) if turn.name else None
    said = Proposed(Change(turn.change), turn.reason, t.say("change_proposed"), name=name)
    propose_change(_newest(t), said, officer, t.at)


def decided(t: Telling) -> None:
    """The decision maker accepts what was proposed, and signs."""
    proposal = open_proposal(_newest(t))
    assert proposal is not None
    proof = Proof("password", t.at - ago)
    decide_change(proposal, proof, t.actor(DECIDER), t.at, accepted=True, reasons=t.say("change_decided"))


def _newest(t: Telling) -> Certificate:
    return certificates_of(t.case)[0]


def _addresses(t: Telling) -> Addresses:
    address = Name(t.story.address, "")
    return Addresses(address, (address,))
