# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

import pytest

from gradus.formats.procedures import find_procedure, procedure_from_content
from gradus.grading.faults import Refusal
from gradus.process.procedure import LIMITS, REASONS, SIGNATURES
from gradus.process.working_days import Limit
from tests.grading.dossiers import edition


def test_the_procedure_names_a_number_of_the_edition_for_every_limit():
    rules = find_procedure(edition())
    assert {slot: rules.limit(slot).unit for slot in LIMITS}["acceptance"] == "working days"
    assert rules.limit("acceptance") == Limit(Fraction(10), "working days")
    assert rules.number("impartiality") == 24
    assert set(rules.procedure.reasons) == set(REASONS)


def test_a_procedure_that_asks_for_other_than_two_signatures_is_refused():
    rules = find_procedure(edition())
    assert rules.number("signatures") == SIGNATURES
    content = dict(rules.procedure.content)
    content["numbers"] = {**content["numbers"], "signatures": content["man_days"]["level-1"]}
    with pytest.raises(Refusal) as refused:
        procedure_from_content(content, edition())
    assert [each.code for each in refused.value.faults] == ["procedure.signatures"]


def test_a_quotation_is_application_man_days_and_certificate():
    quotation = find_procedure(edition()).quotation("level-1", extra_sites=2)
    assert quotation.man_days == 10
    assert quotation.total == 2000 + 10 * 3000 + 1000
