# SPDX-License-Identifier: Apache-2.0
"""What proves a certificate to strangers: canonical bytes, keys, statements, credentials, the log, and the check of all
of it. Pure: bytes and instants are arguments, and so is the entropy of a new key."""
