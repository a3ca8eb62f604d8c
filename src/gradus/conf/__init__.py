# SPDX-License-Identifier: Apache-2.0
"""Settings and root URLs of the platform; the only room that knows every other."""
