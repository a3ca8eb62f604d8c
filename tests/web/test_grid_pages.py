# SPDX-License-Identifier: Apache-2.0
"""What the grid asks of the server, and what a stranger's hand could send instead: a sentence comes back, never a
crash, and nothing is kept."""

import html
import json
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from gradus.dossiers.actions import create_dossier
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Row
from gradus.dossiers.rows import CellChange, RowChange, change_rows
from gradus.journal.actor import system
from gradus.journal.models import Entry
from tests.grading.dossiers import edition
from tests.web.conftest import browser
from tests.web.test_entrance import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(golden_dossier):
    return golden_dossier("first-application-small")


@pytest.fixture
def ask(dossier, world):
    """``ask("save", {...})``: what the page's script sends, as JSON or raw bytes."""

    def asked(what, said, *, table="staff", language="zh-hans"):
        client = browser(world.people["manager"], language)
        path = f"/applicant/{dossier.client_id}/{dossier.pk}/tables/{table}/{what}/"
        body = said if isinstance(said, bytes) else json.dumps(said)
        return client.post(path, body, content_type="application/json", headers={"accept": "application/json"})

    return asked


def first(dossier, table="staff"):
    return Row.objects.filter(dossier=dossier, table=table, removed_at=None).order_by("position").first()


def one_cell(row, column, seen, wanted, **more):
    return {"changes": [{"row": row, "cells": {column: [seen, wanted]}, **more}]}


CHANGE = {"row": 0, "cells": {"person": ["", "S1"]}}


def test_a_name_that_nothing_could_keep_is_refused_in_words(ask, dossier):
    rows = Row.objects.count()
    for change in ({**CHANGE, "key": "\ud800"}, {**CHANGE, "key": "a\0"}, {"row": 0, "cells": {"\ud800": ["", "S1"]}}):
        answer = ask("save", {"key": "deadbeef01", "changes": [change]})
        assert answer.status_code == 422
        assert answer.json()["refused"]
    seen = ask("save", {"changes": [{"row": first(dossier).pk, "cells": {"training_hours": ["\ud800", "5"]}}]})
    assert [each["wanted"] for each in seen.json()["conflicts"]] == ["5"]
    assert Row.objects.count() == rows


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        {"changes": {}},
        {"changes": [1]},
        {"changes": [{"row": 0}]},
        {"changes": [{**CHANGE, "row": -1}]},
        {"changes": [{**CHANGE, "row": 2**63}]},
        {"changes": [{**CHANGE, "row": "1"}]},
        {"changes": [{**CHANGE, "row": True}]},
        {"changes": [{**CHANGE, "row": 1.5}]},
        {"changes": [{**CHANGE, "key": 5}]},
        {"changes": [{"row": 0, "cells": {"person": "S1"}}]},
        {"changes": [{"row": 0, "cells": {"person": ["S1"]}}]},
        {"changes": [{"row": 0, "cells": {"person": ["", None]}}]},
        {"changes": [{"row": 0, "cells": {"nothing": ["", "S1"]}}]},
        {"changes": [{"row": 0, "cells": {"person": ["", "x" * 40_000]}}]},
        {"changes": [{"row": 0, "cells": {"person": ["", "a\0"]}}]},
        {"changes": [{"row": 0, "cells": {"person": ["", "\ud800"]}}]},
        {"changes": [CHANGE] * 20_001},
        {"changes": [CHANGE], "key": "short"},
        {"changes": [CHANGE], "key": ["0123456789"]},
        {"removals": [1]},
        {"removals": [{"row": 1}]},
        {"removals": [{"row": 1, "version": "1"}]},
    ],
    ids=lambda said: str(said)[:60],
)
def test_what_cannot_be_understood_is_refused_in_words(ask, dossier, said):
    before = (Entry.objects.count(), Row.objects.count())
    answer = ask("save", said)
    assert answer.status_code == 422
    assert all(len(each) > 8 for each in answer.json()["refused"])
    assert (Entry.objects.count(), Row.objects.count()) == before


