# SPDX-License-Identifier: Apache-2.0
"""A random walk through every act of stages 1 to 4: everybody tries everything at any time, by the real actions.

A case follows the other, each of a client of its own; what a walk remembers is only what it tried. Whether a shortcut
was found is read off the database.
"""

import json
import random
from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction

from gradus.applications.apply import apply
from gradus.applications.cases import rules_of
from gradus.applications.models import Case, CaseStep, Involvement
from gradus.applications.register import enter_certificate
from gradus.decisions.models import Decision
from gradus.decisions.record import members_of
from gradus.dossiers.actions import create_dossier
from gradus.dossiers.models import Submission
from gradus.evaluations.team import current_team
from gradus.grading.faults import Refusal
from gradus.journal.actor import Actor
from gradus.journal.models import Head
from gradus.people.actions import Seat, create_account, create_organisation, make_appointment
from gradus.people.permissions import Kind
from gradus.people.queries import actor_in
from gradus.process.parts import EVALUATORS, Part, forbidden_with
from gradus.process.states import ENDED, STAGES, TERMINABLE, State
from gradus.visits.findings import rules_that_may_fail
from tests.applications.stage_one import certificate
from tests.evaluations.review import competent
from tests.grading.dossiers import edition
from tests.people.firms import PASSWORD
from tests.walks import stage_four, stage_one, stage_three, stage_two
from tests.walks.act import Act
from tests.walks.held import hold

ACTS = {
    name: each
    for stage in (stage_one, stage_two, stage_three, stage_four)
    for name, each in vars(stage).items()
    if isinstance(each, Act)
}

MORE = {
    "application_reviewer": 1, "office": 1, "lead_assessor": 2, "assessor": 3, "technical_expert": 1,
    "technical_reviewer": 1, "panel_member": 5, "decision_maker": 1, "head_of_body": 1,
}  # fmt: skip
"""How many of a role there are beside the one of the world, so that parts that rule each other out leave somebody."""

ASKED = (("level-4", "no", ""), ("level-4", "yes", ""), ("level-3", "no", "level-4"), ("level-3", "yes", "level-4"))
"""What a client asks for, whether across a level, and what it holds."""

FIRM = "漫游企业"
_WAITING = {State.OBJECTION: 48, State.ON_SITE: 6, State.NOTICE: 96, State.CORRECTION: 24}
"""Hours that may pass between two moves where something must run out."""


