# SPDX-License-Identifier: Apache-2.0
"""Where a visit is: by its address alone, or by a position copied from a map."""

from datetime import timedelta
from fractions import Fraction

import pytest

from gradus.process.states import State
from gradus.process.visits import Moment, Position
from gradus.visits.plan import Site, plan_visit
from gradus.visits.presence import presence, sign
from gradus.web.assessor.visit_forms import position_of
from tests.applications.walk import bring_to
from tests.dossiers import papers
from tests.visits.on_site import FAR, NEAR, plan_of, with_team


def test_signings_of_a_visit_planned_by_its_address_are_compared_with_the_leaders_signing_in(case, world):
    bring_to(case, State.PLANNING, case.changed_at)
    at = case.changed_at + timedelta(minutes=1)
    with_team(case, world, at)
    plan = plan_of(world, at, sites=[Site("总部", "北京市海淀区某路 1 号")])
    visit = plan_visit(case, plan, world.actor("lead_assessor"), at)
    assert visit.sites == [{"name": "总部", "address": "北京市海淀区某路 1 号", "north": "", "east": ""}]

    def signed(who, moment, when, where):
        sign(case, moment, world.actor(who), when, where, [papers.picture()])
        return [[one.value for one in each.deviations] for each in presence(visit) if each.signing]

    opening = visit.opening + timedelta(minutes=5)
    assert signed("assessor", Moment.SIGN_IN, opening, FAR) == [["no_place"]]
    assert signed("lead_assessor", Moment.SIGN_IN, opening, NEAR) == [["no_place"], ["too_far"]]
    assert signed("assessor", Moment.SIGN_OUT, visit.closing_from, NEAR) == [["no_place"], ["too_far"], []]
    assert signed("lead_assessor", Moment.SIGN_OUT, visit.closing_from, FAR)[1] == ["too_far"]


@pytest.mark.parametrize(
    "text",
    ["39.9087, 116.3975", " 39.9087，116.3975 ", "39.9087 116.3975", "39.9087°; 116.3975°", "116.3975,39.9087"],
)
def test_a_pair_is_read_as_maps_give_it(text):
    assert position_of(text) == Position(Fraction("39.9087"), Fraction("116.3975"))


@pytest.mark.parametrize("text", ["", "39.9087", "北京市海淀区", "39.9.1, 116", "95, 116", "39, 190", "1e9, 116"])
def test_what_is_no_pair_of_degrees_is_no_position(text):
    assert position_of(text) is None
