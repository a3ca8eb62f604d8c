# SPDX-License-Identifier: Apache-2.0
"""Stories in stage 4: recommended or returned, voted on, announced, asked, decided and signed; or terminated."""

from django.utils.timezone import localdate

from gradus.cli.platform.demonstration.telling import Telling, ago
from gradus.decisions.decide import Verdict, answer_proposal, ask_consent, bounds_of, decide, return_from_decision
from gradus.decisions.file import case_file, outcome_id
from gradus.decisions.notice import close_notice, record_objection
from gradus.decisions.panel import close_panel, convene, vote
from gradus.decisions.review import QUESTIONS, Recommendation, recommend, return_to_evaluation
from gradus.decisions.sign import Proof, sign_second
from gradus.decisions.terminate import terminate
from gradus.process.panel import Voice
from gradus.process.states import State

REVIEWER, DECIDER, HEAD, PANEL = "technical_reviewer", "decision_maker", "head_of_body", "panel_member"
_MEMBERS = 4


def recommended(t: Telling) -> None:
    """The technical reviewer recommends what was verified; nothing verified is a refusal."""
    file = case_file(t.case)
    outcome = outcome_id(file.verified.edition, file.verified.grantable)
    said = Recommendation(outcome, t.say("recommended" if outcome else "recommended_refusal"),
                          tuple(file.verified.scope) if outcome else (), QUESTIONS)  # fmt: skip
    recommend(t.case, said, file.digest, t.actor(REVIEWER), t.at)


def returned(t: Telling) -> None:
    """The case goes back to its evaluation, from the review or from the decision."""
    given = (t.chosen("return"), t.say("returned"), case_file(t.case).digest)
    if t.case.state == State.TECHNICAL_REVIEW.value:
        return_to_evaluation(t.case, *given, t.actor(REVIEWER), t.at)
    else:
        return_from_decision(t.case, *given, t.actor(DECIDER), t.at)


def panel_voting(t: Telling) -> None:
    """The office has convened the panel, and all but the last member have voted."""
    members = t.body[PANEL][:_MEMBERS]
    convene(t.case, [each.account for each in members], t.actor("office"), t.soon())
    for member in members[:-1]:
        vote(t.case, Voice.FOR.value, t.say("voted"), member.actor, t.soon())


def panel_closed(t: Telling) -> None:
    """The panel votes, and the office counts."""
    panel_voting(t)
    vote(t.case, Voice.AGAINST.value, t.say("voted_against"), t.body[PANEL][_MEMBERS - 1].actor, t.soon())
    close_panel(t.case, t.say("panel_said"), t.actor("office"), t.soon())


def spoken_against(t: Telling) -> None:
    """Somebody of the public has spoken against what is announced."""
    told = (t.say("public"), t.say("public_contact"), t.say("public_says"))
    record_objection(t.case, told, localdate(t.at), t.actor("office"), t.soon())


def notice_closed(t: Telling) -> None:
    """The notice is over."""
    close_notice(t.case, t.actor("office"), t.at)


def consent_asked(t: Telling) -> None:
    """What can be granted lies below what was applied for: the firm is asked."""
    file = case_file(t.case)
    bounds = bounds_of(t.case, file)
    outcome = outcome_id(file.verified.edition, bounds.rank)
    proposed = Verdict(t.say("asks_consent"), outcome, tuple(sorted(bounds.scope)))
    ask_consent(t.case, proposed, file.digest, t.actor(DECIDER), t.at)


def consent_given(t: Telling) -> None:
    """The firm takes the lower outcome."""
    answer_proposal(t.case, given=True, name=t.say("declared_by"), actor=t.manager, at=t.at)


def decided(t: Telling) -> None:
    """Granted as far as it may be; refused when nothing may be granted."""
    file = case_file(t.case)
    bounds = bounds_of(t.case, file)
    outcome = outcome_id(file.verified.edition, bounds.rank)
    if outcome:
        verdict = Verdict(t.say("decided"), outcome, tuple(sorted(bounds.scope)))
    else:
        verdict = Verdict(t.say("decided_refusal"), refused_for=t.chosen("refuse"))
    decide(t.case, verdict, Proof("password", t.at - ago), file.digest, t.actor(DECIDER), t.at)


def signed(t: Telling) -> None:
    """The head of the body signs what was decided."""
    sign_second(t.case, Proof("password", t.at - ago), case_file(t.case).digest, t.actor(HEAD), t.at)


def terminated(t: Telling) -> None:
    """The firm has let its time pass, and the office ends the case."""
    terminate(t.case, t.say("terminated"), t.actor("office"), t.at)
