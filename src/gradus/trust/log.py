# SPDX-License-Identifier: Apache-2.0
"""A Merkle tree over leaves that are only ever appended: RFC 6962, section 2.1, SHA-256. Proofs are verified with the
algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the same tree, spelled out)."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Hash = bytes
Subtree = Callable[[int, int], Hash]
"""The root over the leaves of one half-open range; a store that keeps inner nodes answers without reading leaves."""

EMPTY = hashlib.sha256(b"").digest()
LARGEST_TREE = 2**40
LONGEST_PATH = 64


def leaf_hash(data: bytes) -> Hash:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """All that appending needs: the roots of the full subtrees that make up the tree, the largest first."""

    size: int = 0
    roots: tuple[Hash, ...] = ()

    def append(self, leaf: Hash) -> "CompactRange":
        """The tree with one more leaf."""
        roots, size, new = list(self.roots), self.size, leaf
        while size & 1:
            new, size = node_hash(roots.pop(), new), size >> 1
        return CompactRange(self.size + 1, (*roots, new))

    @property
    def root(self) -> Hash:
        if not self.roots:
            return EMPTY
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = node_hash(left, root)
        return root


def over(leaves: Sequence[Hash]) -> Subtree:
    """Subtree roots computed from the leaves' hashes themselves."""

    def root(start: int, end: int) -> Hash:
        tree = CompactRange()
        for leaf in leaves[start:end]:
            tree = tree.append(leaf)
        return tree.root

    return root


def new_nodes(tree: CompactRange, leaf: Hash) -> list[tuple[int, int, Hash]]:
    """What a store keeps when a leaf is appended: every full subtree that becomes complete, as (level, index, root)."""
    nodes, roots, index = [(0, tree.size, leaf)], list(tree.roots), tree.size
    while index & 1:
        level, _, root = nodes[-1]
        index >>= 1
        nodes.append((level + 1, index, node_hash(roots.pop(), root)))
    return nodes


def over_nodes(node: Callable[[int, int], Hash]) -> Subtree:
    """Subtree roots from a store of full subtrees, by (level, index): a few look-ups, however large the log."""

    def root(start: int, end: int) -> Hash:
        full = []
        while start < end:
            level = (end - start).bit_length() - 1
            full.append(node(level, start >> level))
            start += 1 << level
        found = full[-1]
        for left in reversed(full[:-1]):
            found = node_hash(left, found)
        return found

    return root


def inclusion_path(index: int, size: int, root: Subtree) -> list[Hash]:
    """The path from a leaf to the root of a tree (RFC 6962, 2.1.1)."""
    return _path(index, 0, size, root)


def _path(index: int, start: int, end: int, root: Subtree) -> list[Hash]:
    if end - start <= 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, root), root(middle, end)]
    return [*_path(index, middle, end, root), root(start, middle)]


def consistency_path(first: int, second: int, root: Subtree) -> list[Hash]:
    """What shows that the smaller tree is the beginning of the larger (RFC 6962, 2.1.2)."""
    if first in (0, second):
        return []
    return _subproof(first, 0, second, root, whole=True)


def _subproof(first: int, start: int, end: int, root: Subtree, *, whole: bool) -> list[Hash]:
    if first == end - start:
        return [] if whole else [root(start, end)]
    middle = _split(end - start)
    if first <= middle:
        return [*_subproof(first, start, start + middle, root, whole=whole), root(start + middle, end)]
    return [*_subproof(first - middle, start + middle, end, root, whole=False), root(start, start + middle)]


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def includes(leaf: Hash, index: int, size: int, path: Sequence[Hash], root: Hash) -> bool:
    """Whether the path leads from that leaf, at that place, to the root of a tree of that size."""
    if not 0 <= index < size <= LARGEST_TREE or len(path) > LONGEST_PATH:
        return False
    place, last, found = index, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(each, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, each)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def continues(first: int, first_root: Hash, second: int, second_root: Hash, path: Sequence[Hash]) -> bool:
    """Whether the second tree is the first with leaves appended: nothing before was changed or taken away."""
    if not 0 <= first <= second <= LARGEST_TREE or len(path) > LONGEST_PATH:
        return False
    if first == second:
        return not path and first_root == second_root
    if first == 0:
        return not path and first_root == EMPTY
    nodes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not nodes:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = nodes[0]
    for each in nodes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, each)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
