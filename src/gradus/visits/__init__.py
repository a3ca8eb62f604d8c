# SPDX-License-Identifier: Apache-2.0
"""Stage 3: the visit to the client, its draw of projects, findings and their correction, and the evaluation report."""
