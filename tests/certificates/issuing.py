# SPDX-License-Identifier: Apache-2.0
"""A certification body that may issue."""

from datetime import UTC, datetime, timedelta

from gradus.certificates.bundle import bundle_at
from gradus.certificates.changes import Proposed, decide_change, propose_change
from gradus.certificates.issue import Addresses, issue_certificate
from gradus.certificates.issuer import Naming, name_issuer
from gradus.certificates.keys import make_keys
from gradus.certificates.queries import publication_of
from gradus.decisions.sign import Proof
from gradus.grading.texts import Text
from gradus.journal.actor import system
from gradus.trust.bundle import read_bundle, write_bundle
from gradus.trust.statement import Name
from gradus.trust.verdict import Named
from gradus.trust.verify import verify

BEFORE = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""When the ceremony of the keys was."""

NAMING = Naming(
    Text("测试认证中心有限公司", "Test Certification Ltd"),
    Text("北京市海淀区测试路1号", "1 Test Road, Haidian, Beijing"),
    "CNCA-R-2099-001",
    "TC",
    "测试认证中心有限公司",
)


def equip(at=BEFORE):
    """Name the issuer and make the keys."""
    name_issuer(NAMING, system, at)
    make_keys(system, at)


ADDRESSES = Addresses(Name("北京市海淀区天工路2号", ""), (Name("北京市海淀区天工路2号", "2 Tiangong Road, Beijing"),))


def issued(case, world, at):
    """The certificate of a granted case, issued by the certificate officer."""
    return issue_certificate(case, ADDRESSES, world.actor("certificate_officer"), at)


def lists(bundle):
    """The status lists of a trust file, as a verifier has them."""
    return [Named(f"status-{number}.json", each.encode()) for number, each in enumerate(bundle.status_lists)]


def verified(certificate, at, made_at=None):
    """What a stranger finds with the trust file of an instant about another."""
    bundle, handed = bundle_at(made_at or at), publication_of(certificate)
    credential = Named("credential.json", handed.leaf.credential.encode())
    receipt = Named("receipt.json", handed.receipt.encode())
    return verify(credential, receipt, lists(bundle), read_bundle(write_bundle(bundle), "trust.json"), at)


BECAUSE = "监督评价的记录支持这项决定。"


def proposed(certificate, world, at, change, reason, **more):
    """A change proposed by the certificate officer."""
    said = Proposed(change, reason, BECAUSE, **more)
    return propose_change(certificate, said, world.actor("certificate_officer"), at)


def changed(certificate, world, at, change, reason, **more):
    """A change proposed a minute ago, accepted and signed by the decision maker."""
    return accepted(proposed(certificate, world, at - timedelta(minutes=1), change, reason, **more), world, at)


def accepted(proposal, world, at):
    """A proposal, accepted and signed by the decision maker."""
    proof = Proof("password", at - timedelta(seconds=30))
    return decide_change(proposal, proof, world.actor("decision_maker"), at, accepted=True, reasons=BECAUSE)
