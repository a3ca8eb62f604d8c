# SPDX-License-Identifier: Apache-2.0
"""Quotation and agreement: what the certification costs and involves, and what the client takes on (ISO/IEC 17065,
4.1.2), recorded before evaluation starts."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from gradus.applications.apply import longest_text
from gradus.applications.cases import advance, lock_for, refuse_others_than_client, rules_of
from gradus.applications.models import Agreement, Case, Quotation
from gradus.formats.result_words import outcome_of
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.process import procedure
from gradus.process.states import Step

most_sites = 500
longest_name = 100


def amounts(case: Case, extra_sites: int) -> procedure.Quotation:
    """What the edition's table of man-days and the procedure's fees come to for the level applied for."""
    rules = rules_of(case)
    return rules.quotation(outcome_of(rules.edition, case.requested).level, extra_sites)


def quote(case: Case, extra_sites: int, plan: str, actor: Actor, at: datetime, *, seen: int | None = None) -> Quotation:
    """Quote, or quote anew while the client has not agreed: the newest quotation supersedes the others.

    ``seen``: the number of the quotation that stood when the actor looked, 0 for none; None asks for no such check.
    Raises Refusal when another has been sent since.
    """
    faults = []
    if not 0 <= extra_sites <= most_sites:
        faults.append(Fault("quotation.sites", Place(field="extra_sites"), {"limit": str(most_sites)}))
    if not 0 < len(plan.strip()) <= longest_text:
        faults.append(Fault("quotation.plan_needed", Place(field="plan"), {"limit": str(longest_text)}))
    if faults:
        raise Refusal(faults)
    with transaction.atomic():
        locked = lock_for(case, Step.QUOTE)
        costs = amounts(locked, extra_sites)
        last = last_quotation(locked)
        if last is not None and seen not in (None, last.number):
            told = {"number": str(last.number), "total": f"{last.total:,.2f}", "currency": last.currency}
            raise Refusal([Fault("quotation.sent_since", params=told)])
        made = Quotation.objects.create(
            case=locked,
            account_id=actor.account,
            number=last.number + 1 if last else 1,
            extra_sites=extra_sites,
            man_days=_exact(costs.man_days),
            application=_exact(costs.application),
            evaluation=_exact(costs.evaluation),
            certificate=_exact(costs.certificate),
            total=_exact(costs.total),
            currency=costs.currency,
            plan=plan.strip(),
            at=at,
        )
        said = {"quotation": made.number, "total": str(made.total), "currency": made.currency}
        advance(locked, Step.QUOTE, actor, at, said)
    return made


def record_agreement(
    case: Case,
    quotation: int,
    duties: Iterable[str],
    signed: tuple[str, str],
    actor: Actor,
    at: datetime,
) -> Agreement:
    """The client agrees to the quotation it has read (by its number) and takes on every duty; ``signed``: the name and
    the position of the person who signs for it."""
    ticked, (signatory, position) = set(duties), (signed[0].strip(), signed[1].strip())
    with transaction.atomic():
        locked = lock_for(case, Step.RECORD_AGREEMENT)
        refuse_others_than_client(locked, actor, at)
        last = last_quotation(locked)
        faults = [
            Fault("agreement.duty_open", Place(field=f"duty_{each.id}"), {f"value_{of}": each.text[of] for of in _BOTH})
            for each in rules_of(locked).procedure.duties
            if each.id not in ticked
        ]
        faults += [
            Fault(f"agreement.{field}_needed", Place(field=field), {"limit": str(longest_name)})
            for field, text in (("signatory", signatory), ("position", position))
            if not 0 < len(text) <= longest_name
        ]
        if last is None or last.number != quotation:
            faults.append(Fault("agreement.other_quotation"))
        if faults:
            raise Refusal(faults)
        made = Agreement.objects.create(
            case=locked,
            quotation=last,
            account_id=actor.account,
            duties=[each.id for each in rules_of(locked).procedure.duties],
            signatory=signatory,
            position=position,
            at=at,
        )
        said = {"quotation": quotation, "signatory": signatory, "position": position}
        advance(locked, Step.RECORD_AGREEMENT, actor, at, said)
    return made


def last_quotation(case: Case) -> Quotation | None:
    """The quotation that stands."""
    return Quotation.objects.filter(case=case).order_by("-number").first()


_BOTH = ("zh", "en")


def _exact(number: Fraction) -> Decimal:
    """As the database keeps it, to the cent; the procedure's numbers have no more places."""
    return Decimal(number.numerator) / Decimal(number.denominator)
