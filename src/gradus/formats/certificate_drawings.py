# SPDX-License-Identifier: Apache-2.0
"""The certificate's two drawings that are not words: its QR code, and the fine guilloche of its frame. Both are SVG."""

from functools import cache
from io import BytesIO
from math import ceil, cos, pi, sin

import segno

from gradus.formats import palette

_WIDTH, _HEIGHT = 210.0, 297.0  # A4 in millimetres
_EDGE, _CORNER, _BAND = 10.5, 6.0, 1.55  # the band's middle from the paper's edge; its corners' radius; half its width
_WAVE, _SAMPLES = 7.5, 8  # millimetres a wave, points a wave
_STRANDS = 5


def qr_code(text: str) -> str:
    """A QR code (ISO/IEC 18004) that still reads when a seventh of it is soiled. The white around it is the page's."""
    drawn = BytesIO()
    segno.make_qr(text, error="m", boost_error=True).save(drawn, kind="svg", border=0, dark=palette.ink, xmldecl=False)
    return drawn.getvalue().decode()


@cache
def guilloche() -> str:
    """A band of interlaced waves around the page, between two lines."""
    lines = [_closed(_around(_BAND, 2 * pi * strand / _STRANDS)) for strand in range(_STRANDS)]
    edges = "".join(_frame(_EDGE + side * (_BAND + 0.35)) for side in (-1, 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" fill="none">'
        f'<path d="{"".join(lines)}" stroke="{palette.accent}" stroke-width="0.11" stroke-opacity="0.75"/>'
        f'<g stroke="{palette.accent}" stroke-width="0.18">{edges}</g></svg>'
    )


def _frame(inset: float) -> str:
    radius = _CORNER + _EDGE - inset
    place = f'x="{inset:g}" y="{inset:g}" width="{_WIDTH - 2 * inset:g}" height="{_HEIGHT - 2 * inset:g}"'
    return f'<rect {place} rx="{radius:g}"/>'


def _around(height: float, phase: float) -> list[tuple[float, float]]:
    """A wave along a rectangle with round corners."""
    across, down = _WIDTH - 2 * (_EDGE + _CORNER), _HEIGHT - 2 * (_EDGE + _CORNER)
    length = 2 * (across + down) + 2 * pi * _CORNER
    waves = ceil(length / _WAVE)
    points = []
    for index in range(waves * _SAMPLES):
        x, y, turn = _along(length * index / (waves * _SAMPLES), across, down)
        rise = height * sin(2 * pi * index / _SAMPLES + phase)
        points.append((x + rise * sin(turn), y - rise * cos(turn)))
    return points


def _along(way: float, across: float, down: float) -> tuple[float, float, float]:
    """The place after some way clockwise from the upper left corner's end, and the direction there."""
    arc = pi * _CORNER / 2
    corners = (
        (_WIDTH - _EDGE - _CORNER, _EDGE + _CORNER),
        (_WIDTH - _EDGE - _CORNER, _HEIGHT - _EDGE - _CORNER),
        (_EDGE + _CORNER, _HEIGHT - _EDGE - _CORNER),
        (_EDGE + _CORNER, _EDGE + _CORNER),
    )
    for side, (x, y) in enumerate(corners):
        straight, turn = (across, down)[side % 2], side * pi / 2
        if way <= straight:
            back = straight - way
            return x + _CORNER * sin(turn) - back * cos(turn), y - _CORNER * cos(turn) - back * sin(turn), turn
        way -= straight
        if way <= arc:
            turn += way / _CORNER
            return x + _CORNER * sin(turn), y - _CORNER * cos(turn), turn
        way -= arc
    return _along(0.0, across, down)


def _closed(points: list[tuple[float, float]]) -> str:
    """A smooth closed line through the points (Catmull-Rom, as Bezier curves)."""
    count = len(points)
    parts = [f"M{points[0][0]:.2f} {points[0][1]:.2f}"]
    for index in range(count):
        before, here, there, after = (points[(index + step) % count] for step in (-1, 0, 1, 2))
        bends = (
            here[0] + (there[0] - before[0]) / 6,
            here[1] + (there[1] - before[1]) / 6,
            there[0] - (after[0] - here[0]) / 6,
            there[1] - (after[1] - here[1]) / 6,
            *there,
        )
        parts.append("C" + " ".join(f"{each:.2f}" for each in bends))
    return "".join(parts) + "Z"
