# SPDX-License-Identifier: Apache-2.0
"""Pages of assessors: the workbook of a case under review."""
