# SPDX-License-Identifier: Apache-2.0
"""A verification as the public page shows it: the verdict first, in words for somebody who never heard of the scheme.

The script that verifies in the visitor's browser (web/ui/static/verify/view.js) makes the same value of the same
sentences; tests/web/test_verify_agreement.py compares the two.
"""

from collections.abc import Iterator
from datetime import date

from gradus.formats.verification import (
    SIGNS,
    meaning_sentences,
    of_a_change,
    only_status_unknown,
    other_kind,
    step_sentences,
    step_title,
    verdict_words,
)
from gradus.formats.wording import sentence, words
from gradus.trust.canonical import Json
from gradus.trust.instants import shown
from gradus.trust.statement import CertificateStatement, Statement, StatusStatement
from gradus.trust.verdict import State, Step, Verdict, Verification

EMPTY: dict[str, Json] = {
    **dict.fromkeys(("state", "sign", "verdict", "subject", "asked", "outcome", "rank", "heading"), ""),
    "why": [""],
    "facts": [["", ""]],
    "proves": [""],
    "steps": [{**dict.fromkeys(("id", "state", "sign", "word", "title"), ""), "said": [""]}],
}
"""One of everything and nothing in it: the form that the page's script fills."""

_SIGNS = {Verdict.HOLDS: "✓", Verdict.DOES_NOT_HOLD: "×", Verdict.CANNOT_TELL: "?"}
_OF_THE_DAY = {"8", "9"}
"""The steps that speak about a day; all the others speak about the document."""
_ALTERED = {*(f"P{number}" for number in range(1, 7)), "1", "3"}


def view_of(
    found: Verification, language: str, day: date | None = None, *, to_come: bool = False, looked_up: bool = False
) -> dict[str, Json]:
    """``day``: the day that was asked about, None for now; ``to_come``: it has not come yet; ``looked_up``: the
    register's own copy was verified, and no file of the visitor's."""
    statement, certificate, state = found.statement, isinstance(found.statement, CertificateStatement), found.verdict
    holds = found.verdict is Verdict.HOLDS
    heading = "verify_page.says" if holds else "verify_page.says_unproven"
    return {
        "state": state.value,
        "sign": _SIGNS[state],
        "verdict": _verdict(found, language, day),
        "subject": _subject(statement, language),
        "asked": words("verify_page.asked", language, at=shown(found.at)),
        "why": list(_why(found, language, _untold(day, to_come=to_come), looked_up=looked_up)),
        "outcome": statement.outcome.text[language] if isinstance(statement, CertificateStatement) else "",
        "rank": _rank(statement, language) if isinstance(statement, CertificateStatement) else "",
        "heading": words(heading if certificate else "verify_page.says_change", language) if statement else "",
        "facts": [[label, value] for label, value in _facts(statement, language)],
        "proves": list(meaning_sentences(found, language)),
        "steps": [_step(each, language) for each in found.steps],
    }


def _altered(found: Verification) -> bool:
    """Whether the first thing that is wrong is that it is not as it was issued."""
    first = next((each for each in found.steps if each.state is State.FAILED), None)
    return first is not None and first.id in _ALTERED


def _untold(day: date | None, *, to_come: bool) -> str:
    """The code of what is said where the status alone cannot be told."""
    return "verify.to_come" if to_come else "verify_page.status_past" if day else "verify_page.status_unknown"


def _subject(statement: Statement | None, language: str) -> str:
    """Whose certificate it is and its number, to be read beside the verdict: a file may bear another's name."""
    if isinstance(statement, CertificateStatement):
        return f"{_holder(statement, language)} · {statement.number}"
    return statement.number if statement else ""


def _holder(statement: CertificateStatement, language: str) -> str:
    name = statement.holder.name
    return f"{name.en} · {name.zh}" if language == "en" and name.en else name.zh


def _verdict(found: Verification, language: str, day: date | None) -> str:
    if of_a_change(found) or other_kind(found):
        return verdict_words(found, language)
    if _altered(found):
        return words("verify_page.altered", language)
    if day is None:
        return words(f"verify_page.today.{found.verdict}", language)
    return words(f"verify_page.on.{found.verdict}", language, day=day.isoformat())


def _why(found: Verification, language: str, untold: str, *, looked_up: bool) -> Iterator[str]:
    """What decided the verdict: the first step that failed, else the first that cannot tell."""
    if found.verdict is Verdict.HOLDS:
        return
    decisive = State.FAILED if found.verdict is Verdict.DOES_NOT_HOLD else State.CANNOT_TELL
    deciding = [each for each in found.steps if each.state is decisive]
    of_the_document = [each for each in found.steps if each.id not in _OF_THE_DAY]
    if all(each.state is State.PASSED for each in of_the_document) and of_the_document:
        yield words("verify_page.genuine_record" if looked_up else "verify_page.genuine", language)
    if only_status_unknown(found):
        yield words(untold, language)
    elif other_kind(found) == "verify.verdict.signed_page":
        yield words("verify.signed_page", language)
    elif deciding:
        yield from dict.fromkeys(sentence(each, language) for each in deciding[0].said)


def _rank(statement: CertificateStatement, language: str) -> str:
    outcome = statement.outcome
    return words("verify_page.rank", language, order=outcome.order[language], meaning=outcome.meaning[language])


def _facts(statement: Statement | None, language: str) -> Iterator[tuple[str, str]]:
    def fact(code: str, value: str) -> tuple[str, str]:
        return words(f"verify_page.fact.{code}", language), value

    if isinstance(statement, StatusStatement):
        yield fact("number", statement.number)
        yield fact("change", words(f"change.{statement.change}", language))
        yield fact("effective", shown(statement.effective_at))
        yield fact("reason", statement.reason.text[language])
        yield fact("issuer", statement.issuer.name[language])
    if isinstance(statement, CertificateStatement):
        scope = ("、" if language == "zh" else ", ").join(each.text[language] for each in statement.scope)
        days = {"from": statement.valid_from.isoformat(), "until": statement.last_valid_on.isoformat()}
        yield fact("holder", _holder(statement, language))
        yield fact("credit_code", statement.holder.uscc)
        yield fact("scope", scope)
        yield fact("validity", words("verify_page.from_until", language, **days))
        yield fact("condition", statement.surveillance[language])
        yield fact("number", statement.number)
        yield fact("scheme", f"{statement.scheme.text[language]} · {statement.edition.criterion[language]}")
        yield fact("issuer", f"{statement.issuer.name[language]} · {statement.issuer.approval_no}")


def _step(step: Step, language: str) -> dict[str, Json]:
    said: list[Json] = list(step_sentences(step, language))
    return {
        "id": step.id,
        "state": step.state.value,
        "sign": SIGNS[step.state],
        "word": words(f"verify.state.{step.state}", language),
        "title": step_title(step, language),
        "said": said,
    }
