# SPDX-License-Identifier: Apache-2.0
"""Certificates from before, in bulk: the template filled in is read back; one fault and nothing is entered."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
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


def test_every_fault_of_every_row_is_told_at_once_and_nothing_is_entered(imported, at):
    tomorrow = (localdate(at) + timedelta(days=1)).isoformat()
    with pytest.raises(Refusal) as refused:
        imported(
            GOOD,
            [None, "level-9", "C-2", "昨天", *GOOD[4:]],
            ["没有的企业", *GOOD[1:9], "x.pdf"],
            [*GOOD[:2], "C-3", "2029-01-01", *GOOD[4:]],
            [*GOOD[:2], "C-4", tomorrow, "2099-01-01", *GOOD[5:]],
            GOOD,
        )
    told = [(each.place.row, each.place.field, each.code) for each in refused.value.faults]
    assert sorted(told) == [
        (4, "client", "register.cell_needed"),
        (4, "level", "dossier.not_in_list"),
        (4, "since", "dossier.bad_date"),
        (5, "client", "register.client_unknown"),
        (5, "evidence", "register.file_missing"),
        (6, "since", "register.day_to_come"),
        (6, "valid_until", "register.ends_before"),
        (7, "since", "register.day_to_come"),
        (8, "number", "register.twice"),
    ]
    assert not HeldCertificate.objects.exists()


def test_a_workbook_without_rows_is_refused(imported):
    with pytest.raises(Refusal) as refused:
        imported()
    assert [each.code for each in refused.value.faults] == ["register.nothing_in_it"]
