# SPDX-License-Identifier: Apache-2.0
"""Facts to PDF through the templates of ``templates/``; the same facts give the same bytes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

import gradus.formats

_TEMPLATES = Path(__file__).parent / "templates"
_FONTS = Path(gradus.formats.__file__).parent / "fonts"


class Press:
    """Keeps the fonts, which take a moment to read, and a compiler for each template."""

    def __init__(self) -> None:
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
        self._compilers: dict[str, typst.Compiler] = {}

    def pdf(self, template: str, facts: dict[str, Any], made_on: str) -> bytes:
        """The paper as PDF, its time of making noon of the day that it bears."""
        if template not in self._compilers:
            path = _TEMPLATES / f"{template}.typ"
            self._compilers[template] = typst.Compiler(path, root=_TEMPLATES, font_paths=self._fonts)
        noon = datetime.fromisoformat(f"{made_on}T12:00:00").replace(tzinfo=UTC)
        pdf = self._compilers[template].compile(
            format="pdf", sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)}, timestamp=noon, pdf_tags=False
        )
        assert isinstance(pdf, bytes)
        return pdf
