# SPDX-License-Identifier: Apache-2.0
"""The append-only record of what was done, by whom, in which appointment, and when."""
