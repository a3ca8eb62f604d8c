# SPDX-License-Identifier: Apache-2.0
"""The report as one self-contained page: its styles and drawings are inside, it asks for nothing and runs nothing."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gradus.formats.palette import colours
from gradus.formats.report_model import report_model
from gradus.grading.result import Result

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def render_html(result: Result, language: str) -> str:
    """The report of a result in one language ("zh" or "en")."""
    template = environment().get_template("report.html.j2")
    return template.render(report=report_model(result, language), colours=colours)


@cache
def environment() -> Environment:
    """The templates; the pages that come later share their pieces."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
