# SPDX-License-Identifier: Apache-2.0
"""The demonstration: what the example data say, done through the actions that pages call, each at its own instant."""
