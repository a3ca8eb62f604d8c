# SPDX-License-Identifier: Apache-2.0
"""What anybody may try in stage 4: review, panel, notice, consent, decision, signature."""

from datetime import timedelta

from django.utils.timezone import localdate

from gradus.applications.ties import TieTold, record_tie
from gradus.decisions.anew import return_to_review
from gradus.decisions.decide import Verdict, answer_proposal, ask_consent, bounds_of, decide, return_from_decision
from gradus.decisions.file import case_file, outcome_id
from gradus.decisions.notice import answer_objection, close_notice, record_objection
from gradus.decisions.panel import close_panel, convene, vote, withdraw_member
from gradus.decisions.record import decision_of, objections_of, review_of, seats_of
from gradus.decisions.review import QUESTIONS, Recommendation, recommend, return_to_evaluation
from gradus.decisions.sign import decline_to_sign, sign_second
from gradus.decisions.terminate import terminate
from gradus.process.impartiality import TieKind
from gradus.process.panel import Voice
from gradus.process.parts import Part
from gradus.process.states import REVIEWED, TERMINABLE, State
from tests.decisions.deciding import BECAUSE, proof
from tests.walks.act import act

AFTER_A_VOTE = (State.PANEL, State.NOTICE, State.DECISION, State.CONSENT, State.SIGNATURE)


def _seen(walk):
    """The digest of the file, mostly; the file is not asked for where nobody would show it."""
    return case_file(walk.case).digest if walk.near(4) and walk.likely(0.95) else "0" * 64


def _proof(walk):
    return proof(walk.at if walk.likely(0.95) else walk.at - timedelta(minutes=10))


@act(recommend, "technical_reviewer", State.TECHNICAL_REVIEW, often=20)
def recommending(walk, who):
    if not walk.near(4):
        return recommend(walk.case, Recommendation("level-4", BECAUSE), "0" * 64, who, walk.at)
    file = case_file(walk.case)
    outcome = outcome_id(file.verified.edition, file.verified.grantable) if walk.likely(0.9) else ""
    scope = file.verified.scope if walk.likely(0.95) else ("no-such-field",)
    answered = QUESTIONS if walk.likely(0.95) else QUESTIONS[:2]
    said = Recommendation(outcome, walk.words(BECAUSE), scope, answered, against_verified=walk.likely(0.9))
    return recommend(walk.case, said, file.digest if walk.likely(0.95) else "0" * 64, who, walk.at)


@act(return_to_evaluation, "technical_reviewer", State.TECHNICAL_REVIEW, often=1)
def returning(walk, who):
    return return_to_evaluation(walk.case, walk.reason("return"), walk.words(BECAUSE), _seen(walk), who, walk.at)


@act(convene, "office", State.PANEL)
def convening(walk, who):
    members = [walk.somebody(Part.PANEL_MEMBER) if walk.likely(0.95) else walk.anybody() for _ in range(2)]
    return convene(walk.case, members, who, walk.at)


@act(vote, Part.PANEL_MEMBER, State.PANEL, often=20)
def voting(walk, who):
    voice = Voice.FOR if walk.likely(0.8) else walk.chance.choice([*Voice, "perhaps"])
    return vote(walk.case, voice, walk.words(BECAUSE), who, walk.at)


@act(withdraw_member, "office", *AFTER_A_VOTE, often=2)
def withdrawing_a_member(walk, who):
    seats = list(seats_of(walk.case))
    return (
        bool(seats)
        and walk.likely(0.5)
        and withdraw_member(walk.chance.choice(seats), walk.words("发现曾为该企业讲课收费"), who, walk.at)
    )


@act(close_panel, "office", State.PANEL)
def closing_the_panel(walk, who):
    return close_panel(walk.case, walk.words(BECAUSE), who, walk.at)


