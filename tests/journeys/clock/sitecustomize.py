# SPDX-License-Identifier: Apache-2.0
"""Days pass between the stages of a case, and no story can wait for them: a server that finds this folder in PYTHONPATH
has a clock that goes forward by what the file CLOCK_FORWARD says, in seconds. Python itself loads this module."""

import os
import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

_FILE = Path(os.environ["CLOCK_FORWARD"])
_time, _now = time.time, timezone.now  # noqa: TID251  the clock itself


def _forward() -> float:
    return float(_FILE.read_text("ascii"))


time.time = lambda: _time() + _forward()  # noqa: TID251
timezone.now = lambda: _now() + timedelta(seconds=_forward())
