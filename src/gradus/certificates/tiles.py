# SPDX-License-Identifier: Apache-2.0
"""The log as everybody may read it (C2SP tlog-tiles). A tile holds 256 hashes of one level, or 256 leaves."""

import re
from dataclasses import dataclass

from gradus.certificates.models import Checkpoint, Leaf, LogHead, Node

WIDTH = 256
_HEIGHT = 8  # levels of the tree in a tile
_PATH = re.compile(r"(entries|\d{1,2})/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """``level`` is None for leaves; ``width`` is below 256 for the tile at the edge of the log."""

    level: int | None
    index: int
    width: int


def newest_checkpoint() -> str | None:
    """The text of the newest checkpoint; None while the log is empty."""
    return Checkpoint.objects.order_by("-id").values_list("text", flat=True).first()


def read_tile(path: str) -> Tile | None:
    """The tile of a path like ``0/x001/067.p/12``; None for what is no such path."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    level, index, width = found.groups()
    number, wide = int(re.sub(r"[x/]", "", index)), int(width or WIDTH)
    if (width and wide >= WIDTH) or index != tile_path(number):
        return None
    return Tile(None if level == "entries" else int(level), number, wide)


def tile_path(index: int) -> str:
    """A tile's number in groups of three digits."""
    *groups, last = re.findall(r"\d{3}", f"{index:0{-(-len(str(index)) // 3) * 3}d}")
    return "".join(f"x{each}/" for each in groups) + last


def tile_content(tile: Tile) -> bytes | None:
    """The bytes of a tile; None while the log does not reach there."""
    level, first = (tile.level or 0) * _HEIGHT, tile.index * WIDTH
    if LogHead.objects.get(pk=1).size >> level < first + tile.width:
        return None
    span = range(first, first + tile.width)
    if tile.level is None:
        leaves = Leaf.objects.filter(index__in=span).order_by("index").values_list("credential", flat=True)
        return b"".join(len(data).to_bytes(2, "big") + data for data in (each.encode() for each in leaves))
    nodes = Node.objects.filter(level=level, index__in=span).order_by("index").values_list("hash", flat=True)
    return b"".join(bytes.fromhex(each) for each in nodes)
