"""Write a plain table as a file: CSV, or a workbook."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

_EPOCH = datetime(2000, 1, 1)
"""Workbooks record when they were made; a fixed time, so that ours depend on the content alone."""

_ESCAPED = {0xFFFE: "_xFFFE_", 0xFFFF: "_xFFFF_"}
"""Characters that XML does not allow and the writer does not escape (ISO/IEC 29500-1, 22.4.2.4)."""

_DIGITS = 15
"""Digits that a spreadsheet number can have: a longer number stays a text."""


def as_csv(names: Sequence[str], texts: Sequence[Sequence[str]]) -> bytes:
    """RFC 4180, UTF-8, with a header row."""
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(names)
    writer.writerows(texts)
    return output.getvalue().encode()


def as_workbook(names: Sequence[str], texts: Sequence[Sequence[str]]) -> bytes:
    """A workbook (XLSX) with one sheet; the column ``value`` has numbers."""
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as workbook:
        workbook.set_properties({"created": _EPOCH})
        sheet = workbook.add_worksheet("cells")
        bold = workbook.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(texts, start=1):
            for column, (name, text) in enumerate(zip(names, row, strict=True)):
                if name == "value" and text and len(text.lstrip("-").replace(".", "")) <= _DIGITS:
                    sheet.write_number(number, column, float(text))
                elif text:
                    sheet.write_string(number, column, text.translate(_ESCAPED))
        sheet.autofit()
    return output.getvalue()
