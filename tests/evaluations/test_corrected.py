# SPDX-License-Identifier: Apache-2.0
"""A tie and a competence are corrected by another, once; the journal says which one was replaced."""

import json
from datetime import date

import pytest

from gradus.applications.ties import TieTold, record_tie
from gradus.evaluations.competence import CompetenceTold, fields_of, record_competence
from gradus.grading.faults import Refusal
from gradus.journal.models import Entry
from gradus.process.impartiality import TieKind
from tests.grading.dossiers import edition


def replaced():
    return json.loads(Entry.objects.order_by("-sequence")[0].payload)["replaces"]


def test_a_tie_is_replaced_once_and_the_journal_says_which(world, at):
    who, office = world.people["assessor"], world.actor("office")
    told = TieTold(world.client, TieKind.EMPLOYED, date(2025, 1, 1), None, "人事档案")
    first = record_tie(who, told, office, at)
    assert replaced() == ""
    record_tie(who, told, office, at, replaces=first)
    assert replaced() == str(first.pk)
    with pytest.raises(Refusal, match="replaced_already"):
        record_tie(who, told, office, at, replaces=first)


def test_a_competence_is_replaced_once_and_the_journal_says_which(world, at):
    who, office, scheme = world.people["assessor"], world.actor("office"), edition()
    told = CompetenceTold(fields_of(scheme)[0].id, scheme.levels[0].id, date(2025, 1, 1), None, "考核记录")
    first = record_competence(who, scheme, told, office, at)
    record_competence(who, scheme, told, office, at, replaces=first)
    assert replaced() == str(first.pk)
    with pytest.raises(Refusal, match="replaced_already"):
        record_competence(who, scheme, told, office, at, replaces=first)


def test_nobody_corrects_or_ends_a_tie_of_their_own(world, at):
    """It would lift what bars them, and some ties the body has found by itself."""
    told = TieTold(world.client, TieKind.EMPLOYED, date(2025, 1, 1), None, "人事档案")
    tie = record_tie(world.people["office"], told, world.actor("office"), at)
    with pytest.raises(Refusal, match="own_replaced"):
        record_tie(world.people["office"], told, world.actor("office"), at, replaces=tie)


@pytest.mark.parametrize(("starts_on", "code"), [(date(1, 1, 1), "too_early"), (date(2099, 1, 1), "to_come")])
def test_no_competence_begins_in_days_to_come_or_before_anybody_worked(world, at, starts_on, code):
    scheme = edition()
    told = CompetenceTold(fields_of(scheme)[0].id, scheme.levels[0].id, starts_on, None, "考核记录")
    with pytest.raises(Refusal, match=code):
        record_competence(world.people["assessor"], scheme, told, world.actor("office"), at)
