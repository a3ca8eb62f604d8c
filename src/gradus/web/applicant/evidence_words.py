# SPDX-License-Identifier: Apache-2.0
"""Evidence, what rests on it and what runs out, ready to print in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.urls import reverse

from gradus.dossiers.citations import Use, row_title
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier
from gradus.dossiers.reminders import Reminder, Standing
from gradus.grading.scheme import Edition, Table
from gradus.web.applicant.panel import address
from gradus.web.ui.templates import language, t


def validity_words(last_day: date | None, how: Standing, day: date) -> Mapping[str, str] | None:
    """The chip that says until when something holds; None when it has no end."""
    if last_day is None:
        return None
    left = (last_day - day).days
    return {
        "standing": how.value,
        "date": last_day.isoformat(),
        "words": t(f"validity.{how.value}", day=last_day.isoformat(), left=abs(left)),
    }


def listing(edition: Edition) -> Table | None:
    """The table in which an edition has documents listed."""
    where = edition.document_table
    return edition.tables[where.table] if where else None


def use_words(dossier: Dossier, found: Iterable[Use]) -> list[dict[str, object]]:
    """The facts that rest on a file, each with the address of its row; those of other dossiers than the open one name
    theirs."""
    return [_use_words(dossier, use, edition_of(use.row.dossier)) for use in found]


def _use_words(dossier: Dossier, use: Use, edition: Edition) -> dict[str, object]:
    return {
        "dossier": "" if use.row.dossier == dossier else use.row.dossier.title,
        "table": edition.tables[use.row.table].text[language()],
        "number": use.number,
        "title": row_title(edition, use.row),
        "page": use.page,
        "beyond": use.beyond,
        "url": address(use.row.dossier, use.row.table, [use.number]),
    }


def reminder_words(dossier: Dossier, edition: Edition, reminder: Reminder) -> dict[str, str]:
    """Something that has run out or soon will, with the place to renew it."""
    base = [dossier.client_id, dossier.pk]
    if reminder.evidence:
        return {
            "title": reminder.title,
            "url": reverse("evidence_viewer", args=[*base, reminder.evidence]),
            "what": t("reminders.file"),
            "standing": reminder.standing.value,
            "day": reminder.last_day.isoformat(),
        }
    table = edition.tables[reminder.table].text[language()]
    return {
        "title": reminder.title,
        "url": address(dossier, reminder.table, [reminder.number]),
        "what": t("reminders.row", table=table, number=reminder.number),
        "standing": reminder.standing.value,
        "day": reminder.last_day.isoformat(),
    }
