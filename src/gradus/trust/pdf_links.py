# SPDX-License-Identifier: Apache-2.0
"""What can be clicked on a certificate's page: links to the address of the credential it carries, and nothing else, so
that nobody who trusts the page is led elsewhere by it (ISO 32000-1, 12.5.6.5 and 12.6.4.7)."""

from gradus.trust.canonical import parse_canonical
from gradus.trust.credential import LARGEST_CREDENTIAL
from gradus.trust.pdf_container import PdfObject, Revision
from gradus.trust.pdf_syntax import Name, Value, refuse

_LINK: dict[str, Value] = {"Type": Name("Annot"), "Subtype": Name("Link"), "F": 4, "Border": [0, 0, 0]}
_PLACED = {"Rect", "StructParent"}


def check_links(page: Revision, credential: bytes | None) -> None:
    """Raises Refusal where something besides such links is on the page; a page without any is good."""
    addresses = {_address(link) for link in _annotations(page)}
    if not addresses:
        return
    document = parse_canonical(credential, "credential.json", LARGEST_CREDENTIAL) if credential is not None else None
    address = document.get("id") if isinstance(document, dict) else None
    if not isinstance(address, str) or addresses != {address.encode()}:
        refuse("pdf.link")


def _annotations(page: Revision) -> list[PdfObject]:
    listed = [
        each.value["Annots"]
        for each in page.objects.values()
        if isinstance(each.value, dict) and "Annots" in each.value
    ]
    if not all(isinstance(each, list) for each in listed):
        refuse("pdf.annotation")
    return [page.get(ref) for each in listed if isinstance(each, list) for ref in each]


def _address(link: PdfObject) -> bytes:
    """Where a link of the one form leads, which it tells those who cannot see it, too."""
    entries = link.entries
    address = entries.get("Contents")
    action: Value = {"Type": Name("Action"), "S": Name("URI"), "URI": address}
    placed = {key: entries[key] for key in _PLACED & set(entries)}
    if not isinstance(address, bytes) or dict(entries) != _LINK | {"A": action, "Contents": address} | placed:
        refuse("pdf.annotation")
    return address
