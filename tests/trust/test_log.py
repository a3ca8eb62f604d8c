# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree by known roots, and its proofs for every size and place up to a few dozen."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.trust.log import (
    EMPTY,
    CompactRange,
    consistency_path,
    continues,
    includes,
    inclusion_path,
    leaf_hash,
    new_nodes,
    over,
    over_nodes,
)

# The eight leaves and the roots that Certificate Transparency's implementations have been tested with since RFC 6962.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
MANY = [leaf_hash(number.to_bytes(2, "big")) for number in range(40)]


def root(size: int) -> bytes:
    return over(MANY)(0, size)


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_that_everybody_gets(size):
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    assert over(leaves)(0, size).hex() == ROOTS[size]


def test_an_empty_tree_has_the_hash_of_nothing():
    assert CompactRange().root == EMPTY == hashlib.sha256(b"").digest()


def test_appending_needs_no_more_than_one_hash_for_each_bit_of_the_size():
    tree = CompactRange()
    for leaf in MANY:
        tree = tree.append(leaf)
        assert len(tree.roots) == tree.size.bit_count()
        assert tree.root == root(tree.size)


def test_a_store_of_full_subtrees_gives_the_same_paths():
    stored, tree = {}, CompactRange()
    for leaf in MANY:
        stored |= {(level, index): root for level, index, root in new_nodes(tree, leaf)}
        tree = tree.append(leaf)
    assert len(stored) < 2 * len(MANY)
    nodes = over_nodes(lambda level, index: stored[level, index])
    for second in range(1, len(MANY) + 1):
        assert nodes(0, second) == root(second)
        for first in range(second):
            assert inclusion_path(first, second, nodes) == inclusion_path(first, second, over(MANY))
            assert consistency_path(first, second, nodes) == consistency_path(first, second, over(MANY))


def test_every_leaf_is_included_and_none_elsewhere():
    for size in range(1, 34):
        for index in range(size):
            path = inclusion_path(index, size, over(MANY))
            assert includes(MANY[index], index, size, path, root(size))
            assert not includes(MANY[index], (index + 1) % size, size, path, root(size)) or size == 1
            assert not includes(MANY[index + 1], index, size, path, root(size))
            assert not includes(MANY[index], index, size, [*path, MANY[0]], root(size))
            assert not includes(MANY[index], index, size, path[:-1], root(size)) or not path
            assert not includes(MANY[index], index, size + 1, path, root(size + 1))


def test_every_tree_continues_every_smaller_one():
    for second in range(34):
        for first in range(second + 1):
            path = consistency_path(first, second, over(MANY))
            assert continues(first, root(first), second, root(second), path)
            assert not continues(first, MANY[0][::-1], second, root(second), path)
            assert not continues(first, root(first), second, MANY[0][::-1], path) or first == 0
            assert not continues(first, root(first), second, root(second), [*path, MANY[0]])
            if path:
                assert not continues(first, root(first), second, root(second), path[:-1])


@given(st.data())
def test_a_log_that_changed_one_leaf_is_no_continuation(data):
    first = data.draw(st.integers(1, 30))
    second = data.draw(st.integers(first + 1, 40))
    place = data.draw(st.integers(0, first - 1))
    changed = [*MANY[:place], leaf_hash(b"changed"), *MANY[place + 1 :]]
    path = consistency_path(first, second, over(changed))
    assert not continues(first, root(first), second, over(changed)(0, second), path)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (0, 2**41)])
def test_places_that_can_not_be_are_never_included(index, size):
    assert not includes(MANY[0], index, size, [], MANY[0])


@pytest.mark.parametrize(("first", "second"), [(-1, 3), (4, 3), (1, 2**41)])
def test_sizes_that_can_not_be_are_never_consistent(first, second):
    assert not continues(first, root(1), second, root(3), [])


def test_all_roots_differ():
    roots = [root(size) for size in range(41)]
    assert all(one != other for one, other in pairwise(roots))
