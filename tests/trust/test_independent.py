# SPDX-License-Identifier: Apache-2.0
"""Programs that others wrote accept what is issued here, and refuse it once it is tampered with: Digital Bazaar's VC
2.0 verifier with eddsa-jcs-2022 and Bitstring Status List, and Transmute's RFC 9162 proofs, in one run of Node."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gradus.trust.bundle import controller_document
from gradus.trust.credential import CONTEXT, CONTEXT_NAME, sign_statement
from gradus.trust.encodings import to_base64
from gradus.trust.instants import write_instant
from gradus.trust.log import consistency_path, inclusion_path, leaf_hash, over
from gradus.trust.statement import Change, Purpose
from tests.trust.world import BUNDLE, GOOD, INDEX, ISSUER, ISSUER_KEY, OTHER_KEY, TODAY, change, statement, status_lists

NODE = Path(__file__).resolve().parents[1] / "node"
LEAVES = [leaf_hash(number.to_bytes(2, "big")) for number in range(20)]
SIZES = range(1, 20)


def root(size: int) -> str:
    return to_base64(over(LEAVES)(0, size))


def tampered(edit) -> dict:
    document = json.loads(GOOD.credential)
    edit(document["credentialSubject"]["statement"], document)
    return document


STRANGER = replace(ISSUER, id="https://other.example/issuer")
CREDENTIALS = {
    "certificate": json.loads(GOOD.credential),
    "change": json.loads(sign_statement(change(Change.SUSPENDED, TODAY), ISSUER_KEY)),
    "revocation list": json.loads(GOOD.lists[0]),
    "raised level": tampered(lambda said, _: said["outcome"].update(rank=8)),
    "longer validity": tampered(lambda _, document: document.update(validUntil="2032-06-01T16:00:00Z")),
    "proof at another time": tampered(lambda _, document: document["proof"].update(created="2026-06-03T00:00:00Z")),
    "other issuer's key": json.loads(sign_statement(statement(), OTHER_KEY)),
    "other issuer": json.loads(sign_statement(statement(issuer=STRANGER), OTHER_KEY)),
}
INCLUSIONS = [
    {
        "root": root(size),
        "leaf": to_base64(LEAVES[place]),
        "size": size,
        "index": place,
        "path": [to_base64(each) for each in inclusion_path(place, size, over(LEAVES))],
    }
    for size in SIZES
    for place in range(size)
]
CONSISTENCIES = [
    {
        "first": first,
        "second": second,
        "firstRoot": root(first),
        "secondRoot": root(second),
        "path": [to_base64(each) for each in consistency_path(first, second, over(LEAVES))],
    }
    for second in SIZES
    for first in range(1, second)
]


def altered(proofs: list[dict], key: str) -> list[dict]:
    """The same proofs over another root."""
    return [{**each, key: root(20)} for each in proofs]


def resolved(given: list[bytes]) -> dict[str, object]:
    """What each address leads to."""
    controller = controller_document(BUNDLE)
    multikey = {"@context": "https://w3id.org/security/multikey/v1"}
    keys = {method["id"]: multikey | method for method in controller["assertionMethod"]}
    found = {json.loads(each)["id"]: json.loads(each) for each in given}
    return {ISSUER.id: controller, CONTEXT_NAME: CONTEXT, **keys, **found}


def node(listed: list[bytes]) -> dict:
    given = {
        "documents": resolved(listed),
        "now": write_instant(TODAY),
        "credentials": list(CREDENTIALS.values()),
        "inclusions": INCLUSIONS + altered(INCLUSIONS, "root"),
        "consistencies": CONSISTENCIES + altered(CONSISTENCIES, "secondRoot"),
    }
    done = subprocess.run(
        ["node", "check.mjs"], cwd=NODE, input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lists(**more) -> list[bytes]:
    """Status lists for a verifier that knows no other time than its machine's."""
    return status_lists(begins=datetime(2020, 1, 1, tzinfo=UTC), lasts=timedelta(days=100 * 365), **more)


@pytest.fixture(scope="module")
def answers() -> dict:
    return node(lists())


def test_another_maker_accepts_our_credentials(answers):
    found = dict(zip(CREDENTIALS, answers["credentials"], strict=True))
    for name in ("certificate", "change", "revocation list"):
        assert found[name]["verified"], found[name]["errors"]


def test_another_maker_refuses_what_was_tampered_with(answers):
    found = dict(zip(CREDENTIALS, answers["credentials"], strict=True))
    for name in list(CREDENTIALS)[3:]:
        assert not found[name]["verified"], name


def test_another_maker_reads_our_status_lists(answers):
    assert answers["credentials"][0]["errors"] == []
    assert answers["credentials"][0]["status"] == [["revocation", False], ["suspension", False]]
    suspended = node(lists(set_bits={Purpose.SUSPENSION: {INDEX}}))
    assert suspended["credentials"][0]["status"] == [["revocation", False], ["suspension", True]]


def test_another_maker_accepts_our_proofs_of_inclusion_and_no_others(answers):
    assert answers["inclusions"] == [True] * len(INCLUSIONS) + [False] * len(INCLUSIONS)


def test_another_maker_accepts_our_proofs_of_consistency_and_no_others(answers):
    assert answers["consistencies"] == [True] * len(CONSISTENCIES) + [False] * len(CONSISTENCIES)
