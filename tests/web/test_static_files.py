# SPDX-License-Identifier: Apache-2.0
"""Scripts are served by names that follow from their content."""

import re
from pathlib import Path

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

SCRIPTS = Path(__file__).resolve().parents[2] / "src" / "gradus" / "web" / "ui" / "static" / "verify"


def imported(name: str, folder: Path, seen: dict[str, str]) -> dict[str, str]:
    """A script and all that it imports, by name."""
    if name not in seen:
        seen[name] = (folder / name).read_text("utf-8")
        for each in re.findall(r'from "\./([^"]+)";', seen[name]):
            imported(each, folder, seen)
    return seen


def test_the_verification_page_runs_no_script_of_another_version(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES |= {"staticfiles": {"BACKEND": "gradus.conf.static_files.NamedByContent"}}
    old = tmp_path / "verify" / "check.js"
    old.parent.mkdir()
    old.write_text("// Of the version before, copied here with the data later than this version was made.")
    call_command("collectstatic", interactive=False, verbosity=0)
    found = imported(Path(staticfiles_storage.stored_name("verify/page.js")).name, old.parent, {})
    assert {re.fullmatch(r"(\w+)\.[0-9a-f]{12}\.js", each)[1] for each in found} == {
        each.stem for each in SCRIPTS.glob("*.js")
    }
    assert not [each for each, text in found.items() if "version before" in text]
