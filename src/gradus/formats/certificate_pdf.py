# SPDX-License-Identifier: Apache-2.0
"""A certificate's page as PDF/A-3b, with its credential and its receipt attached: the same bytes from the same values.

The template is constant; what it shows goes in as JSON and is never pasted into markup. The page is not signed yet, see
certificate_signature.py.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from gradus.formats.certificate_drawings import guilloche, qr_code
from gradus.formats.certificate_face import CertificateFace, Signatory
from gradus.formats.palette import colours, vermilion
from gradus.formats.report_pdf import printable, typst_fonts
from gradus.formats.wording import words
from gradus.grading.texts import Text

_TEMPLATE = Path(__file__).resolve().parent / "templates" / "certificate.typ"

Model = dict[str, Any]


def render_certificate(face: CertificateFace, credential: bytes, receipt: bytes, at: datetime) -> bytes:
    """The page as PDF, made ``at`` that instant; credential and receipt are attached as they are (UTF-8)."""
    return _compile(_model(face), {"credential": credential.decode(), "receipt": receipt.decode()}, at)


def render_preview(face: CertificateFace, at: datetime) -> bytes:
    """How the page will look; it has no seal and no code, carries nothing, and says that it is no certificate."""
    model = _model(face) | {"preview": _both("certificate.preview"), "seal": None}
    return _compile(model, {}, at)


def _compile(model: Model, attachments: dict[str, str], at: datetime) -> bytes:
    pdf = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=typst_fonts(),
        sys_inputs={"face": printable(json.dumps(model, ensure_ascii=False)), **attachments},
        pdf_standards="a-3b",
        timestamp=at,
    )
    assert isinstance(pdf, bytes)
    return pdf if pdf.endswith(b"\n") else pdf + b"\n"  # PDF/A: the last line is ended before anything is appended


def _model(face: CertificateFace) -> Model:
    assert face.number in face.verification_url
    assert face.qr_text.startswith(face.verification_url)
    holder, issuer = face.holder, face.issuer
    assessed = [_text(each) for each in holder.assessed_addresses]
    address = face.verification_url
    return {
        "colours": colours | {"vermilion": vermilion},
        "labels": {code: _both(f"certificate.{code}") for code in _LABELS},
        "file_title": f"{words('certificate.title', 'zh')} {face.number} {holder.name.zh}",
        "number": face.number,
        "scheme": _text(face.scheme),
        "issuer": {"name": _text(issuer.name), "address": _text(issuer.address)},
        "approval": _both("certificate.approval", number=issuer.approval_no),
        "holder": _text(holder.name),
        "granted": {each: words("certificate.granted", each, criterion=face.criterion[each]) for each in _TWO},
        "outcome": _text(face.outcome),
        "level": _text(face.rungs[face.reached].level),
        "stars": face.rungs[face.reached].stars,
        "most_stars": max(rung.stars for rung in face.rungs),
        "meaning": _text(face.meaning),
        "order": _text(face.order),
        "asks": _text(face.asks),
        "ladder": {"groups": _groups(face), "reached": face.reached},
        "facts": [
            {"label": _both("certificate.credit_code"), "texts": [{"zh": holder.credit_code, "en": ""}]},
            {"label": _both("certificate.registered_address"), "texts": [_text(holder.registered_address)]},
            {"label": _both("certificate.assessed_address"), "texts": assessed},
        ],
        "services": [_text(each) for each in face.services],
        "dates": _dates(face),
        "signatories": [_signatory(each) for each in face.signatories],
        "seal": {"signs": list(issuer.seal)} if issuer.seal else None,
        "notes": [_text(face.surveillance), _text(face.mark_use)],
        "address": address,
        "qr": {"svg": qr_code(face.qr_text), "words": _both("certificate.qr", address=address)},
        "guilloche": guilloche(),
        "preview": None,
    }


_TWO = ("zh", "en")
_LABELS = "title number certifies scope verify attached_credential attached_receipt".split()


def _both(code: str, **blanks: str) -> dict[str, str]:
    return {language: words(code, language, **blanks) for language in _TWO}


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _groups(face: CertificateFace) -> list[Model]:
    """The rungs of one level stand together under its name."""
    groups: list[Model] = []
    for rung in face.rungs:
        if not groups or groups[-1]["level"] != _text(rung.level):
            groups.append({"level": _text(rung.level), "stars": []})
        groups[-1]["stars"].append(rung.stars)
    return groups


def _dates(face: CertificateFace) -> list[Model]:
    span = {"first": face.valid_from.isoformat(), "last": face.last_valid_on.isoformat()}
    first, issued = face.first_issued_on.isoformat(), face.issued_on.isoformat()
    return [
        {"label": _both("certificate.validity"), "text": _both("certificate.from_to", **span)},
        {"label": _both("certificate.issued"), "text": {"zh": issued, "en": ""}},
        {"label": _both("certificate.first_issued"), "text": {"zh": first, "en": ""}},
    ]


def _signatory(signatory: Signatory) -> Model:
    return {"role": _text(signatory.role), "name": _text(signatory.name)}
