# SPDX-License-Identifier: Apache-2.0
"""Lists come in parts."""

from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field


class Page(Schema):
    """``limit`` lines from the one numbered ``offset``, counted from 0."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0

    def of(self, found: QuerySet[Any]) -> list[Any]:
        """What of the list is on this page."""
        return list(found[self.offset : self.offset + self.limit])
