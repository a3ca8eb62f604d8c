# SPDX-License-Identifier: Apache-2.0
"""The names of uploaded files as they were given.

Django keeps the last part of a file's name and drops what cannot be printed, without a word. Where the name matters to
people (evidence), what came is looked at instead: the path in a folder that was chosen, and every trick, to be refused.
"""

from collections.abc import Callable, Mapping
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

_NAMELESS = "-"
_BROWSERS_ESCAPE = {"%22": '"', "%0D": "\r", "%0A": "\n"}
"""How browsers write what would end the name of a part (HTML standard, multipart/form-data)."""


def given_name(file: UploadedFile) -> str:
    """The name under which a file was sent, its folders with it."""
    name = str(getattr(file, "given_name", file.name))
    for escaped, sign in _BROWSERS_ESCAPE.items():
        name = name.replace(escaped, sign)
    return name


class GivenNames:
    """Keeps with every uploaded file the name it was given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        def parse(meta: Mapping[str, Any], body: IO[bytes]) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]]:
            parser = _Parser(meta, body, request.upload_handlers, request.encoding)
            return parser.parse()

        request.parse_file_upload = parse
        return self.get_response(request)


class _Parser(MultiPartParser):
    def sanitize_file_name(self, file_name: str) -> str:
        self._given = file_name
        # A name of which nothing is left (``..``) is refused later; here its file would only vanish.
        return super().sanitize_file_name(file_name) or _NAMELESS

    def handle_file_complete(self, old_field_name: str, counters: list[int]) -> None:
        super().handle_file_complete(old_field_name, counters)
        file = self._files.getlist(old_field_name)[-1]
        file.given_name = self._given
