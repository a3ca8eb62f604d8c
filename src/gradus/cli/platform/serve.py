# SPDX-License-Identifier: Apache-2.0
"""``gradus serve``: the platform with your data."""

import os
import socket
import sys
from argparse import Namespace
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now

from gradus.certificates.recover import recover
from gradus.cli.platform.prepare import prepare
from gradus.cli.refusals import print_refusal
from gradus.cli.streams import tell
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Refusal
from gradus.people.models import Account


def run(options: Namespace) -> int:
    """Bring the data up to this version, finish what a crash left, and serve it."""
    refuse_taken(options.port)
    prepare()
    finish_begun(options.lang)
    if not Account.objects.exists():
        tell(words("platform.nobody", options.lang, data=str(settings.DATA)))
    serve(options.port, settings.DATA)
    return 0


def finish_begun(language: str) -> None:
    """Publish what a crash left. Where the keys do not open that is said, and the rest is served all the same."""
    try:
        recover(now())
    except Refusal as refusal:
        print_refusal(refusal, language)


def refuse_taken(port: int) -> None:
    """Raises Refusal when something else listens already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Refusal([Fault("platform.port_taken", params={"port": str(port)})]) from None


def serve(port: int, data: Path) -> None:
    """Become the server: gunicorn takes this process's place, and with it Ctrl-C and every other signal."""
    os.environ["GRADUS_DATA"] = str(data)
    server = ["--config", "python:gradus.conf.server", "--bind", f"127.0.0.1:{port}", "gradus.conf.wsgi:application"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *server])  # noqa: S606  no shell is wanted
