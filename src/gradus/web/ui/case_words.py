# SPDX-License-Identifier: Apache-2.0
"""What pages of the client and of the body say alike about a case: faults, items, quotation, who is awaited."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from gradus.applications.cases import rules_of
from gradus.applications.models import Case, CaseStep, Quotation, SupplementItem
from gradus.formats.numbers import in_unit
from gradus.formats.result_words import outcome_of
from gradus.formats.wording import place_named, sentence_named
from gradus.grading.faults import Fault
from gradus.grading.scheme import Edition, Indicator, Requirement, Table
from gradus.grading.texts import Text
from gradus.process.states import Step
from gradus.web.ui.templates import language, t

Words = dict[str, Any]


def faults_words(faults: Iterable[Fault], edition: Edition) -> list[Words]:
    """Each fault with its place in the edition's words."""
    return [
        {
            "place": place_named(each, edition, language()).rstrip(":： "),
            "text": sentence_named(each, edition, language()),
        }
        for each in faults
    ]


def requested_words(case: Case) -> Text:
    """The outcome that is applied for."""
    return outcome_of(rules_of(case).edition, case.requested).text


def item_words(item: SupplementItem, case: Case) -> Words:
    """An item that the client is asked for: the reason, the document or the row, in words."""
    rules = rules_of(case)
    reason = rules.procedure.reason("supplement", item.reason)
    return {
        "asked": item,
        "reason": reason.text[language()] if reason else item.reason,
        "wanted": wanted_words(rules.edition, item.document, item.table, item.row),
        "text": item.text,
    }


_ACTS = {Step.RETURN_TO_EVALUATION: "return", Step.REFUSE_APPLICATION: "refuse_application"}
"""Steps whose reason is one of a closed list, with the act that the list is for."""


def step_reasons(case: Case, step: CaseStep, *, asked: bool = False) -> list[str]:
    """Why a step was taken, as the step says it: the reason of the closed list in words, and what was written; with
    ``asked``, of a document review's questions what was asked for, and what the client answered."""
    if step.step in (Step.ASK_REVIEW_SUPPLEMENT, Step.ANSWER_REVIEW_SUPPLEMENT):
        return _asked_or_answered(case, step) if asked else []
    act, said = _ACTS.get(Step(step.step)), step.said
    listed = rules_of(case).procedure.reason(act, said.get("reason", "")) if act else None
    found = [
        listed.text[language()] if listed else said.get("reason", ""),
        said.get("reasons", ""),
        said.get("text", ""),
    ]
    return [each for each in found if isinstance(each, str) and each]


def _asked_or_answered(case: Case, step: CaseStep) -> list[str]:
    if step.step == Step.ASK_REVIEW_SUPPLEMENT:
        return [
            f"{number}. {about}{t('report.comma')}{reason}{t('report.colon')}{wanted}"
            for number, (about, reason, wanted) in enumerate(asked_words(case, step.said["items"]), 1)
        ]
    found = [f"{number}. {answer}" for number, answer in enumerate(step.said["answers"], 1)]
    return [*found, t("workbook.answered_with", number=number)] if (number := step.said["submission"]) else found


def asked_words(case: Case, items: Iterable[Mapping[str, str]]) -> list[tuple[str, str, str]]:
    """What the client is asked for in a document review: about what, why, and what is wanted."""
    rules = rules_of(case)
    edition = rules.edition
    named: list[Table | Indicator | Requirement] = [
        *edition.tables.values(),
        *edition.indicators,
        *edition.requirements,
    ]
    names = {each.id: each.text[language()] for each in named}
    reasons = {each.id: each.text[language()] for each in rules.procedure.reasons["supplement"]}
    return [(names[each["about"]], reasons[each["reason"]], each["wanted"]) for each in items]


def wanted_words(edition: Edition, document: str, table: str, row: int | None) -> str:
    """A kind of document, or a table with or without a row."""
    if document:
        return next((each.text[language()] for each in edition.documents if each.id == document), document)
    name = edition.tables[table].text[language()] if table in edition.tables else table
    return t("stage_one.table_row", table=name, row=row) if row else name


def quotation_lines(quotation: Quotation) -> list[tuple[str, str]]:
    """Its amounts, each under its name."""
    names = ("application", "evaluation", "certificate", "total")
    amounts = {name: Fraction(getattr(quotation, name)) for name in names}
    return [(t(f"stage_one.fee_{name}"), in_unit(of, quotation.currency, language())) for name, of in amounts.items()]
