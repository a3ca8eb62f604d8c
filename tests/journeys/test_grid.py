# SPDX-License-Identifier: Apache-2.0
"""In a real browser through the real server: pasting with faults, two editors at once, the keyboard alone, a lost
connection, and the page without scripts."""

import re
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.journeys.desks import whole
from tests.journeys.server import running

MANAGER, HR = "manager@tiangong.example", "hr@tiangong.example"


@pytest.fixture(scope="module")
def server(demonstration, tmp_path_factory):
    """A server for this file alone: it is killed on the way, and its tables are written into."""
    with running(shutil.copytree(demonstration, tmp_path_factory.mktemp("grid") / "data")) as served:
        yield served


@pytest.fixture(scope="module")
def sessions():
    """Those of this file's server."""
    return {}


@pytest.fixture
def open_table(sign_in):
    """``open_table("staff", HR, "en")``: somebody's page of a table of the firm's dossier, everything on it saved."""

    def opened(table, who=MANAGER, language="zh-hans", width=1440):
        page = sign_in(who, language, width)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator("main a", has_text="2026 年首次申请").first.click()
        page.goto(f"{page.url}tables/{table}/")
        if page.locator("#grid[data-editable]").count():
            saved(page)
        return page

    return opened


@contextmanager
def again(browser, page, **options):
    """The same page of the same person in a browser whose console is not watched."""
    context = browser.new_context(storage_state=page.context.storage_state(), **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    made = context.new_page()
    made.goto(page.url)
    yield made
    context.close()


def saved(page):
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved", timeout=20_000)


def rows(page):
    return page.locator("#grid tbody tr[data-row]")


def cell(page, row, column):
    return page.locator(f"#grid tbody tr:nth-child({row}) td[data-column={column}]")


def said(page, row, column):
    """What a cell holds, as the server keeps it."""
    return cell(page, row, column).get_attribute("data-value") or ""


def paste(page, text):
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def stand_in(page, row, column):
    """Click a cell until the grid stands in it: while a page that has just come is laid out, a click may fall on what
    stood there before."""
    wanted = cell(page, row, column)
    for _ in range(5):
        wanted.click()
        if "here" in (wanted.get_attribute("class") or "").split():
            return
    raise AssertionError(f"the grid does not come to row {row}, {column}")


def type_into(page, row, column, text):
    stand_in(page, row, column)
    page.keyboard.type(text)
    page.keyboard.press("Enter")


FORTY = "\n".join(
    f"T{number:04d}\t是\t{'maybe' if number == 7 else '否'}\t2024/3/{number % 28 + 1}\t\tyes\t{number},500\t2026-01-05"
    for number in range(40)
)


@pytest.mark.parametrize(
    ("language", "wrong", "told"),
    [("zh-hans", "既不是", "其中 2 格有问题"), ("en", "neither yes nor no", "2 cells of them have a fault")],
)
def test_forty_rows_pasted_keep_the_good_cells_mark_the_bad_ones_and_are_undone_at_once(
    open_table, language, wrong, told
):
    page = open_table("staff", language=language)
    before = rows(page).count()
    requests = []
    page.on("request", lambda request: requests.append(request) if request.url.endswith("/save/") else None)
    labels = page.locator("#grid thead th[data-column]").evaluate_all("all => all.map(e => e.dataset.label)")
    header = "\t".join(labels)
    stand_in(page, before + 1, "person")
    paste(page, f"{header}\n{FORTY}\n")
    saved(page)
    assert len(requests) == 1
    assert rows(page).count() == before + 40
    assert [said(page, before + 1, name) for name in ("person", "technical", "employed_from")] == [
        "T0000",
        "yes",
        "2024-03-01",
    ]
    # The first bad cell is where one stands, and the number of all is told.
    first = cell(page, before + 1, "training_hours")
    expect(first).to_have_class(re.compile(r"\bhere\b"))
    expect(first).to_be_in_viewport()
    assert first.locator("input").evaluate("field => field === document.activeElement")
    expect(page.locator("#said-by-grid")).to_contain_text(told)
    bad = cell(page, before + 8, "key_post")
    expect(bad).to_have_attribute("aria-invalid", "true")
    assert said(page, before + 8, "key_post") == "maybe"
    stand_in(page, before + 8, "key_post")
    expect(page.locator("#cell-says")).to_contain_text(wrong)
    assert said(page, before + 2, "training_hours") == "1500"
    page.keyboard.press("Control+Z")
    expect(rows(page)).to_have_count(before)
    saved(page)
    page.reload()
    expect(rows(page)).to_have_count(before)


def test_a_paste_can_be_undone_after_the_page_was_loaded_anew(open_table):
    page = open_table("staff")
    before = rows(page).count()
    stand_in(page, before + 1, "person")
    paste(page, "U0001\nU0002")
    saved(page)
    page.reload()
    expect(rows(page)).to_have_count(before + 2)
    page.click("#undo")
    expect(rows(page)).to_have_count(before)
    saved(page)
    page.reload()
    saved(page)
    expect(page.locator("#undo")).to_be_disabled()


def test_what_was_typed_and_not_left_is_saved_when_the_page_is_left(open_table):
    page = open_table("staff")
    stand_in(page, 5, "training_hours")
    page.keyboard.type("65")
    page.reload()
    saved(page)
    assert said(page, 5, "training_hours") == "65"
    stand_in(page, 5, "training_hours")
    page.keyboard.type("66")
    page.goto("/")
    page.go_back()
    saved(page)
    assert said(page, 5, "training_hours") == "66"


def test_what_is_copied_is_what_is_pasted(open_table):
    page = open_table("staff")
    before = rows(page).count()
    stand_in(page, 1, "technical")
    cell(page, 3, "employed_from").click(modifiers=["Shift"])
    page.keyboard.press("Control+C")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert [len(line.split("\t")) for line in copied.split("\n")] == [3, 3, 3]
    stand_in(page, before + 1, "technical")
    page.keyboard.press("Control+V")
    saved(page)
    for row in (1, 2, 3):
        for column in ("technical", "key_post", "employed_from"):
            assert said(page, before + row, column) == said(page, row, column)
    page.click("#undo")
    expect(rows(page)).to_have_count(before)


def test_a_row_number_selects_its_row_and_only_that_row_is_removed_told_and_brought_back(open_table):
    page = open_table("staff")
    before = rows(page).count()
    names = [said(page, row, "person") for row in (4, 5, 6)]
    remove, told = page.locator("#remove"), page.locator("#said-by-grid")
    expect(remove).to_have_attribute("aria-disabled", "true")
    stand_in(page, 1, "person")
    number = page.locator("#grid tbody tr:nth-child(5) .row-number")
    number.locator("a").click()
    expect(told).to_have_text("已选第 5 行")
    width = page.locator("#grid tbody tr:nth-child(5) td").count()
    expect(page.locator("#grid td[aria-selected=true]")).to_have_count(width)
    assert cell(page, 5, "person").locator("input").evaluate("field => field === document.activeElement")
    expect(remove).to_have_text("删除第 5 行")
    remove.click()
    expect(rows(page)).to_have_count(before - 1)
    expect(told).to_contain_text(f"已删除 1 行：{names[1]}")
    assert [said(page, row, "person") for row in (4, 5)] == [names[0], names[2]]
    # A second press removes nothing: nobody has selected the row that moved up.
    remove.click(force=True)  # aria-disabled: it stays in reach and says why
    expect(told).to_contain_text("什么都没有删除")
    page.click("#undo")
    expect(rows(page)).to_have_count(before)
    expect(told).to_have_text("已撤销。")
    page.locator("#grid .new-row .row-number").click()
    remove.click(force=True)  # aria-disabled: it stays in reach and says why
    expect(told).to_contain_text("什么都没有删除")
    page.locator("#grid tbody tr:nth-child(2) .row-number").click()
    page.locator("#grid tbody tr:nth-child(4) .row-number").click(modifiers=["Shift"])
    expect(remove).to_have_text("删除第 2–4 行")
    expect(page.locator("#open-row")).to_be_hidden()
    number.dblclick(position={"x": 4, "y": 12})  # beside the digits
    page.wait_for_url("**/rows/*/")
    page.go_back()
    stand_in(page, 3, "person")
    page.locator("#open-row").click()
    page.wait_for_url("**/rows/*/")


@pytest.mark.parametrize("header", [True, False])
def test_a_pasted_column_too_many_and_required_cells_left_empty_are_told(open_table, header):
    page = open_table("staff")
    before = rows(page).count()
    labels = page.locator("#grid thead th[data-column]").evaluate_all("all => all.map(e => e.dataset.label)")
    lines = [[f"V{number}", *[""] * (len(labels) - 1), "more"] for number in range(2)]
    stand_in(page, before + 1, "person")
    paste(page, "\n".join("\t".join(line) for line in ([[*labels, "备注"]] if header else []) + lines))
    saved(page)
    assert rows(page).count() == before + 2
    told = page.locator("#said-by-grid")
    expect(told).to_contain_text(f"已粘贴 2 行 × {len(labels)} 列")
    expect(told).to_contain_text("表格中没有的 1 列没有粘贴")
    marked = page.locator(f"#grid tbody tr:nth-child(n+{before + 1}) td[aria-invalid]").count()
    assert marked > 0
    expect(told).to_contain_text(f"其中 {marked} 格有问题")
    expect(told).to_contain_text(f"含 {marked} 格必填未填")
    page.click("#undo")
    expect(rows(page)).to_have_count(before)


def test_back_shows_what_stands_in_the_table_now(open_table):
    page = open_table("staff")
    type_into(page, 4, "training_hours", "64")
    saved(page)
    page.locator("nav.tabs a").first.click()
    page.go_back()
    assert said(page, 4, "training_hours") == "64"


def test_two_editors_at_once_lose_nothing_and_are_told(open_table):
    first, second = open_table("staff"), open_table("staff", HR, "en")
    type_into(first, 1, "training_hours", "61")
    type_into(first, 2, "training_hours", "62")
    saved(first)
    type_into(second, 1, "training_hours", "71")
    type_into(second, 3, "training_hours", "73")
    expect(second.locator("#conflicts li")).to_have_count(1)
    expect(second.locator("#conflicts")).to_contain_text("61")
    expect(second.locator("#conflicts")).to_contain_text("71")
    assert said(second, 1, "training_hours") == "61"
    second.evaluate("grid.poll()")
    expect(cell(second, 2, "training_hours")).to_have_attribute("data-value", "62")
    expect(second.locator("#said-by-grid")).to_contain_text("李申报")
    second.get_by_role("button", name="Take mine").click()
    saved(second)
    first.evaluate("grid.poll()")
    expect(cell(first, 1, "training_hours")).to_have_attribute("data-value", "71")
    expect(cell(first, 3, "training_hours")).to_have_attribute("data-value", "73")


def test_what_came_into_a_cell_while_somebody_typed_there_is_not_overwritten_unseen(open_table):
    first, second = open_table("staff"), open_table("staff", HR, "en")
    type_into(second, 6, "training_hours", "10")
    saved(second)
    first.evaluate("grid.poll()")
    expect(cell(first, 6, "training_hours")).to_have_attribute("data-value", "10")
    field = cell(first, 6, "training_hours")
    stand_in(first, 6, "training_hours")
    first.keyboard.type("1")
    type_into(second, 6, "training_hours", "15")
    saved(second)
    first.evaluate("grid.poll()")
    expect(field).to_have_attribute("data-value", "15")
    assert field.locator("input").input_value() == "1"
    first.keyboard.type("2")
    first.keyboard.press("Enter")
    expect(first.locator("#conflicts li")).to_have_count(1)
    expect(first.locator("#conflicts")).to_contain_text("15")
    expect(first.locator("#conflicts")).to_contain_text("12")
    saved(first)
    assert said(first, 6, "training_hours") == "15"
    # Who gives up typing has changed nothing, and sees what came.
    stand_in(first, 6, "training_hours")
    first.keyboard.type("9")
    type_into(second, 6, "training_hours", "16")
    saved(second)
    first.evaluate("grid.poll()")
    expect(field).to_have_attribute("data-value", "16")
    first.keyboard.press("Escape")
    assert field.locator("input").input_value() == "16"
    first.locator("#conflicts button").first.click()


def test_an_edit_of_a_row_that_somebody_removed_is_offered_as_a_new_row(open_table):
    first, second = open_table("staff"), open_table("staff", HR, "en")
    before = rows(first).count()
    person_code = said(second, 2, "person")
    stand_in(first, 2, "person")
    first.click("#remove")
    expect(rows(first)).to_have_count(before - 1)
    type_into(second, 2, "training_hours", "88")
    second.get_by_role("button", name="Add as a new row").click()
    saved(second)
    expect(rows(second)).to_have_count(before)
    assert said(second, before, "person") == person_code
    assert said(second, before, "training_hours") == "88"


def test_a_cell_in_work_whose_row_is_removed_names_row_column_and_person_and_follows_an_undo(open_table):
    first, second = open_table("staff"), open_table("staff", HR, "en")
    person_code, before = said(second, 4, "person"), rows(second).count()
    stand_in(second, 4, "training_hours")
    second.keyboard.type("87")  # and stays in the cell
    stand_in(first, 2, "person")
    first.locator("#grid tbody tr:nth-child(4) .row-number").click()
    with first.expect_response("**/staff/save/"):
        first.click("#remove")
    saved(first)
    expect(rows(first)).to_have_count(before - 1)
    second.evaluate("grid.poll()")
    told = second.locator("#conflicts li")
    expect(told).to_have_count(1)
    for part in ("Training hours", "row 4", "李申报", "87"):
        expect(told).to_contain_text(part)
    expect(second.locator("#said-by-grid")).to_contain_text("removed 1 row")
    field = second.locator(".cell-input")
    standing = second.evaluate("grid.head.parentNode.rowIndex")
    expect(field).to_have_attribute("aria-label", re.compile(f"row {standing}$"))
    with first.expect_response("**/staff/undo/"):
        first.click("#undo")
    saved(first)
    expect(rows(first)).to_have_count(before)
    second.evaluate("grid.poll()")
    expect(rows(second)).to_have_count(before)
    expect(told).to_contain_text("is there again")
    second.get_by_role("button", name="Take mine").click()
    saved(second)
    assert (said(second, 4, "person"), said(second, 4, "training_hours")) == (person_code, "87")
    expect(told).to_have_count(0)


def test_a_removal_higher_up_renames_the_cell_in_which_one_stands(open_table):
    first, second = open_table("staff"), open_table("staff", HR, "en")
    stand_in(second, 6, "person")
    first.locator("#grid tbody tr:nth-child(3) .row-number").click()
    before = rows(first).count()
    first.click("#remove")
    saved(first)
    expect(rows(first)).to_have_count(before - 1)
    second.evaluate("grid.poll()")
    expect(second.locator(".cell-input")).to_have_attribute("aria-label", re.compile("row 5$"))


def test_a_row_is_written_changed_and_removed_by_keyboard_alone(open_table):
    page = open_table("projects")
    before = rows(page).count()
    page.locator("#grid input").focus()
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.type("P900")
    page.keyboard.press("Tab")
    page.keyboard.type("键盘项目")
    page.keyboard.press("Tab")
    page.keyboard.type("云")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    saved(page)
    assert rows(page).count() == before + 1
    assert [said(page, before + 1, name) for name in ("project", "title", "field")] == ["P900", "键盘项目", "cloud"]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("F2")
    page.keyboard.type("二")
    page.keyboard.press("Enter")
    saved(page)
    assert said(page, before + 1, "title") == "键盘项目二"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.type("三")
    page.keyboard.press("Escape")
    assert said(page, before + 1, "title") == "键盘项目二"
    page.keyboard.press("Delete")
    saved(page)
    expect(cell(page, before + 1, "title")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Control+Z")
    expect(cell(page, before + 1, "title")).to_have_attribute("data-value", "键盘项目二")
    page.keyboard.press("Control+-")
    expect(rows(page)).to_have_count(before)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className").startswith("btn")


def test_tab_walks_through_the_table_and_out_of_it_at_both_ends(open_table):
    page = open_table("innovations", language="en")
    inside = "document.activeElement.classList.contains('cell-input')"
    page.locator("#grid input").focus()
    page.keyboard.press("Control+End")
    last = page.locator("#grid td.here")
    assert last.evaluate("cell => !cell.nextElementSibling && !cell.parentNode.nextElementSibling")
    page.keyboard.press("Tab")
    assert not page.evaluate(inside)
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(inside)
    page.keyboard.press("Shift+Tab")
    assert page.locator("#grid td.here").evaluate("cell => cell.nextElementSibling !== null")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+Tab")
    assert not page.evaluate(inside)


def test_the_panel_moves_with_every_save(open_table):
    page = open_table("application")
    faults = page.locator("#tables a[aria-current] .count-fault")
    before = page.locator("#panel").inner_text()
    field = page.locator("#grid td[data-column=applied_on]")
    was = field.get_attribute("data-value")
    field.click()
    page.keyboard.type("someday")
    page.keyboard.press("Enter")
    expect(faults).to_have_count(1)
    assert page.locator("#panel").inner_text() != before
    field.click()
    page.keyboard.type(was)
    page.keyboard.press("Enter")
    expect(faults).to_have_count(0)


def test_what_was_typed_while_the_server_was_down_is_saved_once_when_it_is_back(open_table, browser, server):
    with again(browser, open_table("staff")) as page:
        saved(page)
        before = rows(page).count()
        server.kill()
        stand_in(page, before + 1, "person")
        paste(page, "X0001\nX0002\nX0003")
        expect(page.locator("#save-state")).to_have_attribute("data-state", "not_saved")
        server.start()
        page.reload()
        saved(page)
        expect(page.locator("#grid td[data-value^=X000]")).to_have_count(3)


def test_a_lost_answer_doubles_nothing(open_table, browser):
    with again(browser, open_table("staff")) as page:
        saved(page)
        before = rows(page).count()

        def lose(route):
            route.fetch()
            route.abort()

        page.route("**/save/", lose, times=1)
        stand_in(page, before + 1, "person")
        paste(page, "Y0001\nY0002")
        expect(page.locator("#save-state")).to_have_attribute("data-state", "not_saved", timeout=20_000)
        saved(page)
        expect(rows(page)).to_have_count(before + 2)
        page.reload()
        expect(page.locator("#grid td[data-value^=Y000]")).to_have_count(2)


def test_a_table_of_another_department_can_be_read_and_says_whose_it_is(open_table):
    page = open_table("staff", HR)
    assert page.locator("#grid").get_attribute("aria-readonly") is None
    page = open_table("projects", HR)
    assert page.locator("#grid").get_attribute("aria-readonly") == "true"
    expect(page.locator("main .said")).to_contain_text("这张表由交付中心填写")
    before = said(page, 1, "amount")
    type_into(page, 1, "amount", "1")
    paste(page, "5")
    assert said(page, 1, "amount") == before


def test_without_scripts_a_row_is_a_form_that_gives_back_what_was_typed(open_table, browser):
    with again(browser, open_table("finance", language="en"), java_script_enabled=False) as page:
        page.locator("#grid tbody th a").first.click()
        was = page.input_value("[name=revenue]")
        page.fill("[name=revenue]", "much")
        page.fill("[name=total_assets]", "123456789")
        page.get_by_role("button", name="Save").click()
        assert page.input_value("[name=revenue]") == "much"
        assert page.input_value("[name=total_assets]") == "123456789"
        expect(page.locator("#wrong-revenue")).to_contain_text("is no number")
        page.fill("[name=revenue]", was)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#said")).to_contain_text("Saved")
        expect(page.locator("#grid tbody tr").first).to_contain_text("123456789")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1440), ("en", 380)])
