# SPDX-License-Identifier: Apache-2.0
"""The public register: what was certified, for whom, and how it stands. A projection made from statements alone."""
