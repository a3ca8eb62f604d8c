# SPDX-License-Identifier: Apache-2.0
"""``gradus verify`` as a stranger types it: exit codes, words, files of any kind."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gradus.cli.main import main
from gradus.trust.bundle import write_bundle
from gradus.trust.credential import sign_statement
from gradus.trust.pdf_verify import MARKS
from gradus.trust.statement import Change, Purpose
from gradus.trust.status_list import bits_of, list_document, sign_list
from tests.trust.museum import EXHIBITS, forged, logged
from tests.trust.world import (
    BUNDLE,
    GOOD,
    HOST,
    INDEX,
    ISSUED,
    ISSUER,
    ISSUER_KEY,
    OTHER_KEY,
    TODAY,
    change,
    statement,
    status_lists,
)

AT = "2026-06-20T05:00:00Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a client hands over, and what a verifier keeps."""
    (tmp_path / "credential.json").write_bytes(GOOD.credential)
    (tmp_path / "receipt.json").write_bytes(GOOD.receipt)
    (tmp_path / "trust.json").write_bytes(write_bundle(BUNDLE))
    (tmp_path / "status").mkdir()
    for number, data in enumerate(GOOD.lists):
        (tmp_path / "status" / f"{number}.json").write_bytes(data)
    return tmp_path


def verify(folder: Path, *more: str, file: str = "credential.json", at: str = AT) -> int:
    return main(["verify", str(folder / file), "--at", at, *more])


def trusting(folder: Path) -> list[str]:
    return ["--trust", str(folder / "trust.json"), "--status", str(folder / "status")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            [
                "成立",
                "天工示例信息技术有限公司",
                "二级四星（共四级，一级最高；能力较强）",
                "时间由登记日志证明，不由 PDF 签名证明。",
            ],
        ),
        ("en", ["It holds", "Tiangong Example IT Co., Ltd", "Level two, four stars", "not by the signature in a PDF."]),
    ],
)
def test_a_good_certificate_holds_and_it_is_said_what_that_proves(folder, capsys, language, words):
    assert verify(folder, *trusting(folder), "--lang", language) == 0
    said = capsys.readouterr().out
    assert all(each in said for each in words)
    assert said.count("✓") == 9
    assert BUNDLE.fingerprint in said


def test_a_suspended_certificate_does_not_hold(folder, capsys):
    listed = status_lists(set_bits={Purpose.SUSPENSION: {INDEX}})[1]
    (folder / "status" / "1.json").write_bytes(listed)
    assert verify(folder, *trusting(folder), "--lang", "en") == 1
    said = capsys.readouterr().out
    assert said.startswith("It does not hold")
    assert "The certificate is suspended (status as of 2026-06-20 11:00:00 UTC+8)." in said


def test_without_status_it_can_not_be_told(folder, capsys):
    assert verify(folder, "--trust", str(folder / "trust.json"), "--lang", "en") == 3
    said = capsys.readouterr().out
    assert said.startswith("It cannot be told")
    assert "https://certificates.example/status/revocation/1 is not here" in said


def test_of_a_day_to_come_it_is_said_that_nobody_can_know_yet(folder, capsys):
    lasting = forged(last_valid_on=date(2250, 1, 1))
    (folder / "credential.json").write_bytes(lasting.credential)
    (folder / "receipt.json").write_bytes(lasting.receipt)
    assert verify(folder, *trusting(folder), "--lang", "en", at="2240-06-30") == 3
    assert capsys.readouterr().out.splitlines()[1].startswith("The instant asked about has not come.")
    assert verify(folder, *trusting(folder), "--lang", "en", at="2026-06-30") == 3
    assert "has not come" not in capsys.readouterr().out
    (folder / "status" / "0.json").write_bytes(status_lists(set_bits={Purpose.REVOCATION: {INDEX}})[0])
    assert verify(folder, *trusting(folder), "--lang", "en", at="2240-06-30") == 1
    assert "withdrawn, cancelled or superseded" in capsys.readouterr().out


