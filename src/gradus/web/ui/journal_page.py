# SPDX-License-Identifier: Apache-2.0
"""A page of the journal, whoever's it is: chosen by person and kind, newest first."""

from django.core.paginator import Paginator
from django.db.models import QuerySet

from gradus.journal.kinds import Kind
from gradus.journal.models import Entry
from gradus.web.ui.desk import Request
from gradus.web.ui.journal_words import entries_words, kind_words

_ENTRIES = 50


def journal_page(request: Request, entries: QuerySet[Entry], *, contents: bool) -> dict[str, object]:
    """The entries that the reader asked for (``who``, ``kind``, ``page``), and what can be asked for."""
    who, kind = request.GET.get("who", ""), request.GET.get("kind", "")
    people = sorted(set(entries.order_by().values_list("actor", "actor_name").distinct()), key=lambda each: each[1])
    there = set(entries.order_by().values_list("kind", flat=True).distinct())
    chosen = entries
    if who:
        chosen = chosen.filter(actor=who)
    if kind in set(Kind):
        chosen = chosen.filter(kind=kind)
    page = Paginator(chosen, _ENTRIES).get_page(request.GET.get("page"))
    return {
        "entries": entries_words(list(page), contents=contents),
        "page": page,
        "people": people,
        "kinds": [(each.value, kind_words(each.value)) for each in Kind if each.value in there],
        "who": who,
        "kind": kind,
        "filtered": bool(who or kind),
    }