def test_too_much_for_one_request_is_refused_in_words(ask, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = ask("save", {"changes": [CHANGE] * 100}, language="en")
    assert answer.status_code == 422
    assert "in several parts" in answer.json()["refused"][0]


@pytest.mark.parametrize("said", [{}, {"entry": "1"}, {"entry": 0}, {"entry": 10**30}, b"x"])
def test_an_undo_of_nothing_is_refused_in_words(ask, said):
    assert ask("undo", said).status_code == 422


def test_a_table_that_is_none_is_not_found(ask, dossier, world):
    path = f"/applicant/{dossier.client_id}/{dossier.pk}/tables/nothing/"
    client = browser(world.people["manager"])
    assert [client.get(path + each).status_code for each in ("", "rows/0/", "changes/?since=0")] == [404, 404, 404]
    assert ask("save", {"changes": []}, table="nothing").status_code == 422


def test_a_save_answers_with_the_row_its_marks_and_the_new_grade(ask, dossier):
    row = first(dossier)
    said = one_cell(row.pk, "employed_from", row.cells["employed_from"], "someday")
    answer = ask("save", said, language="en").json()
    assert answer["rows"] == [
        {
            "id": row.pk,
            "version": row.version + 1,
            "position": row.position,
            "cells": {**row.cells, "employed_from": "someday"},
            "carried": False,
        }
    ]
    assert [each[:3] for each in answer["marks"]] == [[row.pk, "employed_from", "fault"]]
    assert "“someday” is no date" in answer["marks"][0][3]
    assert "panel-inner" in answer["panel"]
    assert 'aria-current="page"' in answer["tables"]
    back = ask("undo", {"entry": answer["entry"]}).json()
    assert (back["rows"][0]["cells"], back["marks"]) == (row.cells, [])


def test_a_warning_stands_at_the_cell_that_causes_it(ask, dossier):
    answer = ask("save", {"changes": []}, table="documents", language="en").json()
    files = [each for each in answer["marks"] if each[1] == "file"]
    assert len(files) == Row.objects.filter(dossier=dossier, table="documents").count()
    assert {each[2] for each in files} == {"warning"}


def test_a_sentence_calls_columns_as_the_page_does(ask, dossier):
    row = first(dossier, "finance")
    said = one_cell(row.pk, "rd_expense", row.cells["rd_expense"], row.cells["revenue"] + "0")
    marks = ask("save", said, table="finance", language="en").json()["marks"]
    told = next(each[3] for each in marks if each[1] == "rd_expense")
    assert "Operating revenue" in told
    assert "revenue," not in told.replace("Operating revenue,", "")


def test_a_key_that_stands_twice_is_marked_in_both_rows(ask, dossier):
    one, two = Row.objects.filter(dossier=dossier, table="staff", removed_at=None).order_by("position")[:2]
    said = one_cell(one.pk, "person", one.cells["person"], two.cells["person"])
    marks = {each[0]: each for each in ask("save", said, language="en").json()["marks"] if each[1] == "person"}
    assert {row: mark[2] for row, mark in marks.items()} == {one.pk: "fault", two.pk: "fault"}
    assert "stands in row 2 too" in marks[one.pk][3]
    assert "stands in row 1 too" in marks[two.pk][3]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_value_of_no_closed_list_is_told_with_the_names_and_not_the_codes_of_the_list(ask, dossier, language):
    row = first(dossier, "projects")
    marks = ask("save", one_cell(row.pk, "field", row.cells["field"], "天气"), table="projects", language=language)
    told = next(each[3] for each in marks.json()["marks"] if each[1] == "field")
    column = edition_of(dossier).tables["projects"].column("field")
    assert all(each.text[language[:2]] in told for each in column.options)
    assert f"{column.options[0].id}(" not in told
    assert f"{column.options[0].id} (" not in told


def test_a_day_that_no_calendar_has_is_told(ask, dossier):
    row = first(dossier)
    answer = ask("save", one_cell(row.pk, "employed_from", row.cells["employed_from"], "2025-02-29")).json()
    assert "没有“2025-02-29”这一天" in answer["marks"][0][3]


def test_an_identity_number_typed_on_the_page_is_marked(ask, dossier):
    row = first(dossier)
    answer = ask("save", one_cell(row.pk, "person", row.cells["person"], "11010519491231002X")).json()
    assert [each[2] for each in answer["marks"] if each[:2] == [row.pk, "person"]] == ["warning"]


def test_an_address_names_the_cell_that_its_reader_came_for(dossier, world):
    client = browser(world.people["manager"])
    path = f"/applicant/{dossier.client_id}/{dossier.pk}/tables/staff/?rows=2&column="
    assert 'data-asked="person"' in client.get(path + "person").content.decode()
    assert "data-asked" not in client.get(path + "nothing").content.decode()


def test_an_open_page_hears_of_what_others_did_and_of_nothing_else(dossier, world, at):
    start = Entry.objects.order_by("-sequence").first().sequence
    client = browser(world.people["manager"])
    path = f"/applicant/{dossier.client_id}/{dossier.pk}/tables/staff/changes/"
    assert client.get(path, {"since": start}).json() == {"sequence": start}
    row = first(dossier)
    change = RowChange(row.pk, {"training_hours": CellChange(row.cells["training_hours"], "12")})
    done = change_rows(dossier, "staff", [change], [], world.actor("member"), at)
    heard = client.get(path, {"since": start}).json()
    assert (heard["sequence"], heard["by"], heard["replaced"]) == (done.entry, "member", False)
    assert [(each["id"], each["cells"]["training_hours"]) for each in heard["rows"]] == [(row.pk, "12")]
    other = client.get(path.replace("staff", "finance"), {"since": start}).json()
    assert (other["rows"], other["by"]) == ([], "member")


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 30, "1.5"])
def test_a_position_in_the_journal_that_is_none_is_refused(dossier, world, since):
    path = f"/applicant/{dossier.client_id}/{dossier.pk}/tables/staff/changes/"
    answer = browser(world.people["manager"]).get(path, {"since": since}, headers={"accept": "application/json"})
    assert answer.status_code == 422


