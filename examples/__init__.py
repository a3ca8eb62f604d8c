# SPDX-License-Identifier: Apache-2.0
"""Example dossiers, and the script that makes them (make.py)."""
