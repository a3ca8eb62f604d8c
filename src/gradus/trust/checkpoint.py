# SPDX-License-Identifier: Apache-2.0
"""Checkpoints: a log's size and root, signed (C2SP tlog-checkpoint and signed-note), and stamped with the time (C2SP
tlog-cosignature, cosignature/v1) by the log itself and by whoever watches it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.encodings import from_base64, to_base64
from gradus.trust.keys import PublicKey, Signer
from gradus.trust.log import LARGEST_TREE, Hash

LARGEST_CHECKPOINT = 8192

_DASH = "\u2014"
_PLAIN, _STAMPED = b"\x01", b"\x04"  # the kinds of signature
_ROOT, _SIGNATURE, _MOST_LINES = 32, 64, 32


@dataclass(frozen=True, slots=True)
class Line:
    """A signature line: who, the four bytes that name the key, and what follows them."""

    name: str
    key_id: bytes
    rest: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint as read; nothing is known about its signatures yet."""

    origin: str
    size: int
    root: Hash
    body: str
    lines: tuple[Line, ...]


def checkpoint_body(origin: str, size: int, root: Hash) -> str:
    return f"{origin}\n{size}\n{to_base64(root)}\n"


def sign_checkpoint(origin: str, size: int, root: Hash, signer: Signer, at: datetime) -> str:
    """A checkpoint with the log's two lines: its signature, and the same key's stamp of the time."""
    body = checkpoint_body(origin, size, root)
    plain = _line(origin, _PLAIN, signer.public, signer.sign(body.encode()))
    return f"{body}\n{plain}{_stamp(body, origin, signer, at)}"


def stamp_checkpoint(text: str, name: str, signer: Signer, at: datetime) -> str:
    """The same checkpoint with one more line: a witness's. It must have checked consistency first."""
    return text + _stamp(text.partition("\n\n")[0] + "\n", name, signer, at)


def _stamp(body: str, name: str, signer: Signer, at: datetime) -> str:
    seconds = int(at.timestamp())
    signature = signer.sign(_stamped(body, seconds))
    return _line(name, _STAMPED, signer.public, seconds.to_bytes(8, "big") + signature)


def _stamped(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def _line(name: str, kind: bytes, key: PublicKey, rest: bytes) -> str:
    return f"{_DASH} {name} {to_base64(_key_id(name, kind, key) + rest)}\n"


def _key_id(name: str, kind: bytes, key: PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + key.raw).digest()[:4]


def verifier_key(name: str, key: PublicKey) -> str:
    """The log's key as other verifiers of signed notes want it: name+id+key."""
    return f"{name}+{_key_id(name, _PLAIN, key).hex()}+{to_base64(_PLAIN + key.raw)}"


def read_checkpoint(text: str, name: str) -> Checkpoint:
    """A checkpoint from its text, which must be of exactly this form. Raises Refusal."""
    try:
        return _read(text)
    except ValueError:
        raise Refusal([Fault("checkpoint.form", Place(name))]) from None


def _read(text: str) -> Checkpoint:
    body, gap, signatures = text.partition("\n\n")
    origin, size, root = body.split("\n")  # ValueError for more or fewer: extension lines are not used here
    hashed = from_base64(root)
    if (
        len(text) > LARGEST_CHECKPOINT
        or not gap
        or not origin
        or not (size.isascii() and size.isdigit())
        or str(int(size)) != size
    ):
        raise ValueError("not of the form")
    if len(hashed) != _ROOT or int(size) > LARGEST_TREE or not signatures.endswith("\n"):
        raise ValueError("not of the form")
    lines = tuple(_read_line(each) for each in signatures.removesuffix("\n").split("\n"))
    if len(lines) > _MOST_LINES:
        raise ValueError("too many")
    return Checkpoint(origin, int(size), hashed, body + "\n", lines)


def _read_line(line: str) -> Line:
    dash, name, encoded = line.split(" ")
    data = from_base64(encoded)
    if dash != _DASH or not name or len(data) not in (4 + _SIGNATURE, 12 + _SIGNATURE):
        raise ValueError("not of the form")
    return Line(name, data[:4], data[4:])


def signed_by(checkpoint: Checkpoint, key: PublicKey) -> bool:
    """Whether the log's signature is there, and good."""
    asked = _key_id(checkpoint.origin, _PLAIN, key)
    return any(
        key.verifies(each.rest, checkpoint.body.encode())
        for each in checkpoint.lines
        if each.name == checkpoint.origin and each.key_id == asked and len(each.rest) == _SIGNATURE
    )


def stamped_by(checkpoint: Checkpoint, name: str, key: PublicKey) -> datetime | None:
    """When that key stamped it; None when it did not, or when the stamp is not good."""
    asked = _key_id(name, _STAMPED, key)
    for each in checkpoint.lines:
        if each.name == name and each.key_id == asked and len(each.rest) == 8 + _SIGNATURE:
            seconds = int.from_bytes(each.rest[:8], "big")
            if seconds < 2**33 and key.verifies(each.rest[8:], _stamped(checkpoint.body, seconds)):
                return datetime.fromtimestamp(seconds, UTC)
    return None


def strangers(checkpoint: Checkpoint, log_key: PublicKey, witnesses: Sequence[tuple[str, PublicKey]]) -> list[str]:
    """The names on lines besides the log's two and one stamp of each witness: whoever could add a line that nobody
    verifies could alter it."""
    origin = checkpoint.origin
    ids = {(origin, _key_id(origin, kind, log_key)) for kind in (_PLAIN, _STAMPED)}
    ids |= {(name, _key_id(name, _STAMPED, key)) for name, key in witnesses}
    found: list[str] = []
    for each in checkpoint.lines:
        if (each.name, each.key_id) not in ids:
            found.append(each.name)
        ids.discard((each.name, each.key_id))
    return found
