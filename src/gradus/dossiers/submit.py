# SPDX-License-Identifier: Apache-2.0
"""Submitting a dossier: facts, evidence, edition, result and a signed declaration frozen together, once and for all.

docs/formats/submission.md says what the digest covers, so that a stranger can compute it again.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from gradus.dossiers.frozen import Frozen, Json, freeze, grade_frozen, grade_submission
from gradus.dossiers.grading import edition_of, grade_dossier, summary
from gradus.dossiers.models import Dossier, Submission
from gradus.dossiers.readiness import damaged, readiness
from gradus.dossiers.store import is_whole
from gradus.formats.result_json import result_to_json
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.canonical import canonical, digest
from gradus.journal.kinds import Kind
from gradus.people.models import Account
from gradus.schemes.actions import keep_edition

FORMAT = "gradus-submission/1"
longest_name = 100


@dataclass(frozen=True, slots=True)
class Signature:
    """A declaration and the person who makes it. ``seen`` is the digest (``Frozen.digest``) of what the person was
    shown, "" for a person who was shown no page."""

    declaration: str
    declared_by: str
    declared_as: str
    seen: str = ""


def declarations(dossier: Dossier) -> dict[str, str]:
    """What is declared, by language: the text that is shown, signed and kept."""
    edition, client = edition_of(dossier), dossier.client
    return {
        language: words(
            "declaration.text",
            language,
            client=client.text[language],
            scheme=edition.text[language],
            criterion=edition.criterion[language],
            edition=f"{edition.name} ({edition.hash})",
        ).strip()
        for language in ("zh", "en")
    }


def submit_dossier(
    dossier: Dossier, signature: Signature, actor: Actor, at: datetime, *, spent: bool = False
) -> Submission:
    """Freeze the dossier as it stands into a submission, with the declaration of a named person.

    Raises Refusal with everything that prevents it: a name or position missing, a declaration that is not the present
    one, a change after ``dossier`` was loaded or of what the person was shown (also of evidence, which has no part in
    the dossier's revision), what ``readiness`` finds, or nothing new since the last submission, unless that one is
    ``spent``: it served a case that has ended, and a new application needs a new one, which may say the same.
    """
    signed = replace(signature, declared_by=signature.declared_by.strip(), declared_as=signature.declared_as.strip())
    _refuse_unsigned(dossier, signed)
    with transaction.atomic():
        locked = Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk)
        frozen, last = freeze(locked), last_submission(locked)
        if locked.revision != dossier.revision or signed.seen not in {"", frozen.digest}:
            raise Refusal([Fault("submission.changed_since_shown")])
        graded = grade_dossier(locked, at)
        prevented = [finding.fault for finding in readiness(locked, at, graded) if finding.prevents]
        lost = [damaged(each) for each in frozen.evidence if not is_whole(each["digest"])]
        prevented += [fault for fault in lost if fault not in prevented]
        if prevented:
            raise Refusal(prevented)
        if last is not None and not spent and frozen.is_of(last):
            raise Refusal([Fault("submission.nothing_new", params={"number": str(last.number)})])
        submission = _frozen(locked, frozen, signed, actor, at)
        submission.number = last.number + 1 if last else 1
        submission.digest = digest(sealed(submission))
        submission.save(force_insert=True)
        came_to = {**summary(locked, graded), "number": submission.number, "day": localdate(at).isoformat()}
        Dossier.objects.filter(pk=locked.pk).update(submitted=came_to)
        _record(submission, actor, at)
    return submission


def _refuse_unsigned(dossier: Dossier, signed: Signature) -> None:
    faults = [
        Fault(f"submission.{field}_needed", Place(field=field), {"limit": str(longest_name)})
        for field, text in (("declared_by", signed.declared_by), ("declared_as", signed.declared_as))
        if not 0 < len(text) <= longest_name
    ]
    if signed.declaration not in declarations(dossier).values():
        faults.append(Fault("submission.other_declaration", Place(field="declaration")))
    if faults:
        raise Refusal(faults)


def _frozen(dossier: Dossier, frozen: Frozen, signed: Signature, actor: Actor, at: datetime) -> Submission:
    edition = edition_of(dossier)
    keep_edition(edition, at)
    return Submission(
        dossier=dossier,
        edition=edition.name,
        edition_hash=edition.hash,
        facts=canonical(frozen.facts),
        evidence=canonical(frozen.evidence),
        result=canonical(result_to_json(grade_frozen(edition, frozen))),
        declaration=signed.declaration,
        declared_by=signed.declared_by,
        declared_as=signed.declared_as,
        account=Account.objects.get(pk=actor.account),
        submitted_at=at,
    )


def _record(submission: Submission, actor: Actor, at: datetime) -> None:
    payload = {
        "number": submission.number,
        "submission": str(submission.pk),
        "digest": submission.digest,
        "edition_hash": submission.edition_hash,
        "declared_by": submission.declared_by,
        "declared_as": submission.declared_as,
    }
    dossier = submission.dossier
    record(Kind.DOSSIER_SUBMITTED, actor, at, payload, organisation=dossier.client_id, subject=f"dossier:{dossier.pk}")


def sealed(submission: Submission) -> Json:
    """Everything that the digest covers; its canonical text is the file that anybody can check."""
    return {
        "format": FORMAT,
        "number": submission.number,
        "edition": {"name": submission.edition, "hash": submission.edition_hash},
        "facts": json.loads(submission.facts),
        "evidence": json.loads(submission.evidence),
        "result": json.loads(submission.result),
        "declaration": {
            "text": submission.declaration,
            "name": submission.declared_by,
            "position": submission.declared_as,
            "account": str(submission.account_id),
        },
        "submitted_at": submission.submitted_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def verify_submission(submission: Submission) -> tuple[Fault, ...]:
    """What is not as it was submitted: another digest, or facts that no longer grade to the result. Empty: all is."""
    faults = []
    if digest(sealed(submission)) != submission.digest:
        faults.append(Fault("submission.digest_differs"))
    try:
        again = canonical(result_to_json(grade_submission(submission)))
    except Refusal as refusal:
        return (*faults, Fault("submission.not_gradable"), *refusal.faults)
    if again != submission.result:
        faults.append(Fault("submission.result_differs"))
    return tuple(faults)


def submissions_of(dossier: Dossier) -> QuerySet[Submission]:
    """A dossier's submissions, newest first, without what makes them large."""
    return Submission.objects.filter(dossier=dossier).defer("facts", "evidence", "result").order_by("-number")


def last_submission(dossier: Dossier) -> Submission | None:
    """The newest submission of a dossier."""
    return Submission.objects.filter(dossier=dossier).order_by("-number").first()


def changed_since(dossier: Dossier) -> int:
    """The number of the last submission, when the dossier has changed since; 0 when it has not, or there is none."""
    last = Submission.objects.filter(dossier=dossier).defer("result").order_by("-number").first()
    return 0 if last is None or freeze(dossier).is_of(last) else last.number
