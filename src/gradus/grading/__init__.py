# SPDX-License-Identifier: Apache-2.0
"""The pure core: scheme, formula language, dossier, grade, explanation, plan. No I/O, no clock, no randomness."""
