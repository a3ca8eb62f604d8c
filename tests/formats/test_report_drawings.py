# SPDX-License-Identifier: Apache-2.0
"""The drawings are whole SVG with their meaning in words, and the colours can be told apart and read."""

from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.formats import palette
from gradus.formats.drawings import Axis, Mark, Step, ladder, radar, scale, upright_ladder, wrapped

SVG = "{http://www.w3.org/2000/svg}"
SPITEFUL = "<b>\"&'</b>"

fractions = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=1000)


def read(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  # our own drawing


def texts(svg: str) -> list[str]:
    return ["".join(each.itertext()) for each in read(svg).iter(f"{SVG}text")]


def test_the_ladder_rises_to_the_right_and_names_every_step():
    steps = [Step((f"step {n}",), ("here",) if n == 1 else (), n < 2, n == 3, n == 2) for n in range(8)]
    root = read(ladder(steps, SPITEFUL))
    heights = [float(each.get("height")) for each in root.iter(f"{SVG}rect")]
    assert all(lower < higher for lower, higher in pairwise(heights))
    assert {f"step {n}" for n in range(8)} | {"here"} == set(texts(ladder(steps, SPITEFUL)))
    assert (root.get("role"), root.get("aria-label")) == ("img", SPITEFUL)


def test_the_upright_ladder_falls_from_the_top_and_stays_within_a_phone():
    steps = [Step((f"Level {n}", "★★★★★", "Band L5"), ("requested",), n < 2, n == 3, n == 2) for n in range(8)]
    root = read(upright_ladder(steps, SPITEFUL))
    widths = [float(each.get("width")) for each in root.iter(f"{SVG}rect")]
    assert all(upper > lower for upper, lower in pairwise(widths))
    assert texts(upright_ladder(steps, SPITEFUL))[::2] == [f"Level {n} ★★★★★ Band L5" for n in reversed(range(8))]
    assert root.get("viewBox").startswith("0 0 340 ")


def test_one_step_is_a_ladder_too():
    assert texts(ladder([Step(("only",), (), reached=True, requested=False, next=False)], "")) == ["only"]


@pytest.mark.parametrize("count", [3, 5, 9])
def test_the_radar_shows_every_axis_with_its_words(count):
    axes = [Axis(f"{SPITEFUL}{n}", f"{n}.00", Fraction(n) if n else None, None) for n in range(count)]
    assert {f"{n}.00" for n in range(count)} <= set(texts(radar(axes, "label", claimed=True)))


@given(fractions, fractions, st.none() | fractions)
def test_a_scale_stays_within_its_frame(floor, target, value):
    if floor == target:
        return
    dot = None if value is None else Mark(value, "value")
    root = read(scale(Mark(floor, "floor"), Mark(target, "target"), dot, "label"))
    width = float(root.get("viewBox").split()[2])
    places = [float(each.get(name)) for each in root.iter() for name in ("x", "x1", "x2", "cx") if each.get(name)]
    assert all(0 <= place <= width for place in places)
    ticks = [float(each.get("x1")) for each in root.iter(f"{SVG}line") if each.get("x1") == each.get("x2")]
    assert ticks == sorted(ticks), "better is always to the right"


def test_long_names_are_broken_into_lines():
    assert wrapped("Service delivery process", 9) == ["Service delivery", "process"]
    assert wrapped("信息系统服务交付能力等级", 6) == ["信息系统服务", "交付能力等级"]
    assert wrapped("", 6) == [""]


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("ink", "muted", "accent", "attention") for ground in ("paper", "surface")),
        ("accent", "accent_tint"),
        ("ink", "accent_tint"),
        ("muted", "accent_tint"),
        ("attention", "attention_tint"),
    ],
)
def test_every_text_can_be_read_on_its_ground(text, ground):
    lighter, darker = sorted((luminance(palette.colours[name]) for name in (text, ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
