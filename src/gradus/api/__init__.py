# SPDX-License-Identifier: Apache-2.0
"""The JSON API: what other systems read, described at /api/openapi.json. A file a stage."""