class Walk:
    """``case`` is the case that everybody tries at, ``at`` the instant of the move, ``chance`` what is random."""

    def __init__(self, world, submission, seed):
        self.world, self.model, self.chance = world, submission, random.Random(seed)  # noqa: S311  a walk
        self.at, self.cases = submission.submitted_at, 0
        self.proof = certificate(self.at).proof
        self.tried, self.done, self.by, self.ended, self.steps = Counter(), Counter(), Counter(), Counter(), Counter()
        there = Case.objects.filter(client__name__startswith=FIRM).order_by("opened_at").last()
        if there:  # a walk that another process began
            self.take_up(there)
            return
        for role, count in MORE.items():
            for number in range(2, count + 2):
                world.join(f"{role}_{number}", world.body, role, self.at)
        self.new_case()
        for who in world.people:
            if who.startswith("lead_assessor") or who in ("assessor", "assessor_2"):
                competent(world, who, self.case, self.at)
        self.refresh()

    def take_up(self, case):
        """Go on with a case."""
        self.case, self.past_end = case, 0
        seat = case.client.appointments.get(role="client_manager")
        self.manager_account, self.manager = seat.account, actor_in(seat.account, seat.value())
        self.dossier, self.facts = case.submission.dossier, case.submission.facts
        self.at = max(self.at, case.changed_at)
        self.refresh()

    def new_case(self):
        """A client of its own applies, with the same facts, and so on the day that they declare."""
        self.cases += 1
        self.past_end, self.at = 0, self.model.submitted_at
        requested, crossing, held = self.chance.choice(ASKED)
        name = uuid4().hex[:12]
        firm = create_organisation(Kind.CLIENT, f"{FIRM} {name}", "", self.world.actor("office"), self.at)
        account = create_account(f"{name}@example.com", "经理", PASSWORD, self.world.actor("office"), self.at)
        seat = make_appointment(account, Seat(firm, "client_manager"), self.world.actor("office"), self.at)
        self.manager = Actor(str(account.pk), account.name, "client_manager", str(firm.pk), frozenset())
        self.manager_account = seat.account
        dossier = create_dossier(firm, "2026", edition().name, self.manager, self.at)
        if held:
            known = certificate(self.at, held, f"C-{name}", date(2024, 1, 1), proof=self.proof)
            enter_certificate(firm, edition(), known, self.world.actor("office"), self.at)
        facts = json.loads(self.model.facts)
        facts["tables"]["application"][0]["cells"] |= {"requested_outcome": requested, "cross_level": crossing}
        papers = facts["tables"]["documents"]  # who applies across a level owes one paper more
        proof = papers[-1]["cells"] | {"kind": "innovation_proof", "subject": ""}
        papers.append({"id": papers[-1]["id"] + 10_000, "number": len(papers) + 1, "cells": proof})
        self.facts, self.dossier = json.dumps(facts), dossier
        self.case = apply(self.submitted_again(), self.manager, self.at)
        self.done["applying"] += 1
        self.refresh()

    def submitted_again(self):
        """The same facts once more, under the next number."""
        said = {each.attname: getattr(self.model, each.attname) for each in Submission._meta.concrete_fields}
        number = Submission.objects.filter(dossier=self.dossier).count() + 1
        own = {"id": uuid4(), "dossier_id": self.dossier.pk, "facts": self.facts, "result": "{}"}
        own |= {"account_id": self.manager.account, "submitted_at": self.at, "digest": uuid4().hex * 2}
        return Submission.objects.create(**{**said, **own, "number": number})

    def refresh(self):
        """What stands in the database now."""
        self.case = Case.objects.select_related("client", "submission").get(pk=self.case.pk)
        self.head = Head.objects.get(pk=1).sequence

    # What the acts ask

    def likely(self, share):
        return self.chance.random() < share

    def near(self, stage):
        """Whether the case stands in a stage."""
        return STAGES.get(State(self.case.state)) == stage

    def words(self, text):
        """Mostly these words; else none at all, or far too many."""
        return text if self.likely(0.97) else self.chance.choice(("", "字" * 5000))

    def reason(self, act):
        """Mostly one of the closed list."""
        listed = rules_of(self.case).procedure.reasons[act]
        return self.chance.choice(listed).id if self.likely(0.95) else "because"

    def rule(self):
        return self.chance.choice([*rules_that_may_fail(self.case), "no-such-rule"])

    def somebody(self, role):
        """Whose role this is."""
        return self.world.people[self.chance.choice([each for each in self.world.people if each.startswith(role)])]

    def anybody(self):
        return self.chance.choice([*self.world.people.values(), self.manager_account])

    # The walk

    def whose(self, by):
        """Whose act it is, as far as there is somebody."""
        if by == "manager":
            return self.manager_account
        if not isinstance(by, Part):
            return self.somebody(by)
        parts = EVALUATORS if by is Part.ASSESSOR else {by}
        playing = Involvement.objects.filter(case=self.case, part__in=parts, relief=None).order_by("id")
        found = [each.account for each in playing.select_related("account")]
        if by is Part.PANEL_MEMBER:
            found = [each.account for each in members_of(self.case)]
        team = current_team(self.case)
        if not found and team:
            found = [each.account for each in team.members.order_by("id") if each.part in parts]
        return self.chance.choice(found) if found else self.somebody(by)

    def choose(self):
        """Any act at all, or more often one that the case's state knows."""
        state = State(self.case.state)
        fitting = [name for name, each in ACTS.items() if state in each.states or not each.states]
        if self.likely(0.12):
            return self.chance.choice([*ACTS])
        return self.chance.choices(fitting, [ACTS[name].often for name in fitting])[0]

    def actor(self, account):
        if account.pk == self.manager_account.pk:
            return self.manager
        who = next(name for name, each in self.world.people.items() if each.pk == account.pk)
        return self.world.actor(who)

    def pass_time(self):
        self.at += timedelta(minutes=self.chance.randrange(20))
        if self.case.state in TERMINABLE and self.likely(0.005):
            self.at += timedelta(days=60)  # the client lets its time pass
        hours = _WAITING.get(State(self.case.state))
        if hours and self.likely(0.2):
            self.at += timedelta(hours=self.chance.randrange(hours))

    def move(self):
        """Somebody tries something."""
        if self.past_end > 5:
            self.ended[self.case.state] += 1
            self.new_case()
        self.pass_time()
        name = self.choose()
        account = self.whose(ACTS[name].by) if self.likely(0.8) else self.anybody()
        then, back = self.at, self.likely(0.02)
        if back:
            self.at = self.case.changed_at - timedelta(minutes=3)
        self.tried[name] += 1
        self.by[account.name] += 1
        try:
            with transaction.atomic():
                came_to = ACTS[name].do(self, self.actor(account))
        except Refusal:
            assert Head.objects.get(pk=1).sequence == self.head, f"{name} was refused and has left something"
        except IntegrityError:  # without words only to somebody whose clock was set back
            if not back:
                raise
        else:
            self.look(name, came_to)
        self.at = then
        self.past_end += self.case.state in ENDED

    def look(self, name, came_to):
        """Something may have been done: no shortcut was taken, nothing is half done, and nobody plays two parts."""
        before, number = self.case.state, self.case.steps
        self.refresh()
        self.done[name] += came_to is not False
        taken = list(CaseStep.objects.filter(case=self.case, number__gt=number).order_by("number"))
        assert self.case.steps == number + len(taken)
        assert before not in ENDED or not taken, "an ended case is never taken up again"
        self.steps.update(each.step for each in taken)
        parts = {}
        for who, part in Involvement.objects.filter(case=self.case).values_list("account_id", "part"):
            parts.setdefault(who, set()).add(Part(part))
        for played in parts.values():
            assert not any(forbidden_with(each, played) for each in played), played
        assert self.manager_account.pk not in parts, "of the client's own"
        if taken and (self.case.state in ENDED or Decision.objects.filter(case=self.case).exists()):
            hold(self.case, parts)
