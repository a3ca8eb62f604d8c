# SPDX-License-Identifier: Apache-2.0
"""How gunicorn serves the platform: one process, so that what it keeps in memory is kept once, and a few threads."""

import os
import signal
import sys
from typing import Any

from gradus.conf import environment
from gradus.formats.wording import words

workers = 1
worker_class = "gthread"
threads = int(environment.text("GRADUS_THREADS", "4"))
timeout = 120
graceful_timeout = 20
loglevel = "warning"
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Say where the platform is; stop gracefully on Ctrl-C as on SIGTERM: what was begun is finished first."""
    host, port = server.LISTENERS[0].sock.getsockname()[:2]
    said = (words("platform.ready", language, address=f"http://{host}:{port}/") for language in ("zh", "en"))
    sys.stdout.write("\n" + "\n".join(said) + "\n")
    sys.stdout.flush()
    signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def post_worker_init(worker: Any) -> None:
    """Ctrl-C reaches every process of the terminal; the worker waits for the server's word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
