# SPDX-License-Identifier: Apache-2.0
"""The value of what cannot be told; never mistaken for an empty fact (None) or for zero."""

from enum import Enum


class Unknown(Enum):
    """A single value."""

    VALUE = "unknown"

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown.VALUE
