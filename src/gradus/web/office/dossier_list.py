# SPDX-License-Identifier: Apache-2.0
"""The clients and what their dossiers came to, a page at a time; nothing is graded for it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.core.paginator import Page, Paginator

from gradus.dossiers.queries import clients_and_dossiers
from gradus.formats.numbers import score
from gradus.formats.result_words import outcome_name
from gradus.schemes.queries import edition_named
from gradus.web.ui.templates import language

page_sizes = (50, 100)


def dossier_list(asked: Mapping[str, str]) -> dict[str, Any]:
    """A page of the list: ``q`` part of a name, ``page``, ``size`` lines."""
    wanted = asked.get("q", "").strip()[:100]
    size = next((each for each in page_sizes if str(each) == asked.get("size")), page_sizes[0])
    page = Paginator(clients_and_dossiers(wanted), size).get_page(asked.get("page"))
    lines = [_line(row) for row in page]
    return {"lines": lines, "page": page, "q": wanted, "size": size, "sizes": page_sizes, "pages": _pages(page)}


def _pages(page: Page) -> list[int | str]:
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    summary = row["dossiers__summary"] or {}
    line = {
        "client": row["id"],
        "name": row["name"],
        "name_en": row["name_en"],
        "title": row["dossiers__title"],
        "changed_at": row["dossiers__changed_at"],
        "graded": bool(summary),
        "stale": bool(summary) and row["dossiers__summary_revision"] != row["dossiers__revision"],
        "day": row["dossiers__summary_day"],
    }
    if summary:
        edition = edition_named(row["dossiers__edition_hash"])
        for name in ("capability", "grantable", "worst", "best"):
            line[name] = outcome_name(edition, int(summary[name]), language())
        line["edition"] = row["dossiers__edition"]
        line["overall"] = score(Fraction(summary["overall"]) if summary["overall"] else None)
        line.update({name: summary[name] for name in ("faults", "warnings", "missing")})
    return line
