# SPDX-License-Identifier: Apache-2.0
"""Bad assets, each named by its defect, with the step that must refuse it and the code of the words it must say."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from gradus.grading.texts import Text
from gradus.trust.bundle import Log, Witness
from gradus.trust.canonical import canonical
from gradus.trust.checkpoint import sign_checkpoint
from gradus.trust.credential import credential_document, sign_statement
from gradus.trust.encodings import to_base64
from gradus.trust.keys import Signer
from gradus.trust.log import CompactRange, inclusion_path, leaf_hash, over
from gradus.trust.proof import sign_document
from gradus.trust.receipt import write_receipt
from gradus.trust.statement import Purpose
from gradus.trust.status_list import bits_of, encode_bits, sign_list
from tests.trust.world import (
    BUNDLE,
    DECIDED,
    GOOD,
    HOST,
    INDEX,
    ISSUED,
    ISSUER,
    ISSUER_KEY,
    LOG_KEY,
    LOGGED,
    NUMBER,
    ORIGIN,
    OTHER_KEY,
    OTHERS,
    TODAY,
    WITNESS,
    WITNESS_KEY,
    WITNESSED,
    Case,
    period,
    receipt_of,
    statement,
    status_lists,
)


@dataclass(frozen=True)
class Exhibit:
    defect: str
    make: Callable[[], Case]
    step: str
    code: str
    cannot_tell: bool = False


def forged(**changes: object) -> Case:
    """Signed by the issuer and logged, though no such statement may be."""
    return logged(sign_statement(statement(**changes), ISSUER_KEY))


def logged(credential: bytes, **more: Any) -> Case:
    return replace(GOOD, credential=credential, receipt=receipt_of(credential, **more))


def edited(edit: Callable[[dict], object], signer: Any = None) -> Case:
    """The good credential with something changed in it; signed anew where a key is given, as it was otherwise."""
    document = json.loads(GOOD.credential)
    edit(document)
    if signer:
        document.pop("proof")
        document = sign_document(document, signer, ISSUER.id, ISSUED)
    return logged(canonical(document))


def with_proof(**changes: object) -> Case:
    return edited(lambda document: document["proof"].update(changes))


def inner(document: dict) -> dict:
    return document["credentialSubject"]["statement"]


def receipted(edit: Callable[[dict], object]) -> Case:
    receipt = json.loads(GOOD.receipt)
    edit(receipt)
    return replace(GOOD, receipt=canonical(receipt))


def checkpointed(edit: Callable[[list[str]], object]) -> Case:
    """The good receipt with something changed in its checkpoint's lines."""

    def change(receipt: dict) -> None:
        lines = receipt["checkpoint"].split("\n")
        edit(lines)
        receipt["checkpoint"] = "\n".join(lines)

    return receipted(change)


def garbled_line(name: str, key: Signer) -> bytes:
    """A receipt with one line more: of a key that the bundle knows, and no signature at all."""
    receipt = json.loads(receipt_of(GOOD.credential, witness=name == WITNESS))
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + key.public.raw).digest()[:4]
    receipt["checkpoint"] += f"\u2014 {name} {to_base64(key_id + bytes(64))}\n"
    return canonical(receipt)


def bundled(**changes: object) -> Case:
    return replace(GOOD, bundle=replace(BUNDLE, **changes))


def listed(**changes: Any) -> Case:
    return replace(GOOD, lists=tuple(status_lists(**changes)))


def list_edited(edit: Callable[[dict], object], *, sign: bool = False) -> Case:
    """The revocation list with something changed in it."""
    document = json.loads(GOOD.lists[0])
    edit(document)
    if sign:
        document.pop("proof")
        document = json.loads(sign_list(document, ISSUER_KEY))
    return replace(GOOD, lists=(canonical(document), GOOD.lists[1]))


