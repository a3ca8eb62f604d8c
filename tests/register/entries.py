# SPDX-License-Identifier: Apache-2.0
"""Certificates for the register: statements of the body that exists only in tests."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from gradus.grading.texts import Text
from gradus.register.enter import enter_certificate, note_change
from gradus.trust.certificate_number import certificate_number
from gradus.trust.instants import day_of
from gradus.trust.issue import last_valid_on
from gradus.trust.statement import Change, Holder, Name, Worded
from tests.trust import world
from tests.trust.world import ISSUED

FIELDS = {
    "cloud": Worded("cloud", Text("云服务", "Cloud services")),
    "development": Worded("development", Text("软件开发", "Software development")),
    "operation": Worded("operation", Text("运行维护", "Operation and maintenance")),
}
CODES = ("91110108MA00TERT2P", "91440305MA5DEM004T", "91310115MA1K00007Q", "91330106MA2AAAA132")
LATER = ISSUED + timedelta(days=400)


def certificate(  # noqa: PLR0917
    serial=1, zh="天工示例信息技术有限公司", en="", uscc=CODES[0], address="", fields=("development",), issued=ISSUED,
    level="two", stars=4, **more,
):  # fmt: skip
    """A certificate's statement."""
    day = day_of(issued)
    plain = world.statement()
    words = {"one": ("一级", "Level one"), "two": ("二级", "Level two"), "four": ("四级", "Level four")}[level]
    text = Text(words[0] + "★" * stars, f"{words[1]}{', ' * bool(stars)}{stars or ''}")
    values = {
        "number": certificate_number("XA", day.year, serial),
        "holder": Holder(Name(zh, en), uscc, Name(address or "示例路2号", ""), ()),
        "scope": tuple(FIELDS[each] for each in fields),
        "outcome": replace(plain.outcome, level=level, stars=stars, id=f"{level}-{stars}", text=text),
        "decision": replace(plain.decision, decided_at=issued),
        "first_issued_on": day,
        "issued_at": issued,
        "valid_from": day,
        "last_valid_on": last_valid_on(day, 36),
    }
    return replace(plain, **values | more)


def change(statement, kind, at, recorded=None, **more):
    return world.change(kind, at, recorded, number=statement.number, **more)


def entered(*statements, at=datetime(2035, 1, 1, tzinfo=ISSUED.tzinfo)):
    """Enter certificates and note changes; returns the last."""
    for each in statements:
        (note_change if hasattr(each, "change") else enter_certificate)(each, at)
    return statements[-1]


__all__ = ["CODES", "FIELDS", "ISSUED", "LATER", "Change", "certificate", "change", "date", "entered"]
