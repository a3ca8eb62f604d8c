# SPDX-License-Identifier: Apache-2.0
"""``gradus register rebuild``."""

from argparse import Namespace

from gradus.certificates.registering import rebuild_register
from gradus.cli.platform.prepare import require_tables
from gradus.cli.streams import tell
from gradus.formats.wording import words


def run(options: Namespace) -> int:
    """Make the public register anew."""
    require_tables()
    certificates, changes = rebuild_register()
    blanks = {"certificates": str(certificates), "changes": str(changes)}
    tell(words("certificates.register_rebuilt", options.lang, **blanks))
    return 0
