# SPDX-License-Identifier: Apache-2.0
"""The one way in which recorded things are written as bytes, so that their digest can be computed again."""

import hashlib
import json


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces and no escapes: one text for one value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(value: object) -> str:
    """SHA-256, in hexadecimal, of the canonical text in UTF-8."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()
