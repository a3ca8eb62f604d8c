# SPDX-License-Identifier: Apache-2.0
"""What the update of a signed certificate may change: it adds one signature that certifies the page, the certificates
beside it, and nothing that anyone could see (ISO 32000-1, 12.7.4.5 and 12.8; ETSI EN 319 142-1, 5.4)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from gradus.trust.pdf_container import Revision, SignedFile
from gradus.trust.pdf_syntax import Name, Ref, Value, refuse

_TIME = re.compile(rb"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z")
_ADDED = {"AcroForm", "DSS", "Perms", "Extensions"}

_NO_CHANGES: Value = [
    {
        "Type": Name("SigRef"),
        "TransformMethod": Name("DocMDP"),
        "TransformParams": {"Type": Name("TransformParams"), "V": Name("1.2"), "P": 1},
    }
]
_FIELD = {"FT": Name("Sig"), "Type": Name("Annot"), "Subtype": Name("Widget"), "F": 132, "Rect": [0, 0, 0, 0]}
_SIGNATURE = {
    "Type": Name("Sig"),
    "Filter": Name("Adobe.PPKLite"),
    "SubFilter": Name("ETSI.CAdES.detached"),
    "Reference": _NO_CHANGES,
}


def signature_of(file: SignedFile) -> tuple[Ref, datetime]:
    """The one signature that the update adds, and when it claims to be made. Raises Refusal for any other change."""
    update = file.update
    root = file.page.trailer.get("Root")
    catalog = update.get(root).entries
    _same(file.page.get(root).entries, catalog, _ADDED, "catalog")
    form = update.get(catalog.get("AcroForm")).entries
    fields = form.get("Fields")
    if not isinstance(fields, list) or len(fields) != 1 or form != {"Fields": fields, "SigFlags": 3}:
        refuse("pdf.update", what="AcroForm")
    field = update.get(fields[0]).entries
    signature, sheet = field.get("V"), field.get("P")
    if not isinstance(signature, Ref) or not isinstance(sheet, Ref):
        refuse("pdf.update", what="AcroForm")
    if dict(field) != _FIELD | {"T": field.get("T"), "V": signature, "P": sheet}:
        refuse("pdf.update", what="AcroForm")
    _check_sheet(file, sheet, fields)
    if catalog.get("Perms") != {"DocMDP": signature}:
        refuse("pdf.update", what="Perms")
    stored = _stored(update, catalog.get("DSS"))
    brought = {root, catalog.get("AcroForm"), fields[0], signature, sheet, catalog.get("DSS"), *stored}
    if {Ref(number) for number in update.objects} != brought:
        refuse("pdf.update", what="objects")
    return signature, _signed_at(update, signature)


def _same(before: Mapping[str, Value], after: Mapping[str, Value], added: set[str], what: str) -> None:
    kept = {key: value for key, value in after.items() if key not in added}
    if kept != dict(before) or not added <= set(after):
        refuse("pdf.update", what=what)


def _check_sheet(file: SignedFile, sheet: Ref, fields: list[Value]) -> None:
    """The sheet of paper that the invisible signature stands on is as it was."""
    before, after = file.page.get(sheet).entries, file.update.get(sheet).entries
    links = before.get("Annots", [])
    if before.get("Type") != Name("Page") or not isinstance(links, list) or after.get("Annots") != [*links, *fields]:
        refuse("pdf.update", what="page")
    before = {key: value for key, value in before.items() if key != "Annots"}
    _same(before, after, {"Annots"}, "page")


def _stored(update: Revision, store: Value) -> list[Ref]:
    """The streams of the document security store: certificates."""
    entries = update.get(store).entries
    certificates = entries.get("Certs")
    refs = [each for each in certificates if isinstance(each, Ref)] if isinstance(certificates, list) else []
    if entries.get("Type") != Name("DSS") or not set(entries) <= {"Type", "Certs"}:
        refuse("pdf.update", what="DSS")
    for ref in refs:
        if set(update.get(ref).entries) != {"Length"} or update.get(ref).stream is None:
            refuse("pdf.update", what="DSS")
    return refs


def _signed_at(update: Revision, signature: Ref) -> datetime:
    entries = update.get(signature).entries
    made = entries.get("M")
    fixed = {key: value for key, value in entries.items() if key not in ("Contents", "ByteRange", "M")}
    time = _TIME.fullmatch(made) if isinstance(made, bytes) else None
    if fixed != _SIGNATURE or time is None:
        refuse("pdf.update", what="signature")
    try:
        return datetime(*(int(part) for part in time.groups()), tzinfo=UTC)  # type: ignore[arg-type, misc]
    except ValueError:
        refuse("pdf.update", what="signature")
