# SPDX-License-Identifier: Apache-2.0
"""What the journal says, and what a refused action leaves behind: nothing."""

from contextlib import contextmanager

import pytest

from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.journal.models import Entry
from gradus.journal.queries import payload


def newest():
    """The newest entry's kind, organisation, subject's kind and payload."""
    entry = Entry.objects.order_by("-sequence").first()
    return entry, payload(entry)


@contextmanager
def refused(code, field=""):
    """The action is refused with one fault in words of both languages, and writes nothing in the journal."""
    before = Entry.objects.count()
    with pytest.raises(Refusal) as caught:
        yield
    (fault,) = caught.value.faults
    assert (fault.code, fault.place.field) == (code, field)
    for language in ("zh", "en"):
        assert "{" not in sentence(fault, language)
    assert Entry.objects.count() == before
