# SPDX-License-Identifier: Apache-2.0
"""Accounts, organisations, appointments, and what each appointment permits."""
