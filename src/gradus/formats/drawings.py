# SPDX-License-Identifier: Apache-2.0
"""Ladder, radar and scale as SVG: one drawing for page, PDF and print.

A drawing shows what its caller says and decides nothing. Positions are the only floats here; no number that is shown
comes from them. Every drawing carries its meaning in words (``label``) for those who cannot see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin
from xml.sax.saxutils import escape, quoteattr

from gradus.formats import palette

fonts = "Noto Sans SC, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"

_WIDE = 0x2E80  # from here on a sign is as wide as it is high


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder: its name in lines, the words above it, and if it is reached, requested, or the next."""

    name: tuple[str, ...]
    above: tuple[str, ...]
    reached: bool
    requested: bool
    next: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of the radar: its name, the score of 100 and the next outcome's cut-off, each with its words."""

    name: str
    words: str
    score: Fraction | None
    cut_off: Fraction | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on a scale and the words beside it."""

    value: Fraction
    words: str


def ladder(steps: Sequence[Step], label: str) -> str:
    """The outcomes as steps, the lowest on the left."""
    width, lowest, highest = 720.0, 18.0, 112.0
    pitch = width / len(steps)
    rises = [lowest + (highest - lowest) * index / max(1, len(steps) - 1) for index in range(len(steps))]
    base = max(rise + 14 * len(step.above) for rise, step in zip(rises, steps, strict=True)) + 12  # no empty headroom
    parts = [_line(0, base, width, base, palette.line)]
    name_lines = max(len(step.name) for step in steps)
    for index, (step, rise) in enumerate(zip(steps, rises, strict=True)):
        left, top, middle = index * pitch + 2, base - rise, (index + 0.5) * pitch
        parts.append(_bar(step, left, top, pitch - 4, rise))
        for line, text in enumerate(step.name):
            parts.append(_text((middle, base + 17 + 15 * line), text, 12, bold=line == 0, anchor="middle"))
        for line, text in enumerate(reversed(step.above)):
            colour = palette.accent if step.reached else palette.attention if step.next else palette.ink
            parts.append(_text((middle, top - 7 - 14 * line), text, 11.5, bold=True, anchor="middle", colour=colour))
    return _svg(width, base + 10 + 15 * name_lines, parts, label)


def upright_ladder(steps: Sequence[Step], label: str) -> str:
    """The same steps for a narrow screen: one above the other, the highest on top, their words beside them."""
    width, least, most, beside, size = 340.0, 30.0, 140.0, 152.0, 12.5
    parts, top = [], 0.0
    for index, step in reversed(list(enumerate(steps))):
        colour = palette.accent if step.reached else palette.attention if step.next else palette.ink
        height = 22.0 + 17 * len(step.above)
        parts.append(_bar(step, 1, top + 2, least + (most - least) * index / max(1, len(steps) - 1), height - 4))
        parts.append(_text((beside, top + 16), " ".join(step.name), size, bold=True))
        for line, text in enumerate(step.above, 1):
            parts.append(_text((beside, top + 16 + 17 * line), text, size, bold=True, colour=colour))
        top += height
    return _svg(width, top + 2, parts, label)


def _bar(step: Step, left: float, top: float, width: float, height: float) -> str:
    fill = palette.accent if step.reached else palette.surface
    stroke, thick, dash = palette.hairline, 1.0, ""
    if step.requested:
        stroke, thick, dash = palette.ink, 2.0, ' stroke-dasharray="5 3"'
    elif step.next:
        stroke = palette.attention
    if step.reached and not step.requested:
        stroke = palette.accent
    place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{fill}" stroke="{stroke}" stroke-width="{thick}"{dash}/>'


def radar(axes: Sequence[Axis], label: str, *, claimed: bool) -> str:
    """Scores on axes clockwise from the top; dashed where they rest on claims; the cut-offs a thin polygon."""
    width, height, x, y, radius = 480.0, 350.0, 240.0, 180.0, 118.0
    turns = [2 * pi * index / len(axes) for index in range(len(axes))]

    def at(turn: float, part: float) -> tuple[float, float]:
        return x + radius * part * sin(turn), y - radius * part * cos(turn)

    parts = [
        _polygon([at(turn, part / 4) for turn in turns], f'fill="none" stroke="{palette.hairline}"')
        for part in range(1, 5)
    ]
    parts += [_line(x, y, *at(turn, 1), palette.hairline) for turn in turns]
    if all(axis.cut_off is not None for axis in axes):
        cuts = [at(turn, float(axis.cut_off or 0) / 100) for turn, axis in zip(turns, axes, strict=True)]
        parts.append(_polygon(cuts, f'fill="none" stroke="{palette.attention}" stroke-width="1.4"'))
    points = [at(turn, float(axis.score or 0) / 100) for turn, axis in zip(turns, axes, strict=True)]
    dash = ' stroke-dasharray="7 4"' if claimed else ""
    style = f'fill="{palette.accent}" fill-opacity="0.13" stroke="{palette.accent}" stroke-width="2.4"{dash}'
    parts.append(_polygon(points, style))
    parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.4" fill="{palette.accent}"/>' for px, py in points]
    for turn, axis in zip(turns, axes, strict=True):
        parts += _axis_words(axis, turn, *at(turn, 1.12))
    return _svg(width, height, parts, label)


def _axis_words(axis: Axis, turn: float, x: float, y: float) -> list[str]:
    side = sin(turn)
    anchor = "middle" if abs(side) < 0.1 else "start" if side > 0 else "end"
    lines = [*wrapped(axis.name, 9.0), axis.words]
    size = 18.0
    top = y - size * (len(lines) - 1) if cos(turn) > 0.5 else y + (0 if cos(turn) > -0.5 else 12)
    return [
        _text((x, top + size * index), text, 15, bold=index == len(lines) - 1, anchor=anchor)
        for index, text in enumerate(lines)
    ]


def scale(floor: Mark, target: Mark, value: Mark | None, label: str) -> str:
    """A line from the floor (no points, left) to the target (all points, right) with the value as a dot."""
    width, y, left, right = 320.0, 24.0, 16.0, 304.0
    span = float(target.value - floor.value)
    part = max(-0.4, min(1.4, float(value.value - floor.value) / span)) if value else 0.0
    low, high = min(-0.06, part), max(1.06, part)

    def at(share: float) -> float:
        return left + (right - left) * (share - low) / (high - low)

    parts = [_line(left, y, right, y, palette.hairline, 2)]
    if value and part > 0:
        parts.append(_line(at(0), y, at(min(1.0, part)), y, palette.accent_soft, 4))
    for share, mark in ((0.0, floor), (1.0, target)):
        parts.append(_line(at(share), y - 6, at(share), y + 6, palette.muted, 1.5))
        parts.append(_clamped((at(share), y + 20), mark.words, 11.5, width, colour=palette.muted))
    if value:
        parts.append(f'<circle cx="{at(part):.1f}" cy="{y}" r="5" fill="{palette.accent}" stroke="{palette.paper}"/>')
        parts.append(_clamped((at(part), y - 11), value.words, 12.5, width, bold=True))
    return _svg(width, 48, parts, label)


def wrapped(text: str, ems: float) -> list[str]:
    """The text in lines of about ``ems`` times the letters' height, broken at spaces, in Chinese anywhere."""
    lines: list[str] = []
    line = ""
    words = text.split(" ") if " " in text else [text]
    pieces = [f"{word} " for word in words[:-1]] + words[-1:]
    for piece in pieces:
        chunks = [piece] if width_of(piece) <= ems else list(piece)
        for chunk in chunks:
            if line and width_of(line + chunk.rstrip()) > ems:
                lines.append(line.rstrip())
                line = ""
            line += chunk
    return [*lines, line.rstrip()]


