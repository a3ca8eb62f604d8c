# SPDX-License-Identifier: Apache-2.0
"""Gradus runs a graded certification scheme: a standard as data, an explained grade, a decision, a signed statement."""

__version__ = "0.1.0"
