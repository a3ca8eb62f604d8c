# SPDX-License-Identifier: Apache-2.0
"""What our records look like, as data: so that a reader in another language (the script of the public verification
page) holds them to the same rules without a second copy of them."""

from dataclasses import is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from gradus.grading.texts import Text
from gradus.trust.bundle import TrustBundle
from gradus.trust.canonical import DEEPEST, Json
from gradus.trust.checkpoint import LARGEST_CHECKPOINT
from gradus.trust.compact import LONGEST_COMPACT
from gradus.trust.credential import LARGEST_CREDENTIAL
from gradus.trust.pdf_attachments import CERTIFICATE_FILES, LARGEST_ATTACHMENT
from gradus.trust.pdf_container import LARGEST_FILE
from gradus.trust.pdf_verify import MARKS
from gradus.trust.proof import Proof
from gradus.trust.receipt import LARGEST_RECEIPT, Receipt
from gradus.trust.records import LONGEST_LIST, LONGEST_TEXT, UNSEEN
from gradus.trust.statement import AUTHORITIES, CertificateStatement, StatusStatement
from gradus.trust.status_list import LARGEST_LIST, LEAST_BITS, MOST_BITS

_RECORDS = {
    "certificate": CertificateStatement,
    "change": StatusStatement,
    "proof": Proof,
    "receipt": Receipt,
    "bundle": TrustBundle,
}


@cache
def rules() -> dict[str, Json]:
    """Every record's shape, and the bounds and closed lists that verification goes by."""
    return {
        "records": {name: shape_of(kind) for name, kind in _RECORDS.items()},
        "unseen": UNSEEN,
        "longest_text": LONGEST_TEXT,
        "longest_list": LONGEST_LIST,
        "deepest": DEEPEST,
        "authorities": list(AUTHORITIES),
        "largest": {
            "credential": LARGEST_CREDENTIAL,
            "receipt": LARGEST_RECEIPT,
            "list": LARGEST_LIST,
            "checkpoint": LARGEST_CHECKPOINT,
            "compact": LONGEST_COMPACT,
            "pdf": LARGEST_FILE,
            "attachment": LARGEST_ATTACHMENT,
        },
        "bits": [LEAST_BITS, MOST_BITS],
        "attached": dict(CERTIFICATE_FILES),
        "marks": list(MARKS),
    }


def shape_of(kind: Any) -> dict[str, Json]:  # noqa: ANN401  any type
    """What a value of that type looks like in JSON (:mod:`gradus.trust.records`)."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, form = get_args(kind)
        if inner is int:
            return {"is": "count", "example": form.example}
        return {"is": "text", "pattern": form.pattern, "example": form.example}
    if origin in (Union, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        return {"is": "maybe", "of": shape_of(inner)}
    if origin is tuple:
        return {"is": "list", "of": shape_of(get_args(kind)[0])}
    if is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        fields: dict[str, Json] = {name: shape_of(each) for name, each in hints.items()}
        return {"is": "words" if kind is Text else "record", "fields": fields}
    if issubclass(kind, StrEnum):
        return {"is": "one", "of": [each.value for each in kind]}
    return {"is": {datetime: "instant", date: "day", str: "text"}[kind]}
