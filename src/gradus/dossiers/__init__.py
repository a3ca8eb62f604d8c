# SPDX-License-Identifier: Apache-2.0
"""The dossier of a client as it is built together, its evidence, and its frozen submissions."""
