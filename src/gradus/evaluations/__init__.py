# SPDX-License-Identifier: Apache-2.0
"""Stage 2: who may evaluate a client, the team, and the document review with the verified result it comes to."""
