# SPDX-License-Identifier: Apache-2.0
"""A statement drafted in the edition's words passes the checks before signing, and is printed as it says."""

from dataclasses import replace
from datetime import date

import pytest

from gradus.formats.certificate_statement import Particulars, draft_certificate, face_of, terms_of
from gradus.formats.level_words import asks_of
from gradus.trust.compact import qr_text
from gradus.trust.issue import issue
from tests.grading.dossiers import edition
from tests.trust.world import GRANT, ISSUED, ISSUER, ISSUER_KEY, NUMBER, statement

PARTICULARS = Particulars(
    issuer=ISSUER,
    number=NUMBER,
    holder=statement().holder,
    first_issued_on=date(2026, 6, 2),
    issued_at=ISSUED,
    valid_from=date(2026, 6, 2),
    verification_url=statement().verification_url,
    status=statement().status,
)


def granted(rank: int):
    fields = tuple(each.id for each in edition().tables[edition().scope.table].column(edition().scope.column).options)
    outcome = edition().outcome(rank)
    return replace(GRANT, edition_hash=edition().hash, outcome_id=outcome.id, rank=rank, scope=fields[:2])


@pytest.mark.parametrize("rank", range(1, 9))
def test_what_is_drafted_for_any_outcome_is_fit_to_be_issued_and_printed(rank):
    grant = granted(rank)
    drafted = issue(draft_certificate(edition(), grant, PARTICULARS), grant, terms_of(edition()))
    assert drafted.last_valid_on == date(2029, 6, 1)
    assert drafted.outcome.order.zh == "一级为最高级别"
    face = face_of(drafted, edition(), qr_text(drafted, ISSUER_KEY), (), "")
    assert (face.rungs[face.reached].stars, face.outcome) == (drafted.outcome.stars, drafted.outcome.text)
    assert face.asks == asks_of(edition(), rank)
    assert face.services == tuple(each.text for each in drafted.scope)
    assert face.issued_on == date(2026, 6, 2)
