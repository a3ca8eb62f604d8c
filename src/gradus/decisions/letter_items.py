# SPDX-License-Identifier: Apache-2.0
"""What the letters list: why and what to supplement until when; when, where and by whom a visit is made."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate, localtime

from gradus.applications.cases import rules_of
from gradus.applications.models import Case, CaseStep, SupplementItem
from gradus.applications.work_calendar import work_calendar
from gradus.decisions.models import Decision
from gradus.evaluations.verdicts import item_texts
from gradus.formats.letters import Line
from gradus.formats.wording import words
from gradus.grading.scheme import Edition
from gradus.process.states import Step
from gradus.process.working_days import due
from gradus.visits.models import Visit
from gradus.visits.queries import plans_taken_back


def items_of(case: Case, step: CaseStep, decision: Decision | None, language: str) -> tuple[str, ...]:
    """The numbered lines of a step's letter."""
    match step.step:
        case Step.ASK_SUPPLEMENT:
            return tuple(_supplement(case, each, language) for each in _wanted(step, language))
        case Step.ASK_REVIEW_SUPPLEMENT:
            return tuple(_supplement(case, each, language) for each in _asked(case, step, language))
        case Step.PLAN_VISIT:
            visit = _visit(case, step)
            return _agenda(visit, language) if visit else ()
        case Step.REFUSE_APPLICATION:
            reason = _reason(case, "refuse_application", step.said.get("reason", ""), language)
            return _joined([(reason, step.said.get("text", ""))], language)
        case Step.TERMINATE:
            return (str(step.said["reason"]),)
    refused_for = decision.refused_for if decision else ""
    return _joined([(_reason(case, "refuse", refused_for, language), "")], language)


def facts_of(case: Case, step: CaseStep, language: str) -> list[Line]:
    """What stands above those lines: the last day to supplement, or the dates and the people of a visit."""
    match step.step:
        case Step.ASK_SUPPLEMENT | Step.ASK_REVIEW_SUPPLEMENT:
            until = due(localdate(step.at), rules_of(case).limit("supplement"), work_calendar())
            return [Line(words("letters.answer_by", language), until.on.isoformat())] if until else []
        case Step.PLAN_VISIT:
            visit = _visit(case, step)
            return [*_planned(visit, language), *_replaced(case, step, language)] if visit else []
        case Step.TERMINATE:
            return [Line(words("letters.answer_by", language), str(step.said["awaited_until"]))]
    return []


def _reason(case: Case, act: str, reason: str, language: str) -> str:
    found = rules_of(case).procedure.reason(act, reason)
    return found.text[language] if found else ""


def _joined(said: Iterable[tuple[str, str]], language: str) -> tuple[str, ...]:
    colon = words("report.colon", language)
    return tuple(line for each in said if (line := colon.join(part for part in each if part)))


Wanted = tuple[str, str, str]
"""The reason's id, what is wanted in words, and what was written beside it."""


def _supplement(case: Case, wanted: Wanted, language: str) -> str:
    reason, what, text = wanted
    return words("letters.item", language, wanted=what, reason=_reason(case, "supplement", reason, language), text=text)


def _wanted(step: CaseStep, language: str) -> list[Wanted]:
    edition = rules_of(step.case).edition
    found = SupplementItem.objects.filter(step=step).order_by("number")
    return [(each.reason, _place(edition, each, language), each.text) for each in found]


def _place(edition: Edition, item: SupplementItem, language: str) -> str:
    """A kind of document, or a table with or without a row."""
    if item.document:
        return next((each.text[language] for each in edition.documents if each.id == item.document), item.document)
    name = edition.tables[item.table].text[language]
    return words("letters.table_row", language, table=name, row=str(item.row)) if item.row else name


def _asked(case: Case, step: CaseStep, language: str) -> list[Wanted]:
    edition = rules_of(case).edition
    names = {**{each.id: each.text for each in edition.tables.values()}, **item_texts(edition)}
    items: list[dict[str, str]] = step.said["items"]
    return [(each["reason"], names[each["about"]][language], each["wanted"]) for each in items]


def _visit(case: Case, step: CaseStep) -> Visit | None:
    return Visit.objects.filter(case=case, number=step.said.get("visit", 0)).first()


def _planned(visit: Visit, language: str) -> list[Line]:
    comma = words("report.comma", language)
    people = [
        words("report.bracketed", language, what=each.account.name, more=words(f"attends.{each.attends_as}", language))
        for each in visit.attendants.select_related("account").order_by("id")
    ]
    sites = [" ".join(part for part in (each["name"], each["address"]) if part) for each in visit.sites]
    told = {
        "opening": _instant(visit.opening),
        "closing": _span(visit.closing_from, visit.closing_until),
        "sites": comma.join(sites),
        "team": comma.join(people),
        "man_days": visit.man_days,
    }
    return [Line(words(f"letters.{name}", language), text) for name, text in told.items()]


def _replaced(case: Case, step: CaseStep, language: str) -> list[Line]:
    """The letter of the plan that was taken back before this one was made: its number and day."""
    taken = [each for each in plans_taken_back(case).values() if each.number < step.number]
    numbers = {each.said["visit"] for each in taken if each.said.get("visit") == step.said["visit"] - 1}
    plans = CaseStep.objects.filter(case=case, step=Step.PLAN_VISIT.value)
    told = [
        f"{case.number}-{each.number} ({localdate(each.at)})" for each in plans if each.said.get("visit") in numbers
    ]
    return [Line(words("letters.replaces", language), each) for each in told]


def _agenda(visit: Visit, language: str) -> tuple[str, ...]:
    return _joined(((each["when"], _topic(each, language)) for each in visit.agenda), language)


def _topic(item: dict[str, Any], language: str) -> str:
    if not item["who"]:
        return str(item["topic"])
    return words("report.bracketed", language, what=item["topic"], more=item["who"])


def _span(since: datetime, until: datetime) -> str:
    """From an instant to another; the day is said once when it is the same."""
    begun, ended = _instant(since), _instant(until)
    return f"{begun} – {ended[11:] if begun[:10] == ended[:10] else ended}"


def _instant(at: datetime) -> str:
    return localtime(at).strftime("%Y-%m-%d %H:%M")
