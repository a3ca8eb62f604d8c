# SPDX-License-Identifier: Apache-2.0
"""What anybody may try in stage 1, and on the registers beside a case at any time."""

from datetime import timedelta

from django.utils.timezone import localdate

from gradus.applications.agreement import last_quotation, quote, record_agreement
from gradus.applications.apply import apply, to_file, withdraw
from gradus.applications.cases import rules_of
from gradus.applications.models import HeldCertificate
from gradus.applications.register import Event, record_event, take_back_certificate
from gradus.applications.review import Answer, accept_application, ask_supplement, refuse_application
from gradus.applications.supplements import answer_supplement, open_items
from gradus.applications.ties import TieTold, declare_tie, record_tie
from gradus.process.impartiality import TieKind
from gradus.process.states import State
from tests.applications.stage_one import LICENCE, RECORDS
from tests.applications.test_facts import FRAUD
from tests.decisions.deciding import BECAUSE
from tests.walks.act import act


def _answers(walk):
    """Mostly yes to everything; else a no, with or without its note, or silence."""
    found = {}
    for each in rules_of(walk.case).procedure.questions:
        met = True if walk.likely(0.97) else walk.chance.choice((False, None))
        found[each.id] = Answer(met=met, note=walk.words("说明"))
    return found


@act(apply, "manager", State.NEW)
def applying(walk, who):
    found = to_file(walk.case.client)
    if not found:
        return False
    return apply(found[0], who, walk.at)


@act(accept_application, "application_reviewer", State.APPLIED, often=20)
def accepting(walk, who):
    return accept_application(walk.case, _answers(walk), who, walk.at)


@act(refuse_application, "application_reviewer", State.APPLIED, State.SUPPLEMENT, often=1)
def refusing_an_application(walk, who):
    said = (walk.reason("refuse_application"), walk.words(BECAUSE))
    return walk.likely(0.3) and refuse_application(walk.case, _answers(walk), *said, who, walk.at)


@act(ask_supplement, "application_reviewer", State.APPLIED, often=3)
def asking_for_a_supplement(walk, who):
    items = walk.chance.choice(([], [LICENCE], [LICENCE, RECORDS]))
    return ask_supplement(walk.case, _answers(walk), items, who, walk.at)


@act(answer_supplement, "manager", State.SUPPLEMENT)
def answering_a_supplement(walk, who):
    notes = {each.pk: walk.words("已补") for each in open_items(walk.case)}
    newest = walk.submitted_again() if walk.likely(0.8) else walk.case.submission
    return answer_supplement(walk.case, newest, notes, who, walk.at)


@act(quote, "office", State.ACCEPTED, State.QUOTED)
def quoting(walk, who):
    last = last_quotation(walk.case)
    seen = walk.chance.choice((None, last.number if last else 0, 7))
    return quote(walk.case, walk.chance.randrange(-1, 3), walk.words("总部和一处场所"), who, walk.at, seen=seen)


@act(record_agreement, "manager", State.QUOTED, often=20)
def agreeing(walk, who):
    last = last_quotation(walk.case)
    if last is None:
        return False
    duties = [each.id for each in rules_of(walk.case).procedure.duties][: None if walk.likely(0.8) else -1]
    return record_agreement(walk.case, last.number, duties, (walk.words("王法定"), "总经理"), who, walk.at)


@act(withdraw, "manager", often=1)
def withdrawing(walk, who):
    return walk.likely(0.05) and withdraw(walk.case, walk.words("另作安排"), who, walk.at)


def _tie(walk):
    day = localdate(walk.at) - timedelta(days=walk.chance.randrange(2000))
    ends_on = walk.chance.choice((None, day + timedelta(days=walk.chance.randrange(400))))
    return TieTold(walk.case.client, walk.chance.choice(list(TieKind)), day, ends_on, walk.words("本人申报"))


@act(declare_tie, "assessor", often=1)
def declaring_a_tie(walk, who):
    return walk.likely(0.05) and declare_tie(_tie(walk), who, walk.at)


@act(record_tie, "office", often=1)
def recording_a_tie(walk, who):
    return walk.likely(0.05) and record_tie(walk.anybody(), _tie(walk), who, walk.at)


@act(record_event, "office", often=1)
def recording_an_event(walk, who):
    """A veto becomes known: what was verified falls, and what was decided is void."""
    told = Event(FRAUD, walk.words("监管通报"))
    return walk.likely(0.03) and record_event(walk.case.client, rules_of(walk.case), told, who, walk.at)


@act(take_back_certificate, "office", often=1)
def taking_a_certificate_back(walk, who):
    held = HeldCertificate.objects.filter(client=walk.case.client, superseded=None, void=False).first()
    return bool(held) and walk.likely(0.05) and take_back_certificate(held, walk.words("登记有误"), who, walk.at)
