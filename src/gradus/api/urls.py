# SPDX-License-Identifier: Apache-2.0
"""The addresses of the API. There is no page that tries it out: it would need scripts that our pages do not allow."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from gradus import __version__
from gradus.api import cases, register, submissions
from gradus.api.access import Token, session
from gradus.api.answers import add_handlers, not_answered
from gradus.grading.faults import Fault

api = NinjaAPI(
    title="Gradus",
    version=__version__,
    description="Cases, submissions and results; and, for everybody, the public register; all for reading."
    " Sentences come in the language of Accept-Language.",
    auth=[Token(), session],
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
add_handlers(api)
api.add_router("/cases", cases.router)
api.add_router("/submissions", submissions.router)
api.add_router("/register", register.router)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API, for everybody; it says nothing of any data."""
    return JsonResponse(description())


def description() -> dict[str, Any]:
    """The API in OpenAPI 3.1."""
    return dict(api.get_openapi_schema(path_prefix="/api"))


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """What stands at no address, in the words of the API."""
    return not_answered(404, Fault("api.not_found"))


def _operations() -> list[Any]:
    """The addresses of the operations, each with what the permission table holds it to."""
    asked = {
        operation.url_name: getattr(operation.view_func, "permission")  # noqa: B009  for_readers has set it
        for router in (cases.router, submissions.router, register.router)
        for view in router.path_operations.values()
        for operation in view.operations
    }
    found = [each for each in api.urls[0] if each.name in asked]
    for each in found:
        each.callback.permission = asked[each.name]
    return found


openapi.permission = no_such_address.permission = "open_to_all"

urlpatterns = [
    path("openapi.json", openapi, name="api_description"),
    *_operations(),
    re_path("", no_such_address, name="api_nothing"),
]
