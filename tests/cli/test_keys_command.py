# SPDX-License-Identifier: Apache-2.0
"""``gradus keys`` and ``gradus certificates``, as in the ceremony of docs/keys.md."""

import re

import pytest

from gradus.cli.main import main
from gradus.trust.bundle import read_bundle
from tests.cli.conftest import DATABASES

PASSPHRASE = {"GRADUS_KEY_PASSPHRASE": "correct horse battery staple"}
NAMED = (
    "--name", "测试认证中心有限公司", "--name-en", "Test Certification Ltd", "--address", "北京市海淀区测试路1号",
    "--address-en", "1 Test Road, Beijing", "--approval", "CNCA-R-2099-001", "--prefix", "TC",
)  # fmt: skip


def done(run):
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_the_ceremony_leads_from_nothing_to_a_trust_file_and_through_a_theft(database, new_platform, tmp_path):
    platform = new_platform(database)
    platform.settings |= PASSPHRASE
    platform.data.mkdir()
    assert "Test" not in platform.gradus("keys", "issuer", *NAMED[:-1], "T").stdout  # no prefix
    assert "begin with http://localhost:8000" in done(platform.gradus("keys", "issuer", *NAMED))
    assert len(re.findall("Made the key", done(platform.gradus("keys", "make")))) == 3
    assert "none was made" in done(platform.gradus("keys", "make"))
    done(platform.gradus("keys", "rotate", "pdf"))
    since = "2026-01-01"
    assert "Stated 0 statements anew" in done(platform.gradus("keys", "stolen", "issuer-1", "--since", since))
    listed = done(platform.gradus("keys", "list"))
    assert (len(listed.splitlines()), listed.count("until"), listed.count("in other hands")) == (5, 2, 1)
    file = tmp_path / "trust.json"
    said = done(platform.gradus("keys", "bundle", file))
    bundle = read_bundle(file.read_bytes(), "trust.json")
    assert bundle.fingerprint in said
    assert (len(bundle.keys), len(bundle.log.keys), len(bundle.pdf)) == (2, 1, 2)
    assert bundle.keys[0].compromised_at is not None
    assert "Published 0 statements" in done(platform.gradus("certificates", "tick"))


def test_without_a_passphrase_nothing_is_made(new_platform):
    platform = new_platform("sqlite")
    platform.data.mkdir()
    done(platform.gradus("keys", "issuer", *NAMED))
    made = platform.gradus("keys", "make")
    assert (made.returncode, "GRADUS_KEY_PASSPHRASE" in made.stderr) == (2, True)
    assert not (platform.data / "keys").exists()
    stolen = platform.gradus("keys", "stolen", "issuer-7", "--since", "yesterday")
    assert (stolen.returncode, "yesterday is no day" in stolen.stderr) == (2, True)


@pytest.mark.parametrize(
    "command", ["keys list", "keys bundle x", "certificates recover", "certificates tick", "register rebuild"]
)
def test_they_take_a_data_folder(command, capsys):
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    assert "--data DIR" in capsys.readouterr().out
