# SPDX-License-Identifier: Apache-2.0
"""The output, and what is said beside it, when nobody listens any more, or when what they lead to is full."""

import os
import sys
from typing import TextIO

from gradus.formats.files import problem
from gradus.grading.faults import Fault, Refusal


def open_streams() -> None:
    """Make both streams take Chinese on every terminal; where one was closed, what is said is discarded."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  open to the end
        getattr(sys, name).reconfigure(encoding="utf-8", errors="replace")


def tell(text: str, end: str = "\n") -> None:
    """Print at once. A reader who has gone (``| head``) hinders nothing else; raises Refusal when the disk is full."""
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        _discard(sys.stdout)
    except OSError as error:
        _discard(sys.stdout)
        raise Refusal([Fault("cli.not_printed", params=problem(error))]) from None


def warn(text: str) -> None:
    """Print beside the output; when even that can not be written, the exit code alone must tell."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """Lead a stream nowhere, with what it still holds, so that nothing fails again when the program ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
