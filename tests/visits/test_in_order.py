# SPDX-License-Identifier: Apache-2.0
"""No deed lies before the step, or the deed, that it follows, as when a clock was set back."""

from datetime import timedelta

import pytest

from gradus.grading.faults import Refusal
from gradus.visits.draws import add_client_text, commit_draw, open_draw
from gradus.visits.findings import Answer, Verdict, answer_finding, verify_correction
from gradus.visits.models import Draw, DrawText
from tests.visits import on_site

MINUTE = timedelta(minutes=1)


def refused_as_early(act, *said, code="case.before_last"):
    with pytest.raises(Refusal) as refused:
        act(*said)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_no_draw_lies_before_the_day_of_its_visit(case, world, visit):
    leader = world.actor("lead_assessor")
    refused_as_early(commit_draw, case, leader, case.changed_at - MINUTE, code="visit.not_begun")
    assert not Draw.objects.exists()
    commit_draw(case, leader, visit.opening)
    assert Draw.objects.count() == 1


def test_a_draws_text_does_not_lie_before_its_commitment_nor_its_seed_before_the_text(case, world, visit):
    leader, client, at = world.actor("lead_assessor"), world.actor("manager"), visit.opening
    commit_draw(case, leader, at)
    refused_as_early(add_client_text, case, "蓝天", client, at - MINUTE)
    add_client_text(case, "蓝天", client, at + MINUTE)
    refused_as_early(open_draw, case, leader, at)
    open_draw(case, leader, at + MINUTE)
    assert DrawText.objects.get().at > Draw.objects.get().at


def test_no_correction_lies_before_its_finding_and_no_verification_before_the_correction(case, world, visit):
    finding, client = on_site.find(case, world), world.actor("manager")
    said = Answer("已补评审记录", "流程没有执行", "每月抽查一次")
    refused_as_early(answer_finding, finding, said, client, finding.at - MINUTE)
    correction = answer_finding(finding, said, client, finding.at + MINUTE)
    verdict = Verdict(accepted=True, text="已查阅补充的记录")
    refused_as_early(verify_correction, correction, verdict, world.actor("assessor"), finding.at)
