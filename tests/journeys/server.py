# SPDX-License-Identifier: Apache-2.0
"""The real server as its own process, on a data folder of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


def surroundings(**more: str) -> dict[str, str]:
    """What a command of the platform sees: nothing of the tests' own settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GRADUS_", "DJANGO_"))}
    return {**inherited, "GRADUS_NO_RATE_LIMITS": "1", **more}


def gradus(*words: object, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command of the platform to its end."""
    command = [sys.executable, "-m", "gradus", *map(str, words)]
    options = {"env": surroundings(), "capture_output": True, "text": True, "timeout": 300, **settings}
    return subprocess.run(command, check=False, **options)


def started(module: str, *words: object, **settings: str) -> subprocess.Popen:
    """Begin a command, ``gradus`` or a module of the tests, and do not wait for it."""
    command = [sys.executable, "-m", module, *map(str, words)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=surroundings(**settings), cwd=Path(__file__).parents[2], **quiet)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(url: str, process: subprocess.Popen, seconds: float = 60) -> None:
    """Return when the server answers; fail when it ends or does not answer in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:  # noqa: S310  it is ours
                assert json.load(answer) == {"status": "ok"}
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url} within {seconds} s")


@dataclass
class Server:
    """A running platform. ``accounts`` is who can sign in, by e-mail address, when it is a demonstration; ``settings``
    are its environment variables."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None
    told_code: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it says, letters included."""
        return self.data.parent / f"{self.data.name}.log"

    @property
    def accounts(self) -> dict[str, dict[str, str]]:
        told = json.loads((self.data / "demonstration.json").read_text("utf-8"))
        return {each["email"]: each for each in told}

    def start(self, command: str = "demo") -> "Server":
        words = [sys.executable, "-m", "gradus", command, "--port", str(self.port), "--data", str(self.data)]
        with self.log.open("a", encoding="utf-8") as log:
            # A session of its own, so that kill() reaches the worker too.
            self.process = subprocess.Popen(
                words, env=surroundings(**self.settings), stdout=log, stderr=log, start_new_session=True
            )
        wait_until_ready(self.url, self.process)
        return self

    def stop(self) -> int:
        """Ask it to stop, as Ctrl-C does; returns its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    def kill(self) -> None:
        """As when the power fails: every process at once, none is asked."""
        assert self.process is not None
        os.killpg(self.process.pid, 9)
        self.process.wait(30)

    def code(self, who: str) -> str:
        """What the authenticator of somebody in the demonstration shows now, and for some seconds more. The command
        tells it, the first time; it takes a second, and the number is reckoned from then on, unless the server's clock
        is set forward."""
        clock = time.time()  # noqa: TID251  the clock of authenticators
        if (left := 30 - clock % 30) < 5:
            time.sleep(left)
            clock += left
        if not self.told_code or "CLOCK_FORWARD" in self.settings:
            self.told_code = True
            known = surroundings(**self.settings)
            return gradus("demo", "code", who, "--data", self.data, env=known).stdout.strip()
        return format_hotp_value(hotp_value(self.accounts[who]["secret"], int(clock) // 30))


@contextmanager
def running(data: Path, settings: dict[str, str] | None = None, command: str = "demo") -> Iterator[Server]:
    """A server that is started, and in the end stops as asked and has told of no error."""
    server = Server(data, settings or {}).start(command)
    yield server
    assert server.stop() == 0
    said = server.log.read_text("utf-8")
    assert "Traceback" not in said, said
