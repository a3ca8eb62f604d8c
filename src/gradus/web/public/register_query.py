# SPDX-License-Identifier: Apache-2.0
"""A search as it stands in an address: read, said in words, and written again with one thing changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.http import QueryDict

from gradus.grading.faults import Fault, Place, Refusal
from gradus.register.regions import REGIONS
from gradus.register.search import STANDINGS, Search, choices, granted_stars, keys_of
from gradus.register.standings import instant_on
from gradus.trust.instants import CHINA, day_of, read_day
from gradus.web.ui.templates import language, t

KINDS = ("level", "stars", "field", "region", "standing")
STARS = (5, 4, 3, 2, 1)
MOST_VALUES = 40
"""Of one kind, that are read of an address; there are 34 regions."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """``day`` is None for today; ``faults`` says what could not be read."""

    search: Search
    text: str
    day: date | None
    page: int
    wanted: Mapping[str, list[str]]
    faults: list[Fault] = field(default_factory=list)

    def address(self, **changes: str) -> str:
        """The query of an address with something changed; what becomes "" is left out, and so is the page."""
        values: dict[str, list[str]] = {
            "q": [self.text],
            **self.wanted,
            "on": [self.day.isoformat() if self.day else ""],
        }
        values |= {name: [value] for name, value in changes.items()}
        written = QueryDict(mutable=True)
        for name, given in values.items():
            written.setlist(name, [each for each in given if each])
        return written.urlencode()


def read_asked(given: QueryDict, now: datetime) -> Asked:
    """What an address asks for."""
    faults: list[Fault] = []
    day = _day(given.get("on", ""), faults)
    at = instant_on(day, now) if day else now
    wanted = {kind: [each for each in given.getlist(kind)[:MOST_VALUES] if each] for kind in KINDS}
    standing = next((each for each in STANDINGS if each.value in wanted["standing"]), None)
    if wanted["standing"] and standing is None:
        faults.append(Fault("public_register.no_standing", Place(field="standing")))
    text = given.get("q", "")[:200]
    search = Search(
        at=at,
        text=text,
        fields=tuple(wanted["field"]),
        levels=keys_of("level", wanted["level"]),
        stars=tuple(
            int(each) if each.isascii() and each.isdigit() and len(each) == 1 else 9 for each in wanted["stars"]
        ),
        regions=tuple(wanted["region"]),
        standing=standing,
    )
    page = given.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 10 else 1
    return Asked(search, text, day, max(1, number), wanted, faults)


def read_instant_asked(given: QueryDict, now: datetime) -> tuple[datetime, date | None]:
    """The instant that a holder's page is asked about: now, a day's, or a minute of it. Raises Refusal."""
    faults: list[Fault] = []
    day = _day(given.get("on", ""), faults)
    clock = given.get("time", "")
    if clock and not _TIME.fullmatch(clock):
        faults.append(Fault("public_register.time", Place(field="time"), {"value": clock}))
    if faults:
        raise Refusal(faults)
    if clock:
        return datetime.combine(day or day_of(now), time.fromisoformat(clock), CHINA), day or day_of(now)
    return (instant_on(day, now) if day else now), day


def options(asked: Asked) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen of each kind, in words: levels and stars that some certificate has, and stars that are chosen
    already."""
    said = language()
    stars = {*granted_stars(), *asked.search.stars}
    return {
        "level": [(each.key, each.en if said == "en" else each.zh) for each in choices("level")],
        "stars": [(str(each), t("public_register.stars", n=each)) for each in STARS if each in stars],
        "field": [(each.key, each.en if said == "en" else each.zh) for each in choices("field")],
        "region": [(each, t(f"region.{each}")) for each in REGIONS],
        "standing": [(each.value, t(f"standing.{each}")) for each in STANDINGS],
    }


def told(asked: Asked, offered: Mapping[str, list[tuple[str, str]]]) -> list[dict[str, str]]:
    """Every condition in words, each with the address of the search without it."""
    conditions = []
    if asked.text.strip():
        conditions.append(
            {"words": t("public_register.told_text", text=asked.text.strip()), "without": asked.address(q="")}
        )
    for kind in KINDS:
        names = [dict(offered[kind]).get(each, each) for each in asked.wanted[kind]]
        if names:
            words = t(f"public_register.told_{kind}", what=t("public_register.or").join(names))
            conditions.append({"words": words, "without": asked.address(**{kind: ""})})
    if asked.day:
        words = t("public_register.told_on", day=asked.day)
        conditions.append({"words": words, "without": asked.address(on="")})
    return conditions


def _day(written: str, faults: list[Fault]) -> date | None:
    if not written.strip():
        return None
    try:
        return read_day(written.strip())
    except ValueError:
        faults.append(Fault("public_register.day", Place(field="on"), {"value": written}))
        return None
