# SPDX-License-Identifier: Apache-2.0
"""A tie and a competence are corrected by another, once; the journal says which one was replaced."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from gradus.applications.ties import TieTold, record_tie
from gradus.evaluations.competence import CompetenceTold, fields_of, record_competence
from gradus.evaluations.models import Competence
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


def test_nobody_records_corrects_or_ends_a_competence_of_their_own(world, at):
    """Refused by the action, and under it by the database."""
    office, scheme = world.people["office"], edition()
    told = CompetenceTold(fields_of(scheme)[0].id, scheme.levels[0].id, date(2025, 1, 1), None, "考核记录")
    with pytest.raises(Refusal) as refused:
        record_competence(office, scheme, told, world.actor("office"), at)
    assert [each.code for each in refused.value.faults] == ["competence.own"]
    by_another = record_competence(office, scheme, told, world.actor("administrator"), at)
    with pytest.raises(Refusal, match=r"competence\.own"):
        record_competence(office, scheme, told, world.actor("office"), at, replaces=by_another)
    row = {"account": office, "scheme": scheme.scheme, "level": told.level, "starts_on": told.starts_on, "basis": "x"}
    for replaces in (None, by_another):
        with pytest.raises(IntegrityError, match="competence_of_ones_own"), transaction.atomic():
            Competence.objects.create(**row, told_by=office, told_at=at, replaces=replaces)


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
