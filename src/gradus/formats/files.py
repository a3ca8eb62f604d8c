# SPDX-License-Identifier: Apache-2.0
"""Writing files: a whole one or none."""

from pathlib import Path

from gradus.grading.faults import Fault, Place, Refusal


def write_file(file: Path, data: bytes) -> None:
    """Write a file so that it is never seen half written. Raises Refusal when it can not be written."""
    part = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(file)
    except OSError as error:
        raise Refusal([Fault("cli.not_written", Place(str(file)), {"problem": error.strerror or str(error)})]) from None
