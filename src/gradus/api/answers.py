# SPDX-License-Identifier: Apache-2.0
"""What every operation answers when it can not: a code, and a sentence in the reader's language."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError
from pydantic import Field

from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Refusal


class Wrong(Schema):
    """One thing that is wrong: ``code`` for programs, ``sentence`` for people, ``where`` a parameter's name."""

    code: str
    sentence: str
    where: str = ""


class NotAnswered(Schema):
    """Why there is no answer; everything that is wrong at once."""

    wrong: list[Wrong] = Field(min_length=1)


class NotFound(Exception):
    """What is not there, or not for this reader: nobody can tell which."""


class TooOften(Exception):
    """The address has asked too often; it may again after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


refusals = {401: NotAnswered, 404: NotAnswered, 422: NotAnswered}


def language() -> str:
    """The language that the request asked for."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def not_answered(status: int, *faults: Fault) -> HttpResponse:
    """An answer that says why there is none."""
    said = language()
    wrong = [{"code": each.code, "sentence": sentence(each, said), "where": each.place.field} for each in faults]
    return JsonResponse({"wrong": wrong}, status=status, json_dumps_params={"ensure_ascii": False})


def add_handlers(api: NinjaAPI) -> None:
    """Every way in which an operation ends without an answer."""

    @api.exception_handler(AuthenticationError)
    def not_signed_in(request: HttpRequest, exception: Exception) -> HttpResponse:
        response = not_answered(401, Fault("api.not_signed_in"))
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(NotFound)
    def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
        return not_answered(404, Fault("api.not_found"))

    @api.exception_handler(TooOften)
    def too_often(request: HttpRequest, exception: TooOften) -> HttpResponse:
        response = not_answered(429, Fault("api.too_often", params={"seconds": str(exception.seconds)}))
        response["Retry-After"] = str(exception.seconds)
        return response

    @api.exception_handler(ValidationError)
    def not_valid(request: HttpRequest, exception: ValidationError) -> HttpResponse:
        named = [_parameter(each["loc"]) for each in exception.errors]
        said = [Wrong(code="api.not_valid", sentence="", where=name) for name in dict.fromkeys(named)]
        text = language()
        wrong = [
            {**each.model_dump(), "sentence": sentence(Fault(each.code, params={"name": each.where}), text)}
            for each in said
        ]
        return JsonResponse({"wrong": wrong}, status=422, json_dumps_params={"ensure_ascii": False})

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, exception: Refusal) -> HttpResponse:
        return not_answered(422, *exception.faults)


def _parameter(place: Sequence[str | int]) -> str:
    """The name of a parameter, of whose value a part may be wrong."""
    return next(each for each in reversed(place) if isinstance(each, str))
