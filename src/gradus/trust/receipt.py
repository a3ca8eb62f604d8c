# SPDX-License-Identifier: Apache-2.0
"""The receipt that travels with a certificate: where its credential stands in the log, and a checkpoint over it.
Docs: docs/formats/receipt.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.canonical import canonical, parse_canonical
from gradus.trust.checkpoint import Checkpoint, read_checkpoint
from gradus.trust.encodings import from_base64, to_base64
from gradus.trust.log import Hash, includes, leaf_hash
from gradus.trust.records import Count, Form, from_json, to_json

FORMAT = "gradus-receipt/1"
LARGEST_RECEIPT = 64 * 1024

Hash64 = Annotated[str, Form(r"[A-Za-z0-9+/]{43}=", "base64 of 32 bytes")]


@dataclass(frozen=True, slots=True)
class Receipt:
    format: Annotated[str, Form(FORMAT, FORMAT)]
    leaf_index: Count
    leaf_hash: Hash64
    tree_size: Count
    inclusion_path: tuple[Hash64, ...]
    checkpoint: str

    @property
    def path(self) -> list[Hash]:
        return [from_base64(each) for each in self.inclusion_path]


def write_receipt(leaf: bytes, index: int, size: int, path: Sequence[Hash], checkpoint: str) -> bytes:
    """The bytes of receipt.json for a leaf, which is the bytes of a credential.json."""
    hashes = tuple(to_base64(each) for each in path)
    return canonical(to_json(Receipt(FORMAT, index, to_base64(leaf_hash(leaf)), size, hashes, checkpoint)))


def read_receipt(data: bytes, name: str) -> tuple[Receipt, Checkpoint]:
    """A receipt and its checkpoint. Raises Refusal."""
    receipt = from_json(Receipt, parse_canonical(data, name, LARGEST_RECEIPT), name)
    checkpoint = read_checkpoint(receipt.checkpoint, name)
    try:
        for each in (receipt.leaf_hash, *receipt.inclusion_path):
            from_base64(each)
    except ValueError:
        raise Refusal([Fault("receipt.hash", Place(name))]) from None
    return receipt, checkpoint


def receipt_holds(receipt: Receipt, checkpoint: Checkpoint, leaf: bytes) -> bool:
    """Whether these bytes are the leaf, and the leaf is in the tree of the checkpoint."""
    hashed = leaf_hash(leaf)
    return (
        to_base64(hashed) == receipt.leaf_hash
        and receipt.tree_size == checkpoint.size
        and includes(hashed, receipt.leaf_index, receipt.tree_size, receipt.path, checkpoint.root)
    )
