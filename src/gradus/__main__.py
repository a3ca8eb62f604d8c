# SPDX-License-Identifier: Apache-2.0
"""``python -m gradus`` is the command line without an installed script."""

from gradus.cli.main import main

raise SystemExit(main())
