# SPDX-License-Identifier: Apache-2.0
"""A table from a CSV file: bytes in, typed rows out, or every reason why not.

In this order: (1) the file's size, (2) its bytes are text, (3) in UTF-8 or else certainly GB18030, (4) separated by
commas, (5) with balanced quotes, (6) every row as long as the header, (7) every cell of its column's type.
"""

import csv
import io
from datetime import date
from pathlib import Path

from gradus.formats.cells import TEXT_FILE, narrow, trim
from gradus.formats.dossier_names import column_names, header_name
from gradus.formats.dossier_rows import Grid, Reading, is_blank, is_label_row, most_rows, read_grid
from gradus.formats.files import read_file
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Table

most_bytes = 16 * 2**20

_BOM = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# What business text holds beside ideographs: CJK punctuation, full-width forms, numerals, and the signs below.
_SIGN_BLOCKS = (range(0x3000, 0x3020), range(0xFF01, 0xFF60), range(0xFFE0, 0xFFE6), range(0x2160, 0x24A0))
_SIGNS = frozenset("·×÷±°—–‘’“”…‰′″※℃№→←↑↓■□●○★☆△▲◆◇√≤≥≠≈") | {chr(code) for block in _SIGN_BLOCKS for code in block}
_FEW = 10  # so many different ideographs may all miss the part of GB2312 that tells Chinese from Korean


def read_csv(path: Path, table: Table, reading: Reading) -> None:
    """Adds the file's rows, and everything that is wrong with them, to the reading."""
    try:
        text = decode(read_file(path, most_bytes), path.name, reading)
        records = _records(text, path.name)
    except Refusal as refusal:
        reading.refuse_table(table.id, *refusal.faults)
        return
    header = records[0]
    body: list[tuple[int, list[str]]] = []
    for number, record in enumerate(records[1:], 2):
        if number == 2 and is_label_row(record, table):
            continue
        if len(record) == len(header):
            body.append((number, record))
        elif not all(map(is_blank, record)):
            where = Place(file=path.name, table=table.id, row=number)
            lengths = {"value": str(len(record)), "expected": str(len(header))}
            reading.refuse_table(table.id, Fault("dossier.ragged_row", where, lengths))
    read_grid(Grid(table, path.name, header, body), TEXT_FILE, reading)
    _tell_dates(table, header, body, reading)


def _tell_dates(table: Table, header: list[str], body: list[tuple[int, list[str]]], reading: Reading) -> None:
    """Days that were written otherwise than 2026-06-30 and read all the same: one notice a column, with the first."""
    names = column_names(table)
    read = {row.number: row.cells for row in reading.tables[table.id]}
    for at, name in enumerate(header):
        found = names.meant(header_name(name))
        column = table.column(found[0]) if len(found) == 1 else None
        if column is None or column.type != "date":
            continue
        index = table.position(column.id)
        days = [(trim(record[at]), read[number][index]) for number, record in body if number in read]
        others = [(text, str(day)) for text, day in days if isinstance(day, date) and narrow(text) != str(day)]
        if others:
            params = {"value": others[0][0], "expected": others[0][1], "count": str(len(others))}
            reading.notices.append(Fault("dossier.dates_read", Place(table=table.id, field=column.id), params))


def decode(data: bytes, file: str, reading: Reading) -> str:
    """The text of the bytes: UTF-8, or else GB18030 when that is certain, which is told in a notice."""
    if not data.removeprefix(_BOM).strip():
        raise Refusal([Fault("dossier.empty_file", Place(file=file))])
    if data.startswith(_UTF16_MARKS):
        raise Refusal([Fault("dossier.utf16", Place(file=file))])
    if (at := data.find(0)) >= 0:
        raise Refusal([Fault("dossier.nul_byte", _place_of_byte(data, at, file), {"position": str(at + 1)})])
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + len(_BOM) * data.startswith(_BOM)
    text = None if data.startswith(_BOM) else certain_gb18030(data)
    if text is None:
        params = {"position": str(at + 1), "value": f"0x{data[at]:02X}"}
        raise Refusal([Fault("dossier.not_utf8", _place_of_byte(data, at, file), params)])
    reading.notices.append(Fault("dossier.read_as_gb18030", Place(file=file)))
    return text


def certain_gb18030(data: bytes) -> str | None:
    """The text when the bytes are certainly Chinese in GB18030 (or GBK, GB2312), else None.

    Nearly any bytes decode as GB18030, so decoding proves nothing. Certain means: everything outside ASCII is an
    ideograph or a sign that business text uses, and of the different ideographs two in three are among the 3755 most
    frequent (the first level of GB2312, in the order of their sound). Western, Japanese and Taiwanese encodings do not
    look like that, nor does damaged UTF-8, whose first bytes of a character all lie in the rare second level. Korean
    does, but never reaches the last part of the first level; one in ten must lie there, past the first ten, which in
    Chinese may miss it by chance. So a few Korean words would be taken for Chinese: the price of reading a small table.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = {each for each in text if not each.isascii()}
    ideographs = [each.encode("gb18030") for each in foreign if "\u3400" <= each <= "\u9fff"]
    signs = [each for each in foreign if each in _SIGNS]
    frequent = sum(len(each) == 2 and 0xB0 <= each[0] <= 0xD7 and each[1] >= 0xA1 for each in ideographs)
    late = sum(len(each) == 2 and 0xC9 <= each[0] <= 0xD7 and each[1] >= 0xA1 for each in ideographs)
    plausible = len(ideographs) + len(signs) == len(foreign)
    enough = 3 * frequent >= 2 * len(ideographs) > 0 and 10 * late >= len(ideographs) - _FEW
    return text if plausible and enough else None


def _place_of_byte(data: bytes, at: int, file: str) -> Place:
    start = data.rfind(b"\n", 0, at) + 1
    return Place(file=file, line=data.count(b"\n", 0, at) + 1, column=at - start + 1)


def _records(text: str, file: str) -> list[list[str]]:
    """The file's records, header first; a blank line is an empty record, so that row numbers stay the spreadsheet's."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[list[str]] = []
    line = 1
    try:
        for record in reader:
            if not records:
                _refuse_other_separators(record, file)
            if len(records) > most_rows:
                raise Refusal([Fault("dossier.too_many_rows", Place(file=file), {"limit": str(most_rows)})])
            records.append(record)
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refusal([_quote_fault(str(error), Place(file=file, line=line))]) from error
    return records


def _quote_fault(reason: str, where: Place) -> Fault:
    code = "open_quote" if "unexpected end" in reason else "cell_too_large" if "limit" in reason else "stray_quote"
    return Fault(f"dossier.{code}", where)


def _refuse_other_separators(header: list[str], file: str) -> None:
    if len(header) == 1:
        for code, separator in (("tabs", "\t"), ("semicolons", ";")):
            if separator in trim(header[0]):
                raise Refusal([Fault(f"dossier.{code}", Place(file=file, line=1))])