def test_the_form_of_a_row_tells_both_values_when_somebody_was_faster(dossier, world, at):
    row = first(dossier)
    client = browser(world.people["manager"], "en")
    path = f"/applicant/{dossier.client_id}/{dossier.pk}/tables/staff/rows/{row.pk}/"
    seen = row.cells["training_hours"]
    change = RowChange(row.pk, {"training_hours": CellChange(seen, "12")})
    change_rows(dossier, "staff", [change], [], world.actor("member"), at)
    typed = {"training_hours": "34", "seen-training_hours": seen}
    answer = client.post(path, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "member changed this to “12”" in page
    assert 'value="34"' in page
    assert 'name="seen-training_hours" value="12"' in page
    assert client.post(path, {"training_hours": "34", "seen-training_hours": "12"}).status_code == 302
    assert Row.objects.get(pk=row.pk).cells["training_hours"] == "34"


def test_a_form_for_a_row_that_is_gone_offers_to_keep_what_was_typed(dossier, world, at):
    row = first(dossier)
    client = browser(world.people["manager"])
    path = f"/applicant/{dossier.client_id}/{dossier.pk}/tables/staff/rows/{row.pk}/"
    client.post(path, {"remove": "1", "version": str(row.version)})
    assert Row.objects.get(pk=row.pk).removed_at is not None
    answer = client.post(path, {"person": "S9", "seen-person": row.cells["person"]})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="S9"' in page
    assert f'action="{path.replace(f"rows/{row.pk}/", "rows/0/")}"' in page


def test_a_new_row_is_made_by_the_form(dossier, world):
    client = browser(world.people["manager"])
    path = f"/applicant/{dossier.client_id}/{dossier.pk}/tables/staff/rows/0/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"person": "S999", "technical": "yes"}).status_code == 302
    assert Row.objects.get(dossier=dossier, cells__person="S999").cells == {"person": "S999", "technical": "yes"}


def test_one_is_told_in_the_singular_by_the_page_and_by_the_script(dossier, world):
    page = browser(world.people["manager"], "en").get(f"/applicant/{dossier.client_id}/{dossier.pk}/tables/enterprise/")
    page = html.unescape(page.text)
    assert ">1 row<" in page
    assert ">1 rows<" not in page
    assert "{count} {count:cell|cells} selected" in page


def test_the_browser_keeps_no_page_of_a_dossier(dossier, world):
    manager = browser(world.people["manager"])
    for name in ("dossier_home", "grade", "workbook", "submit"):
        page = manager.get(reverse(name, args=[dossier.client_id, dossier.pk]))
        assert page.headers["Cache-Control"] == "no-store"


def test_thousands_parted_by_commas_are_read_in_the_form_of_a_row(dossier, world):
    row = first(dossier)
    page = reverse("row_form", args=[dossier.client_id, dossier.pk, "staff", row.pk])
    said = {f"seen-{name}": text for name, text in row.cells.items()} | row.cells
    answer = browser(world.people["manager"]).post(page, {**said, "training_hours": "1，200"})
    assert answer.status_code == 302
    assert first(dossier).cells["training_hours"] == "1200"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_was_never_filled_in_is_to_be_filled_and_no_fault(world, client_firm, at, language):
    """A dossier just opened: its only row has required cells, and nobody has typed anything yet."""
    empty = create_dossier(client_firm, "2027", edition().name, system, at)
    parts = {"client": client_firm.pk, "dossier": empty.pk}
    client = browser(world.people["manager"], language)
    for address in (reverse("dossier_home", kwargs=parts), reverse("table_page", kwargs={**parts, "table": "staff"})):
        told = text_of(client.get(address))
        assert {"zh-hans": "个必填项待填", "en": "Required cells to be filled"}[language] in told
        assert {"zh-hans": "处填写问题", "en": "Cells with faults"}[language] not in told


def test_the_journal_of_a_firm_offers_only_what_stands_in_it(world, client_firm, at):
    create_dossier(client_firm, "2027", edition().name, system, at)
    page = browser(world.people["manager"]).get(reverse("firm_journal", args=[client_firm.pk])).content.decode()
    kinds = set(Entry.objects.filter(organisation=str(client_firm.pk)).values_list("kind", flat=True))
    assert "dossier.created" in kinds
    assert page.count('<option value="') - page.count('<option value=""') >= len(kinds)
    assert "decision.granted" not in page
    for each in kinds:
        assert f'<option value="{each}"' in page


def test_the_report_is_named_after_the_firm_and_the_day_here(world, client_firm, at):
    dossier = create_dossier(client_firm, "2027", edition().name, system, at)
    parts = {"client": client_firm.pk, "dossier": dossier.pk}
    answer = browser(world.people["manager"]).get(reverse("report_pdf", kwargs=parts))
    named = unquote(answer.headers["Content-Disposition"])
    assert client_firm.name in named
    assert f"{localdate()}.pdf" in named
