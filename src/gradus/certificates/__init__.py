# SPDX-License-Identifier: Apache-2.0
"""Stage 5: what a granted decision becomes for strangers: keys, certificates, changes of standing, the log."""
