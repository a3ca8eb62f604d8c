# SPDX-License-Identifier: Apache-2.0
"""Stage 1: applications, their acceptance, and the case that the later stages work on."""
