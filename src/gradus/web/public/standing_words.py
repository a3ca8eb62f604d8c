# SPDX-License-Identifier: Apache-2.0
"""How a certificate stands, in words, and who holds what, as pages, badge and files of the register say it."""

from datetime import datetime

from gradus.grading.texts import Text
from gradus.register.standings import Known
from gradus.trust.instants import shown
from gradus.trust.standing import Answer, Standing
from gradus.trust.statement import CertificateStatement, Name
from gradus.web.ui.templates import language, t

_SIGNS = {Standing.VALID: "✓", Standing.NOT_YET_VALID: "–", Standing.UNKNOWN: "?"}


def sign_of(standing: Standing) -> str:
    """A sign beside the word: it holds, it does not, it cannot be told, it has not begun."""
    return _SIGNS.get(standing, "×")


def in_words(answer: Answer) -> dict[str, object]:
    """An answer for a template."""
    because = answer.because
    said, so_far = "to_come" if answer.so_far else answer.standing.value, f"standing.{answer.so_far}"
    return {
        "id": answer.standing.value,
        "sign": sign_of(answer.standing),
        "word": t(f"standing.{said}"),
        "means": t(f"standing.means.{said}", standing=t(so_far) if answer.so_far else ""),
        "so_far": t("standing.so_far", standing=t(so_far)) if answer.so_far else "",
        "holds": answer.standing is Standing.VALID,
        "since_words": clock(answer.since) if answer.since else "",
        "because": because.reason.text[language()] if because else "",
        "successor": because.superseded_by if because else None,
    }


def holder_name(name: Name, said: str) -> str:
    """The Chinese name is the registered one and stands in for a missing English one."""
    return name.en if said == "en" and name.en else name.zh


def line_of(known: Known, at: datetime, now: datetime) -> dict[str, object]:
    """A certificate in a list, as it stands at an instant."""
    certificate, said = known.certificate, language()
    return {
        "number": certificate.number,
        "holder": certificate.holder.name,
        "credit_code": certificate.holder.uscc,
        "outcome": certificate.outcome.text[said],
        "stars": certificate.outcome.stars,
        "order": certificate.outcome.order[said],
        "scope": scope_of(certificate, said),
        "valid_from": certificate.valid_from,
        "last_valid_on": certificate.last_valid_on,
        "standing": in_words(known.standing(at, now)),
    }


def scope_of(certificate: CertificateStatement, said: str) -> str:
    return t("public_register.comma").join(each.text[said] for each in certificate.scope)


def both(name: Name) -> Text:
    return Text(name.zh, name.en)


def clock(at: datetime) -> str:
    """An instant as the register says it: by the clock in China, to the second."""
    return shown(at)