def rewritten_history() -> Case:
    """A log whose earlier leaf was exchanged: the path is of the new tree, the checkpoint of the old."""
    others = [leaf_hash(b"exchanged"), *OTHERS[1:]]
    new, old = json.loads(receipt_of(GOOD.credential, others=others)), json.loads(GOOD.receipt)
    return replace(GOOD, receipt=canonical({**new, "checkpoint": old["checkpoint"]}))


def stamped_only() -> Case:
    return checkpointed(lambda lines: lines.pop(4))


def empty_path_for_one_leaf() -> Case:
    """A log of one leaf, signed by somebody else in the log's name."""
    tree = CompactRange().append(leaf_hash(GOOD.credential))
    text = sign_checkpoint(ORIGIN, 1, tree.root, OTHER_KEY, LOGGED)
    return replace(GOOD, receipt=write_receipt(GOOD.credential, 0, 1, [], text))


def leaf_as_node() -> Case:
    """Second preimage: an inner node passed off as a leaf, which the prefixes of RFC 6962 are there to prevent."""
    leaves = [*OTHERS[:13], leaf_hash(GOOD.credential), *OTHERS[13:]]
    path = inclusion_path(12, 21, over(leaves))
    return receipted(lambda r: r.update(inclusion_path=[base64.b64encode(each).decode() for each in path[1:]]))


_UNSORTED = json.dumps(json.loads(GOOD.credential), ensure_ascii=False, separators=(",", ":"), sort_keys=False)
_STOLEN = LOGGED - timedelta(hours=1)

