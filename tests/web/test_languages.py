# SPDX-License-Identifier: Apache-2.0
"""Every page of the permission table in both languages: nothing untranslated, no blank left unfilled."""

import html
import re

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField

from tests.web.routes import ROUTES, WHO
from tests.web.test_permissions import ask, objects, somebody, undone

__all__ = ["objects"]

_SILENT = re.compile(r"<(script|style|code|svg)\b.*?</\1>", re.DOTALL)
_SPOKEN = re.compile(r'\b(?:title|aria-label|placeholder|alt)="([^"]*)"')
_CHINESE = re.compile(r"[\u4e00-\u9fff，。；：！？、（）《》]+")
_ENGLISH = re.compile(r"\b[A-Za-z]+(?: [a-z]{2,}){3,}")
_BLANK = re.compile(r"\{[a-z_]+\}")

OF_NO_LANGUAGE = {"中文", "简体中文"}
"""A choice of language says the other language's name in that language."""


def said(content):
    """What a page says to eyes and ears."""
    page = _SILENT.sub(" ", content)
    spoken = " ".join(_SPOKEN.findall(page))
    return html.unescape(f"{re.sub(r'<[^>]+>', ' ', page)} {spoken}")


def stored():
    """Everything that people wrote into the platform, as one text."""
    found = []
    for model in apps.get_models():
        if model.__module__.startswith("gradus."):
            names = [f.name for f in model._meta.fields if isinstance(f, CharField | TextField | JSONField)]
            found += [str(value) for row in model.objects.values_list(*names) for value in row]
    return "\n".join(found)


def pages(world, objects, at, language):
    """Every page that somebody may see, once."""
    for route in ROUTES:
        who = next((who for who in WHO if route.answers[who] == 200), None)
        if route.method == "GET" and who is not None:
            with undone():
                client = somebody(world, who, at)
                client.cookies["gradus_language"] = language
                response = ask(client, route, objects["own"])
                if response.streaming:
                    list(response.streaming_content)  # to its end, where the file is closed
                elif response.headers["Content-Type"].startswith("text/html"):
                    yield str(route), said(response.content.decode())


@pytest.mark.parametrize(("language", "foreign"), [("en", _CHINESE), ("zh-hans", _ENGLISH)])
def test_every_page_is_in_one_language_and_leaves_no_blank(language, foreign, world, objects, at):
    own, seen = stored(), {}
    for page, text in pages(world, objects, at, language):
        found = [each for each in foreign.findall(text) if each not in own and each not in OF_NO_LANGUAGE]
        found += _BLANK.findall(text)
        seen[page] = sorted(set(found))
    assert len(seen) > 40
    assert {page: found for page, found in seen.items() if found} == {}
