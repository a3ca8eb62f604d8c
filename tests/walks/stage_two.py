# SPDX-License-Identifier: Apache-2.0
"""What anybody may try in stage 2: the team, and the document review."""

from gradus.evaluations.models import Objection
from gradus.evaluations.review import (
    Wanted,
    answer_review_supplement,
    ask_review_supplement,
    asked,
    finish_document_review,
)
from gradus.evaluations.rows import judged_tables, rated_items, submitted
from gradus.evaluations.team import (
    Seat,
    agree_to_team,
    answer_objection,
    change_team,
    current_team,
    object_to_member,
    propose_team,
    start_document_review,
    take_objection_back,
)
from gradus.evaluations.verdicts import JUDGING, Opinion, Rated, accept_rows, judge_row, note_finding, rate_item
from gradus.evaluations.verified import standing
from gradus.process.parts import EVALUATORS, Part
from gradus.process.states import TEAM_CHANGES, State
from tests.walks.act import act


@act(propose_team, "office", State.AGREED)
def proposing_a_team(walk, who):
    """Mostly people of the right roles; now and then anybody in any part."""
    parts = [Part.LEAD_ASSESSOR, Part.ASSESSOR, *walk.chance.sample(sorted(EVALUATORS), walk.chance.randrange(2))]
    seats = [Seat(walk.somebody(part) if walk.likely(0.9) else walk.anybody(), part) for part in parts]
    return propose_team(walk.case, seats, who, walk.at)


@act(object_to_member, "manager", State.OBJECTION, often=2)
def objecting(walk, who):
    team = current_team(walk.case)
    if team is None:
        return False
    member = walk.chance.choice(list(team.members.order_by("id")))
    return object_to_member(member, walk.words("曾任职于竞争对手"), who, walk.at)


@act(take_objection_back, "manager", State.OBJECTION, often=2)
def taking_an_objection_back(walk, who):
    objection = Objection.objects.filter(case=walk.case).order_by("-id").first()
    return objection is not None and take_objection_back(objection, who, walk.at)


@act(agree_to_team, "manager", State.OBJECTION, often=10)
def agreeing_to_the_team(walk, who):
    return agree_to_team(walk.case, who, walk.at)


@act(answer_objection, "office", State.OBJECTION, often=15)
def answering_an_objection(walk, who):
    objection = Objection.objects.filter(case=walk.case).order_by("-answer", "id").first()
    return objection is not None and answer_objection(objection, walk.words("已核实，无利害关系"), who, walk.at)


@act(change_team, "office", *TEAM_CHANGES, often=1)
def changing_the_team(walk, who):
    share = 0.5 if walk.case.state == State.OBJECTION else 0.1  # where somebody is hindered nothing else helps
    return walk.likely(share) and change_team(walk.case, walk.words("组员生病"), who, walk.at)


@act(start_document_review, Part.LEAD_ASSESSOR, State.OBJECTION, often=20)
def starting_the_document_review(walk, who):
    return start_document_review(walk.case, who, walk.at)


@act(judge_row, Part.ASSESSOR, *JUDGING, often=4)
def judging_a_row(walk, who):
    found = submitted(walk.case)
    row = walk.chance.choice([row for table in found.rows.values() for row in table])
    stood = standing(walk.case).verdicts.get((row.table, row.id))
    seen = walk.chance.choice((None, stood.id if stood else 0, 0))
    opinion = Opinion(walk.likely(0.8), walk.reason("reject_row"), walk.words("合同缺页"), seen)
    return judge_row(walk.case, row.table, row.id, opinion, who, walk.at)


@act(accept_rows, Part.ASSESSOR, *JUDGING, often=30)
def accepting_the_remaining_rows(walk, who):
    judged, found = standing(walk.case).verdicts, submitted(walk.case)
    tables = [each.id for each in judged_tables(found.edition)]
    left = [table for table in tables if any((table, row.id) not in judged for row in found.rows[table])]
    if not left and walk.likely(0.9):
        return False
    table = walk.chance.choice(left or tables)
    return accept_rows(walk.case, table, [row.id for row in found.rows[table]], who, walk.at)


@act(rate_item, Part.ASSESSOR, *JUDGING, often=30)
def rating_an_item(walk, who):
    rated = standing(walk.case).ratings
    items = list(rated_items(submitted(walk.case).edition))
    left = [each for each in items if each not in rated]
    if not left and walk.likely(0.9):
        return False
    item = walk.chance.choice(left or items)
    value = walk.chance.choice((4, 5)) if walk.likely(0.9) else walk.chance.randrange(-1, 7)
    stood = rated.get(item)
    seen = walk.chance.choice((None, stood.pk if stood else 0, 0))
    return rate_item(walk.case, item, Rated(value, walk.words("见访谈记录"), seen), who, walk.at)


@act(note_finding, Part.ASSESSOR, *JUDGING, often=2)
def noting_a_finding(walk, who):
    return note_finding(walk.case, walk.rule(), walk.words("到现场查验收记录"), who, walk.at)


@act(finish_document_review, Part.LEAD_ASSESSOR, State.DOCUMENT_REVIEW, often=20)
def finishing_the_document_review(walk, who):
    return finish_document_review(walk.case, who, walk.at)


@act(ask_review_supplement, Part.LEAD_ASSESSOR, State.DOCUMENT_REVIEW, often=1)
def asking_in_the_review(walk, who):
    items = [Wanted("projects", walk.reason("supplement"), walk.words("请补合同")) for _ in range(2)]
    return ask_review_supplement(walk.case, items[: walk.chance.randrange(3)], who, walk.at)


@act(answer_review_supplement, "manager", State.REVIEW_SUPPLEMENT)
def answering_in_the_review(walk, who):
    answers = [walk.words("已补") for _ in asked(walk.case)]
    newest = walk.chance.choice((None, walk.case.submission)) if walk.likely(0.7) else walk.submitted_again()
    return answer_review_supplement(walk.case, answers, newest, who, walk.at)
