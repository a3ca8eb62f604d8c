# SPDX-License-Identifier: Apache-2.0
"""Letters to people: the same in Chinese and in English, for nobody knows yet which their reader prefers."""

from django.core.mail import send_mail
from django.db import transaction

from gradus.formats.wording import words
from gradus.grading.texts import Text

_between = "\n\n" + "-" * 40 + "\n\n"


def send_letter(code: str, to: str, **blanks: str | Text) -> None:
    """Send the letter of a code (``letter.<code>`` and ``letter.<code>_subject``) once what it tells is committed.

    A mail server that fails is logged and undoes nothing: what was done stands, and can be told again.
    """
    subject = " / ".join(_in(f"letter.{code}_subject", language, blanks) for language in ("zh", "en"))
    body = _between.join(_in(f"letter.{code}", language, blanks).strip() for language in ("zh", "en"))
    transaction.on_commit(lambda: send_mail(" ".join(subject.split()), body + "\n", None, [to]), robust=True)


def _in(code: str, language: str, blanks: dict[str, str | Text]) -> str:
    said = {name: value[language] if isinstance(value, Text) else value for name, value in blanks.items()}
    return words(code, language, **said)
