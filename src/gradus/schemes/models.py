# SPDX-License-Identifier: Apache-2.0
"""Editions in use, whole. The files of a scheme may move on; what was graded under an edition can be graded again."""

from django.db import models


class KeptEdition(models.Model):
    """The content of an edition as canonical JSON, under the hash that names it. Append-only in the database."""

    hash = models.CharField(max_length=80, primary_key=True)
    name = models.CharField(max_length=80)
    content = models.TextField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.hash}"
