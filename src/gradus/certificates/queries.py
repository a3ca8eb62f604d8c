# SPDX-License-Identifier: Apache-2.0
"""Reading what was stated: standing at an instant, what is not logged or published yet, what was handed out."""

from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from gradus.applications.models import Case
from gradus.certificates.convert import certificate_statement, status_statements
from gradus.certificates.models import (
    Certificate,
    ChangeProposal,
    Leaf,
    Publication,
    StatusChange,
    StatusListIssue,
    Unfinished,
)
from gradus.decisions.models import Uncertified
from gradus.trust.instants import whole
from gradus.trust.standing import Answer, Standing, standing
from gradus.trust.statement import Purpose, StatusStatement

_Row = TypeVar("_Row", Certificate, StatusChange)

_GOOD_LEAF = Q(log_key__theft=None) & (Q(key__theft=None) | Q(at__lt=F("key__theft__since")))
"""A leaf that verifiers believe: its log's key was not stolen, nor the issuer's before it was logged."""


def standing_of(number: str, at: datetime, known_at: datetime | None = None) -> Answer:
    """What a certificate is worth at an instant, as it was known at another (the same, if none is given); to the
    second. Of a number that was not published nothing is known."""
    row = Certificate.objects.filter(number=number).first()
    if row is None or publication_of(row) is None:
        return Answer(Standing.UNKNOWN)
    changes = status_statements(StatusChange.objects.filter(certificate=row).order_by("at"))
    return standing(certificate_statement(row), changes, whole(at), whole(known_at or at))


def unlogged_certificates() -> QuerySet[Certificate]:
    """Certificates that no good leaf states, the oldest first."""
    return not_logged(Certificate.objects.filter(pk__in=_in_line("certificate"))).order_by("status_index")


def unlogged_changes() -> QuerySet[StatusChange]:
    """Changes that no good leaf states, the oldest first."""
    return not_logged(StatusChange.objects.filter(pk__in=_in_line("change"))).order_by("at", "certificate_id")


def unpublished() -> QuerySet[Leaf]:
    """Good leaves without anything to hand out, or with a page whose key was stolen."""
    in_line = Q(certificate__in=_in_line("certificate")) | Q(change__in=_in_line("change"))
    found = not_handed_out(Leaf.objects.filter(in_line))
    return found.select_related("certificate__case__client", "change__certificate__case__client").order_by("index")


def not_logged(rows: QuerySet[_Row]) -> QuerySet[_Row]:
    """Those of the rows that no good leaf states."""
    name = "certificate" if rows.model is Certificate else "change"
    return rows.filter(~Exists(Leaf.objects.filter(_GOOD_LEAF, **{name: OuterRef("pk")})))


def not_handed_out(leaves: QuerySet[Leaf]) -> QuerySet[Leaf]:
    """The good ones of the leaves without anything to hand out that verifiers believe."""
    handed = Publication.objects.filter(Q(pdf_key=None) | Q(pdf_key__theft=None), leaf=OuterRef("pk"))
    return leaves.filter(_GOOD_LEAF).filter(~Exists(handed))


def _in_line(name: str) -> QuerySet[Unfinished, str]:
    """What is unfinished: few, whatever the number of certificates."""
    return Unfinished.objects.exclude(**{name: None}).values(name)


def left_numbers() -> list[str]:
    """The certificates of which something is staged and not handed out."""
    found = Unfinished.objects.values_list("certificate_id", "change__certificate_id")
    return sorted({certificate or changed for certificate, changed in found})


def left_since(at: datetime) -> bool:
    """Whether something was staged before an instant and is not handed out yet."""
    return Unfinished.objects.filter(Q(certificate__at__lt=at) | Q(change__at__lt=at)).exists()


def overtaken(at: datetime) -> set[str]:
    """The numbers of certificates of which something is decided that is in effect at an instant and in no status list
    yet, so that the lists do not tell how they stand."""
    handed_out = Exists(Publication.objects.filter(leaf__change=OuterRef("pk")))
    waiting = StatusChange.objects.filter(~handed_out, pk__in=_in_line("change"))
    return {each.number for each in status_statements(waiting) if max(each.effective_at, each.recorded_at) <= at}


def publication_of(certificate: Certificate) -> Publication | None:
    """What is handed out for a certificate now: the newest."""
    found = Publication.objects.filter(leaf__certificate=certificate)
    return found.select_related("leaf", "page").order_by("-id").first()


def certificate_numbered(number: str) -> Certificate | None:
    """A certificate by its number, if one was issued under it."""
    return Certificate.objects.filter(number=number).select_related("case__client").first()


def status_list_at(purpose: str, number: int, at: datetime) -> StatusListIssue | None:
    """The newest list that had begun at an instant, while it is in force: none of those before it comes back when it
    has ended. What was signed for a day gone by is kept."""
    found = StatusListIssue.objects.filter(purpose=purpose, number=number, valid_from__lte=at)
    newest = found.select_related("key__theft").order_by("-valid_from", "-id").first()
    return newest if newest and at < newest.valid_until else None


def lists_in_force(at: datetime) -> list[StatusListIssue]:
    """The newest list of each purpose and number that is in force at an instant."""
    found = []
    for purpose in Purpose:
        last = StatusListIssue.objects.filter(purpose=purpose).aggregate(last=Max("number"))["last"] or 0
        found += [status_list_at(purpose, number, at) for number in range(1, last + 1)]
    return [each for each in found if each]


def waiting_cases() -> QuerySet[Case]:
    """Granted cases without a certificate, the longest waiting first."""
    waiting = Uncertified.objects.values("case")
    return Case.objects.filter(pk__in=waiting).select_related("client").order_by("changed_at")


def open_proposals() -> QuerySet[ChangeProposal]:
    """Changes that were proposed and await their decision, the oldest first."""
    found = ChangeProposal.objects.filter(decision=None)
    return found.select_related("certificate", "case__client", "account").order_by("at")


def certificates_of(case: Case) -> list[Certificate]:
    """The certificates that a case has led to, the newest first."""
    return list(Certificate.objects.filter(case=case).order_by("-at"))


def history_of(certificate: Certificate) -> list[StatusStatement]:
    """Every change of a certificate, the oldest first."""
    return status_statements(certificate.changes.order_by("at"))
