# SPDX-License-Identifier: Apache-2.0
"""Pages by audience; each folder is the first part of its addresses."""
