# SPDX-License-Identifier: Apache-2.0
"""One cell as a person or a spreadsheet wrote it, read as a typed value or refused with what to type instead.

What a text file may hold is narrow (plain digits, ids of a closed list). A workbook is read as its user sees it: real
numbers and dates, the words of a closed list. Dates are written with the year first. On a page thousands may be parted
by commas, as a spreadsheet puts them on the clipboard; what is kept are the digits. What could be meant in two ways is
refused in all.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial

from gradus.grading.faults import Fault
from gradus.grading.scheme import Cell, Column, Option
from gradus.grading.validate import written

likely_years = range(1900, 2201)
"""A day with such a serial number is a year that was typed alone; a spreadsheet shows it as a day about 1905."""
_DOUBTFUL = date(1900, 2, 28)  # days 59 and 60 alike: Excel counts a 29 February 1900, which never was
longest_text = 32_767  # characters a spreadsheet cell can hold

_MARKS = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u180e\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + _MARKS
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
# Only the full-width forms are narrowed: a compatibility normalisation would also read a superscript 2 as a digit.
_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: " ", 0x2212: "-", 0xFFE5: "\u00a5"}

_GROUPS = r"[1-9][0-9]{0,2}(?:[,'\u2019\u00a0\u202f\u2009 ][0-9]{3}){1,7}"
_POINT = r"(?:\.[0-9]{1,24})?"
_NUMBER = re.compile(rf"-?[0-9]{{1,24}}{_POINT}")
_SEPARATED = re.compile(rf"-?{_GROUPS}{_POINT}")
_THOUSANDS = re.compile(rf"-?[1-9][0-9]{{0,2}}(?:,[0-9]{{3}}){{1,7}}{_POINT}")
_WITH_UNIT = re.compile(rf"(?:\u00a5 ?)?(-?(?:{_GROUPS}|[0-9]{{1,24}}){_POINT}) ?(万|亿)?元?")
_SCALE = {None: 1, "万": 10**4, "亿": 10**8}
_MOST = 10**24
_EXCEL_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number and turns the rest into zeros

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOOSE = re.compile(
    r"(?:([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日)"
    r"(?:[ T]00?:00(?::00(?:\.0+)?)?)?"
)
_COMPACT = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_REVERSED = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4}) ?[-/.年] ?([0-9]{1,2}) ?月?")
_SERIAL = re.compile(r"[2-8][0-9]{4}")

_BOOLEANS = {"yes": True, "no": False, "是": True, "否": False, "true": True, "false": False}
_AMBIGUOUS = ""
_NOTHING = re.compile(r"[-–—/\\?？]{1,2}|无|暂无|不适用|未知|n/?a|none|null|nil", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of source is read: ``words`` takes what a spreadsheet's user sees, ``thousands`` the commas between
    them, ``epoch`` is its dates' day 0."""

    words: bool
    thousands: bool = False
    epoch: date = date(1899, 12, 30)


TEXT_FILE = Dialect(words=False)
WORKBOOK = Dialect(words=True)
PAGE = Dialect(words=True, thousands=True)
WORKBOOK_1904 = Dialect(words=True, epoch=date(1904, 1, 1))

Reader = Callable[[object], Cell | Fault]


def trim(text: str) -> str:
    """Without the spaces, no-break and ideographic spaces and zero-width marks around it; line ends are line feeds."""
    text = text.strip(_INVISIBLE)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def narrow(text: str) -> str:
    """Full-width digits, letters and punctuation as their ASCII forms."""
    return text if text.isascii() else text.translate(_NARROW)


def option_words(option: Option) -> str:
    """What a drop-down list shows for a value of a closed list; a workbook is read back by the same words."""
    return f"{option.text.zh} {option.id}"


def cell_reader(column: Column, dialect: Dialect) -> Reader:
    """The function that reads the column's cells. It passes a fault that stands for a cell on as it is."""
    from_text = _text_reader(column, dialect)
    from_value = _value_reader(column, dialect)
    free_text = column.type == "text" and not column.options

    def read(raw: object) -> Cell | Fault:
        if raw is None or isinstance(raw, Fault):
            return raw
        if not isinstance(raw, str):
            value = from_value(raw)
            return from_text(value) if isinstance(value, str) else value
        text = trim(raw)
        if not text:
            return None
        if wrong := _unprintable(text):
            return wrong
        value = from_text(text)
        if isinstance(value, Fault) and not free_text and _NOTHING.fullmatch(text):
            return fault("placeholder", text)
        return value

    return read


