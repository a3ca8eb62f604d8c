# SPDX-License-Identifier: Apache-2.0
"""The only readers and writers of files: scheme YAML, dossier CSV and XLSX, result JSON, reports."""
