# SPDX-License-Identifier: Apache-2.0
"""The public register can be forgotten and made anew from what was published, and says the same then."""

from argparse import Namespace
from datetime import timedelta

from gradus.certificates.issue import stage
from gradus.cli.platform.register import run
from gradus.register import index
from gradus.register.models import Entry
from gradus.register.search import Search, entries, find
from gradus.register.standings import known
from gradus.trust.instants import whole
from gradus.trust.statement import Change, Name
from tests.applications.walk import open_case
from tests.certificates.issuing import ADDRESSES, changed, issued
from tests.decisions.deciding import brought_to_grant, evaluated

DAY = timedelta(days=1)


def found(at):
    """What a buyer finds by two signs of a name, and all that is known of it."""
    return [(each.number, known(each.number)) for each in entries(find(Search(at=at, text="天工"), 0, 10).ids)]


def test_the_register_made_anew_says_what_it_said_and_nothing_that_was_not_published(case, equipped, submitted, capsys):
    when = whole(case.changed_at) + DAY
    made = issued(case, equipped, when)
    changed(made, equipped, when + DAY, Change.SUPERSEDED, "name-changed", name=Name("天工集团有限公司", ""))
    later = open_case(submitted(title="2027"), when + 300 * DAY, number="2026-0002")
    brought_to_grant(evaluated(later, later.opened_at + DAY), equipped)
    at = whole(later.changed_at) + DAY
    stage(later, ADDRESSES, equipped.actor("certificate_officer"), at)  # not published
    before = found(at)
    assert [len(each.changes) for _, each in before] == [1, 1]  # replaced by what is decided, and not found
    index.empty()
    Entry.objects.filter(number=made.number).update(folded="something else", level="9")
    assert found(at) == []
    assert run(Namespace(lang="en")) == 0
    assert "anew from what was published: 2 certificates, 2 changes" in capsys.readouterr().out
    assert found(at) == before
