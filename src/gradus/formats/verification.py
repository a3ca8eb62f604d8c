# SPDX-License-Identifier: Apache-2.0
"""A verification in words and as JSON, the same for the command line, the public page and the API."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from gradus.formats.wording import place, sentence, words
from gradus.trust.bundle import TrustBundle
from gradus.trust.canonical import Json
from gradus.trust.instants import shown, write_instant
from gradus.trust.records import to_json
from gradus.trust.statement import CertificateStatement, Statement, StatusStatement
from gradus.trust.verdict import State, Step, Verdict, Verification

FORMAT = "gradus-verification/1"
LANGUAGES = ("zh", "en")
_OTHER_KINDS = {
    "verify.no_certificate": "verify.verdict.no_certificate",
    "pdf.attachments": "verify.verdict.signed_page",
}
SIGNS = {State.PASSED: "✓", State.FAILED: "×", State.CANNOT_TELL: "?"}


def step_title(step: Step, language: str) -> str:
    return words(f"verify.step.{step.id}", language)


def step_sentences(step: Step, language: str) -> list[str]:
    """What there is to say about a step, each with the file it is about."""
    return [f"{place(each, None, language)} {sentence(each, language)}".strip() for each in step.said]


def of_a_change(found: Verification) -> bool:
    """Whether what holds is the record of a change, which tells of no certificate that it holds."""
    return found.verdict is Verdict.HOLDS and isinstance(found.statement, StatusStatement)


def other_kind(found: Verification) -> str:
    """The code of what a file is instead of a certificate: nothing of ours, or a page that the body signed about
    something else; "" for all others."""
    last = found.steps[-1]
    return _OTHER_KINDS.get(last.said[0].code, "") if last.state is State.CANNOT_TELL else ""


def only_status_unknown(found: Verification) -> bool:
    """Whether everything else passed, and just its status at that instant cannot be told."""
    return [each.id for each in found.steps if each.state is not State.PASSED] == ["9"] and (
        found.verdict is Verdict.CANNOT_TELL
    )


def verdict_words(found: Verification, language: str) -> str:
    kind = "verify.verdict.change" if of_a_change(found) else other_kind(found)
    return words(kind or f"verify.verdict.{found.verdict}", language)


def statement_lines(statement: Statement, language: str) -> Iterator[str]:
    """What the certificate, or the change of one, says; two lines at most."""
    if not isinstance(statement, CertificateStatement):
        yield words(
            "verify.change",
            language,
            number=statement.number,
            change=words(f"change.{statement.change}", language),
            effective=shown(statement.effective_at),
            reason=statement.reason.text[language],
        )
        return
    name = statement.holder.name
    yield words(
        "verify.certificate",
        language,
        number=statement.number,
        holder=name.en if language == "en" and name.en else name.zh,
        uscc=statement.holder.uscc,
    )
    yield words(
        "verify.outcome",
        language,
        outcome=statement.outcome.text[language],
        order=statement.outcome.order[language],
        meaning=statement.outcome.meaning[language],
        **{"from": str(statement.valid_from), "until": str(statement.last_valid_on)},
        scope=("、" if language == "zh" else ", ").join(each.text[language] for each in statement.scope),
    )


def meaning_sentences(found: Verification, language: str) -> Iterator[str]:
    """What the verdict proves and what it does not, how old the status is, and who vouches for the time."""
    statement, logged_at = found.statement, found.logged_at
    if other_kind(found):
        yield words("verify.proves.no_certificate", language)
    elif found.verdict is not Verdict.HOLDS:
        yield words(f"verify.proves.{found.verdict}", language)
    elif statement and logged_at:
        issuer = statement.issuer.name[language]
        certificate = isinstance(statement, CertificateStatement)
        blanks = {"issuer": issuer, "logged": shown(logged_at), "at": shown(found.at)}
        yield words("verify.proves.holds" if certificate else "verify.proves.change", language, **blanks)
    if found.status_as_of:
        as_of, hours = shown(found.status_as_of), _hours(found.status_as_of, found.at)
        age = "verify.status_fresh" if hours == "0" else "verify.status_age"
        yield words(age, language, status=as_of, hours=hours)
        if found.verdict is Verdict.HOLDS:
            yield words("verify.proves_not", language, status=as_of)
    if found.verdict is Verdict.HOLDS:
        yield words("verify.time", language)


def _hours(earlier: datetime, later: datetime) -> str:
    return str(int((later - earlier).total_seconds()) // 3600)


def verification_to_json(found: Verification, bundle: TrustBundle | None) -> dict[str, Json]:
    """The whole verification, every sentence in both languages."""
    return {
        "format": FORMAT,
        "at": write_instant(found.at),
        "verdict": found.verdict.value,
        "verdict_words": {each: verdict_words(found, each) for each in LANGUAGES},
        "steps": [_step(each) for each in found.steps],
        "statement": to_json(found.statement),
        "logged_at": write_instant(found.logged_at) if found.logged_at else None,
        "status_as_of": write_instant(found.status_as_of) if found.status_as_of else None,
        "trust": {"issuer": to_json(bundle.issuer.name), "fingerprint": bundle.fingerprint} if bundle else None,
        "meaning": {each: _list(meaning_sentences(found, each)) for each in LANGUAGES},
    }


def _step(step: Step) -> dict[str, Json]:
    said: list[Json] = [
        {"code": each.code, **{language: sentence(each, language) for language in LANGUAGES}} for each in step.said
    ]
    title: dict[str, Json] = {each: step_title(step, each) for each in LANGUAGES}
    return {"id": step.id, "state": step.state.value, "title": title, "said": said}


def _list(texts: Iterator[str] | Sequence[str]) -> list[Json]:
    return list(texts)
