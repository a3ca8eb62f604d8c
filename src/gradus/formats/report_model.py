# SPDX-License-Identifier: Apache-2.0
"""The report: a result in one language with every string ready to print. HTML and PDF lay it out and add nothing.

The model is made of mappings, lists and strings only. It is the self-assessment report that a scheme asks applicants
for: cover, result, item by item with the numbers filled in, requirements, materials, and what it all rests on.
"""

from gradus.formats.report_evidence import evidence_part
from gradus.formats.report_materials import material_part
from gradus.formats.report_measures import dimension_parts, requirement_part
from gradus.formats.report_notes import assumption_part, crosswalk_part, note_part, warning_part
from gradus.formats.report_outcome import blocking_part, cover_part, result_part, score_part, short_hash
from gradus.formats.report_voice import Model, Voice
from gradus.grading.result import Result

_LABELS = (
    "title contents points weight floor target overall dimension score outcome each_at_least overall_at_least "
    "requirement source missing evidence materials owed lacking_label framework reference conflict resolution "
    "adds next_cut_off thresholds show_rows count_label colon semicolon formula subject attached "
    "number row_of rule"
).split()


def report_model(result: Result, language: str) -> Model:
    """Everything the report says. Sections without content are left out; the rest are numbered as they come."""
    voice = Voice(result, language)
    cover = cover_part(voice)
    sections: list[tuple[str, object]] = [
        ("result", {"result": result_part(voice), "scores": score_part(voice)}),
        ("blocking", blocking_part(voice)),
        ("items", dimension_parts(voice)),
        ("requirements", requirement_part(voice)),
        ("materials", material_part(voice)),
        ("warnings", warning_part(voice)),
        ("notes", note_part(voice)),
        ("assumptions", assumption_part(voice)),
        ("crosswalk", crosswalk_part(voice)),
        ("recheck", _recheck(voice)),
        ("evidence", evidence_part(voice)),
    ]
    numbered = [
        {
            "key": key,
            "number": str(at),
            "title": _title(voice, key, content),
            "lead": _lead(voice, key, content),
            "content": content,
        }
        for at, (key, content) in enumerate([each for each in sections if each[1]], 1)
    ]
    return {
        "language": "zh-Hans" if language == "zh" else "en",
        "file_title": voice.say("report.file_title", subject=str(cover["subject"]), title=_name(voice)),
        "labels": {
            **{name: voice.say(f"report.{name}") for name in _LABELS},
            "title": _name(voice),
            "page_of": voice.say("report.page_of", page="{page}", pages="{pages}"),
        },
        "cover": cover,
        "sections": numbered,
    }


def _name(voice: Voice) -> str:
    """What the edition calls the report."""
    return voice.text(voice.edition.report) or voice.say("report.title")


def _title(voice: Voice, key: str, content: object) -> str:
    if key == "blocking" and isinstance(content, dict):
        return str(content["title"])
    return voice.say(f"report.section_{key}")


def _lead(voice: Voice, key: str, content: object) -> str:
    """The sentence under a section's title; "" where nothing of what it speaks of follows."""
    if key == "blocking" and isinstance(content, dict) and content["empty"]:
        return ""
    if key == "result" and voice.edition.path is None:
        return voice.say("report.lead_result_without_path")
    return voice.say(f"report.lead_{key}")


def _recheck(voice: Voice) -> Model:
    edition, result = voice.edition, voice.result
    blanks = {
        "edition": edition.name,
        "hash": short_hash(edition.hash),
        "dossier": result.dossier.name,
        "as_of": result.as_of.isoformat(),
    }
    return {
        "text": voice.say("report.recheck", **blanks),
        "command": "./run recheck result.json",
        "hash": edition.hash,
    }
