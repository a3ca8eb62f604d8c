# SPDX-License-Identifier: Apache-2.0
"""The letters that steps of a case bring about; what they say is read off the case, nothing of it is stored."""

from collections.abc import Mapping
from datetime import date

from django.utils.timezone import localdate, localtime

from gradus.applications.cases import rules_of
from gradus.applications.models import Case, CaseStep
from gradus.applications.work_calendar import work_calendar
from gradus.decisions.file import rank_of
from gradus.decisions.letter_items import facts_of, items_of
from gradus.decisions.models import Decision
from gradus.formats.letters import Letter, Line, Signed
from gradus.formats.result_words import outcome_name
from gradus.formats.wording import words
from gradus.grading.scheme import Edition
from gradus.people.models import Organisation
from gradus.people.permissions import Kind
from gradus.process.states import Step
from gradus.process.working_days import due
from gradus.visits.queries import plans_taken_back

LETTERS: Mapping[str, str] = {
    Step.ACCEPT_APPLICATION: "acceptance",
    Step.ASK_SUPPLEMENT: "supplement",
    Step.ASK_REVIEW_SUPPLEMENT: "supplement",
    Step.PLAN_VISIT: "plan",
    Step.REFUSE_APPLICATION: "not_accepted",
    Step.DECIDE: "decided",
    Step.GRANT: "grant",
    Step.REFUSE: "refusal",
    Step.TERMINATE: "terminated",
}
"""The kind of letter that a step brings about. After ``decide`` there is a draft for the second signatory, without the
seal; it is no letter for the client."""

DRAFTS = frozenset({"decided"})


def lettered_steps(case: Case, *, for_client: bool) -> list[tuple[CaseStep, str]]:
    """The steps of a case that have a letter, with its kind; the oldest first."""
    found = CaseStep.objects.filter(case=case, step__in=list(LETTERS)).order_by("number")
    kinds = [(each, LETTERS[each.step]) for each in found]
    return [(step, kind) for step, kind in kinds if not (for_client and kind in DRAFTS)]


def letters_taken_back(case: Case) -> dict[int, CaseStep]:
    """By the number of the step that a letter of a plan came from, the step that took that plan back."""
    taken = plans_taken_back(case)
    plans = CaseStep.objects.filter(case=case, step=Step.PLAN_VISIT.value)
    return {each.number: taken[each.said["visit"]] for each in plans if each.said.get("visit") in taken}


APPEALABLE = (Step.REFUSE_APPLICATION.value, Step.GRANT.value, Step.REFUSE.value, Step.TERMINATE.value)
"""Steps against which the client may appeal (ISO/IEC 17065, 7.13)."""


def appeal_until(step: CaseStep) -> date | None:
    """The last day on which the client may appeal against a step; None where there is none or no limit is known."""
    limit = rules_of(step.case).appeal
    last = due(localdate(step.at), limit, work_calendar()) if limit and step.step in APPEALABLE else None
    return last.on if last else None


def letter_of(case: Case, step: CaseStep, language: str, address: str = "") -> Letter:
    """The letter that a step brought about, in a language ("zh" or "en"). ``address`` is where the body is reached."""
    kind, edition = LETTERS[step.step], rules_of(case).edition
    decision = _decision(step)
    body = Organisation.objects.filter(kind=Kind.BODY.value).first()
    name = body.text[language] if body else "Gradus"
    shown = kind if kind != "decided" else ("grant" if decision and decision.outcome else "refusal")
    signed = _signatures(decision, language, both=kind != "decided") if decision else ()
    return Letter(
        language=language,
        number=_number(case, step),
        title=words(f"letters.{kind}.title", language),
        body=name,
        addressee=words("letters.to", language, client=case.client.text[language]),
        opening=words(f"letters.{shown}.opening", language, scheme=edition.text[language]),
        facts=(*_facts(case, edition, step, decision, language), *_appeal(step, language, name, address)),
        items=items_of(case, step, decision, language),
        closing=words(f"letters.{shown}.closing", language),
        issued_on=localdate(step.at),
        signed=signed,
        seal=name if len(signed) > 1 else "",
        digest=decision.digest if decision else "",
    )


def _appeal(step: CaseStep, language: str, body: str, address: str) -> list[Line]:
    """Until when and to whom an appeal is made."""
    until = appeal_until(step)
    if until is None:
        return []
    to = words("report.comma", language).join(part for part in (body, address) if part)
    told = {"appeal_by": until.isoformat(), "appeal_to": to}
    return [Line(words(f"letters.{name}", language), text) for name, text in told.items()]


def _number(case: Case, step: CaseStep) -> str:
    """The case's number and which of its letters this is; a draft has the number of the letter that it may become."""
    before = [each for each, _ in lettered_steps(case, for_client=True) if each.number < step.number]
    return f"{case.number}-{len(before) + 1}"


def _decision(step: CaseStep) -> Decision | None:
    """The decision that a step made or put into effect."""
    named = step.said.get("decision")
    return Decision.objects.prefetch_related("signatures").get(pk=named) if named else None


def _signatures(decision: Decision, language: str, *, both: bool) -> tuple[Signed, ...]:
    found = sorted(decision.signatures.all(), key=lambda each: each.at)
    return tuple(
        Signed(words(f"part.{each.part}", language), each.name, localtime(each.at).strftime("%Y-%m-%d %H:%M"))
        for each in (found if both else found[:1])
    )


def _facts(case: Case, edition: Edition, step: CaseStep, decision: Decision | None, language: str) -> tuple[Line, ...]:
    lines = [
        Line(words("letters.case", language), case.number),
        Line(words("letters.criterion", language), edition.criterion[language]),
        Line(words("letters.requested", language), requested_name(edition, case.requested, language)),
    ]
    if decision and decision.outcome:
        outcome = outcome_name(edition, rank_of(edition, decision.outcome), language)
        lines.append(Line(words("letters.outcome", language), outcome))
        lines.append(Line(words("report.scope", language), scope_names(edition, decision.scope, language)))
    if decision:
        lines.append(Line(words("letters.reasons", language), decision.reasons))
    return (*lines, *facts_of(case, step, language))


def requested_name(edition: Edition, requested: str, language: str) -> str:
    """What was applied for, an outcome or a level, in words."""
    named = {**{each.id: each.text for each in edition.levels}, **{each.id: each.text for each in edition.outcomes}}
    return named[requested][language] if requested in named else requested


def scope_names(edition: Edition, scope: list[str], language: str) -> str:
    """The fields of a scope in words."""
    rule = edition.scope
    options = edition.tables[rule.table].column(rule.column).options if rule else ()
    names = {each.id: each.text[language] for each in options}
    return words("report.comma", language).join(names.get(each, each) for each in scope)
