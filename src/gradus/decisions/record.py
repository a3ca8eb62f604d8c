# SPDX-License-Identifier: Apache-2.0
"""Reading what stage 4 has recorded in the present round of a case."""

from datetime import date

from django.db.models import Q, QuerySet

from gradus.applications.cases import bonds
from gradus.applications.models import Case, CaseStep
from gradus.decisions.models import Consent, Decision, Leave, Notice, Objection, PanelOpinion, Proposal, Review, Seat
from gradus.evaluations.team import hindered
from gradus.grading.faults import Fault
from gradus.people.models import Account
from gradus.process.states import State
from gradus.visits.queries import team_of


def round_of(case: Case) -> int:
    """The number of the step by which the case last came to the technical review; 0 before that."""
    steps = CaseStep.objects.filter(case=case, after=State.TECHNICAL_REVIEW.value).order_by("-number")
    return steps.values_list("number", flat=True).first() or 0


def review_of(case: Case) -> Review | None:
    """The recommendation that stands."""
    found = Review.objects.filter(case=case, round=round_of(case), returned_for="")
    return found.select_related("account").order_by("-id").first()


def seats_of(case: Case) -> QuerySet[Seat]:
    """Everybody convened to the panel, those who left among them."""
    found = Seat.objects.filter(case=case, round=round_of(case))
    return found.select_related("account", "leave__account", "vote").order_by("id")


def members_of(case: Case) -> list[Seat]:
    """The panel's members: convened, and not withdrawn."""
    return [each for each in seats_of(case) if not hasattr(each, "leave")]


def opinion_of(case: Case) -> PanelOpinion | None:
    """The panel's opinion, if it stands: a member withdrawn since has opened the count again."""
    found = PanelOpinion.objects.filter(case=case, round=round_of(case)).order_by("-id").first()
    return None if found is None or left_since(found) else found


def count_is_open_again(case: Case) -> bool:
    """Whether a member was withdrawn after the panel had closed, and it has not closed again."""
    found = PanelOpinion.objects.filter(case=case, round=round_of(case)).order_by("-id").first()
    return found is not None and left_since(found)


def left_since(opinion: PanelOpinion) -> bool:
    """Whether somebody whose vote was counted has been withdrawn."""
    return Leave.objects.filter(seat__in=opinion.seats).exists()


def notice_of(case: Case) -> Notice | None:
    """The public notice of this round, if there was something to announce; after a panel, of its last count."""
    found = Notice.objects.filter(case=case, round=round_of(case))
    counted = PanelOpinion.objects.filter(case=case, round=round_of(case)).order_by("-id").first()
    return (found.filter(at__gte=counted.at) if counted else found).order_by("-at").first()


def objections_of(case: Case) -> QuerySet[Objection]:
    """What the public said in this round, with the answers."""
    return Objection.objects.filter(case=case, round=round_of(case)).select_related("answer").order_by("id")


def proposal_of(case: Case) -> Proposal | None:
    """The newest proposal put to the client in this round."""
    return Proposal.objects.filter(case=case, round=round_of(case)).order_by("-id").first()


def consents_of(case: Case) -> QuerySet[Consent]:
    """What the client answered in this round."""
    return Consent.objects.filter(case=case, round=round_of(case)).select_related("proposal").order_by("id")


def consent_of(case: Case) -> Consent | None:
    """The client's newest answer. One from before the panel counted anew is none: it was asked for by what the first
    count had left."""
    counted = PanelOpinion.objects.filter(case=case, round=round_of(case)).order_by("-id").first()
    found = consents_of(case)
    return (found.filter(at__gt=counted.at) if counted else found).last()


def decision_of(case: Case) -> Decision | None:
    """The decision that stands: neither voided nor of an earlier round."""
    found = Decision.objects.filter(case=case, round=round_of(case), voided=None)
    return found.select_related("account").prefetch_related("signatures").order_by("-at").first()


def void_decisions_of(case: Case) -> QuerySet[Decision]:
    """Decisions that were made and voided, newest first."""
    return Decision.objects.filter(Q(case=case), ~Q(voided=None)).select_related("voided").order_by("-at")


def bound_people(case: Case, day: date) -> list[Fault]:
    """What keeps anything from being granted on a day on the word of those whom it rests on: who evaluated last, the
    reviewer, the panel's members, and who decided. The body may by now know any of them to be tied to the client."""
    review, decision = review_of(case), decision_of(case)
    people: list[Account] = [each.account for each in team_of(case)]
    people += [each.account for each in members_of(case)]
    people += [review.account] if review else []
    people += [decision.account] if decision else []
    unique = {each.pk: each for each in people}.values()
    return [hindered(each, fault) for each in unique for fault in bonds(case, each.pk, day)]
