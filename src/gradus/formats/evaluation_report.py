# SPDX-License-Identifier: Apache-2.0
"""The evaluation report in words: one model of headings, facts and tables, and the same as PDF/A-3b.

The frozen content is attached to the PDF as evaluation-report.json.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import typst

from gradus.formats.palette import colours
from gradus.formats.report_pdf import printable, typst_fonts
from gradus.formats.wording import words
from gradus.grading.scheme import Indicator, Requirement
from gradus.process.procedure import Rules
from gradus.process.visits import Link

_TEMPLATE = Path(__file__).resolve().parent / "templates" / "evaluation_report.typ"

Json = Mapping[str, Any]


def evaluation_report_words(content: Json, rules: Rules, digest: str, language: str) -> dict[str, Any]:
    """``title``, ``lead``, and ``sections``: each a ``title`` with ``facts`` (label, text) and a table
    (``heads``, ``rows``), or what is ``said`` in their place; ``checks`` are the facts that only a check asks for."""
    say = _Sayer(content, rules, language)
    to_check = {"evaluation.edition_name": content["edition"]["name"], "evaluation.submission": content["submission"]}
    return {
        "title": say("evaluation.title"),
        "lead": say.client(),
        "language": "zh-Hans" if language == "zh" else "en",
        "digest": digest,
        "digest_label": say("evaluation.digest"),
        "checks": [(say(code), text) for code, text in to_check.items()],
        "sections": [
            say.summary(),
            say.results(),
            say.differences(),
            *(say.visit(each) for each in content["visits"]),
            say.findings(),
            say.document_findings(),
        ],
    }


def render_evaluation_pdf(content: Json, rules: Rules, digest: str, language: str) -> bytes:
    """The report as PDF: the same bytes from the same content."""
    model = evaluation_report_words(content, rules, digest, language) | {"colours": colours}
    pdf = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=typst_fonts(),
        sys_inputs={
            "report": printable(json.dumps(model, ensure_ascii=False)),
            "content": json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
        },
        pdf_standards="a-3b",
        timestamp=datetime.fromisoformat(content["issued_at"]).replace(microsecond=0),
    )
    assert isinstance(pdf, bytes)
    return pdf if pdf.endswith(b"\n") else pdf + b"\n"


class _Sayer:
    """Says one content in one language."""

    def __init__(self, content: Json, rules: Rules, language: str) -> None:
        edition = rules.edition
        self.content, self.edition, self.language = content, edition, language
        self.reasons = {each.id: each.text[language] for each in rules.procedure.reasons["reject_row"]}
        every: tuple[Requirement | Indicator, ...] = (*edition.requirements, *edition.indicators)
        self.rules = {each.id: each.text[language] for each in every}

    def __call__(self, code: str, **blanks: object) -> str:
        return words(code, self.language, **{name: str(value) for name, value in blanks.items()})

    def client(self) -> str:
        return self._called(self.content["client"])

    def _called(self, name: Json) -> str:
        return str((self.language == "en" and name["name_en"]) or name["name"])

    def outcome(self, id_: str) -> str:
        found = next((each for each in self.edition.outcomes if id_ in (each.id, each.level)), None)
        return found.text[self.language] if found else self("evaluation.no_outcome")

    def summary(self) -> dict[str, Any]:
        content = self.content
        comma = self("report.comma")
        body = content.get("body")  # a report of before it was told has none
        facts = [
            *([("evaluation.body", self._called(body))] if body else []),
            ("evaluation.case", content["case"]),
            ("evaluation.edition", self.edition.criterion[self.language]),
            ("evaluation.edition_name", content["edition"]["name"]),
            ("evaluation.submission", content["submission"]),
            ("evaluation.requested", self.outcome(content["requested"]) if content["requested"] else "–"),
            ("evaluation.team", comma.join(self._member(each) for each in content["team"])),
            *(self._proposed(content["proposed"]) if content["proposed"] is not None else ()),
        ]
        return self._section(self("evaluation.summary"), facts)

    def _proposed(self, proposed: Json) -> list[tuple[str, str]]:
        content, comma = self.content, self("report.comma")
        return [
            ("evaluation.proposed", self.outcome(proposed["outcome"])),
            ("evaluation.scope", comma.join(self.field(each) for each in proposed["scope"]) or "–"),
            ("evaluation.conclusion", content["conclusion"]),
            ("evaluation.issued", f"{content['issued_by']}{comma}{content['issued_at'][:10]}"),
        ]

    def _member(self, each: Json) -> str:
        return self._beside(each["name"], self("part." + each["part"]))

    def _beside(self, what: str, more: str) -> str:
        return self("report.bracketed", what=what, more=more)

    def field(self, id_: str) -> str:
        """A value of the scope by its id."""
        rule = self.edition.scope
        options = self.edition.tables[rule.table].column(rule.column).options if rule else ()
        return next((each.text[self.language] for each in options if each.id == id_), id_)

    def visit(self, visit: Json) -> dict[str, Any]:
        draw, comma = visit["draw"], self("report.comma")
        days = visit["man_days"]
        facts = [
            ("evaluation.when", " – ".join(sorted({visit["opening"][:10], visit["closing_until"][:10]}))),
            ("evaluation.where", comma.join(f"{each['name']} {each['address']}" for each in visit["sites"])),
            ("evaluation.man_days", self("evaluation.of_table", **days)),
            ("evaluation.attended", comma.join(self._attendant(each) for each in visit["attendants"])),
            (
                "evaluation.deviations",
                comma.join(self._deviation(each) for each in visit["deviations"]) or self("evaluation.none"),
            ),
            ("evaluation.drawn", comma.join(self._drawn(visit, each) for each in draw["drawn"]) if draw else "–"),
        ]
        heads = ["evaluation.kind", "evaluation.subject", "evaluation.notes", "evaluation.seen"]
        rows = [
            [self(f"record.{each['kind']}"), each["subject"], each["notes"], self._links(each["links"])]
            for each in visit["records"]
        ]
        return self._section(self("evaluation.visit", number=visit["number"]), facts, heads, rows)

    def _drawn(self, visit: Json, id_: str) -> str:
        title = visit.get("titles", {}).get(id_)  # a report of before they were told has none
        return self._beside(id_, title) if title else id_

    def _attendant(self, each: Json) -> str:
        return self._beside(each["name"], self("report.comma").join([self("attends." + each["as"]), each["days"]]))

    def _deviation(self, each: Json) -> str:
        comma = self("report.comma")
        said = comma.join(self(f"deviation.{one}") for one in each["deviations"])
        told = comma.join(each["explained"].values())
        return f"{each['name']} {self('moment.' + each['moment'])}{self('report.colon')}{self._beside(said, told)}"

    def _links(self, links: Json) -> str:
        seen = [each.value for each in Link if each.value in links]
        return self("report.comma").join(
            f"{'✓' if links[each] else '✕'}\N{NO-BREAK SPACE}{self('link.' + each)}" for each in seen
        )

    def findings(self) -> dict[str, Any]:
        heads = ["evaluation.grade", "evaluation.rule", "evaluation.found", "evaluation.corrected", "evaluation.state"]
        rows = [
            [
                self(f"finding.{each['grade']}"),
                self.rules.get(each["rule"], each["rule"]),
                each["text"],
                self._corrected(each["correction"]),
                each["verified"] or ("–" if each["grade"] == "observation" else self("evaluation.open")),
            ]
            for each in self.content["findings"]
        ]
        return self._section(self("evaluation.findings"), [], heads, rows)

    def _corrected(self, correction: Json | None) -> str:
        if not correction:
            return "–"
        return " / ".join(correction[name] for name in ("correction", "cause", "action"))

    def results(self) -> dict[str, Any]:
        claimed, verified = self.content["claimed"], self.content["verified"]
        rows = [
            [self("evaluation.capability"), *(self.outcome(each["capability"]) for each in (claimed, verified))],
            [self("evaluation.grantable"), *(self.outcome(each["grantable"]) for each in (claimed, verified))],
            [self("evaluation.overall"), *(_figure(each["overall"]) for each in (claimed, verified))],
            *(
                [each.text[self.language], *(_figure(of["dimensions"].get(each.id)) for of in (claimed, verified))]
                for each in self.edition.dimensions
            ),
        ]
        heads = ["evaluation.what", "evaluation.claimed", "evaluation.verified"]
        return self._section(self("evaluation.results"), [], heads, rows)

    def differences(self) -> dict[str, Any]:
        """Row by row and rating by rating why verified is not claimed. A report of before it was told has none."""
        rows = [self._difference(each) for each in self.content.get("differences", [])]
        heads = ["evaluation.what", "evaluation.why", "evaluation.touches"]
        if all(row[2] == "–" for row in rows):  # ratings touch themselves alone
            heads, rows = heads[:2], [row[:2] for row in rows]
        return self._section(self("evaluation.differences"), [], heads, rows)

    def _difference(self, each: Json) -> list[str]:
        comma = self("report.comma")
        others = (id_ for id_ in each["touches"] if id_ != each.get("item"))
        touches = comma.join(self.rules.get(id_, id_) for id_ in others) or "–"
        if "item" not in each:
            table = self.edition.tables[each["table"]].text[self.language]
            reason = self.reasons.get(each["reason"], each["reason"])
            what, why = self("evaluation.row", table=table, row=each["row"]), (reason, each["text"])
            return [what, self("report.colon").join(part for part in why if part), touches]
        claimed, rating = ("–" if each[name] is None else str(each[name]) for name in ("claimed", "rating"))
        why_rated = self("evaluation.rated", claimed=claimed, rating=rating)
        return [self.rules.get(each["item"], str(each["item"])), why_rated, touches]

    def document_findings(self) -> dict[str, Any]:
        """What the papers left open."""
        found = self.content.get("document_findings", [])
        rows = [[self.rules.get(each["item"], each["item"]), each["text"], each["by"]] for each in found]
        heads = ["evaluation.rule", "evaluation.found", "evaluation.by"]
        return self._section(self("evaluation.document_findings"), [], heads, rows)

    def _section(
        self, title: str, facts: Sequence[tuple[str, str]], heads: Sequence[str] = (), rows: Sequence[list[str]] = ()
    ) -> dict[str, Any]:
        """``said`` is what stands there when there is nothing to tell."""
        told = [{"label": self(code), "text": text} for code, text in facts]
        heads = [self(each) for each in heads] if rows else []
        said = "" if told or rows else self("evaluation.none")
        return {"title": title, "said": said, "facts": told, "heads": heads, "rows": list(rows)}


def _figure(score: str | None) -> str:
    """A score with at most two decimals; it was rounded as the edition declares."""
    if score is None:
        return "–"
    cents = int(Fraction(score) * 100)
    return f"{cents // 100}.{cents % 100:02d}"