@pytest.mark.parametrize("table", ["staff", "enterprise"])
def test_the_room_is_whole_at_every_width(open_table, axe, table, language, width):
    page = open_table(table, language=language, width=width)
    whole(page, axe)
    stays = page.locator("#grid tbody th").first.bounding_box()["width"]
    assert stays <= page.locator(".grid-scroll").bounding_box()["width"] * (0.15 if table == "staff" else 0.4)
    if table == "staff":
        page.goto(page.locator("#grid tbody th a").first.evaluate("link => link.href"))
        whole(page, axe)
        page.locator("nav.tabs a").first.click()
        steps = page.locator(".ladder svg:visible")
        expect(steps).to_have_count(1)
        assert page.locator(".ladder").evaluate("figure => figure.scrollWidth <= figure.clientWidth")


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1280, 720), (1440, 900)])
def test_a_cell_that_an_address_names_is_stood_in_under_its_headings_and_nothing_lies_over_the_grade(
    open_table, width, height
):
    page = open_table("staff", width=width)
    page.set_viewport_size({"width": width, "height": height})
    row = rows(page).count() - 3
    page.goto(f"{page.url}?rows={row}&column=training_hours")
    saved(page)
    asked = cell(page, row, "training_hours")
    expect(asked).to_have_class(re.compile(r"\bhere\b"))
    expect(asked).to_be_in_viewport(ratio=1)
    assert asked.locator("input").evaluate("field => field === document.activeElement")
    expect(page.locator("#grid thead th[data-column=training_hours]")).to_be_in_viewport(ratio=1)
    for scroll in (0, 400, 5000):
        page.evaluate(f"scrollTo(0, {scroll})")
        one, other = (page.locator(each).bounding_box() for each in ("#panel", ".room-tables"))
        beside = other["x"] + other["width"] <= one["x"]
        assert beside or other["y"] + other["height"] <= one["y"]
