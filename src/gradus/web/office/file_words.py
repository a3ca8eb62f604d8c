# SPDX-License-Identifier: Apache-2.0
"""The file of a case, ready to print in the reader's language: what review, panel and decision look at."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from gradus.applications.cases import hindrances, rules_of
from gradus.applications.models import Case
from gradus.applications.ties import found_bonds
from gradus.decisions.decide import bounds_of
from gradus.decisions.file import CaseFile, case_file, rank_of
from gradus.decisions.record import (
    bound_people,
    consents_of,
    count_is_open_again,
    decision_of,
    members_of,
    notice_of,
    objections_of,
    opinion_of,
    proposal_of,
    review_of,
    seats_of,
    void_decisions_of,
)
from gradus.dossiers.readiness import vetoes_held
from gradus.formats.numbers import score
from gradus.formats.report_outcome import outcome_marks
from gradus.formats.report_voice import Voice
from gradus.formats.result_words import outcome_name, requirement_sentence
from gradus.formats.wording import sentence
from gradus.grading.result import Status
from gradus.grading.scheme import Edition
from gradus.process.parts import Part
from gradus.process.procedure import Condition
from gradus.process.verdict import asked_ranks
from gradus.web.ui.desk import Request
from gradus.web.ui.templates import language, t

Words = dict[str, Any]
Choices = list[tuple[str, str]]


def case_words(case: Case, day: date) -> Words:
    """Everything that the pages of this stage show on a day."""
    edition, file = rules_of(case).edition, case_file(case)
    return {
        "case": case,
        "edition": edition,
        "file": file,
        "shown": file_words(case, edition, file, day),
        "review": review_of(case),
        "seats": list(seats_of(case)),
        "opinion": opinion_of(case),
        "open_again": count_is_open_again(case),
        "notice": notice_of(case),
        "objections": list(objections_of(case)),
        "proposal": proposal_of(case),
        "consents": list(consents_of(case)),
        "decision": decision_of(case),
        "void": list(void_decisions_of(case)),
        "outcome": lambda id_: outcome_words(edition, id_),
        "scope": lambda ids: scope_words(edition, ids),
        "reason": lambda act, id_: reason_words(case, act, id_),
    }


def what_bars(request: Request, part: Part) -> list[str]:
    """What keeps the reader from playing a part in the case: told before any form, not after it was filled in."""
    case, account, at = request.case, request.desk.account, request.desk.at
    assert account is not None
    found = found_bonds(case, [account], localdate(at)).get(account.pk, [])
    return [sentence(each, language()) for each in (*hindrances(case, account.pk, part, at), *found)]


def hides_votes(request: Request) -> bool:
    """Whether the reader is of the panel and has not voted: what colleagues said is shown after one's own vote, or when
    the votes are counted."""
    own = (each for each in members_of(request.case) if str(each.account_id) == request.actor.account)
    return opinion_of(request.case) is None and any(not hasattr(each, "vote") for each in own)


def file_words(case: Case, edition: Edition, file: CaseFile, day: date) -> Words:
    """Claimed against verified, what is open, and how far a decision may go."""
    claimed, verified = Voice(file.claimed, language()), Voice(file.verified, language())
    return {
        "digest": file.digest,
        "requested": requested_words(edition, case.requested),
        "rows": [
            {"name": mine["label"], "claimed": mine["name"], "verified": theirs["name"]}
            for mine, theirs in zip(outcome_marks(claimed), outcome_marks(verified), strict=True)
        ],
        "scores": [
            {
                "name": each.text[language()],
                "claimed": score(file.claimed.dimensions[each.id]),
                "verified": score(file.verified.dimensions[each.id]),
            }
            for each in edition.dimensions
        ],
        "overall": {"claimed": score(file.claimed.overall), "verified": score(file.verified.overall)},
        "scope": scope_words(edition, file.verified.scope),
        "gate": [sentence(each, language()) for each in (*file.gate(day), *bound_people(case, day))],
        "findings": file.findings,
        "unmet": _unmet_words(case, edition, file),
        "vetoes": [sentence(each, language()) for each in vetoes_held(file.verified)],
        "leader": _leader_words(edition, file),
        "limit": outcome_name(edition, bounds_of(case, file).rank, language()),
        "held_back": outcome_name(edition, file.recommendable, language())
        if file.recommendable and not bounds_of(case, file).rank
        else "",
    }


def _unmet_words(case: Case, edition: Edition, file: CaseFile) -> list[str]:
    """The requirements of what was applied for that the verified facts do not meet, each as it was found."""
    asked = edition.outcome(asked_ranks(edition, case.requested)[0])
    if asked is None or file.verified.grantable >= asked.rank:
        return []
    found = file.verified.requirements
    return [
        f"{each.text[language()]}{t('report.colon')}"
        f"{requirement_sentence(edition, each, found[each.id], language(), None)}"
        for each in edition.requirements
        if found[each.id].status.get(asked.id) is Status.NOT_MET
    ]


def _leader_words(edition: Edition, file: CaseFile) -> Words | None:
    """What the team's leader proposes in the evaluation report issued last, and concludes, and what was verified and
    may be granted where that is another; None without one."""
    report, most = file.report, file.recommendable
    if report is None:
        return None
    proposed = report["proposed"]["outcome"]
    return {
        "proposed": outcome_words(edition, proposed) if proposed else t("evaluation.no_outcome"),
        "conclusion": report["conclusion"],
        "instead_of": outcome_name(edition, most, language()) if rank_of(edition, proposed) != most else "",
        "by": report["issued_by"],
        "digest": report["digest"],
    }


def requested_words(edition: Edition, requested: str) -> str:
    """What was applied for: an outcome or a level."""
    named = {**{each.id: each.text for each in edition.levels}, **{each.id: each.text for each in edition.outcomes}}
    return named[requested][language()] if requested in named else requested


def outcome_words(edition: Edition, id_: str) -> str:
    """An outcome by its id; "" is none."""
    return outcome_name(edition, rank_of(edition, id_), language())


def outcome_choices(edition: Edition, up_to: int) -> Choices:
    """Outcomes to choose from, the highest first."""
    return [(each.id, each.text[language()]) for each in reversed(edition.outcomes[:up_to])]


def scope_choices(edition: Edition, ids: object) -> Choices:
    """The fields of a scope, by name."""
    wanted = set(ids) if isinstance(ids, list | tuple | set | frozenset) else set()
    rule = edition.scope
    options = edition.tables[rule.table].column(rule.column).options if rule else ()
    names = {each.id: each.text[language()] for each in options}
    return [(each, names.get(each, each)) for each in sorted(wanted)]


def scope_words(edition: Edition, ids: object) -> str:
    """A scope in one line."""
    return t("report.comma").join(name for _, name in scope_choices(edition, ids)) or t("report.scope_empty")


def reason_choices(case: Case, act: str, true: Collection[Condition] = frozenset(Condition)) -> Choices:
    """The closed list of reasons for an act, without those that would say what is not so."""
    listed = rules_of(case).procedure.reasons_where(act, true)
    return [("", t("decisions.choose")), *((each.id, each.text[language()]) for each in listed)]


def reason_words(case: Case, act: str, id_: str) -> str:
    """A reason by its id."""
    found = rules_of(case).procedure.reason(act, id_)
    return found.text[language()] if found else id_
