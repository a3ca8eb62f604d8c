# SPDX-License-Identifier: Apache-2.0
"""The application review (ISO/IEC 17065, 7.3): five questions, what is computed beside them, and three ways out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from gradus.applications.apply import barred, longest_text
from gradus.applications.cases import advance, lock_for, rules_of, take_part
from gradus.applications.facts import case_dossier, case_result
from gradus.applications.models import ApplicationReview, Case, Filing
from gradus.applications.register import bar_differences, bars_on
from gradus.applications.supplements import Wanted, ask_items, item_faults
from gradus.applications.ties import look_for
from gradus.dossiers.readiness import materials_lacking, vetoes_held, vetoes_since
from gradus.formats.result_words import outcome_of
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.result import Result
from gradus.journal.actor import Actor
from gradus.process.parts import Part
from gradus.process.procedure import Condition
from gradus.process.states import Step

_PATH = frozenset({"path.entry", "path.next", "path.same", "path.any", "path.exception"})


@dataclass(frozen=True, slots=True)
class Answer:
    """To one of the questions. ``met`` None: not answered yet."""

    met: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a review: a step, for a refusal with its reason."""

    step: Step
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What is computed for a review. ``missing``: owed for the outcome applied for and not there; ``stopping``:
    contradictions that are sent back; ``vetoes`` those of the declared day and those that came to hold since;
    ``above_path``: the outcome applied for lies above what the path admits;
    ``differences``: between what the applicant declared or the office typed, and what the body knows. Only these last
    stop nothing."""

    result: Result
    missing: tuple[Fault, ...]
    stopping: tuple[Fault, ...]
    vetoes: tuple[Fault, ...]
    bars: tuple[Fault, ...]
    above_path: tuple[Fault, ...]
    differences: tuple[Fault, ...]

    @property
    def prevents(self) -> tuple[Fault, ...]:
        """Everything that prevents accepting the application."""
        return (*self.missing, *self.stopping, *self.vetoes, *self.bars, *self.above_path)

    @property
    def conditions(self) -> frozenset[Condition]:
        """What is so that a reason for refusing may say."""
        holding = {Condition.NOT_ELIGIBLE: self.vetoes or self.above_path, Condition.BARRED: self.bars}
        return frozenset(each for each, faults in holding.items() if faults)


def findings(case: Case, at: datetime) -> Found:
    """What there is to find in an application, with the level held and the events as the body knows them."""
    rules, result = rules_of(case), case_result(case)
    stops = frozenset(rules.procedure.stopping_checks)
    return Found(
        result=result,
        missing=tuple(materials_lacking(result)),
        stopping=tuple(each for each in result.warnings if each.params.get("rule") in stops),
        vetoes=(*vetoes_held(result), *vetoes_since(result, localdate(at))),
        bars=tuple(barred(each) for each in bars_on(case.client_id, rules, localdate(at))),
        above_path=tuple(_above_path(case, result)),
        differences=(*case_dossier(case)[2], *bar_differences(case.client_id, rules)),
    )


def path_rank(result: Result) -> int:
    """The highest rank that the path admits, whatever is requested and whatever the capability is."""
    return next((step.rank for step in reversed(result.path) if step.code in _PATH), len(result.edition.outcomes))


def _above_path(case: Case, result: Result) -> list[Fault]:
    asked = outcome_of(result.edition, case.requested)
    limit = path_rank(result)
    if asked.rank <= limit:
        return []
    top = result.edition.outcome(limit)
    blanks = {f"asked_{each}": asked.text[each] for each in ("zh", "en")}
    blanks |= {f"admitted_{each}": (top.text if top else result.edition.none)[each] for each in ("zh", "en")}
    return [Fault("application.above_path", params=blanks)]


def accept_application(case: Case, answers: Mapping[str, Answer], actor: Actor, at: datetime) -> ApplicationReview:
    """Accept: every question answered with yes, nothing owed missing, no veto, no bar, within the path."""
    look_for(case, actor, at)
    with transaction.atomic():
        locked = lock_for(case, Step.ACCEPT_APPLICATION)
        found = findings(locked, at)
        faults = [*answer_faults(locked, answers, every=True), *found.prevents]
        if faults:
            raise Refusal(faults)
        review = _record(locked, found, answers, Verdict(Step.ACCEPT_APPLICATION), actor, at)
        advance(locked, Step.ACCEPT_APPLICATION, actor, at)
    return review


def refuse_application(
    case: Case, answers: Mapping[str, Answer], reason: str, text: str, actor: Actor, at: datetime
) -> ApplicationReview:
    """Refuse, with a reason from the closed list and in words. Every question has its answer, unless a bar or the path
    or a veto, which the platform computes, is the reason."""
    look_for(case, actor, at)
    with transaction.atomic():
        locked = lock_for(case, Step.REFUSE_APPLICATION)
        found, listed = findings(locked, at), rules_of(locked).procedure.reason("refuse_application", reason)
        faults = answer_faults(locked, answers, every=False)
        if listed is None:
            faults.append(Fault("application.reason_needed", Place(field="reason")))
        elif listed.needs is None:
            faults += _unanswered(locked, answers)
        elif listed.needs not in found.conditions:
            faults.append(Fault("application.reason_untrue", Place(field="reason")))
        if not 0 < len(text.strip()) <= longest_text:
            faults.append(Fault("application.text_needed", Place(field="text"), {"limit": str(longest_text)}))
        if faults:
            raise Refusal(faults)
        verdict = Verdict(Step.REFUSE_APPLICATION, reason, text.strip())
        review = _record(locked, found, answers, verdict, actor, at)
        advance(locked, Step.REFUSE_APPLICATION, actor, at, {"reason": reason, "text": text.strip()})
    return review


def ask_supplement(
    case: Case, answers: Mapping[str, Answer], items: Sequence[Wanted], actor: Actor, at: datetime
) -> ApplicationReview:
    """Ask the client for supplements; the clock stands still until exactly these are answered."""
    look_for(case, actor, at)
    with transaction.atomic():
        locked = lock_for(case, Step.ASK_SUPPLEMENT)
        faults = [*answer_faults(locked, answers, every=False), *item_faults(locked, items)]
        if faults:
            raise Refusal(faults)
        review = _record(locked, findings(locked, at), answers, Verdict(Step.ASK_SUPPLEMENT), actor, at)
        ask_items(locked, Step.ASK_SUPPLEMENT, items, actor, at)
    return review


def _unanswered(case: Case, answers: Mapping[str, Answer]) -> list[Fault]:
    """A fault for each question without an answer, yes or no."""
    return [
        Fault(
            "application.not_answered",
            Place(field=f"met_{each.id}"),
            {f"value_{language}": each.text[language] for language in ("zh", "en")},
        )
        for each in rules_of(case).procedure.questions
        if answers.get(each.id, Answer(None, "")).met is None
    ]


def answer_faults(case: Case, answers: Mapping[str, Answer], *, every: bool) -> list[Fault]:
    """What is wrong with the answers to the questions; ``every`` asks for a yes to each. A no needs its note."""
    faults = []
    for question in rules_of(case).procedure.questions:
        answer = answers.get(question.id, Answer(None, ""))
        blanks = {f"value_{each}": question.text[each] for each in ("zh", "en")}
        if every and answer.met is not True:
            code = "application.not_answered" if answer.met is None else "application.answered_no"
            faults.append(Fault(code, Place(field=f"met_{question.id}"), blanks))
        elif answer.met is False and not answer.note.strip():
            faults.append(Fault("application.note_needed", Place(field=f"note_{question.id}"), blanks))
        if len(answer.note) > longest_text:
            blanks |= {"limit": str(longest_text)}
            faults.append(Fault("application.text_too_long", Place(field=f"note_{question.id}"), blanks))
    return faults


def _record(
    case: Case,
    found: Found,
    answers: Mapping[str, Answer],
    verdict: Verdict,
    actor: Actor,
    at: datetime,
) -> ApplicationReview:
    """The review with its part. It comes before its step: the database takes none of a case that has moved on."""
    take_part(case, actor.account, Part.APPLICATION_REVIEWER, at)
    kept = {
        "capability": found.result.capability,
        "path": path_rank(found.result),
        "vetoes": list(found.result.vetoed),
        **{name: [each.code for each in getattr(found, name)] for name in ("missing", "stopping", "bars")},
        "differences": [{"code": each.code, **each.params} for each in found.differences],
    }
    return ApplicationReview.objects.create(
        case=case,
        account_id=actor.account,
        filing=Filing.objects.filter(case=case).order_by("-number")[0],
        answers={
            question: {"met": answer.met, "note": answer.note.strip()}
            for question, answer in answers.items()
            if answer.met is not None
        },
        found=kept,
        verdict=verdict.step.value,
        reason=verdict.reason,
        text=verdict.text,
        at=at,
    )
