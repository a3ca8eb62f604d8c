# SPDX-License-Identifier: Apache-2.0
"""A scheme's public page, made from its edition and its procedure (ISO/IEC 17065, 4.6): criteria, levels, fees, rights
and duties, how to complain or appeal, and which of its numbers are assumptions."""

from functools import lru_cache

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.formats.editions import default_edition, edition_folders, find_edition
from gradus.formats.procedures import find_procedure
from gradus.grading.faults import Refusal
from gradus.grading.scheme import Edition
from gradus.people.models import Organisation
from gradus.people.permissions import Kind
from gradus.process.procedure import Rules
from gradus.web.public.answers import kept, limited
from gradus.web.public.scheme_words import scheme_words
from gradus.web.ui.desk import Request, open_to_all
from gradus.web.ui.templates import language


@open_to_all
@require_safe
@limited()
def scheme(request: Request, scheme_id: str = "", edition_id: str = "") -> HttpResponseBase:
    """A published edition; without a name the one that is in use."""
    name = f"{scheme_id}/{edition_id}" if scheme_id else default_edition()
    if name not in _published():
        raise Http404
    edition, rules = _edition(name)
    body = Organisation.objects.filter(kind=Kind.BODY.value).first()
    context = {
        "scheme": scheme_words(edition, rules, language()),
        "body": body,
        "others": [each for each in _published() if each != name and each.startswith(f"{edition.scheme}/")],
    }
    return kept(render(request, "public/scheme.html.j2", context))


@lru_cache(maxsize=1)
def _published() -> tuple[str, ...]:
    return tuple(f"{each.parent.name}/{each.name}" for each in edition_folders())


@lru_cache(maxsize=8)
def _edition(name: str) -> tuple[Edition, Rules | None]:
    """An edition, and the procedure of its scheme if there is one. Published ones never change."""
    edition = find_edition(name)
    try:
        return edition, find_procedure(edition)
    except Refusal:
        return edition, None
