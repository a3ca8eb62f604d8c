# SPDX-License-Identifier: Apache-2.0
"""What is attached to a certificate's PDF (ISO 32000-1, 7.11.4; ISO 19005-3, 6.8): named, associated with the document,
and of bounded size."""

import zlib
from collections.abc import Mapping

from gradus.trust.pdf_container import PdfObject, Revision
from gradus.trust.pdf_syntax import Name, Value, refuse

LARGEST_ATTACHMENT = 1024 * 1024

# How each file of a certificate relates to its page (AFRelationship).
CERTIFICATE_FILES = {"credential.json": "Alternative", "receipt.json": "Supplement"}

Entries = Mapping[str, Value]


def read_attachments(page: Revision, expected: Mapping[str, str]) -> Mapping[str, bytes]:
    """Exactly the expected files, by name, each with its relationship. Raises Refusal."""
    catalog = page.get(page.trailer.get("Root")).entries
    names = _inside(_inside(catalog.get("Names")).get("EmbeddedFiles")).get("Names")
    if not isinstance(names, list) or names[1::2] != catalog.get("AF"):
        refuse("pdf.attachments", names=", ".join(expected))
    found: dict[str, bytes] = {}
    for name, ref in zip(names[::2], names[1::2], strict=False):
        specification = page.get(ref).entries
        text = name.decode("latin-1") if isinstance(name, bytes) else ""
        relationship = expected.get(text)
        if relationship is None or text in found or len(names) != 2 * len(expected):
            refuse("pdf.attachments", names=", ".join(expected))
        if specification.get("AFRelationship") != Name(relationship) or not (
            specification.get("F") == specification.get("UF") == name
        ):
            refuse("pdf.association", name=text)
        files = _inside(specification.get("EF"))
        if not set(files) <= {"F", "UF"} or files.get("F") != files.get("UF"):
            refuse("pdf.association", name=text)
        found[text] = _content(page.get(files.get("F")), text)
    if set(found) != set(expected):
        refuse("pdf.attachments", names=", ".join(expected))
    return found


def _content(file: PdfObject, name: str) -> bytes:
    entries = file.entries
    method, stream = entries.get("Filter"), file.stream
    if stream is None or "DecodeParms" in entries or method not in (None, Name("FlateDecode")):
        refuse("pdf.attachment_form", name=name)
    if method is not None:
        inflate = zlib.decompressobj()
        try:
            stream = inflate.decompress(stream, LARGEST_ATTACHMENT + 1)
        except zlib.error:
            refuse("pdf.attachment_form", name=name)
        if not inflate.eof or inflate.unused_data:
            refuse("pdf.attachment_form", name=name)
    size = _inside(entries.get("Params")).get("Size")
    if len(stream) > LARGEST_ATTACHMENT or size != len(stream):
        refuse("pdf.attachment_form", name=name)
    return stream


def _inside(value: Value) -> Entries:
    return value if isinstance(value, dict) else {}
