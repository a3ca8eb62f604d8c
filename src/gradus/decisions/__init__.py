# SPDX-License-Identifier: Apache-2.0
"""Stage 4: technical review, expert panel, public notice, decision and its two signatures."""
