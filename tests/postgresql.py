# SPDX-License-Identifier: Apache-2.0
"""The tests that touch the database, on a PostgreSQL that lives as long as they: ``python -m tests.postgresql ARGS``.

The arguments are pytest's, and so is the exit code. Which tests those are says ``surroundings.touches_database``. The
server is the newest that the system has; it listens on a socket in a folder of its own and on no network.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# Debian keeps the server's programs beside the path, a folder a version.
_DEBIAN = Path("/usr/lib/postgresql")
# Nothing here outlives a power cut, and nothing needs to.
_QUICK = [f"-c{each}=off" for each in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")]


def programs() -> Path:
    """The folder of the newest server's programs."""
    found = [each for each in _DEBIAN.glob("*/bin") if (each / "postgres").exists() and each.parent.name.isdecimal()]
    if found:
        return max(found, key=lambda each: int(each.parent.name))
    there = shutil.which("postgres")
    if there is None:
        sys.exit("No PostgreSQL server is installed; on Debian: apt-get install postgresql")
    return Path(there).resolve().parent


@contextmanager
def running() -> Iterator[str]:
    """A throw-away server; yields the address of its database."""
    folder = Path(tempfile.mkdtemp(prefix="gradus-postgresql-"))
    # The server refuses to run as root; Debian's package has made a user for it.
    other = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if other:
        shutil.chown(folder, "postgres", "postgres")
    name = "postgres" if other else pwd.getpwuid(os.geteuid()).pw_name
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **other}
    control = [programs() / "pg_ctl", "-D", folder / "data", "-s", "-w"]
    try:
        made = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", folder / "data"]
        subprocess.run([programs() / "initdb", *made], check=True, **quiet)
        options = " ".join(["-c listen_addresses=''", f"-k {folder}", *_QUICK])
        subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], check=True, **quiet)
        try:
            yield f"postgresql://{name}@/gradus?host={quote(str(folder), safe='')}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)
    finally:
        shutil.rmtree(folder)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server ends with us
    with running() as address:
        command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        return subprocess.run(command, env={**os.environ, "GRADUS_TESTS_DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
