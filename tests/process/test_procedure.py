# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

from gradus.formats.procedures import find_procedure
from gradus.process.procedure import LIMITS, REASONS
from gradus.process.working_days import Limit
from tests.grading.dossiers import edition


def test_the_procedure_names_a_number_of_the_edition_for_every_limit():
    rules = find_procedure(edition())
    assert {slot: rules.limit(slot).unit for slot in LIMITS}["acceptance"] == "working days"
    assert rules.limit("acceptance") == Limit(Fraction(10), "working days")
    assert rules.number("impartiality") == 24
    assert set(rules.procedure.reasons) == set(REASONS)


def test_a_quotation_is_application_man_days_and_certificate():
    quotation = find_procedure(edition()).quotation("level-1", extra_sites=2)
    assert quotation.man_days == 10
    assert quotation.total == 2000 + 10 * 3000 + 1000