def read_cell(raw: object, column: Column, dialect: Dialect = TEXT_FILE) -> Cell | Fault:
    """One cell of the column; a reader made once is faster for many."""
    return cell_reader(column, dialect)(raw)


def fault(code: str, value: str, **params: str) -> Fault:
    """A fault of a cell; whoever knows where the cell stands adds the place."""
    return Fault(f"dossier.{code}", params={"value": value, **params})


def unkeepable(text: str) -> Fault | None:
    """What is wrong with a text that no database or file could keep; every other is kept as it was typed."""
    if len(text) > longest_text:
        return fault("too_long", text, limit=str(longest_text), length=str(len(text)))
    if found := _UNKEEPABLE.search(text):
        return fault("control_character", text, character=f"U+{ord(found.group()):04X}")
    return None


def _unprintable(text: str) -> Fault | None:
    if len(text) > longest_text:
        return fault("too_long", text, limit=str(longest_text), length=str(len(text)))
    if found := _UNPRINTABLE.search(text):
        return fault("control_character", text, character=f"U+{ord(found.group()):04X}")
    return None


def _text_reader(column: Column, dialect: Dialect) -> Callable[[str], Cell | Fault]:
    """How the column reads trimmed text that is not empty."""
    match column.type:
        case "text":
            return _closed_list(column, dialect) if column.options else str
        case "decimal":
            return _without_thousands(_decimal) if dialect.thousands else _decimal
        case "integer":
            return _without_thousands(_integer) if dialect.thousands else _integer
        case "boolean":
            return _boolean
        case _:
            return partial(_date, column=column)


def _value_reader(column: Column, dialect: Dialect) -> Reader:
    """How the column reads what a spreadsheet keeps as a number, a date, a time or a boolean."""
    match column.type:
        case "text":
            return _text_from_value
        case "decimal":
            return _decimal_from_value
        case "integer":
            return _integer_from_value
        case "boolean":
            return _boolean_from_value
        case _:
            return partial(_date_from_value, dialect=dialect)


# Text


def _closed_list(column: Column, dialect: Dialect) -> Callable[[str], Cell | Fault]:
    ids = frozenset(option.id for option in column.options)
    words: dict[str, str] = {}
    for option in column.options:
        for word in (option.id, option.text.zh, option.text.en, option_words(option)):
            folded = narrow(word).casefold()
            words[folded] = option.id if words.get(folded, option.id) == option.id else _AMBIGUOUS
    listed = {
        "expected_zh": "、".join(f"{option.id}({option.text.zh})" for option in column.options),
        "expected_en": ", ".join(f"{option.id} ({option.text.en})" for option in column.options),
    }

    def read(text: str) -> Cell | Fault:
        if text in ids:
            return text
        meant = words.get(narrow(text).casefold(), _AMBIGUOUS)
        if meant == _AMBIGUOUS:
            return fault("not_in_list", text, **listed)
        return meant if dialect.words else fault("not_in_list_like", text, expected=meant)

    return read


def _text_from_value(raw: object) -> Cell | Fault:
    """A number typed where text belongs (a contract number) is its digits, as long as the spreadsheet kept them all."""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, int | float):
        if not math.isfinite(raw) or abs(raw) >= _EXCEL_DIGITS:
            return fault("long_number", f"{raw:.0f}")
        return format(Decimal(f"{raw:.15g}"), "f")
    return fault("date_in_text", _shown(raw))


# Numbers


def _decimal(text: str) -> Cell | Fault:
    digits = narrow(text)
    if not _NUMBER.fullmatch(digits):
        return _no_number(text, digits)
    return Fraction(digits) if "." in digits else Fraction(int(digits))


def _integer(text: str) -> Cell | Fault:
    digits = narrow(text)
    if not _NUMBER.fullmatch(digits):
        return _no_number(text, digits)
    return fault("not_whole", text) if "." in digits else int(digits)


def _without_thousands(read: Callable[[str], Cell | Fault]) -> Callable[[str], Cell | Fault]:
    def joined(text: str) -> Cell | Fault:
        digits = narrow(text)
        return read(digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else text)

    return joined


