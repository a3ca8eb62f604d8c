# SPDX-License-Identifier: Apache-2.0
"""Every bad asset is refused at its step, in words of our own, in both languages."""

import re

import pytest

from gradus.formats.verification import meaning_sentences, step_sentences
from gradus.formats.wording import _sentences
from gradus.trust.verdict import State, Verdict
from tests.trust.museum import EXHIBITS
from tests.trust.world import GOOD


def test_the_good_one_holds():
    found = GOOD.verify()
    assert found.verdict is Verdict.HOLDS
    assert [step.said for step in found.steps] == [()] * 9


def test_the_museum_has_at_least_sixty_exhibits_each_with_a_name_of_its_own():
    assert len({exhibit.defect for exhibit in EXHIBITS}) == len(EXHIBITS) >= 60


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.defect)
def test_each_is_refused_at_its_step_in_our_words(exhibit):
    found = exhibit.make().verify()
    step = next(each for each in found.steps if each.id == exhibit.step)
    assert step.state is (State.CANNOT_TELL if exhibit.cannot_tell else State.FAILED)
    assert exhibit.code in [fault.code for fault in step.said]
    before = [each.state for each in found.steps if int(each.id) < int(exhibit.step)]
    assert before == [State.PASSED] * len(before) or exhibit.defect == "stolen key, no receipt"
    assert found.verdict is (Verdict.CANNOT_TELL if exhibit.cannot_tell else Verdict.DOES_NOT_HOLD)
    for language in ("zh", "en"):
        said = [text for each in found.steps for text in step_sentences(each, language)]
        assert said
        assert list(meaning_sentences(found, language))
    for fault in step.said:
        for language in ("zh", "en"):
            blanks = re.findall(r"\{(\w+)\}", _sentences()[fault.code][language])
            assert set(blanks) <= set(fault.params), fault.code