def test_without_a_trust_file_nobody_is_trusted(folder, capsys):
    assert verify(folder, "--lang", "zh") == 3
    assert "没有信任文件" in capsys.readouterr().out


def test_the_trust_file_may_carry_the_status(folder):
    carrying = replace(BUNDLE, status_lists=tuple(each.decode() for each in GOOD.lists))
    (folder / "carrying.json").write_bytes(write_bundle(carrying))
    assert verify(folder, "--trust", str(folder / "carrying.json")) == 0


def test_of_a_key_that_is_not_known_it_is_said_whose_it_is_not_in_the_readers_language(folder, capsys):
    (folder / "credential.json").write_bytes(sign_statement(statement(), OTHER_KEY))
    for language, name in (("zh", "示例认证有限公司"), ("en", "Example Certification Ltd")):
        assert verify(folder, *trusting(folder), "--lang", language) == 1
        told = capsys.readouterr().out.split("Trust file")[0].split("信任文件：")[0]
        assert name in told


def test_a_receipt_beside_the_file_is_found_and_another_may_be_named(folder):
    (folder / "42-credential.json").write_bytes(GOOD.credential)
    (folder / "other.json").write_bytes(GOOD.credential)
    assert verify(folder, *trusting(folder), file="other.json") == 3
    assert verify(folder, *trusting(folder), file="42-credential.json") == 3
    (folder / "42-receipt.json").write_bytes(GOOD.receipt)
    assert verify(folder, *trusting(folder), file="42-credential.json") == 0
    (folder / "receipt.json").rename(folder / "kept.json")
    assert verify(folder, *trusting(folder)) == 3
    assert verify(folder, *trusting(folder), "--receipt", str(folder / "kept.json")) == 0


def test_a_day_stands_for_its_end_in_china(folder, capsys):
    listed = status_lists(begins=TODAY + timedelta(hours=11, minutes=59), lasts=timedelta(seconds=1))
    for number, data in enumerate(listed):
        (folder / "status" / f"{number}.json").write_bytes(data)
    assert verify(folder, *trusting(folder), "--json", at="2026-06-20") == 3
    assert json.loads(capsys.readouterr().out)["at"] == "2026-06-20T15:59:59Z"


def test_without_a_date_it_is_asked_about_now(folder, capsys):
    assert main(["verify", str(folder / "credential.json"), *trusting(folder), "--json"]) in (1, 3)
    assert json.loads(capsys.readouterr().out)["at"].endswith("Z")


def test_json_says_everything_in_both_languages(folder, capsys):
    assert verify(folder, *trusting(folder), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "holds"
    assert [each["id"] for each in found["steps"]] == [str(number) for number in range(1, 10)]
    assert found["statement"]["number"] == json.loads(GOOD.credential)["credentialSubject"]["statement"]["number"]
    assert found["logged_at"] == "2026-06-02T01:30:05Z"
    assert found["meaning"].keys() == {"zh", "en"}


def test_a_genuine_record_of_a_change_is_no_certificate_that_holds(folder, capsys):
    record = logged(sign_statement(change(Change.SUSPENDED, ISSUED), ISSUER_KEY))
    (folder / "credential.json").write_bytes(record.credential)
    (folder / "receipt.json").write_bytes(record.receipt)
    assert verify(folder, *trusting(folder), "--lang", "en") == 3
    assert capsys.readouterr().out.startswith("This is a genuine record of a change, and no certificate\n")


@pytest.mark.parametrize("exhibit", EXHIBITS[:20], ids=lambda exhibit: exhibit.defect)
def test_what_hangs_in_the_museum_ends_in_words_and_never_in_a_traceback(folder, capsys, exhibit):
    (folder / "credential.json").write_bytes(exhibit.make().credential)
    nothing_of_one = not any(each.encode() in exhibit.make().credential for each in MARKS)
    assert verify(folder, *trusting(folder)) == (3 if nothing_of_one else 1)
    said = capsys.readouterr()
    assert ("?" if nothing_of_one else "×") in said.out
    assert said.err == ""


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n\xff", b"name,level\n1,2\n", b"%PDF-1.4\n% of a printer\n%%EOF\n", GOOD.lists[0]]
)
def test_of_a_file_that_is_no_certificate_nothing_can_be_told(folder, capsys, data):
    (folder / "scan").write_bytes(data)
    assert verify(folder, *trusting(folder), "--lang", "en", file="scan") == 3
    said = capsys.readouterr().out
    assert said.startswith("This file cannot be verified: it is no certificate file of ours\n")
    assert "Do not rely on this certificate" not in said


