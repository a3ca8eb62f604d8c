# SPDX-License-Identifier: Apache-2.0
"""Example dossiers, and the script that makes them (make.py)."""

import gradus.formats  # noqa: F401  before openpyxl: it says how workbooks are written
