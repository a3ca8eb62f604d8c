# SPDX-License-Identifier: Apache-2.0
"""The second step of stating something: signed, a leaf of the log, under a checkpoint, in one transaction (ADR 13)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gradus.certificates.bundle import origin_of
from gradus.certificates.convert import certificate_statement, status_statement
from gradus.certificates.issuer import named
from gradus.certificates.keys import current, signer_of
from gradus.certificates.models import Certificate, Checkpoint, Key, KeyPurpose, Leaf, LogHead, Node, StatusChange
from gradus.certificates.queries import unlogged_certificates, unlogged_changes
from gradus.journal.actions import record
from gradus.journal.actor import system
from gradus.journal.kinds import Kind
from gradus.trust.checkpoint import sign_checkpoint
from gradus.trust.credential import sign_statement
from gradus.trust.instants import whole
from gradus.trust.log import CompactRange, Hash, Subtree, inclusion_path, leaf_hash, new_nodes, over_nodes
from gradus.trust.receipt import write_receipt
from gradus.trust.statement import Statement


def log_staged(at: datetime) -> int:
    """Sign and log whatever is staged and in no leaf that verifiers believe; returns the number of leaves. Nothing is
    stamped earlier than a key is valid that was made while this waited."""
    with transaction.atomic():
        head = LogHead.objects.select_for_update(no_key=True).get(pk=1)
        staged: list[Certificate | StatusChange] = [*unlogged_certificates(), *unlogged_changes()]
        if not staged:
            return 0
        keys = current(KeyPurpose.ISSUER), current(KeyPurpose.LOG)
        at = whole(max(at, *(each.at for each in staged), *(each.valid_from for each in keys)))
        tree = _append(head, staged, keys, at)
        text = sign_checkpoint(origin_of(named()), tree.size, tree.root, signer_of(keys[1]), at)
        Checkpoint.objects.create(size=tree.size, text=text, at=at)
        head.size, head.roots = tree.size, [each.hex() for each in tree.roots]
        head.save()
        record(Kind.LOG_EXTENDED, system, at, {"size": tree.size, "root": tree.root.hex()}, subject="log")
    return len(staged)


def receipt_of(leaf: Leaf) -> bytes:
    """The receipt of a leaf, under the checkpoint that was made with it."""
    checkpoint = Checkpoint.objects.filter(size__gt=leaf.index).order_by("size", "id").first()
    assert checkpoint is not None, "leaf and checkpoint are written together"
    path = inclusion_path(leaf.index, checkpoint.size, subtrees())
    return write_receipt(leaf.credential.encode(), leaf.index, checkpoint.size, path, checkpoint.text)


def subtrees() -> Subtree:
    """Roots of subtrees, from the nodes that are kept."""

    def node(level: int, index: int) -> Hash:
        return bytes.fromhex(Node.objects.values_list("hash", flat=True).get(level=level, index=index))

    return over_nodes(node)


def _append(
    head: LogHead, staged: Sequence[Certificate | StatusChange], keys: tuple[Key, Key], at: datetime
) -> CompactRange:
    signer = signer_of(keys[0])
    tree = CompactRange(head.size, tuple(bytes.fromhex(each) for each in head.roots))
    for each in staged:
        credential = sign_statement(_statement(each), signer)
        hashed = leaf_hash(credential)
        _leaf(each, credential, hashed, tree.size, keys, at)
        Node.objects.bulk_create(
            Node(level=level, index=index, hash=root.hex()) for level, index, root in new_nodes(tree, hashed)
        )
        tree = tree.append(hashed)
    return tree


def _statement(row: Certificate | StatusChange) -> Statement:
    return certificate_statement(row) if isinstance(row, Certificate) else status_statement(row)


def _leaf(
    row: Certificate | StatusChange, credential: bytes, hashed: Hash, index: int, keys: tuple[Key, Key], at: datetime
) -> None:
    of = {"certificate": row} if isinstance(row, Certificate) else {"change": row}
    Leaf.objects.create(
        index=index,
        key=keys[0],
        log_key=keys[1],
        credential=credential.decode(),
        hash=hashed.hex(),
        at=at,
        **of,
    )
