# SPDX-License-Identifier: Apache-2.0
"""The template's first sheet: how to fill in the workbook, in Chinese and English side by side."""

from math import ceil

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gradus.formats import palette
from gradus.formats.numbers import is_currency
from gradus.formats.template_rules import doubt_tint, required_tint
from gradus.formats.template_words import cells_wide, languages, unit_words
from gradus.formats.wording import say
from gradus.grading.scheme import Edition, Table

guide_sheet = "#说明 Guide"
face = "Microsoft YaHei"
ink, faded, accent, accent_soft, surface, line = (
    colour.lstrip("#")
    for colour in (palette.ink, palette.muted, palette.accent, palette.accent_soft, palette.surface, palette.line)
)

_STEPS = 8
_SIZE = 10.0
_WIDTHS = {"A": 26, "B": 62, "C": 74}


def write_guide(sheet: Worksheet, edition: Edition) -> None:
    """Title, steps, colours, the rubrics, and the list of sheets with links."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = ink
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for letters, width in _WIDTHS.items():
        sheet.column_dimensions[letters].width = width
    edition_words = {"name": edition.name, "hash": edition.hash.removeprefix("sha256:")[:12]}
    _line(sheet, "", edition.text.zh, edition.text.en, Font(name=face, size=16, bold=True, color=ink))
    _line(sheet, "", *_both("template.edition", **edition_words), Font(name=face, size=9, color=faded))
    owner = {"owner_zh": edition.owner.zh, "owner_en": edition.owner.en}
    _line(sheet, "", *_both("template.owner", **owner), Font(name=face, size=9, color=faded))
    _heading(sheet, *_both("template.guide"))
    currency = next((unit for table in edition.tables.values() for unit in _currencies(table)), "")
    money = {f"unit_{language}": unit_words(currency, language) for language in languages}
    steps = [f"template.step_{step}" for step in range(1, _STEPS + 1) if step != 4 or currency]
    for number, step in enumerate(steps, 1):
        _line(sheet, str(number), *_both(step, **money))
    _heading(sheet, *_both("template.colours"))
    for name, tint in (("required", required_tint), ("optional", surface), ("doubt", doubt_tint)):
        _line(sheet, "", *_both(f"template.colour_{name}"))
        sheet.cell(sheet.max_row, 1).fill = PatternFill("solid", fgColor=tint)
    for rubric in edition.scales.values():
        if not any(rubric.bounds):  # the number of a scale with bounds is computed, never typed
            _heading(sheet, rubric.text.zh, rubric.text.en)
            for position, value in enumerate(rubric.values):
                _line(sheet, str(position), value.text.zh, value.text.en)
    _heading(sheet, *_both("template.sheets"))
    for table in edition.tables.values():
        _line(sheet, table.id, *_table_words(table))
        link = sheet.cell(sheet.max_row, 1)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{table.id}'!A1")
        link.font = Font(name=face, size=_SIZE, color=accent, underline="single")


def _currencies(table: Table) -> list[str]:
    return [column.unit for column in table.columns if is_currency(column.unit)]


def _table_words(table: Table) -> tuple[str, str]:
    words = []
    for language in languages:
        rows = say("template.one_row" if table.single else "template.many_rows", language)
        others = sorted({column.ref[0] for column in table.columns if column.ref})
        refers = [say("template.refers", language, {"other": other}) for other in others]
        words.append(f"{table.text[language]}: " + "; ".join([table.note[language] if table.note else rows, *refers]))
    return words[0].replace(": ", "：").replace("; ", "；"), words[1]


def _both(code: str, **params: str) -> tuple[str, str]:
    return say(code, "zh", params), say(code, "en", params)


def _heading(sheet: Worksheet, zh: str, en: str) -> None:
    sheet.append([])
    _line(sheet, "", zh, en, Font(name=face, size=12, bold=True, color=accent))
    for cell in sheet[sheet.max_row]:
        cell.border = Border(bottom=Side("thin", color=accent))


def _line(sheet: Worksheet, mark: str, zh: str, en: str, font: Font | None = None) -> None:
    row = 1 if sheet.max_row == 1 and sheet["B1"].value is None else sheet.max_row + 1
    for column, words in enumerate((mark, zh, en), 1):
        cell = sheet.cell(row, column, words)
        cell.font = font or Font(name=face, size=_SIZE, color=ink)
        cell.alignment = Alignment(wrap_text=True, vertical="top", indent=column // 3)
    size = float(font.size or _SIZE) if font else _SIZE
    narrower = size / _SIZE
    lines = max(cells_wide(zh) * narrower / (_WIDTHS["B"] - 4), len(en) * narrower / (_WIDTHS["C"] - 4), 1)
    sheet.row_dimensions[row].height = 1.6 * size * ceil(lines)