def shortened(text: str, ems: float) -> str:
    """The text, or its beginning and an ellipsis where it is wider than ``ems`` times its letters' height."""
    if width_of(text) <= ems:
        return text
    end = next(at for at in range(len(text), -1, -1) if width_of(text[:at]) + 1 <= ems)
    return f"{text[:end]}…"


def width_of(text: str) -> float:
    """About how wide a text is, in heights of its letters."""
    return sum(1.0 if ord(sign) >= _WIDE else 0.56 for sign in text)


def _clamped(
    at: tuple[float, float], text: str, size: float, width: float, *, colour: str = palette.ink, bold: bool = False
) -> str:
    """Words centred at a point that stay within the drawing."""
    half = width_of(text) * size / 2
    x = max(half, min(width - half, at[0]))
    return _text((x, at[1]), text, size, bold=bold, anchor="middle", colour=colour)


def _text(
    at: tuple[float, float],
    text: str,
    size: float,
    *,
    bold: bool = False,
    anchor: str = "start",
    colour: str = palette.ink,
) -> str:
    weight = ' font-weight="700"' if bold else ""
    place = f'x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{colour}"{weight}'
    return f"<text {place}>{escape(text)}</text>"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1) -> str:
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {place} stroke="{colour}" stroke-width="{width:g}"/>'


def _polygon(points: Sequence[tuple[float, float]], style: str) -> str:
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{corners}" {style} stroke-linejoin="round"/>'


def _svg(width: float, height: float, parts: Sequence[str], label: str) -> str:
    frame = f'viewBox="0 0 {width:g} {height:g}" font-family="{fonts}" role="img" aria-label={quoteattr(label)}'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{"".join(parts)}</svg>'
