# SPDX-License-Identifier: Apache-2.0
"""The trust bundle: what a verifier keeps, obtained once over a way it trusts. Docs: docs/formats/trust-bundle.md."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.canonical import Json, canonical, parse
from gradus.trust.encodings import from_base64
from gradus.trust.instants import write_instant
from gradus.trust.keys import Algorithm, PublicKey, read_public_key
from gradus.trust.proof import method_of
from gradus.trust.records import Form, Line, from_json, to_json
from gradus.trust.statement import Issuer

FORMAT = "gradus-trust/1"
LARGEST_BUNDLE = 8 * 2**20

# The name of a log or a witness is one word: it stands in a signature line (C2SP signed-note).
KeyName = Annotated[str, Form(r"[^\s+\x00-\x1f\x7f]{1,200}", "certificates.example/log")]


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """A public key and when it may sign: from one instant to before another. Whoever stole it could sign from
    ``compromised_at`` on."""

    public_key: Line
    valid_from: datetime
    valid_until: datetime | None
    compromised_at: datetime | None

    @property
    def key(self) -> PublicKey:
        return read_public_key(self.public_key)

    def signs_at(self, at: datetime) -> bool:
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True)
class Log:
    origin: KeyName
    keys: tuple[KeyPeriod, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody else who watches the log and stamps its checkpoints; where one is named, the stamp is needed."""

    name: KeyName
    public_key: Line

    @property
    def key(self) -> PublicKey:
        return read_public_key(self.public_key)


@dataclass(frozen=True, slots=True)
class PdfChain:
    """X.509 certificates for PDF signatures, base64 of DER, the signing one first."""

    certificates: tuple[str, ...]
    compromised_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrustBundle:
    """``former_issuers``: earlier names and addresses of the same body, as older certificates bear them.
    ``status_lists``: the text of each list, as it was signed."""

    format: Annotated[str, Form(FORMAT, FORMAT)]
    made_at: datetime
    issuer: Issuer
    former_issuers: tuple[Issuer, ...]
    keys: tuple[KeyPeriod, ...]
    log: Log
    witnesses: tuple[Witness, ...]
    pdf: tuple[PdfChain, ...]
    status_lists: tuple[str, ...]

    def key_of(self, verification_method: str) -> KeyPeriod | None:
        """The issuer's key of that address."""
        methods = (method_of(self.issuer.id, each.key) for each in self.keys)
        return next(
            (each for each, method in zip(self.keys, methods, strict=True) if method == verification_method), None
        )

    @property
    def fingerprint(self) -> str:
        """What two people compare over the telephone; status lists do not change it."""
        content = to_json(self)
        assert isinstance(content, dict)
        rest = {key: each for key, each in content.items() if key not in ("made_at", "status_lists")}
        return "sha256:" + hashlib.sha256(canonical(rest)).hexdigest()


def read_bundle(data: bytes, name: str) -> TrustBundle:
    """A bundle from its bytes. Raises Refusal with every fault."""
    bundle = from_json(TrustBundle, parse(data, name, LARGEST_BUNDLE), name)
    faults = list(_faults(bundle, name))
    if faults:
        raise Refusal(faults)
    return bundle


def write_bundle(bundle: TrustBundle) -> bytes:
    return canonical(to_json(bundle))


def _faults(bundle: TrustBundle, name: str) -> Iterator[Fault]:
    here = Place(name)
    periods = (*bundle.keys, *bundle.log.keys)
    keys = [each.public_key for each in periods] + [each.public_key for each in bundle.witnesses]
    for text in keys:
        try:
            good = read_public_key(text).algorithm is Algorithm.ED25519
        except ValueError:
            good = False
        if not good:
            yield Fault("bundle.key", here, {"value": text})
    if len(set(keys)) < len(keys):
        yield Fault("bundle.key_twice", here)
    if not bundle.keys or not bundle.log.keys:
        yield Fault("bundle.no_key", here)
    for period in periods:
        if period.valid_until is not None and period.valid_until <= period.valid_from:
            yield Fault("bundle.period", here, {"value": period.public_key})
    if any(each.id != bundle.issuer.id for each in bundle.former_issuers):
        yield Fault("bundle.former_issuer", here)
    for certificate in (each for chain in bundle.pdf for each in chain.certificates):
        try:
            from_base64(certificate)
        except ValueError:
            yield Fault("bundle.certificate", here)


def controller_document(bundle: TrustBundle) -> dict[str, Json]:
    """What the issuer's address answers with, for verifiers of any make: a controlled identifier document (W3C
    Controlled Identifiers 1.0) under the two contexts that verifiers in the field have with them."""
    methods: list[Json] = [_method(bundle.issuer.id, each) for each in bundle.keys]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": bundle.issuer.id,
        "assertionMethod": methods,
    }


def _method(controller: str, period: KeyPeriod) -> dict[str, Json]:
    method: dict[str, Json] = {
        "id": method_of(controller, period.key),
        "type": "Multikey",
        "controller": controller,
        "publicKeyMultibase": period.public_key,
    }
    if period.valid_until:
        method["expires"] = write_instant(period.valid_until)
    if period.compromised_at:
        method["revoked"] = write_instant(period.compromised_at)
    return method
