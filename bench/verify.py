# SPDX-License-Identifier: Apache-2.0
"""What trust costs: medians of several runs. Usage: python bench/verify.py"""

import statistics
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the certification body of the tests

from tests.trust.world import BUNDLE, GOOD, ISSUER_KEY, WITNESSED, receipt_of, statement

from gradus.trust.compact import check_compact, read_compact, sign_compact
from gradus.trust.credential import sign_statement
from gradus.trust.log import CompactRange, inclusion_path, leaf_hash, new_nodes, over_nodes
from gradus.trust.verdict import Verdict


def measure(name: str, limit: str, runs: int, work: Callable[[], object]) -> None:
    """Print the median and the range of several runs in milliseconds, after one run to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    print(
        f"{name:44} {statistics.median(times):9.2f} ms   ({min(times):.2f} to {max(times):.2f}, {runs} runs; {limit})"
    )


def main() -> None:
    """Measure verification, and what issuing costs without the PDF."""
    print(f"Python {sys.version.split()[0]}, credential of {len(GOOD.credential)} bytes")
    witnessed = replace(GOOD, bundle=WITNESSED, receipt=receipt_of(GOOD.credential, witness=True))
    assert GOOD.verify().verdict is witnessed.verify().verdict is Verdict.HOLDS
    measure("verify a credential, all nine steps", "asked at most 50 ms", 101, GOOD.verify)
    measure("the same with a witness", "asked at most 50 ms", 101, witnessed.verify)
    measure("sign a statement as a credential", "-", 101, lambda: sign_statement(statement(), ISSUER_KEY))
    measure("sign the compact form", "-", 101, lambda: sign_compact(statement(), ISSUER_KEY))
    text = sign_compact(statement(), ISSUER_KEY)
    measure("check the compact form", "-", 101, lambda: check_compact(read_compact(text), BUNDLE))
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(100_000)]
    tree = CompactRange()
    stored: dict[tuple[int, int], bytes] = {}
    for leaf in leaves:
        stored.update(((level, index), root) for level, index, root in new_nodes(tree, leaf))
        tree = tree.append(leaf)
    nodes = over_nodes(lambda level, index: stored[level, index])
    measure("append a leaf to a log of 100,000", "-", 101, lambda: tree.append(leaves[0]).root)
    measure("inclusion path among 100,000", "-", 101, lambda: inclusion_path(4711, 100_000, nodes))


if __name__ == "__main__":
    main()
