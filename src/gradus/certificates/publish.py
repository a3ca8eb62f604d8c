# SPDX-License-Identifier: Apache-2.0
"""The third step of stating something: the receipt, the signed page and fresh status lists are handed out, in one
transaction (ADR 13)."""

from datetime import datetime

from django.db import transaction

from gradus.certificates.convert import certificate_statement
from gradus.certificates.held import note_held
from gradus.certificates.issuer import named
from gradus.certificates.keys import current, pdf_signer_of, signer_of
from gradus.certificates.locking import lock_statements
from gradus.certificates.log import receipt_of
from gradus.certificates.models import Certificate, Key, KeyPurpose, Leaf, Publication
from gradus.certificates.queries import unpublished
from gradus.certificates.registering import enter_register
from gradus.certificates.status_lists import issue_lists, lists_due
from gradus.certificates.unfinished import finish
from gradus.dossiers.models import File
from gradus.dossiers.store import keep, received
from gradus.formats.certificate_face import CertificateFace, Signatory
from gradus.formats.certificate_pdf import render_certificate
from gradus.formats.certificate_signature import sign_certificate
from gradus.formats.certificate_statement import face_of
from gradus.formats.wording import words
from gradus.grading.texts import Text
from gradus.journal.actions import record
from gradus.journal.actor import system
from gradus.journal.kinds import Kind
from gradus.people.notifications import client_named, notify
from gradus.people.permissions import Permission, roles
from gradus.people.queries import appointments_at
from gradus.process.parts import Part
from gradus.schemes.queries import edition_named
from gradus.trust.compact import qr_text
from gradus.trust.instants import whole
from gradus.trust.statement import CertificateStatement


def publish(leaf: Leaf, at: datetime) -> None:
    """Hand out what a leaf states; nothing when another process has done so meanwhile."""
    receipt = receipt_of(leaf)
    pdf_key = current(KeyPurpose.PDF) if leaf.certificate else None
    page = _page(leaf, receipt, pdf_key, at) if pdf_key else None
    with transaction.atomic():
        lock_statements()
        if not unpublished().filter(pk=leaf.pk).exists():
            return
        if pdf_key and pdf_key != current(KeyPurpose.PDF):
            publish(leaf, at)  # its key was stolen while the page was drawn; under the lock it cannot be
            return
        kept = _kept(page, at) if page else None
        again = Publication.objects.filter(leaf__certificate=leaf.certificate, leaf__change=leaf.change).exists()
        Publication.objects.create(leaf=leaf, receipt=receipt.decode(), page=kept, pdf_key=pdf_key, at=at)
        finish(leaf)
        enter_register(leaf, at)
        if (leaf.change and not again) or lists_due(at):
            issue_lists(at)
        certificate = leaf.certificate or leaf.change.certificate
        note_held(certificate, at)
        _tell_holder(leaf, certificate, at, again=again)
        told = {"certificate": certificate.number, "leaf": leaf.index, "number": certificate.case.number}
        home = certificate.case
        record(Kind.CERTIFICATE_PUBLISHED, system, at, told, organisation=home.client_id, subject=f"case:{home.pk}")


def face(certificate: Certificate, statement: CertificateStatement, code: str) -> CertificateFace:
    """What is printed; ``code`` is what the QR code says."""
    edition = edition_named(statement.edition.hash)
    return face_of(statement, edition, code, _signatories(certificate), named().seal)


def _page(leaf: Leaf, receipt: bytes, key: Key, at: datetime) -> bytes:
    """The signed page of a leaf's certificate, its credential and receipt in it."""
    statement = certificate_statement(leaf.certificate)
    code = qr_text(statement, signer_of(current(KeyPurpose.ISSUER)))
    page = render_certificate(face(leaf.certificate, statement, code), leaf.credential.encode(), receipt, whole(at))
    return sign_certificate(page, pdf_signer_of(key), whole(max(at, key.valid_from)))


def _signatories(certificate: Certificate) -> list[Signatory]:
    """Who signed the decision that the certificate rests on."""
    if certificate.replacement:
        return [_signatory(Part.DECISION_MAKER, certificate.replacement.name)]
    return [_signatory(Part(each.part), each.name) for each in certificate.decision.signatures.order_by("at")]


def _signatory(part: Part, name: str) -> Signatory:
    return Signatory(Text(*(words(f"part.{part}", each) for each in ("zh", "en"))), Text(name, ""))


def _kept(page: bytes, at: datetime) -> File:
    """The page in the store of files, on the disk before the database speaks of it."""
    with received([page]) as content:
        keep(content)
    fields = {"size": content.size, "media_type": "application/pdf", "pages": 1, "stored_at": at}
    return File.objects.get_or_create(digest=content.digest, defaults=fields)[0]


def _tell_holder(leaf: Leaf, certificate: Certificate, at: datetime, *, again: bool) -> None:
    """Those who apply for the holder are told of a certificate, and of every change of it; after a theft that there are
    other files of it, and nothing of changes that they know."""
    if leaf.change and again:
        return
    client = certificate.case.client
    held = appointments_at(client, at)
    managers = [each.account for each in held if Permission.CASE_APPLY in roles()[each.role].permits]
    code = "certificate_changed" if leaf.change else "certificate_stated_anew" if again else "certificate_issued"
    blanks = {"certificate": certificate.number, **client_named(client)}
    notify(managers, code, blanks, f"/v/{certificate.number}", at)
