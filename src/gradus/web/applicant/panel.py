# SPDX-License-Identifier: Apache-2.0
"""The live grade beside every table: outcome, ladder, what stands in the way with the place to mend it, and counts."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from gradus.dossiers.grading import Graded, aim_of, grade_dossier, keep_summary, to_fill
from gradus.dossiers.models import Dossier
from gradus.dossiers.unknowns import unknowns
from gradus.formats.numbers import score
from gradus.formats.report_outcome import blocking_part, ladder_part, outcome_marks, score_part
from gradus.formats.report_voice import Model, Voice
from gradus.formats.result_words import bounds_sentences, path_sentence
from gradus.grading.cost import cheapest_first
from gradus.grading.result import Block, Explanation
from gradus.grading.scheme import Outcome
from gradus.web.ui.templates import language


def panel(dossier: Dossier, at: datetime, graded: Graded | None = None) -> dict[str, object]:
    """What the panel shows, ready to print, in the reader's language; keeps the summary that lists show."""
    found = graded or grade_dossier(dossier, at)
    if dossier.summary_revision != dossier.revision:
        keep_summary(dossier, found, at)
    voice = Voice(found.result, language())
    result = found.result
    blocking = blocking_part(voice, cheapest_first(result.blocking))
    aim = aim_of(dossier, found)
    lacking = [line for line in result.documents if aim.id in line.owed_by and not line.present]
    return {
        "outcomes": outcome_marks(voice),
        "ladder": ladder_part(voice),
        "scores": score_part(voice),
        "overall": score(result.overall),
        "aim": aim.id,
        "aims": [(each.id, voice.text(each.text)) for each in voice.edition.outcomes],
        "path": _closed_path(voice, aim),
        "blocking": _with_places(voice, blocking, dossier),
        "bounds": bounds_sentences(result, voice.language),
        "unknown": bool(unknowns(found)),
        "faults": sum(not to_fill(each) for each in found.draft.faults),
        "to_fill": sum(map(to_fill, found.draft.faults)),
        "warnings": len(result.warnings),
        "lacking": len(lacking),
    }


def _closed_path(voice: Voice, aim: Outcome) -> list[str]:
    """Why the outcome aimed at cannot be granted this time, whatever the facts; empty when it can."""
    steps = voice.result.path[1:-1]
    if not steps or steps[-1].rank >= aim.rank:
        return []
    return [path_sentence(voice.edition, step, voice.language) for step in steps]


def _with_places(voice: Voice, blocking: Model, dossier: Dossier) -> Model:
    """Each line with the table in which it can be mended."""
    rows = blocking["rows"]
    assert isinstance(rows, list)
    blocks = cheapest_first(voice.result.blocking)
    for row, block in zip(rows, blocks, strict=False):
        row["places"] = places(voice, _explanations(voice, block), dossier)
        for gain, line in zip(block.gains, row["gains"], strict=False):
            line["places"] = places(voice, [voice.result.indicators[gain.indicator].explanation], dossier)
    return blocking


def _explanations(voice: Voice, block: Block) -> list[Explanation]:
    if block.kind == "requirement":
        return [voice.result.requirements[block.id].explanation]
    if block.kind == "veto":
        return [voice.result.vetoes[block.id].explanation]
    return []


def places(voice: Voice, explanations: list[Explanation], dossier: Dossier) -> list[Model]:
    """The tables that explanations rest on, each with its address; rows that earned no credit are marked there."""
    found: dict[str, set[int]] = {}
    for explanation in explanations:
        for facts in explanation.facts:
            uncredited = set(facts.counted) - set(facts.credited if facts.credited is not None else facts.counted)
            found.setdefault(facts.table, set()).update(uncredited)
        for missing in explanation.missing:
            found.setdefault(missing.table, set()).update({missing.row} if missing.row else ())
    return [
        {
            "table": voice.text(voice.edition.tables[table].text),
            "url": address(dossier, table, sorted(rows)),
            "rows": len(rows),
        }
        for table, rows in found.items()
    ]


_MOST_ROWS_IN_ADDRESS = 200


def address(dossier: Dossier, table: str, rows: list[int], column: str = "") -> str:
    """The page of a table, with rows to show, and the cell to stand in."""
    url = reverse("table_page", args=[dossier.client_id, dossier.pk, table])
    shown = ",".join(str(row) for row in rows[:_MOST_ROWS_IN_ADDRESS])
    query = urlencode({name: text for name, text in (("rows", shown), ("column", column)) if text}, safe=",")
    return f"{url}?{query}" if query else url
