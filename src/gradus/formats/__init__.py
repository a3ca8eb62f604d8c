# SPDX-License-Identifier: Apache-2.0
"""The only readers and writers of files."""

import os

# A workbook is the same byte for byte whether or not lxml happens to be installed (signing brings it): openpyxl would
# write with it. Said before openpyxl is first imported.
os.environ.setdefault("OPENPYXL_LXML", "False")