def _no_number(text: str, digits: str) -> Fault:
    if _SEPARATED.fullmatch(digits):
        return fault("separators", text, expected=_without_separators(digits))
    if match := _WITH_UNIT.fullmatch(digits):
        amount = Fraction(_without_separators(match[1])) * _SCALE[match[2]]
        return fault("number_with_unit", text, expected=written(amount))
    return fault("bad_number", text)


def _without_separators(digits: str) -> str:
    return re.sub(r"[^0-9.-]", "", digits)


def _decimal_from_value(raw: object) -> Cell | Fault:
    if isinstance(raw, bool):
        return fault("bad_number", _shown(raw))
    if isinstance(raw, int | float):
        if not math.isfinite(raw) or abs(raw) >= _MOST:
            return fault("bad_number", str(raw))
        return Fraction(f"{raw:.15g}")  # the digits the spreadsheet shows: 0.1 + 0.2 is 0.3 there
    return fault("date_in_number", _shown(raw))


def _integer_from_value(raw: object) -> Cell | Fault:
    value = _decimal_from_value(raw)
    if not isinstance(value, Fraction):
        return value
    return value.numerator if value.denominator == 1 else fault("not_whole", written(value))


# Booleans


def _boolean(text: str) -> Cell | Fault:
    value = _BOOLEANS.get(narrow(text).casefold())
    return fault("bad_boolean", text) if value is None else value


def _boolean_from_value(raw: object) -> Cell | Fault:
    return raw if isinstance(raw, bool) else fault("bad_boolean", _shown(raw))


# Dates


def _date(text: str, column: Column) -> Cell | Fault:
    written = narrow(text)
    if match := _ISO.fullmatch(written):
        return _day(text, *match.groups())
    if match := _LOOSE.fullmatch(written):
        return _day(text, match[1] or match[5], match[3] or match[6], match[4] or match[7])
    if _SERIAL.fullmatch(written):
        return fault("date_serial", text, expected=str(WORKBOOK.epoch + timedelta(days=int(written))))
    meant = _probably(written, column)
    return fault("date_form", text, expected=str(meant)) if meant else fault("bad_date", text)


def _day(text: str, year: str, month: str, day: str) -> date | Fault:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return fault("no_such_day", text)


def _probably(written: str, column: Column) -> date | None:
    """The one day that was probably meant, to be named in the refusal; None when there are several or none."""
    guess: date | Fault | None = None
    if match := _COMPACT.fullmatch(written):
        guess = _day(written, *match.groups())
    elif match := _REVERSED.fullmatch(written):
        first, second, year = match.groups()
        if int(first) > 12 or first == second:
            guess = _day(written, year, second, first)
        elif int(second) > 12:
            guess = _day(written, year, first, second)
    elif (match := _YEAR_MONTH.fullmatch(written)) and column.first_of_month:
        guess = _day(written, match[1], match[2], "1")
    return guess if isinstance(guess, date) else None


def _date_from_value(raw: object, dialect: Dialect) -> Cell | Fault:
    """A spreadsheet's date, or its serial number read as the spreadsheet does. A year alone is no date."""
    if isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        if isinstance(raw, datetime) and raw.time() != time():
            return fault("date_with_time", _shown(raw), expected=str(day))
        if dialect.words and dialect.epoch == WORKBOOK.epoch and day == _DOUBTFUL:
            return fault("no_such_leap_day", str(day))
        serial = (day - dialect.epoch).days
        return fault("year_for_date", str(serial), shown=str(day)) if serial in likely_years else day
    if isinstance(raw, int | float) and not isinstance(raw, bool) and likely_years.stop <= raw < 120_000:
        day = dialect.epoch + timedelta(days=math.floor(raw))
        if raw != math.floor(raw):
            return fault("date_with_time", _shown(raw), expected=str(day))
        return day
    if isinstance(raw, time) and raw == time():
        return fault("no_day_number", _shown(raw))
    meant = _COMPACT.fullmatch(_shown(raw))
    day_meant = _day("", *meant.groups()) if meant else None
    if isinstance(day_meant, date):
        return fault("date_form", _shown(raw), expected=str(day_meant))
    return fault("bad_date", _shown(raw))


def _shown(raw: object) -> str:
    """A value of a spreadsheet as its user knows it."""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, int | float):
        return f"{raw:.15g}"
    return str(raw)
