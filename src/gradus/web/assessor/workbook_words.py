# SPDX-License-Identifier: Apache-2.0
"""The workbook of a case ready to print in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

from gradus.applications.cases import rules_of
from gradus.applications.models import Case
from gradus.evaluations.changed import Changed, answered, changed_rows
from gradus.evaluations.models import DocumentFinding, Team
from gradus.evaluations.rows import Row, judged_tables, rated_items, submitted
from gradus.evaluations.verdicts import item_texts
from gradus.evaluations.verified import claimed_rating, claimed_result, standing, verified_result, why_they_differ
from gradus.formats.numbers import row_ranges, score
from gradus.formats.report_outcome import ladder_part
from gradus.formats.report_voice import Voice
from gradus.formats.result_words import indicator_sentence, outcome_name, requirement_sentence
from gradus.grading.result import Result, Status
from gradus.grading.scheme import Indicator, Requirement
from gradus.process.parts import Part
from gradus.web.ui.cell_words import cell_words
from gradus.web.ui.templates import language, t

_ROWS_A_PAGE = 20
_FIRST_DIFFERENCES = 30

Words = dict[str, object]


@dataclass(frozen=True, slots=True)
class Refused:
    """A verdict that was refused: what is said of it, and what was typed, so that it stands in the form again."""

    table: str
    row: int
    said: Sequence[str]
    reason: str
    text: str


class Workbook:
    """What is claimed, what the assessors said, and what both come to."""

    def __init__(self, case: Case) -> None:
        self.case, self.found, self.said = case, submitted(case), standing(case)
        self.verified, self.claimed = verified_result(case, self.said), claimed_result(case)
        self.rated = rated_items(self.found.edition)
        self.judged = {each.id: each for each in judged_tables(self.found.edition)}
        self.texts = item_texts(self.found.edition)
        self.refused: Refused | None = None
        self.reasons = {each.id: each.text for each in rules_of(case).procedure.reasons["reject_row"]}

    @cached_property
    def changed(self) -> Mapping[tuple[str, int], Changed]:
        """What the client changed while it was under review."""
        return changed_rows(self.case, self.said)

    def answers(self, about: str = "") -> list[Words]:
        """What the client was asked for and answered, of one table or item or of all."""
        reasons = {each.id: each.text for each in rules_of(self.case).procedure.reasons["supplement"]}
        names = {**{each.id: each.text for each in self.found.edition.tables.values()}, **self.texts}
        return [
            {
                "told": each,
                "name": names[each.about][language()],
                "reason": reasons[each.reason][language()],
                "page": "item" if each.about in self.texts else "table" if each.about in self.judged else "",
            }
            for each in answered(self.case)
            if about in ("", each.about)
        ]

    def changes(self, table: str = "") -> list[Words]:
        """The rows that the client changed or removed, of one table or of all, with what was said of each before."""
        return [
            {"row": row, "table": row.table, **self._change(each)}
            for each in self.changed.values()
            if (row := each.after or each.before) is not None and table in ("", row.table)
        ]

    def is_leader(self, team: Team, account: object) -> bool:
        return team.members.filter(account_id=account, part=Part.LEAD_ASSESSOR.value).exists()

    def grade(self) -> Words:
        """Claimed beside verified: outcome and score."""
        return {
            name: {
                "outcome": outcome_name(result.edition, result.grantable, language()),
                "capability": outcome_name(result.edition, result.capability, language()),
                "overall": score(result.overall) if result.overall is not None else t("workbook.untold"),
            }
            for name, result in (("claimed", self.claimed), ("verified", self.verified))
        } | {"same": self.claimed.grantable == self.verified.grantable}

    @cached_property
    def ladder(self) -> Words:
        return dict(ladder_part(Voice(self.verified, language())))

    def tree(self) -> list[Words]:
        """Dimensions with their items and each item's state, then the requirements."""
        edition = self.found.edition
        groups: list[tuple[str, Sequence[Indicator | Requirement]]] = [
            (each.text[language()], [item for item in edition.indicators if item.dimension == each.id])
            for each in edition.dimensions
        ]
        groups += [
            (each.text[language()], [item for item in edition.requirements if item.group == each.id])
            for each in edition.requirement_groups
        ]
        return [
            {
                "name": name,
                "items": [{"id": each.id, "name": each.text[language()], **self._state(each)} for each in items],
            }
            for name, items in groups
            if items
        ]

    def _state(self, item: Indicator | Requirement) -> Words:
        """Of an item: to be rated, not applicable, below its claim, or as claimed."""
        if isinstance(item, Requirement):
            differs = self.verified.requirements[item.id].status != self.claimed.requirements[item.id].status
            return _sign("differs" if differs else "same")
        verified, claimed = self.verified.indicators[item.id], self.claimed.indicators[item.id]
        if verified.status is Status.NOT_APPLICABLE:
            return _sign("off")
        if item.id in self.rated and item.id not in self.said.ratings:
            return _sign("open")
        return _sign("differs" if verified.points != claimed.points else "same")

    def tables(self) -> list[Words]:
        """The tables whose rows are judged, with how far that has come."""
        done: dict[str, int] = {}
        for table, _ in self.said.verdicts:
            done[table] = done.get(table, 0) + 1
        return [
            {
                "id": each.id,
                "name": each.text[language()],
                "done": done.get(each.id, 0),
                "count": len(self.found.rows[each.id]),
            }
            for each in self.judged.values()
            if self.found.rows[each.id]
        ]

    def differences(self) -> list[Words]:
        """Why verified is not claimed, row by row and rating by rating."""
        found: list[Words] = []
        for each in why_they_differ(self.case, self.verified, self.said)[:_FIRST_DIFFERENCES]:
            touches = [self.texts[id_][language()] for id_ in each.touches if id_ in self.texts]
            if each.row is not None and each.verdict is not None:
                table = self.found.edition.tables[each.row.table].text[language()]
                title = t("workbook.row", table=table, row=each.row.number)
                why = f"{self.reasons[each.verdict.reason][language()]}{t('report.colon')}{each.verdict.text}"
                found.append({"title": f"{title} {self._title(each.row)}", "why": why, "touches": touches})
            else:
                blanks = {"claimed": _number(each.claimed), "rated": _number(each.assessed)}
                code = "workbook.not_rated_yet" if each.assessed is None else "workbook.rated_otherwise"
                found.append({"title": self.texts[each.item][language()], "why": t(code, **blanks), "touches": []})
        return found

    def item(self, id_: str, page: str) -> Words:
        """One item: its sentences claimed and verified, the rows it looks at, its rating and its questions."""
        edition = self.found.edition
        indicator = next((each for each in edition.indicators if each.id == id_), None)
        rating, place = self.said.ratings.get(id_), self.rated.get(id_)
        explanation = (self.claimed.indicators if indicator else self.claimed.requirements)[id_].explanation
        tables = dict.fromkeys(facts.table for facts in explanation.facts)
        counted = {(facts.table, row) for facts in explanation.facts for row in facts.counted}
        # Of ratings only those that count; of what is judged also the rows that were left out.
        rows = [
            row
            for table in tables
            for row in self.found.rows[table]
            if table in self.judged or (row.table, row.number) in counted
        ]
        rows.sort(key=lambda row: (row.table, row.number) not in counted)
        # A rating is read from the table of all ratings: the item's own row is what is looked at.
        own = [row for row in rows if place and row.table == place.table and row.cells.get(place.key) == id_]
        return {
            "item": id_,
            "name": self.texts[id_][language()],
            "source": indicator.source[language()] if indicator and indicator.source else "",
            "sentences": {
                "claimed": self._sentence(id_, self.claimed),
                "verified": self._sentence(id_, self.verified),
            },
            "rating": rating,
            "rated": place is not None,
            "claim": _number(claimed_rating(self.found, id_, place)) if place else "",
            "rubric": self._rubric(indicator),
            "answers": self.answers(id_),
            "findings": DocumentFinding.objects.filter(case=self.case, item=id_).select_related("account"),
            "others": [self.row(row) for row in rows if row not in own] if own else [],
            **self._paged(own or rows, page),
        }

    def table(self, table: str, page: str, show: str) -> Words:
        """The rows of a table, open ones first; ``show`` only the "open" ones, those "bare" of papers, or "changed"."""
        every = self.found.rows[table]
        shown = {
            "": every,
            "open": [row for row in every if not self._is_judged(row)],
            "bare": [row for row in every if not row.papers],
            "changed": [row for row in every if (row.table, row.id) in self.changed],
        }
        rows = self._paged(sorted(shown.get(show, every), key=self._is_judged), page)
        unjudged = [row for row in rows["part"] if not self._is_judged(row)]
        here = [row for row in unjudged if not self.was_rejected(row)]
        bare = [row.number for row in here if not row.papers]
        return {
            "table": table,
            "name": self.judged[table].text[language()],
            "left": len(shown["open"]),
            "shows": [(name, len(found)) for name, found in shown.items()],
            "show": show if show in shown else "",
            "open_rows": [row.id for row in here],
            "bare": len(bare),
            "apart": len(unjudged) - len(here),
            "answers": self.answers(table),
            "gone": [each for each in self.changes(table) if each["gone"]],
            "bare_rows": row_ranges(bare, 0, t("report.comma")),
            **rows,
        }

    def was_rejected(self, row: Row) -> bool:
        """Whether a row without a verdict was rejected before the client changed it: it is judged by itself."""
        outdated = self.said.outdated.get((row.table, row.id))
        return outdated is not None and not outdated[1].accepted

    def _is_judged(self, row: Row) -> bool:
        return (row.table, row.id) in self.said.verdicts

    def _paged(self, rows: Sequence[Row], page: str) -> dict[str, Any]:
        if self.refused is not None:
            at = next((at for at, row in enumerate(rows) if self._refusal(row)), 0)
            page = str(at // _ROWS_A_PAGE + 1)
        part = Paginator(rows, _ROWS_A_PAGE).get_page(page or 1)
        return {"rows": [self.row(each) for each in part], "part": part}

    def _refusal(self, row: Row) -> Refused | None:
        found = self.refused
        return found if found and (found.table, found.row) == (row.table, row.id) else None

    def row(self, row: Row) -> Words:
        """One row: its cells in words, its papers, and the verdict on it."""
        table = self.found.edition.tables[row.table]
        verdict = self.said.verdicts.get((row.table, row.id))
        cells = []
        for column in table.columns:
            text = row.cells.get(column.id, "")
            if text and not column.for_assessor:
                cells.append((column.text[language()], cell_words(column, text)))
        return {
            "table": row.table,
            "table_name": table.text[language()],
            "id": row.id,
            "number": row.number,
            "title": self._title(row),
            "cells": cells,
            "papers": [
                {"paper": each, "title": _half(each.title) or each.name.rpartition("/")[2]} for each in row.papers
            ],
            "judged": row.table in self.judged,
            "verdict": verdict,
            "refused": self._refusal(row),
            "change": self._change(change) if (change := self.changed.get((row.table, row.id))) else None,
            "reason": self.reasons[verdict.reason][language()] if verdict and not verdict.accepted else "",
        }

    def _change(self, found: Changed) -> Words:
        """How a row was before the client changed it, cell by cell, and what was said of it then."""
        row = found.after or found.before
        assert row is not None
        columns = self.found.edition.tables[row.table].columns
        before, after = (each.cells if each else {} for each in (found.before, found.after))
        cells = [
            (each.text[language()], *(cell_words(each, cells.get(each.id, "")) for cells in (before, after)))
            for each in columns
            if not each.for_assessor and before.get(each.id, "") != after.get(each.id, "")
        ]
        papers = [_paper_names(each) for each in (found.before, found.after)]
        return {
            "title": t("workbook.row", table=self.found.edition.tables[row.table].text[language()], row=row.number),
            "name": self._title(row),
            "submission": found.submission,
            "new": found.before is None,
            "gone": found.after is None,
            "cells": cells if found.before and found.after else [],
            "papers": papers if papers[0] != papers[1] and found.before and found.after else [],
            "said": found.said,
            "reason": self.reasons[found.said.reason][language()] if found.said and not found.said.accepted else "",
        }

    def _title(self, row: Row) -> str:
        columns = self.found.edition.tables[row.table].columns
        own = [each.id for each in columns if each.type == "text" and not each.options]
        return " · ".join([row.cells[each] for each in own if each in row.cells][:2])

    def _sentence(self, id_: str, result: Result) -> str:
        edition = result.edition
        for each in edition.indicators:
            if each.id == id_:
                return indicator_sentence(edition, each, result.indicators[id_], language())
        requirement = next(each for each in edition.requirements if each.id == id_)
        return requirement_sentence(edition, requirement, result.requirements[id_], language(), None)

    def _rubric(self, indicator: Indicator | None) -> list[str]:
        """The words for each step of the scale by which an item is rated."""
        scales = self.found.edition.scales
        if indicator is None or indicator.id not in self.rated or not scales:
            return []
        scale = scales.get(indicator.unit) or next(iter(scales.values()))
        return [each.text[language()] for each in scale.values]


def _paper_names(row: Row | None) -> str:
    return t("report.comma").join(f"{each.name} {each.page}" for each in row.papers) if row else ""


def _sign(state: str) -> Words:
    signs = {"differs": "✕", "same": "✓", "open": "?", "off": "–"}
    return {"state": state, "sign": signs[state], "state_words": t(f"workbook.state_{state}")}


def _number(value: int | None) -> str:
    return t("workbook.none") if value is None else str(value)


def _half(title: str) -> str:
    """The reader's half of a title in both languages."""
    chinese, _, english = title.partition(" / ")
    return english if language() == "en" else chinese
