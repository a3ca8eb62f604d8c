# SPDX-License-Identifier: Apache-2.0
"""Amounts and days as Chinese papers write them."""

from datetime import date
from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def money(amount: str) -> str:
    """An amount in figures: 1,234,567.80."""
    return f"{Decimal(amount):,.2f}"


def capitals(amount: str) -> str:
    """An amount in the capitals of cheques and contracts: 壹佰贰拾叁万肆仟伍佰陆拾柒元捌角整."""
    whole, cents = divmod(int(Decimal(amount) * 100), 100)
    tenths, hundredths = divmod(cents, 10)
    words = _whole(whole) + "元" if whole or not cents else ""
    if not cents:
        return words + "整"
    words += f"{_DIGITS[tenths]}角" if tenths else "零" if whole else ""
    return words + (f"{_DIGITS[hundredths]}分" if hundredths else "整")


def _whole(number: int) -> str:
    """Groups of four digits; zeros between two digits are said once, at the end of a group not at all."""
    if not number:
        return _DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    for at in range(len(groups) - 1, -1, -1):
        group = groups[at]
        if not group:
            continue
        gap = words and (group < 1000 or not groups[at + 1])
        words += ("零" if gap else "") + _group(group) + _GROUPS[at]
    return words


def _group(number: int) -> str:
    words = ""
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += _DIGITS[digit] + _PLACES[place]
        elif words and number % 10**place and not words.endswith(_DIGITS[0]):
            words += _DIGITS[0]
    return words


def day(written: str) -> str:
    """An ISO day as 2024年4月26日; nothing stays nothing."""
    if not written:
        return ""
    each = date.fromisoformat(written)
    return f"{each.year}年{each.month}月{each.day}日"
