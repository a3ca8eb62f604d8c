# SPDX-License-Identifier: Apache-2.0
"""The editions that dossiers are built under, kept for as long as anything rests on them."""
