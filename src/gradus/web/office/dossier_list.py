# SPDX-License-Identifier: Apache-2.0
"""The clients and what they submitted, a page at a time; nothing is graded for it, and no draft is shown."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.core.paginator import Page, Paginator

from gradus.dossiers.queries import clients, clients_and_submitted
from gradus.formats.numbers import score
from gradus.formats.result_words import outcome_name
from gradus.schemes.queries import edition_named
from gradus.web.ui.templates import language

page_sizes = (50, 100)


def dossier_list(asked: Mapping[str, str], *, submitted: bool) -> dict[str, Any]:
    """A page of the list: ``q`` part of a name, ``page``, ``size`` lines. ``submitted``: with what was submitted, for
    those who may read it; else the names alone."""
    wanted = asked.get("q", "").strip()[:100]
    size = next((each for each in page_sizes if str(each) == asked.get("size")), page_sizes[0])
    rows = clients_and_submitted(wanted) if submitted else clients(wanted)
    page = Paginator(rows, size).get_page(asked.get("page"))
    lines = [_line(row) if submitted else {**row, "client": row["id"]} for row in page]
    return {
        "lines": lines,
        "page": page,
        "q": wanted,
        "size": size,
        "sizes": page_sizes,
        "pages": _pages(page),
        "submitted": submitted,
    }


def _pages(page: Page) -> list[int | str]:
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    came_to = row["given__submitted"] or {}
    line = {
        "client": row["id"],
        "name": row["name"],
        "name_en": row["name_en"],
        "title": row["given__title"],
        "dossier": row["given__id"],
        "number": came_to.get("number"),
        "day": came_to.get("day"),
        "graded": "capability" in came_to,
    }
    if line["graded"]:
        edition = edition_named(row["given__edition_hash"])
        for name in ("capability", "grantable", "worst", "best"):
            line[name] = outcome_name(edition, int(came_to[name]), language())
        line["edition"] = edition.text[language()]
        line["overall"] = score(Fraction(came_to["overall"]) if came_to["overall"] else None)
        line["missing"] = came_to["missing"]
    return line