@pytest.mark.parametrize("place", [0, 1, 2, -1])
def test_a_credential_that_is_no_json_any_more_was_altered_and_does_not_hold(folder, place):
    altered = bytearray(GOOD.credential)
    altered[place] ^= 0x80
    (folder / "credential.json").write_bytes(altered)
    assert verify(folder, *trusting(folder)) == 1


def test_a_status_list_that_was_named_and_is_none_is_refused_though_the_trust_file_has_older_ones(folder, capsys):
    carrying = replace(BUNDLE, status_lists=tuple(each.decode() for each in GOOD.lists))
    (folder / "carrying.json").write_bytes(write_bundle(carrying))
    (folder / "status" / "fetched.json").write_text("<h1>502 Bad Gateway</h1>")
    given = ["--trust", str(folder / "carrying.json"), "--lang", "en", "--status"]
    assert verify(folder, *given, str(folder / "status" / "fetched.json")) == 2
    assert "fetched.json" in capsys.readouterr().err
    assert verify(folder, *given, str(folder / "status")) == 0


def test_of_a_status_list_that_was_named_and_is_not_believed_it_is_said_that_it_may_know_better(folder, capsys):
    forged_list = status_lists(set_bits={Purpose.SUSPENSION: {INDEX}}, signer=OTHER_KEY)[1]
    (folder / "status" / "fetched.json").write_bytes(forged_list)
    named = ["--status", str(folder / "status" / "fetched.json")]
    assert verify(folder, *trusting(folder), "--lang", "en") == 0  # nobody's word but the body's counts
    assert verify(folder, *trusting(folder), *named, "--lang", "en") == 3
    assert "fetched.json: This status list that was named is not signed by" in capsys.readouterr().out


def test_of_a_status_list_of_other_certificates_that_was_named_it_is_said_that_it_tells_nothing(folder, capsys):
    other = list_document(f"{HOST}/status/suspension/7", ISSUER.id, Purpose.SUSPENSION, bits_of({INDEX}), ISSUED, TODAY)
    (folder / "seventh.json").write_bytes(sign_list(other, ISSUER_KEY))
    assert verify(folder, *trusting(folder), "--status", str(folder / "seventh.json"), "--lang", "en") == 0
    assert "seventh.json: This status list is of other certificates" in capsys.readouterr().out


@pytest.mark.parametrize("file", ["missing.json", "status"])
def test_a_file_that_can_not_be_opened_is_refused(folder, capsys, file):
    assert verify(folder, *trusting(folder), file=file) == 2
    assert file in capsys.readouterr().err


def test_a_trust_file_that_is_none_is_refused(folder, capsys):
    assert verify(folder, "--trust", str(folder / "receipt.json")) == 2
    assert "receipt.json" in capsys.readouterr().err


@pytest.mark.parametrize("at", ["tomorrow", "2026-13-01", "9999-12-31", "2026-06-20T05:00:00"])
def test_a_date_that_is_none_is_refused(folder, capsys, at):
    with pytest.raises(SystemExit):
        verify(folder, at=at)
    assert "2026-06-30" in capsys.readouterr().err


def test_it_runs_where_neither_django_nor_a_network_is():
    """What ``pip install gradus`` brings suffices: nothing of the server is imported, and no socket."""
    code = (
        "import sys; from gradus.cli.main import main\n"
        "try: main(['verify', '--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'django', 'pyhanko', 'socket', 'ssl', 'urllib.request'} & set(sys.modules), sorted(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
