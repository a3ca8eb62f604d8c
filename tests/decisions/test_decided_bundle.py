# SPDX-License-Identifier: Apache-2.0
"""What was decided, and what it was decided over, is in the bundle of a case, and is held to its digests."""

import json

from gradus.applications.belongings import belongings
from gradus.cli.bundle import _regrade
from gradus.cli.main import main
from gradus.decisions.file import decided_file
from gradus.decisions.models import Decision
from gradus.decisions.notice import record_objection
from gradus.formats.case_bundle import check_bundle, write_bundle
from tests.applications.test_case_bundle import changed, contents, rewrite
from tests.decisions.deciding import announced, brought_to_grant, decided, recommended, reviewable
from tests.surroundings import DATA

DECISIONS, SIGNATURES = "records/decisions.decision.json", "records/decisions.signature.json"
REPORTS = "records/visits.evaluationreport.json"
ALTERED = {
    "outcome": (lambda files: changed(files, DECISIONS, lambda rows: rows[0].update(outcome="level-1")), DECISIONS),
    "no decision": (lambda files: files.pop(DECISIONS), DECISIONS),
    "no signatures": (lambda files: files.pop(SIGNATURES), SIGNATURES),
    "one signature": (lambda files: changed(files, SIGNATURES, lambda rows: rows.pop()), SIGNATURES),
    "same person": (
        lambda files: changed(files, SIGNATURES, lambda rows: rows[0].update(account_id=rows[1]["account_id"])),
        SIGNATURES,
    ),
    "file": (
        lambda files: changed(files, "file.json", lambda file: file["verified"].update(grantable="x")),
        "file.json",
    ),
    "report": (lambda files: changed(files, REPORTS, lambda rows: rows[-1].update(content="{}")), REPORTS),
}


def test_a_granted_case_is_whole_and_every_alteration_of_what_was_decided_is_found(submitted, world, tmp_path):
    """Also when the manifest was made to fit."""
    case, bundle = reviewable(submitted()), tmp_path / "case.zip"
    brought_to_grant(case, world)
    assert main(["case", "bundle", case.number, str(bundle), "--data", str(DATA)]) == 0
    assert main(["bundle", "check", str(bundle)]) == 0
    assert json.loads(contents(bundle)["file.json"])["case"]["number"] == case.number
    whole = bundle.read_bytes()
    for name, (change, place) in ALTERED.items():
        bundle.write_bytes(whole)
        rewrite(bundle, change)
        found = {each.place.file for each in check_bundle(bundle, _regrade).faults}
        assert place in found, name


def test_before_the_second_signature_a_bundle_is_whole_too(submitted, world, tmp_path):
    case = reviewable(submitted())
    recommended(case, world, case.changed_at)
    decided(case, world, announced(case, world))
    kept = belongings(case, decided_file(case))
    write_bundle(tmp_path / "case.zip", kept.head, kept.files)
    assert not check_bundle(tmp_path / "case.zip", _regrade).faults
    assert Decision.objects.count() == 1


def test_how_to_reach_somebody_of_the_public_is_in_no_bundle(submitted, world, tmp_path):
    case = reviewable(submitted())
    recommended(case, world, case.changed_at)
    told = ("某同行", "13800000000", "证书编号与其人员不符")
    record_objection(case, told, case.changed_at.date(), world.actor("office"), case.changed_at)
    kept = belongings(case)
    write_bundle(tmp_path / "case.zip", kept.head, kept.files)
    whole = b"".join(contents(tmp_path / "case.zip").values())
    assert told[2].encode() in whole
    assert told[1].encode() not in whole
