# SPDX-License-Identifier: Apache-2.0
"""The certification process as pure rules: states and transitions, separation of duties, time limits, the draw.

Nothing here reads a clock, a file or a database; the stages (applications, evaluations, visits, decisions) ask it.
"""
