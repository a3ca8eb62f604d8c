# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from gradus.formats.letters import Letter, Line, Signed, render_letter
from gradus.formats.palette import vermilion

LETTER = Letter(
    language="zh",
    number="2026-0001-9",
    title="认证决定书",
    body="测试认证中心",
    addressee="天工数智有限公司：",
    opening="经评价、技术复核与公示，决定授予认证。",
    facts=(Line("授予等级", "四级"), Line("认证范围", "信息技术服务、系统集成")),
    items=(),
    closing="本决定自第二人签署时生效。",
    issued_on=date(2026, 7, 8),
    signed=(Signed("认证决定人", "李决定", "2026-07-08 09:00"), Signed("第二签署人", "王签署", "2026-07-08 09:10")),
    seal="测试认证中心",
    digest="a" * 64,
)


def page(pdf):
    return pypdfium2.PdfDocument(pdf)[0]


def sealed(pdf):
    """Whether any spot of the page is of the seal's colour."""
    wanted = tuple(int(vermilion[at : at + 2], 16) for at in (1, 3, 5))
    return wanted in set(page(pdf).render(scale=2).to_pil().convert("RGB").get_flattened_data())


def test_a_letter_is_the_same_bytes_from_the_same_values():
    pdf = render_letter(LETTER)
    assert pdf == render_letter(LETTER)
    assert pdf.startswith(b"%PDF-")
    text = page(pdf).get_textpage().get_text_bounded()
    for said in ("认证决定书", "2026-0001-9", "授予等级", "四级", "李决定", "王签署", "2026-07-08"):
        assert said in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_vermilion_is_in_a_letter_only_with_the_seal(language):
    letter = replace(LETTER, language=language)
    assert sealed(render_letter(letter))
    assert not sealed(render_letter(replace(letter, seal="", signed=LETTER.signed[:1])))


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("zh", "内蒙古自治区呼和浩特市新一代信息技术与智能制造服务外包示范基地认证有限责任公司"),
        ("en", "Inner Mongolia Autonomous Region Next-Generation Information Technology Certification Co., Ltd"),
    ],
)
def test_a_long_name_of_the_body_leaves_room_for_those_who_sign(language, name):
    pdf = render_letter(replace(LETTER, language=language, body=name, seal=name))
    text = page(pdf).get_textpage().get_text_bounded()
    assert "李决定" in text, "each name on a line"
    assert "王签署" in text
    assert "2026-07-08 09:10" in text


def test_what_comes_from_people_is_never_markup():
    said = '#panic("x") *bold* $x$ \\ "quoted"'
    text = page(render_letter(replace(LETTER, opening=said, items=(said,)))).get_textpage().get_text_bounded()
    assert text.count("#panic") == 2
