# SPDX-License-Identifier: Apache-2.0
"""The templates' surroundings: Jinja2 as Django's first template engine, with the pieces that reports use too.

In every template: ``t("code", blank=value)`` says a sentence in the reader's language, ``text(Text)`` a text of an
edition, ``called(organisation)`` its name, ``url("name", ...)`` an address, ``static("path")`` a file of ours,
``told(field)`` what is wrong with a field of a form, ``lang`` is "zh" or "en".
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.contrib.staticfiles.storage import staticfiles_storage
from django.forms import BoundField, Field
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from gradus.formats import report_html
from gradus.formats.palette import colours
from gradus.formats.wording import known, words
from gradus.grading.texts import Text
from gradus.people.models import Appointment, Invitation, Organisation

_WEB = Path(__file__).resolve().parent.parent


def language() -> str:
    """The reader's language as our own texts name it: "zh" or "en"."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def t(code: str, **blanks: object) -> str:
    """The sentence of a code in the reader's language, its blanks filled."""
    return words(code, language(), **{name: str(value) for name, value in blanks.items()})


def called(organisation: Organisation) -> str:
    """An organisation's name in the reader's language; the Chinese one where it has none in English."""
    return organisation.text[language()]


def last_day(term: Appointment | Invitation) -> date | None:
    """The last day of a term, which ends the day before another; one that was ended on its first day had but that."""
    if term.ends_on is None:
        return None
    last = term.ends_on - timedelta(days=1)
    return max(last, term.starts_on) if term.starts_on else last


def awaited(request: HttpRequest) -> str:
    """The name of the address whose form waits for its sender's password, and is carried out with it; "" where none
    does, or where no sentence says what it is."""
    state = request.session.get(STATE_SESSION_KEY) or {}
    if "request" not in state:
        return ""
    path = json.loads(state["request"])["path"]
    name = resolve(path).url_name if path == (request.POST.get("next") or request.GET.get("next")) else None
    return name if name and known(f"again.{name}") else ""


def told(bound: BoundField, label: str = "") -> list[str]:
    """What is wrong with a field of a form. That it was left empty Django says without its name, which whoever hears
    the page, or reads a list of what is wrong, has to guess; so it is named, unless the form has words of its own."""
    errors = bound.form.errors.as_data().get(bound.name, [])
    plain = Field.default_error_messages["required"]
    return [
        t("form.required", field=label or bound.label) if each.message == plain else str(message)
        for each in errors
        for message in each
    ]


def environment(**options: Any) -> Environment:
    """Django's Jinja2 environment; templates of a room stand in its folder ``templates``."""
    rooms = [room / "templates" for room in sorted(_WEB.iterdir()) if (room / "templates").is_dir()]
    shared = report_html.environment()
    options.pop("loader", None)
    made = shared.overlay(loader=ChoiceLoader([FileSystemLoader(rooms), shared.loader]))  # type: ignore[list-item]
    made.globals = {
        **shared.globals,
        "t": t,
        "told": told,
        "called": called,
        "last_day": last_day,
        "awaited": awaited,
        "text": lambda text: text[language()] if isinstance(text, Text) else "",
        "url": lambda name, *args, **kwargs: reverse(name, args=args or None, kwargs=kwargs or None),
        "static": staticfiles_storage.url,
        "colours": colours,
    }
    made.filters = {**shared.filters, "instant": lambda at: localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""}
    return made


def page_context(request: HttpRequest) -> dict[str, object]:
    """What every page has: its language, and the desk of whoever looks at it."""
    return {"lang": language(), "desk": getattr(request, "desk", None)}
