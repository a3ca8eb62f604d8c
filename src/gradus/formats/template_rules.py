# SPDX-License-Identifier: Apache-2.0
"""What the template's cells accept, offer and point out: data validation, drop-down lists, conditional formats.

The spreadsheet only helps while typing. Whatever is pasted past it is read, and refused in words, all the same.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gradus.formats.cells import WORKBOOK, option_words
from gradus.formats.dossier_rows import column_letters
from gradus.formats.numbers import is_currency
from gradus.formats.palette import accent_tint, attention_tint
from gradus.formats.template_words import languages, limits, unit_words
from gradus.formats.wording import say
from gradus.grading.scheme import Column, Empty, Option, Table
from gradus.grading.validate import written

first_row = 3
last_row = 2002
lists_sheet = "#选项 Lists"
required_tint = accent_tint.lstrip("#")
doubt_tint = attention_tint.lstrip("#")

Kind = Literal["list", "whole", "decimal", "date", "custom"]

_MOST = 10**15  # a spreadsheet keeps 15 digits of a number
_SMALL = 100_000  # of a currency: an amount below it was perhaps written in ten thousands
_MESSAGE = 225  # characters a spreadsheet shows
_OWN_FORMAT = 170  # of a number; the ids below 164 are the spreadsheet's own


class Lists:
    """The closed lists of all columns on one hidden sheet; a list that comes again is kept once."""

    def __init__(self, book: Workbook) -> None:
        self._sheet: Worksheet = book.create_sheet(lists_sheet)
        self._sheet.sheet_state = "hidden"
        self._ranges: dict[tuple[Option, ...], str] = {}

    def range_of(self, options: tuple[Option, ...]) -> str:
        """Where the list's words stand."""
        if options not in self._ranges:
            at = len(self._ranges)
            for row, option in enumerate(options, 1):
                self._sheet.cell(row, at + 1, option_words(option))
            self._ranges[options] = f"'{lists_sheet}'!{_span(at, 1, len(options))}"
        return self._ranges[options]


def last_row_of(table: Table) -> int:
    """The last row that the template prepares."""
    return first_row if table.single else last_row


def validation(table: Table, at: int, tables: Mapping[str, Table], lists: Lists) -> DataValidation | None:
    """What the cells of the table's column at that position accept; None when any text will do."""
    column = table.columns[at]
    first = f"{column_letters(at)}{first_row}"
    match column.type:
        case "boolean":
            rule = _rule("list", '"是,否,yes,no"', ask="boolean")
        case "date" if column.first_of_month:
            rule = _rule("custom", f"AND(ISNUMBER({first}),DAY({first})=1)", ask="month")
        case "date":
            rule = _rule("date", _serial(date(1900, 3, 1)), _serial(date.max), ask="date")
        case "integer" | "decimal":
            rule = _number_rule(column)
        case _ if column.options:
            rule = _rule("list", lists.range_of(column.options), ask="list")
        case _ if column.ref:
            rule = _rule("list", _filled_range(tables[column.ref[0]], column.ref[1]), ask="ref", other=column.ref[0])
            rule.errorStyle = "warning"
        case _ if column.key:
            rule = _rule("custom", f"COUNTIF({_span(at, first_row, last_row)},{first})=1", ask="key")
            rule.errorStyle = "warning"
        case _:
            return None
    rule.add(f"{first}:{column_letters(at)}{last_row_of(table)}")
    return rule


def _rule(kind: Kind, *formulas: str, ask: str, other: str = "") -> DataValidation:
    rule = DataValidation(type=kind, formula1=formulas[0], formula2=formulas[1] if len(formulas) > 1 else None)
    rule.operator = "between"
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorStyle = "stop"
    rule.errorTitle = " ".join(say("template.check", language) for language in languages)
    rule.error = "\n".join(say(f"template.ask_{ask}", language, {"other": other}) for language in languages)
    return rule


def _number_rule(column: Column) -> DataValidation:
    """A number in the column's range; the message tells the bounds."""
    least = column.minimum if column.above is None else column.above
    bounds = (-_MOST if least is None else least, _MOST if column.maximum is None else column.maximum)
    kind: Kind = "whole" if column.type == "integer" else "decimal"
    rule = _rule(kind, written(bounds[0]), written(bounds[1]), ask=column.type)
    if column.above is not None and column.maximum is None:
        rule.operator, rule.formula2 = "greaterThan", None
    told = (" ".join([say(f"template.ask_{column.type}", each), *limits(column, each)]) for each in languages)
    rule.error = "\n".join(told)[:_MESSAGE]
    return rule


def _filled_range(table: Table, key: str) -> str:
    """The table's key column from its first row to the last one that is filled, however many there are."""
    at = table.position(key)
    whole = f"'{table.id}'!{_span(at, first_row, last_row)}"
    filled = f'SUMPRODUCT(MAX(({whole}<>"")*ROW({whole})))'
    return f"OFFSET('{table.id}'!${column_letters(at)}${first_row},0,0,MAX(1,{filled}-{first_row - 1}),1)"


def _span(at: int, first: int, last: int) -> str:
    letters = column_letters(at)
    return f"${letters}${first}:${letters}${last}"


def _serial(day: date) -> str:
    return str((day - WORKBOOK.epoch).days)


def mark_cells(sheet: Worksheet, table: Table) -> None:
    """Points out a required cell that is empty in a row already begun, and an amount that looks too small."""
    last = column_letters(len(table.columns) - 1)
    for at, column in enumerate(table.columns):
        letters = column_letters(at)
        cells = f"{letters}{first_row}:{letters}{last_row_of(table)}"
        first = f"{letters}{first_row}"
        if column.empty is Empty.ERROR:
            begun = f"AND(ISBLANK({first}),COUNTA($A{first_row}:${last}{first_row})>0)"
            sheet.conditional_formatting.add(cells, _mark(begun, required_tint))
        if is_currency(column.unit):
            small = f"AND(ISNUMBER({first}),{first}>0,{first}<{_SMALL})"
            reminder = f'#,##0.00" {unit_words(column.unit, "zh")}?"'
            sheet.conditional_formatting.add(cells, _mark(small, doubt_tint, reminder))


def _mark(formula: str, tint: str, number_format: str = "") -> Rule:
    """Cells for which the formula holds; the number format says in words what the tint says in colour."""
    style = DifferentialStyle(fill=PatternFill(bgColor=tint, fill_type="solid"))
    if number_format:
        style.numFmt = NumberFormat(numFmtId=_OWN_FORMAT, formatCode=number_format)
    return Rule(type="expression", dxf=style, formula=[formula])