EXHIBITS = [
    # Step 1: the bytes
    Exhibit("empty file", lambda: replace(GOOD, credential=b""), "1", "json.syntax"),
    Exhibit("not JSON", lambda: replace(GOOD, credential=b"certificate"), "1", "json.syntax"),
    Exhibit("not UTF-8", lambda: replace(GOOD, credential=b'{"a":"\xff"}'), "1", "json.not_utf8"),
    Exhibit("byte order mark", lambda: replace(GOOD, credential=b"\xef\xbb\xbf" + GOOD.credential), "1", "json.syntax"),
    Exhibit("cut short", lambda: replace(GOOD, credential=GOOD.credential[:-40]), "1", "json.syntax"),
    Exhibit("something behind the end", lambda: replace(GOOD, credential=GOOD.credential + b"{}"), "1", "json.syntax"),
    Exhibit(
        "newline behind the end", lambda: replace(GOOD, credential=GOOD.credential + b"\n"), "1", "json.not_canonical"
    ),
    Exhibit(
        "pretty printed",
        lambda: replace(GOOD, credential=json.dumps(json.loads(GOOD.credential), indent=2).encode()),
        "1",
        "json.not_canonical",
    ),
    Exhibit(
        "escaped Chinese",
        lambda: replace(GOOD, credential=json.dumps(json.loads(GOOD.credential), separators=(",", ":")).encode()),
        "1",
        "json.not_canonical",
    ),
    Exhibit(
        "key twice, the second meant to win",
        lambda: replace(GOOD, credential=GOOD.credential.replace(b'"rank":5', b'"rank":5,"rank":9')),
        "1",
        "json.key_twice",
    ),
    Exhibit(
        "fraction",
        lambda: replace(GOOD, credential=GOOD.credential.replace(b'"stars":4', b'"stars":4.0')),
        "1",
        "json.number",
    ),
    Exhibit(
        "NaN",
        lambda: replace(GOOD, credential=GOOD.credential.replace(b'"stars":4', b'"stars":NaN')),
        "1",
        "json.number",
    ),
    Exhibit(
        "number beyond 2^53",
        lambda: replace(GOOD, credential=GOOD.credential.replace(b'"stars":4', b'"stars":9007199254740993')),
        "1",
        "json.number",
    ),
    Exhibit("number of a thousand digits", lambda: replace(GOOD, credential=b"1" * 1000), "1", "json.number"),
    Exhibit(
        "half a character",
        lambda: replace(GOOD, credential=GOOD.credential.replace("天工".encode(), b"\\ud800", 1)),
        "1",
        "json.surrogate",
    ),
    Exhibit("ten thousand lists in one another", lambda: replace(GOOD, credential=b"[" * 10_000), "1", "json.too_deep"),
    Exhibit("a megabyte", lambda: replace(GOOD, credential=b'"' + b"x" * 2**20 + b'"'), "1", "json.too_large"),
    Exhibit("list instead of an object", lambda: replace(GOOD, credential=b"[]"), "1", "credential.other_kind"),
    Exhibit("proof stripped", lambda: edited(lambda d: d.pop("proof")), "1", "credential.no_proof"),
    Exhibit(
        "two proofs", lambda: edited(lambda d: d.update(proof=[d["proof"], d["proof"]])), "1", "credential.no_proof"
    ),
    Exhibit("other cryptosuite named", lambda: with_proof(cryptosuite="eddsa-rdfc-2022"), "1", "record.wrong_value"),
    Exhibit("other purpose of the proof", lambda: with_proof(proofPurpose="authentication"), "1", "record.wrong_value"),
    Exhibit(
        "proof that expires on its own", lambda: with_proof(expires="2030-01-01T00:00:00Z"), "1", "record.unknown_key"
    ),
    Exhibit(
        "proof with another context",
        lambda: with_proof(**{"@context": ["https://www.w3.org/ns/credentials/v2"]}),
        "1",
        "credential.no_proof",
    ),
    # Step 2: the issuer
    Exhibit("other issuer's key", lambda: logged(sign_statement(statement(), OTHER_KEY)), "2", "verify.unknown_key"),
    Exhibit(
        "issuer's key under another address",
        lambda: with_proof(verificationMethod=f"https://other.example#{ISSUER_KEY.public.multibase}"),
        "2",
        "verify.unknown_key",
    ),
    Exhibit(
        "log's key used for a certificate",
        lambda: logged(sign_statement(statement(), LOG_KEY)),
        "2",
        "verify.unknown_key",
    ),
    Exhibit("no trust file", lambda: replace(GOOD, bundle=None), "2", "verify.no_bundle", cannot_tell=True),
    # Step 3: the proof
    Exhibit(
        "other issuer's proof under the issuer's name",
        lambda: edited(
            lambda d: d["proof"].update(
                proofValue=json.loads(sign_statement(statement(), OTHER_KEY))["proof"]["proofValue"]
            )
        ),
        "3",
        "verify.proof",
    ),
    Exhibit("raised level", lambda: edited(lambda d: inner(d)["outcome"].update(rank=8, stars=5)), "3", "verify.proof"),
    Exhibit(
        "longer validity",
        lambda: edited(
            lambda d: (inner(d).update(last_valid_on="2032-06-01"), d.update(validUntil="2032-06-01T16:00:00Z"))
        ),
        "3",
        "verify.proof",
    ),
    Exhibit(
        "other holder",
        lambda: edited(lambda d: inner(d)["holder"].update(uscc="91310115MA1K00007Q")),
        "3",
        "verify.proof",
    ),
    Exhibit(
        "wider scope",
        lambda: edited(lambda d: inner(d)["scope"].append({"id": "cloud", "text": {"zh": "云服务", "en": "Cloud"}})),
        "3",
        "verify.proof",
    ),
    Exhibit(
        "flipped byte in the proof",
        lambda: edited(lambda d: d["proof"].update(proofValue=d["proof"]["proofValue"][:-1] + "1")),
        "3",
        "verify.proof",
    ),
    Exhibit("proof moved to a later time", lambda: with_proof(created="2026-06-03T00:00:00Z"), "3", "verify.proof"),
    Exhibit(
        "status entries exchanged",
        lambda: edited(
            lambda d: (
                inner(d)["status"][0].update(index=9),
                d["credentialStatus"][0].update(statusListIndex="9", id=f"{HOST}/status/revocation/1#9"),
            )
        ),
        "3",
        "verify.proof",
    ),
    # Step 4: the statement
    Exhibit(
        "issued before the decision",
        lambda: forged(issued_at=DECIDED - timedelta(seconds=1), first_issued_on=date(2026, 6, 1)),
        "4",
        "statement.before_decision",
    ),
    Exhibit(
        "valid before the decision",
        lambda: forged(valid_from=date(2026, 5, 31)),
        "4",
        "statement.valid_before_decision",
    ),
    Exhibit(
        "ends before it begins", lambda: forged(last_valid_on=date(2026, 6, 1)), "4", "statement.ends_before_it_begins"
    ),
    Exhibit(
        "first issue after this issue",
        lambda: forged(first_issued_on=date(2026, 6, 3)),
        "4",
        "statement.first_issue_later",
    ),
    Exhibit(
        "number with two digits exchanged",
        lambda: forged(number="XA-2026-000024" + NUMBER[-3:]),
        "4",
        "statement.number",
    ),
    Exhibit("supersedes itself", lambda: forged(supersedes=NUMBER), "4", "statement.supersedes"),
    Exhibit(
        "credit code with a wrong check character",
        lambda: forged(holder=replace(statement().holder, uscc="91110108MA00TERT2Q")),
        "4",
        "statement.uscc",
    ),
    Exhibit("empty scope", lambda: forged(scope=()), "4", "statement.scope"),
    Exhibit("same field twice in the scope", lambda: forged(scope=statement().scope[:1] * 2), "4", "statement.scope"),
    Exhibit(
        "certificate for no outcome",
        lambda: forged(outcome=replace(statement().outcome, rank=0)),
        "4",
        "statement.no_outcome",
    ),
    Exhibit("no status entries", lambda: forged(status=()), "4", "statement.status_entries"),
    Exhibit(
        "suspension list named twice, revocation never",
        lambda: forged(status=(statement().status[1],) * 2),
        "4",
        "statement.status_entries",
    ),
    Exhibit(
        "issuer called a ministry",
        lambda: forged(issuer=replace(ISSUER, name=Text("工业和信息化部认证中心", "Ministry Centre"))),
        "4",
        "statement.authority",
    ),
    Exhibit(
        "outcome called a ministry's",
        lambda: forged(outcome=replace(statement().outcome, text=Text("工信部二级", "MIIT level two"))),
        "4",
        "statement.authority",
    ),
    Exhibit(
        "other approval number",
        lambda: forged(issuer=replace(ISSUER, approval_no="CNCA-R-2099-999")),
        "4",
        "verify.issuer_differs",
    ),
    Exhibit(
        "outside says longer than the inside",
        lambda: edited(lambda d: d.update(validUntil="2032-06-01T16:00:00Z"), ISSUER_KEY),
        "4",
        "credential.outside_differs",
    ),
    Exhibit(
        "outside names no status list",
        lambda: edited(lambda d: d.pop("credentialStatus"), ISSUER_KEY),
        "4",
        "credential.outside_differs",
    ),
    Exhibit(
        "field added outside",
        lambda: edited(lambda d: d.update(evidence=[]), ISSUER_KEY),
        "4",
        "credential.outside_differs",
    ),
    Exhibit(
        "field added inside", lambda: edited(lambda d: inner(d).update(note="*"), ISSUER_KEY), "4", "record.unknown_key"
    ),
    Exhibit(
        "decision left out", lambda: edited(lambda d: inner(d).pop("decision"), ISSUER_KEY), "4", "record.missing_key"
    ),
    Exhibit(
        "number where words are",
        lambda: edited(lambda d: inner(d).update(surveillance=1), ISSUER_KEY),
        "4",
        "record.wrong_value",
    ),
    Exhibit(
        "yes where a number is",
        lambda: edited(lambda d: inner(d)["outcome"].update(stars=True), ISSUER_KEY),
        "4",
        "record.wrong_value",
    ),
    Exhibit(
        "30 February",
        lambda: edited(lambda d: inner(d).update(valid_from="2027-02-30"), ISSUER_KEY),
        "4",
        "record.wrong_value",
    ),
    Exhibit(
        "the year 9999",
        lambda: edited(lambda d: inner(d).update(last_valid_on="9999-12-31"), ISSUER_KEY),
        "4",
        "record.wrong_value",
    ),
    Exhibit(
        "local time without its offset",
        lambda: edited(lambda d: inner(d).update(issued_at="2026-06-02T09:30:00"), ISSUER_KEY),
        "4",
        "record.wrong_value",
    ),
    Exhibit(
        "line break in the holder's name",
        lambda: edited(lambda d: inner(d)["holder"]["name"].update(zh="甲\n乙"), ISSUER_KEY),
        "4",
        "record.wrong_value",
    ),
    Exhibit(
        "address that is a script",
        lambda: edited(lambda d: inner(d).update(verification_url="javascript:alert(1)"), ISSUER_KEY),
        "4",
        "record.wrong_value",
    ),
    Exhibit(
        "credential of another kind",
        lambda: edited(lambda d: d.update(type=["VerifiableCredential", "DriverLicence"]), ISSUER_KEY),
        "4",
        "credential.other_kind",
    ),
    Exhibit("status list passed off as a certificate", lambda: logged(GOOD.lists[0]), "4", "credential.other_kind"),
    Exhibit(
        "proof made at another time than issued",
        lambda: logged(
            canonical(
                sign_document(credential_document(statement()), ISSUER_KEY, ISSUER.id, ISSUED - timedelta(days=1))
            )
        ),
        "4",
        "verify.made_at",
    ),
    Exhibit(
        "name that reads backwards",
        lambda: edited(lambda d: inner(d)["holder"]["name"].update(en="Tiangong \u202e.dtL oC"), ISSUER_KEY),
        "4",
        "record.wrong_value",
    ),
    Exhibit(
        "credit code in small letters",
        lambda: edited(lambda d: inner(d)["holder"].update(uscc="91110108ma00tert2p"), ISSUER_KEY),
        "4",
        "record.wrong_value",
    ),
    # Step 5: the checkpoint
    Exhibit("no receipt", lambda: replace(GOOD, receipt=None), "5", "verify.no_receipt", cannot_tell=True),
    Exhibit("receipt is no JSON", lambda: replace(GOOD, receipt=b"receipt"), "5", "json.syntax"),
    Exhibit(
        "receipt of another format",
        lambda: receipted(lambda r: r.update(format="gradus-receipt/2")),
        "5",
        "record.wrong_value",
    ),
    Exhibit(
        "receipt with negative index", lambda: receipted(lambda r: r.update(leaf_index=-1)), "5", "record.wrong_value"
    ),
    Exhibit(
        "hash with spare bits",
        lambda: receipted(lambda r: r.update(leaf_hash=r["leaf_hash"][:-2] + "J=")),
        "5",
        "receipt.hash",
    ),
    Exhibit("checkpoint of one line", lambda: receipted(lambda r: r.update(checkpoint="x")), "5", "checkpoint.form"),
    Exhibit(
        "checkpoint with an extension line",
        lambda: checkpointed(lambda c: c.insert(3, "extra")),
        "5",
        "checkpoint.form",
    ),
    Exhibit(
        "checkpoint with leading zero", lambda: checkpointed(lambda c: c.__setitem__(1, "021")), "5", "checkpoint.form"
    ),
    Exhibit(
        "checkpoint without signatures",
        lambda: checkpointed(lambda c: c.__delitem__(slice(4, None))),
        "5",
        "checkpoint.form",
    ),
    Exhibit("checkpoint without the log's signature", stamped_only, "5", "verify.checkpoint"),
    Exhibit("checkpoint without the log's stamp", lambda: checkpointed(lambda c: c.pop(5)), "5", "verify.checkpoint"),
    Exhibit(
        "checkpoint of a larger tree, unsigned",
        lambda: checkpointed(lambda c: c.__setitem__(1, "22")),
        "5",
        "verify.checkpoint",
    ),
    Exhibit("somebody else's log under the log's name", empty_path_for_one_leaf, "5", "verify.checkpoint"),
    Exhibit(
        "other log",
        lambda: replace(GOOD, receipt=receipt_of(GOOD.credential, origin="other.example/log")),
        "5",
        "verify.other_log",
    ),
    Exhibit("witness missing", lambda: replace(GOOD, bundle=WITNESSED), "5", "verify.no_witness"),
    Exhibit(
        "witness of another key",
        lambda: replace(
            GOOD,
            bundle=replace(WITNESSED, witnesses=(Witness("witness.example/w1", OTHER_KEY.public.multibase),)),
            receipt=receipt_of(GOOD.credential, witness=True),
        ),
        "5",
        "verify.no_witness",
    ),
    Exhibit(
        "signature of a stranger",
        lambda: replace(GOOD, receipt=receipt_of(GOOD.credential, witness=True)),
        "5",
        "verify.stranger",
        cannot_tell=True,
    ),
    Exhibit(
        "log's signature twice",
        lambda: checkpointed(lambda c: c.insert(4, c[4])),
        "5",
        "verify.stranger",
        cannot_tell=True,
    ),
    Exhibit(
        "line beside the stamps that nobody verifies",
        lambda: replace(GOOD, bundle=WITNESSED, receipt=garbled_line(WITNESS, WITNESS_KEY)),
        "5",
        "verify.stranger",
        cannot_tell=True,
    ),
    Exhibit(
        "line of another key of the log that nobody verifies",
        lambda: replace(
            bundled(log=Log(ORIGIN, (period(LOG_KEY), period(OTHER_KEY)))), receipt=garbled_line(ORIGIN, OTHER_KEY)
        ),
        "5",
        "verify.stranger",
        cannot_tell=True,
    ),
    Exhibit(
        "second key of a witness missing",
        lambda: replace(
            GOOD,
            bundle=replace(WITNESSED, witnesses=(Witness(WITNESS, OTHER_KEY.public.multibase), *WITNESSED.witnesses)),
            receipt=receipt_of(GOOD.credential, witness=True),
        ),
        "5",
        "verify.no_witness",
    ),
    Exhibit(
        "log's key stolen before the witness stamped",
        lambda: replace(
            GOOD,
            bundle=replace(
                WITNESSED, log=Log(ORIGIN, (period(LOG_KEY, compromised_at=LOGGED + timedelta(seconds=3)),))
            ),
            receipt=receipt_of(GOOD.credential, witness=True),
        ),
        "5",
        "verify.log_key_stolen",
        cannot_tell=True,
    ),
    Exhibit(
        "log's key expired",
        lambda: bundled(log=Log(ORIGIN, (period(LOG_KEY, valid_until=LOGGED),))),
        "5",
        "verify.log_key_period",
    ),
    Exhibit(
        "log's key stolen, no witness",
        lambda: bundled(log=Log(ORIGIN, (period(LOG_KEY, compromised_at=TODAY),))),
        "5",
        "verify.log_key_stolen",
        cannot_tell=True,
    ),
    # Step 6: inclusion
    Exhibit(
        "replayed receipt of another certificate",
        lambda: replace(GOOD, receipt=receipt_of(b"another")),
        "6",
        "verify.not_included",
    ),
    Exhibit("rewritten history", rewritten_history, "6", "verify.not_included"),
    Exhibit(
        "receipt for another place", lambda: receipted(lambda r: r.update(leaf_index=12)), "6", "verify.not_included"
    ),
    Exhibit(
        "receipt for a smaller tree than the checkpoint's",
        lambda: receipted(lambda r: r.update(tree_size=20)),
        "6",
        "verify.not_included",
    ),
    Exhibit("path cut short", lambda: receipted(lambda r: r["inclusion_path"].pop()), "6", "verify.not_included"),
    Exhibit(
        "path too long",
        lambda: receipted(lambda r: r["inclusion_path"].append(r["leaf_hash"])),
        "6",
        "verify.not_included",
    ),
    Exhibit(
        "path of a thousand steps",
        lambda: receipted(lambda r: r.update(inclusion_path=[r["leaf_hash"]] * 1000)),
        "6",
        "verify.not_included",
    ),
    Exhibit("inner node passed off as a leaf", leaf_as_node, "6", "verify.not_included"),
    Exhibit(
        "reissued with the same content, receipt of the first",
        lambda: replace(
            GOOD, credential=sign_statement(statement(issued_at=ISSUED + timedelta(seconds=1)), ISSUER_KEY)
        ),
        "6",
        "verify.not_included",
    ),
    # Step 7: the key at the time of logging
    Exhibit("expired key", lambda: bundled(keys=(period(ISSUER_KEY, valid_until=LOGGED),)), "7", "verify.key_period"),
    Exhibit(
        "key not in use yet",
        lambda: bundled(keys=(period(ISSUER_KEY, valid_from=LOGGED + timedelta(seconds=1)),)),
        "7",
        "verify.key_period",
    ),
    Exhibit(
        "logged after the key was stolen",
        lambda: bundled(keys=(period(ISSUER_KEY, compromised_at=_STOLEN),)),
        "7",
        "verify.key_stolen",
    ),
    Exhibit(
        "dated back by the thief",
        lambda: replace(
            forged(issued_at=ISSUED - timedelta(hours=2)),
            bundle=replace(BUNDLE, keys=(period(ISSUER_KEY, compromised_at=_STOLEN),)),
        ),
        "7",
        "verify.key_stolen",
    ),
    Exhibit(
        "stolen key, no receipt",
        lambda: replace(bundled(keys=(period(ISSUER_KEY, compromised_at=TODAY),)), receipt=None),
        "7",
        "verify.key_stolen_no_receipt",
        cannot_tell=True,
    ),
    Exhibit(
        "logged before it was made",
        lambda: replace(GOOD, receipt=receipt_of(GOOD.credential, at=ISSUED - timedelta(seconds=1))),
        "7",
        "verify.logged_before_made",
    ),
    # Step 8: the calendar
    Exhibit("expired certificate", lambda: replace(GOOD, at=GOOD.at.replace(year=2029)), "8", "verify.expired"),
    Exhibit("not valid yet", lambda: replace(GOOD, at=ISSUED - timedelta(seconds=1)), "8", "verify.not_yet_valid"),
    # Step 9: the status
    Exhibit("revoked", lambda: listed(set_bits={Purpose.REVOCATION: {INDEX}}), "9", "verify.revoked"),
    Exhibit("suspended", lambda: listed(set_bits={Purpose.SUSPENSION: {INDEX}}), "9", "verify.suspended"),
    Exhibit("no status list", lambda: replace(GOOD, lists=()), "9", "status.missing", cannot_tell=True),
    Exhibit(
        "revocation list alone", lambda: replace(GOOD, lists=GOOD.lists[:1]), "9", "status.missing", cannot_tell=True
    ),
    Exhibit(
        "outdated status list",
        lambda: replace(GOOD, at=TODAY + timedelta(days=2)),
        "9",
        "status.not_in_force",
        cannot_tell=True,
    ),
    Exhibit(
        "older status list behind a newer one that has ended",
        lambda: replace(
            GOOD,
            lists=(
                *status_lists(begins=TODAY - timedelta(hours=20)),
                *status_lists(begins=TODAY - timedelta(hours=2), lasts=timedelta(hours=1)),
            ),
        ),
        "9",
        "status.not_in_force",
        cannot_tell=True,
    ),
    Exhibit(
        "two lists of one second, the clear one first",
        lambda: replace(GOOD, lists=(*GOOD.lists, *status_lists(set_bits={Purpose.SUSPENSION: {INDEX}}))),
        "9",
        "verify.suspended",
    ),
    Exhibit(
        "two lists of one second, the clear one last",
        lambda: replace(GOOD, lists=(*status_lists(set_bits={Purpose.SUSPENSION: {INDEX}}), *GOOD.lists)),
        "9",
        "verify.suspended",
    ),
    Exhibit(
        "two lists of one second, one of which has ended",
        lambda: replace(GOOD, lists=(*GOOD.lists, *status_lists(lasts=timedelta(minutes=30)))),
        "9",
        "status.not_in_force",
        cannot_tell=True,
    ),
    Exhibit(
        "status list that has ended and revoked it",
        lambda: replace(listed(set_bits={Purpose.REVOCATION: {INDEX}}), at=TODAY + timedelta(days=2)),
        "9",
        "verify.revoked",
    ),
    Exhibit(
        "status list that has ended and suspended it",
        lambda: replace(listed(set_bits={Purpose.SUSPENSION: {INDEX}}), at=TODAY + timedelta(days=2)),
        "9",
        "status.not_in_force",
        cannot_tell=True,
    ),
    Exhibit(
        "status list that revoked it later than asked",
        lambda: listed(set_bits={Purpose.REVOCATION: {INDEX}}, begins=TODAY + timedelta(days=1)),
        "9",
        "status.not_in_force",
        cannot_tell=True,
    ),
    Exhibit(
        "status list of a later day",
        lambda: listed(begins=TODAY + timedelta(days=1)),
        "9",
        "status.not_in_force",
        cannot_tell=True,
    ),
    Exhibit(
        "status list signed by somebody else",
        lambda: listed(signer=OTHER_KEY),
        "9",
        "status.not_trusted",
        cannot_tell=True,
    ),
    Exhibit(
        "status list of another issuer",
        lambda: listed(issuer="https://other.example/issuer"),
        "9",
        "status.not_trusted",
        cannot_tell=True,
    ),
    Exhibit(
        "status list of another address",
        lambda: list_edited(
            lambda d: (
                d.update(id=f"{HOST}/status/revocation/2"),
                d["credentialSubject"].update(id=f"{HOST}/status/revocation/2#list"),
            ),
            sign=True,
        ),
        "9",
        "status.missing",
        cannot_tell=True,
    ),
    Exhibit(
        "suspension list in the place of the revocation list",
        lambda: list_edited(lambda d: d["credentialSubject"].update(statusPurpose="suspension"), sign=True),
        "9",
        "status.missing",
        cannot_tell=True,
    ),
    Exhibit(
        "status list with its bits cleared",
        lambda: list_edited(lambda d: d["credentialSubject"].update(encodedList=encode_bits(bits_of(())))),
        "9",
        "status.not_trusted",
        cannot_tell=True,
    ),
    Exhibit(
        "status list extended without a signature",
        lambda: list_edited(lambda d: d.update(validUntil="2027-01-01T00:00:00Z")),
        "9",
        "status.not_trusted",
        cannot_tell=True,
    ),
    Exhibit(
        "status list too short to hide anybody",
        lambda: list_edited(
            lambda d: d["credentialSubject"].update(
                encodedList="u" + base64.urlsafe_b64encode(b"short").decode().rstrip("=")
            ),
            sign=True,
        ),
        "9",
        "status.not_a_list",
        cannot_tell=True,
    ),
    Exhibit(
        "status list with index beyond its end",
        lambda: forged(status=tuple(replace(each, index=131_072) for each in statement().status)),
        "9",
        "status.no_such_index",
        cannot_tell=True,
    ),
    Exhibit(
        "status list is no JSON",
        lambda: replace(GOOD, lists=(b"bits", GOOD.lists[1])),
        "9",
        "json.syntax",
        cannot_tell=True,
    ),
    Exhibit(
        "status list signed with a stolen key",
        lambda: bundled(keys=(period(ISSUER_KEY, compromised_at=TODAY),)),
        "9",
        "status.not_trusted",
        cannot_tell=True,
    ),
    Exhibit(
        "status list that ends before it begins",
        lambda: listed(lasts=timedelta(0)),
        "9",
        "status.not_a_list",
        cannot_tell=True,
    ),
]
