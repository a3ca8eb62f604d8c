# SPDX-License-Identifier: Apache-2.0
"""Certificates from before, in bulk: the template filled in is read back; one fault and nothing is entered."""

import pytest
from openpyxl import load_workbook

from gradus.applications.models import HeldCertificate
from gradus.applications.register import Proof
from gradus.applications.register_import import import_certificates
from gradus.dossiers.evidence import keep_file
from gradus.formats.register_xlsx import write_register_template
from gradus.grading.faults import Refusal
from tests.dossiers import papers
from tests.grading.dossiers import edition

GOOD = ["天工数智有限公司", "level-2", "C-1", "2024-03-01", "2028-02-29", None, None, None, "原证书", "c.pdf"]


@pytest.fixture
def imported(world, at, tmp_path):
    def run(*rows):
        path = tmp_path / "register.xlsx"
        write_register_template(edition(), path)
        book = load_workbook(path)
        for row in rows:
            book["certificates"].append(row)
        book.save(path)
        proofs = {"c.pdf": Proof(keep_file("c.pdf", [papers.pdf()], at), "c.pdf")}
        return import_certificates(path, proofs, edition(), world.actor("office"), at)

    return run


def test_a_filled_template_enters_its_rows(imported, world):
    assert imported(GOOD, ["另一家有限公司", "level-4", "C-2", *GOOD[3:]]) == 2
    made = HeldCertificate.objects.get(client=world.client)
    assert (made.level, made.number, str(made.since), made.file_name) == ("level-2", "C-1", "2024-03-01", "c.pdf")


def test_every_fault_of_every_row_is_told_at_once_and_nothing_is_entered(imported):
    with pytest.raises(Refusal) as unread:
        imported(GOOD, [None, "level-9", "C-2", "昨天", *GOOD[4:]])
    told = [(each.place.row, each.place.field) for each in unread.value.faults]
    assert sorted(told) == [(4, "client"), (4, "level"), (4, "since")]
    with pytest.raises(Refusal) as refused:
        imported(GOOD, ["没有的企业", *GOOD[1:9], "x.pdf"], [*GOOD[:3], "2029-01-01", *GOOD[4:]])
    told = [(each.code, each.place.row) for each in refused.value.faults]
    assert told == [("register.client_unknown", 4), ("register.file_missing", 4)]
    with pytest.raises(Refusal) as twice:
        imported(GOOD, [*GOOD[:3], "2029-01-01", *GOOD[4:]])
    assert [(each.code, each.place.row) for each in twice.value.faults] == [
        ("register.ends_before", 4),
        ("register.twice", 4),
    ]
    assert not HeldCertificate.objects.exists()


def test_a_workbook_without_rows_is_refused(imported):
    with pytest.raises(Refusal) as refused:
        imported()
    assert [each.code for each in refused.value.faults] == ["register.nothing_in_it"]
