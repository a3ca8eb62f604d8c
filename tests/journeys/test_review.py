# SPDX-License-Identifier: Apache-2.0
"""In a real browser through the real server: a team, an objection, and a review that verifies less than was claimed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.server import Server, surroundings


@pytest.fixture(scope="module")
def prepared(demonstration, tmp_path_factory):
    """A server for this file alone, with a case whose team is to be appointed; its id and its client's."""
    folder = tmp_path_factory.mktemp("review") / "data"
    shutil.copytree(demonstration, folder)
    command = [sys.executable, "-m", "tests.journeys.case_for_review", str(folder)]
    made = subprocess.run(
        command, cwd=Path(__file__).parents[2], env=surroundings(), capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    running = Server(folder).start()
    yield running, *made.stdout.splitlines()[-1].split()  # before it, letters
    assert running.stop() == 0
    assert "Traceback" not in (folder.parent / "data.log").read_text("utf-8")


@pytest.fixture(scope="module")
def server(prepared):
    return prepared[0]


@pytest.fixture(scope="module")
def sessions():
    return {}


def person(role):
    return f"{role}@body.example"


def narrow(page):
    """Nothing sticks out on a telephone."""
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_team_objection_review_with_a_rejected_row_and_a_verified_result_below_the_claim(prepared, sign_in, axe):
    server, case, client = prepared
    office = sign_in(person("office"))
    leader_name, member_name = (server.accounts[person(each)]["name"] for each in ("lead_assessor", "assessor"))
    expert_name = server.accounts[person("technical_expert")]["name"]

    def propose(*seats):
        office.goto(f"/office/cases/{case}/team/")
        for name, part in seats:
            office.get_by_label(name, exact=True).select_option(label=part)
        office.get_by_role("button", name="提出评估组").click()
        expect(office.locator("h2").first).to_contain_text("次提出的评估组")

    office.goto(f"/office/cases/{case}/team/")
    axe(office)
    narrow(office)
    propose((leader_name, "评估组长"), (member_name, "评估员"))
    applicant = sign_in("manager@tiangong.example", "en")
    team_page = f"/applicant/{client}/cases/{case}/team/"
    applicant.goto(team_page)
    axe(applicant)
    applicant.locator("section", has_text=member_name).locator("summary").click()
    applicant.get_by_label(f"Why you object to {member_name}").fill("Worked for a competitor until last year")
    applicant.get_by_role("button", name="Send the objection").click()
    expect(applicant.locator("main")).to_contain_text("Not answered yet")
    narrow(applicant)
    office.reload()
    expect(office.locator("main")).to_contain_text("Worked for a competitor")
    office.get_by_label("更换的理由").fill("申请人的异议成立")
    office.get_by_role("button", name="更换评估组成员").click()
    propose((leader_name, "评估组长"), (expert_name, "技术专家"))
    applicant.goto(team_page)
    applicant.get_by_role("button", name="No objection").click()
    review(sign_in(person("lead_assessor")), case, axe)


def review(leader, case, axe):
    """The leader begins, rates one item, rejects the projects, and sees at once what that comes to."""
    leader.goto(f"/assessor/cases/{case}/")
    leader.get_by_role("button", name="开始文件评审").click()
    expect(leader.locator("#grade")).to_contain_text("核实")
    claimed = leader.locator(".grade-half.claimed .grade-outcome").inner_text()
    axe(leader)
    narrow(leader)
    leader.locator(".book-tree a", has_text="战略与业务目标匹配度").click()
    leader.locator("input[name=value][value='3']").check()
    leader.get_by_label("评定的依据").fill("制度完整，记录可查")
    leader.get_by_role("button", name="保存评定").click()
    expect(leader.locator(".book-right")).to_contain_text("制度完整，记录可查")
    axe(leader)
    leader.goto(f"/assessor/cases/{case}/tables/projects/")
    rows = leader.locator(".book-row")
    for number in range(rows.count()):
        row = rows.nth(number)
        row.locator(".judge summary").click()
        row.get_by_label("原因").select_option("not-proven")
        row.get_by_label("理由（申请人会看到）").fill("验收报告没有盖章")
        row.get_by_role("button", name="判定为不认可").click()
        expect(rows.nth(number)).to_contain_text("验收报告没有盖章")  # in its place, without a new page
    verified = leader.locator(".grade-half.verified .grade-outcome")
    expect(verified).not_to_have_text(claimed)
    axe(leader)
    narrow(leader)
    leader.goto(f"/assessor/cases/{case}/")
    expect(leader.locator(".differences")).to_contain_text("验收报告没有盖章")
    leader.locator(".book-tree a", has_text="材料").first.click()
    leader.locator(".papers a").first.click()
    expect(leader.locator("#page-1 img")).to_have_js_property("complete", value=True)
    axe(leader)