@act(record_objection, "office", State.NOTICE, often=2)
def recording_what_the_public_said(walk, who):
    day = localdate(walk.at) - timedelta(days=walk.chance.randrange(-1, 3))
    return record_objection(walk.case, (walk.words("某单位"), "", "项目并非其独立完成"), day, who, walk.at)


@act(answer_objection, "technical_reviewer", State.NOTICE)
def answering_the_public(walk, who):
    said = list(objections_of(walk.case))
    return bool(said) and answer_objection(walk.chance.choice(said), walk.words(BECAUSE), who, walk.at)


@act(close_notice, "office", State.NOTICE)
def closing_the_notice(walk, who):
    return close_notice(walk.case, who, walk.at)


def _verdict(walk, *, lower=False):
    """What may be granted at most, or something else; ``lower``: below what was applied for."""
    if not walk.near(4):
        return Verdict(BECAUSE, "level-4"), "0" * 64
    file = case_file(walk.case)
    bounds = bounds_of(walk.case, file)
    ranks = [bounds.rank, *range(1, bounds.asked)] if lower else [bounds.rank]
    rank = walk.chance.choice(ranks) if walk.likely(0.95) else 8
    scope = tuple(sorted(bounds.scope)) if walk.likely(0.95) else ()
    return (
        Verdict(walk.words(BECAUSE), outcome_id(file.verified.edition, rank), scope, walk.reason("refuse")),
        file.digest if walk.likely(0.95) else "0" * 64,
    )


@act(terminate, "office", *TERMINABLE, often=2)
def terminating(walk, who):
    """Mostly in vain: the client has weeks."""
    walk.at += timedelta(days=walk.chance.choice((0, 0, 0, 120)))
    return walk.likely(0.2) and terminate(walk.case, walk.words(BECAUSE), who, walk.at)


@act(ask_consent, "decision_maker", State.DECISION)
def asking_for_consent(walk, who):
    proposed, seen = _verdict(walk, lower=True)
    return ask_consent(walk.case, proposed, seen, who, walk.at)


@act(answer_proposal, "manager", State.CONSENT)
def answering_a_proposal(walk, who):
    return answer_proposal(walk.case, given=walk.likely(0.7), name=walk.words("王法定"), actor=who, at=walk.at)


@act(decide, "decision_maker", State.DECISION, often=20)
def deciding(walk, who):
    verdict, seen = _verdict(walk)
    if walk.likely(0.1):
        verdict = Verdict(BECAUSE, refused_for=walk.reason("refuse"))
    return decide(walk.case, verdict, _proof(walk), seen, who, walk.at)


@act(return_from_decision, "decision_maker", State.DECISION, often=2)
def returning_instead_of_deciding(walk, who):
    return return_from_decision(walk.case, walk.reason("return"), walk.words(BECAUSE), _seen(walk), who, walk.at)


@act(decline_to_sign, "head_of_body", State.SIGNATURE, often=1)
def not_signing(walk, who):
    return decline_to_sign(walk.case, walk.words(BECAUSE), who, walk.at)


@act(return_to_review, "office", *REVIEWED, often=2)
def having_the_review_made_anew(walk, who):
    """Once in a while the reviewer turns out to be tied to the client; mostly in vain."""
    review = review_of(walk.case)
    if review is not None and walk.likely(0.05):
        told = TieTold(walk.case.client, TieKind.RELATED, localdate(walk.at), None, "举报后查实")
        record_tie(review.account, told, who, walk.at)
    part = Part.PANEL_OFFICER if walk.likely(0.9) else Part.DECISION_MAKER
    return walk.likely(0.5) and return_to_review(walk.case, walk.words(BECAUSE), part, who, walk.at)


@act(sign_second, "head_of_body", State.SIGNATURE, often=20)
def signing(walk, who):
    decision = decision_of(walk.case)
    seen = decision.file_digest if decision and walk.likely(0.95) else "0" * 64
    return sign_second(walk.case, _proof(walk), seen, who, walk.at)
