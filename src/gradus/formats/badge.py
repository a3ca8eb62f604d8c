# SPDX-License-Identifier: Apache-2.0
"""A badge: who holds what, and how it stands at an instant, as a small SVG that needs nothing from elsewhere."""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from gradus.formats import palette
from gradus.formats.drawings import fonts, shortened, width_of

_HEIGHT, _LEFT, _WIDEST = 76.0, 12.0, 22.0


@dataclass(frozen=True, slots=True)
class Badge:
    """Its lines in one language. ``sign`` and ``standing`` tell how it stands, in colour only besides: ``holds``."""

    holder: str
    outcome: str
    sign: str
    standing: str
    as_of: str
    holds: bool


def draw_badge(badge: Badge) -> str:
    """The badge as SVG."""
    holder = shortened(badge.holder, _WIDEST)
    said = f"{badge.sign} {badge.standing}"
    lines = ((holder, 14.0), (badge.outcome, 12.5), (badge.as_of, 10.5))
    left = max(width_of(text) * size for text, size in lines) + 2 * _LEFT
    right = width_of(said) * 14 + 2 * _LEFT
    width = left + right
    ground = palette.accent if badge.holds else palette.vermilion
    title = f"{badge.holder} · {badge.outcome} · {badge.standing} · {badge.as_of}"
    frame = f'x="0.5" y="0.5" width="{width - 1:.1f}" height="{_HEIGHT - 1:g}" rx="4"'
    panel = f"M{left:.1f} 0.5H{width - 4.5:.1f}a4 4 0 0 1 4 4V{_HEIGHT - 4.5:g}a4 4 0 0 1 -4 4H{left:.1f}z"
    parts = [
        f'<rect {frame} fill="{palette.paper}" stroke="{palette.line}"/>',
        f'<path d="{panel}" fill="{ground}"/>',
        _text(_LEFT, 25, 14, holder, palette.ink, bold=True),
        _text(_LEFT, 46, 12.5, badge.outcome, palette.ink),
        _text(_LEFT, 65, 10.5, badge.as_of, palette.muted),
        _text(left + _LEFT, 43, 14, said, palette.paper, bold=True),
    ]
    size = f'width="{width:.0f}" height="{_HEIGHT:g}" viewBox="0 0 {width:.1f} {_HEIGHT:g}"'
    attributes = f'{size} font-family="{fonts}" role="img" aria-label={quoteattr(title)}'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><title>{escape(title)}</title>{"".join(parts)}</svg>'


def _text(x: float, y: float, size: float, text: str, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:g}" font-size="{size:g}" fill="{colour}"{weight}>{escape(text)}</text>'
