# SPDX-License-Identifier: Apache-2.0
"""The body's keys: made, followed by another, stolen. docs/keys.md is the ceremony.

The secret half lies encrypted in ``keys/`` of the data folder and is opened by :func:`signer_of` alone; a hardware
module would answer there instead.
"""

import os
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, generate_private_key
from django.conf import settings
from django.db import transaction

from gradus.certificates.issuer import issuer_of, named
from gradus.certificates.models import Key, KeyEnd, KeyPurpose, KeyTheft, Leaf, LogHead, StatusListIssue
from gradus.certificates.unfinished import look_everywhere
from gradus.formats.certificate_pki import Span, Subject, make_root, make_signing_certificate
from gradus.formats.certificate_signature import PdfSigner
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.trust.encodings import from_base64, to_base64
from gradus.trust.instants import whole, write_instant
from gradus.trust.keys import ENTROPY, Algorithm, PublicKey, Signer, SoftwareSigner, load_key, new_key

CHAIN_LASTS = timedelta(days=5 * 365)
"""How long a key for pages is certified; it is followed by another before that."""

_SECOND = timedelta(seconds=1)


def make_keys(actor: Actor, at: datetime) -> list[Key]:
    """Make a key for every purpose that has none; the first half of the ceremony."""
    with transaction.atomic():
        _lock()
        made = [_new(each, at) for each in KeyPurpose if current_or_none(each) is None]
        for key in made:
            _record(Kind.KEY_MADE, key, actor, at)
    return made


def rotate_key(purpose: KeyPurpose, actor: Actor, at: datetime) -> Key:
    """End the key of a purpose and make the next; what the ended one signed stays good."""
    with transaction.atomic():
        _lock()
        _end(current(purpose), at)
        made = _new(purpose, at)
        _record(Kind.KEY_MADE, made, actor, at)
    return made


def note_theft(key: Key, since: datetime, actor: Actor, at: datetime) -> Key | None:
    """Note that a key was in other hands from an instant on, and end it; returns the key that follows, None where it
    had one already. What the log had before that instant stays good; :func:`gradus.certificates.recover.recover` states
    the rest again."""
    faults = [Fault("keys.stolen_later", params={"since": write_instant(whole(since))})] if since > at else []
    if KeyTheft.objects.filter(key=key).exists():
        faults.append(Fault("keys.stolen_already"))
    if faults:
        raise Refusal(faults)
    with transaction.atomic():
        _lock()
        KeyTheft.objects.create(key=key, since=whole(since), noted_at=at)
        look_everywhere()
        made = None
        if not KeyEnd.objects.filter(key=key).exists():
            _end(key, at)
            made = _new(KeyPurpose(key.purpose), at)
        _record(Kind.KEY_STOLEN, key, actor, at, since=write_instant(whole(since)))
        if made:
            _record(Kind.KEY_MADE, made, actor, at)
    return made


def current_or_none(purpose: KeyPurpose) -> Key | None:
    """The key that signs for a purpose now, if there is one."""
    return Key.objects.filter(purpose=purpose, end=None, theft=None).order_by("-id").first()


def current(purpose: KeyPurpose) -> Key:
    """The key that signs for a purpose now. Raises Refusal when none was made."""
    found = current_or_none(purpose)
    if found is None:
        raise Refusal([Fault("keys.none", params={"purpose": purpose.value})])
    return found


def key_named(name: str) -> Key:
    """A key by its name, ``issuer-1``. Raises Refusal."""
    found = next((each for each in Key.objects.all() if str(each) == name), None)
    if found is None:
        raise Refusal([Fault("keys.unknown", params={"value": name})])
    return found


def chain_ends(key: Key) -> datetime:
    """From when on nothing that a key for pages signs is good: its certificates have ended."""
    return key.valid_from + CHAIN_LASTS


def signer_of(key: Key) -> Signer:
    """Who signs with a key: the one place where secret halves are opened. Raises Refusal."""
    file = _file(key.purpose, key.public_key)
    try:
        pem = file.read_bytes()
    except OSError:
        raise Refusal([Fault("keys.file_missing", Place(str(file)))]) from None
    signer = _opened(pem, passphrase(), str(file))
    if signer.public.multibase != key.public_key:
        raise Refusal([Fault("keys.other_key", Place(str(file)))])
    return signer


def pdf_signer_of(key: Key) -> PdfSigner:
    """Who signs pages."""
    return PdfSigner(signer_of(key).sign, tuple(from_base64(each) for each in key.certificates))


def passphrase() -> str:
    """What opens the keys. Raises Refusal where nobody says it."""
    if settings.KEY_PASSPHRASE:
        return str(settings.KEY_PASSPHRASE)
    try:
        return str(settings.KEY_PASSPHRASE_FILE.read_text("utf-8").splitlines()[0])
    except (OSError, IndexError):
        raise Refusal([Fault("keys.no_passphrase", Place(str(settings.KEY_PASSPHRASE_FILE)))]) from None


@lru_cache(maxsize=32)
def _opened(pem: bytes, phrase: str, name: str) -> SoftwareSigner:
    """Opening takes long on purpose."""
    return load_key(pem, phrase, name)


def _lock() -> None:
    """Keys come and go between two leaves of the log, never under one."""
    LogHead.objects.select_for_update(no_key=True).get(pk=1)


def _new(purpose: KeyPurpose, at: datetime) -> Key:
    """A key: its secret half is on the disk before the database speaks of the other."""
    phrase = passphrase()
    algorithm = Algorithm.P256 if purpose is KeyPurpose.PDF else Algorithm.ED25519
    signer = new_key(algorithm, secrets.token_bytes(ENTROPY))
    chain = _chain(signer.public, at) if purpose is KeyPurpose.PDF else ()
    _write(_file(purpose, signer.public.multibase), signer.to_pem(phrase))
    return Key.objects.create(
        purpose=purpose,
        public_key=signer.public.multibase,
        certificates=[to_base64(each) for each in chain],
        valid_from=whole(at),
    )


def _end(key: Key, at: datetime) -> None:
    """After all that it signed, whatever the clocks of those requests said."""
    leaf, listed = Leaf.objects.order_by("-index").first(), StatusListIssue.objects.order_by("-id").first()
    last = max([key.valid_from, *([leaf.at] if leaf else []), *([listed.valid_from] if listed else [])])
    KeyEnd.objects.create(key=key, at=max(whole(at), last + _SECOND))


def _chain(public: PublicKey, at: datetime) -> tuple[bytes, ...]:
    """A root of its own for each key for pages. The root signs once, and its key is forgotten: nobody can steal it."""
    issuer = issuer_of(named())
    root_key = generate_private_key(SECP256R1())
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public.raw)
    span = Span(whole(at), whole(at) + CHAIN_LASTS)
    root = make_root(root_key, Subject(issuer.name.zh, "Gradus Root"), span)
    return make_signing_certificate(root, root_key, point, Subject(issuer.name.zh, issuer.name.en), span), root


def _file(purpose: str, public: str) -> Path:
    return Path(settings.DATA) / "keys" / f"{purpose}-{public}.pem"


def _write(file: Path, pem: bytes) -> None:
    """Readable by its owner alone, and on the disk when this returns."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(pem)
        out.flush()
        os.fsync(out.fileno())


def _record(kind: Kind, key: Key, actor: Actor, at: datetime, **more: str) -> None:
    told = {"key": str(key), "public_key": key.public_key, **more}
    record(kind, actor, at, told, subject=f"key:{key}")
