# SPDX-License-Identifier: Apache-2.0
"""The commands of the platform. All but ``options`` need Django to have been started with a data folder."""
