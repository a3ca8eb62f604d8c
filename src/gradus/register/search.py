# SPDX-License-Identifier: Apache-2.0
"""Searching the register. The newest certificates come first: the register recommends nobody.

However much a search finds, it reads a page and counts to a bound: the index yields entries in that order, and
conditions that no term answers exactly (a part of more than two signs, an instant within a month) are looked at entry
by entry.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize

from django.db import connection
from django.db.models import Min, QuerySet

from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.identifiers import gb32100_valid
from gradus.register import index
from gradus.register.enter import first_id
from gradus.register.folding import LEAST, LEGAL_FORM, asked_grams, folded
from gradus.register.models import PER_DAY, Choice, Entry, Extent
from gradus.register.regions import REGIONS
from gradus.register.terms import GRANTED, Group, ends_until, outcome_key
from gradus.trust.certificate_number import read_number
from gradus.trust.instants import day_of
from gradus.trust.standing import Standing

MOST = 200
"""Entries that are counted and can be paged through; more are told as "more than"."""

MOST_AT_ONCE = 1000
"""The same for a program, and for a file."""

STANDINGS = (
    Standing.VALID,
    Standing.SUSPENDED,
    Standing.WITHDRAWN,
    Standing.CANCELLED,
    Standing.EXPIRED,
    Standing.SUPERSEDED,
)
"""What can be searched for."""

CHANGED = (Standing.SUSPENDED, Standing.WITHDRAWN, Standing.CANCELLED, Standing.SUPERSEDED)
"""What only a change brings about."""

LONGEST = 100
"""Signs that are read of a text."""

FEW = 4000
"""Entries that are looked at one by one rather than merging the long lists of several values."""

_COLUMNS = {"level": "e.scheme || ':' || e.level", "region": "e.region", "stars": "CAST(e.stars AS text)"}
"""What an entry itself has of what it can be chosen by."""

_KEY = re.compile(r"[a-z0-9._:-]{1,170}", re.ASCII)
_CODE = re.compile(r"[0-9A-Z]{18}", re.ASCII)
_NUMBER = re.compile(r"[A-Z]{2,8}-?\d{4}-?\d{6}-?[0-9A-Z]{0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is empty asks nothing, and of several values of a kind one is enough. ``standing`` is
    asked for the instant ``at``."""

    at: datetime
    text: str = ""
    fields: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    stars: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A part of what was found, and how much it is in all: up to MOST, or ``more``."""

    ids: tuple[int, ...]
    count: int
    more: bool


@dataclass(frozen=True, slots=True)
class Meant:
    """How a text was read: as a certificate's number, a credit code or a part of a name; all "" asks nothing."""

    number: str = ""
    uscc: str = ""
    name: str = ""


def read_text(text: str) -> Meant:
    """What a text in the search box means. Raises Refusal for one that can find nothing as it is."""
    plain = re.sub(r"[\s—–]", "-", normalize("NFKC", text[:LONGEST]).strip()).upper().strip("-")
    whole = plain.replace("-", "")
    if _NUMBER.fullmatch(plain) or _NUMBER.fullmatch(whole):
        return Meant(number=read_number(whole))
    if gb32100_valid(whole):
        return Meant(uscc=whole)
    if _CODE.fullmatch(whole) and sum(sign.isdigit() for sign in whole) >= 8:
        raise Refusal([Fault("public_register.code_check", Place(field="q"), {"value": text})])
    name = folded(text[:LONGEST])
    if 0 < len(name) < LEAST:
        raise Refusal([Fault("public_register.one_sign", Place(field="q"), {"value": text})])
    if text.strip() and not name:
        raise Refusal([Fault("public_register.no_letters", Place(field="q"), {"value": text})])
    return Meant(name=name)


def find(search: Search, offset: int = 0, limit: int = 20, most: int = MOST) -> Found:
    """The ids of what a search finds, from the one numbered ``offset`` on. Raises Refusal as ``read_text``."""
    meant = read_text(search.text)
    sql, values = _query(search, meant)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s", [*values, most + 1])
        ids = [key for (key,) in cursor.fetchall()]
    return Found(tuple(ids[offset : min(offset + limit, most)]), min(len(ids), most), len(ids) > most)


def entries(ids: Sequence[int]) -> list[Entry]:
    """Entries in the order of their ids, with what their lines need."""
    found = Entry.objects.select_related("said").prefetch_related("changes").in_bulk(ids)
    return [found[each] for each in ids]


def choices(kind: str) -> QuerySet[Choice]:
    """What can be chosen by: the highest level first, fields in the order in which they were met."""
    return Choice.objects.filter(kind=kind).order_by("-rank", "pk")


def granted_stars() -> set[int]:
    """The stars that some certificate has been granted with."""
    return {int(each.rpartition(":")[2]) for each in choices(GRANTED).values_list("key", flat=True)}


def keys_of(kind: str, given: Sequence[str]) -> tuple[str, ...]:
    """The keys that are meant by keys, or by the ids alone that a certificate's line shows; what is neither stays as it
    is, and finds nothing."""
    known = list(choices(kind).values_list("key", flat=True)) if given else []
    return tuple(
        dict.fromkeys(key for each in given for key in [one for one in known if one.endswith(f":{each}")] or [each])
    )


def no_choices(search: Search) -> Iterator[Fault]:
    """What was chosen although no certificate has it, or can have it."""
    given = {"level": search.levels, "field": search.fields, "region": search.regions}
    for kind, asked in given.items():
        known = REGIONS if kind == "region" else list(choices(kind).values_list("key", flat=True)) if asked else []
        for each in asked:
            if each not in known:
                blanks = {"value": each, "expected": ", ".join(known)}
                yield Fault("public_register.no_choice", Place(field=kind), blanks)


def _query(search: Search, meant: Meant) -> tuple[str, list[object]]:
    """SQL that yields the ids of all that is found, the newest first, and its parameters."""
    groups = list(_groups(search))
    pieces = _pieces(meant.name, alone=not groups)
    groups = [*((each,) for each in sorted(pieces)), *groups]
    key = "i.rowid" if groups else "e.id"
    conditions: list[str] = []
    values: list[object] = []
    looked_at = _looked_at(groups)
    if groups:
        conditions, values = index.condition([each for each in groups if each not in looked_at])
    for group in looked_at:
        kind = group[0].partition("=")[0]
        conditions.append(f"{_COLUMNS[kind]} IN ({', '.join(['%s'] * len(group))})")
        values += [term.partition("=")[2] for term in group]
    for condition, given in _conditions(search, meant, key, exact=pieces == {meant.name}):
        conditions.append(condition)
        values += given
    # The index alone answers where nothing else is asked. CROSS keeps SQLite from turning the join around.
    tables = "register_entry e"
    if groups:
        needs_entry = any("e." in each for each in conditions)
        tables = "register_index i" + (" CROSS JOIN register_entry e" if needs_entry else "")
        conditions += ["e.id = i.rowid"] if needs_entry else []
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {key} FROM {tables}{where} ORDER BY {key} DESC", values


def _looked_at(groups: Sequence[Group]) -> list[Group]:
    """The groups of several values that the entries are asked for instead of the index: where the terms that stand
    alone leave few of them."""
    alone = [each for each in groups if len(each) == 1]
    several = [each for each in groups if len(each) > 1 and each[0].partition("=")[0] in _COLUMNS]
    if not alone or not several:
        return []
    conditions, values = index.condition(alone)
    with connection.cursor() as cursor:
        some = f"SELECT 1 FROM register_index i WHERE {' AND '.join(conditions)} LIMIT {FEW}"
        cursor.execute(f"SELECT count(*) FROM ({some}) AS listed", values)
        return several if cursor.fetchone()[0] < FEW else []


def _pieces(name: str, *, alone: bool) -> set[str]:
    """What the index is asked of a name: not the legal form, where it is asked anything else. Walking through a list of
    nearly every entry costs more than looking at the few that are left."""
    every = asked_grams(name)
    telling = every - LEGAL_FORM
    return telling or (set(sorted(every)[:1]) if alone else set())


def _groups(search: Search) -> Iterator[Group]:
    for kind, wanted in (("field", search.fields), ("level", search.levels), ("region", search.regions)):
        if wanted:
            yield tuple(f"{kind}={each}" for each in wanted if _KEY.fullmatch(each)) or ("none=",)
    if search.levels and search.stars and not _granted(search):
        yield ("none=",)  # or all entries of the levels would be looked through in vain
    if search.stars:
        yield tuple(f"stars={each}" for each in search.stars)
    if search.standing is Standing.EXPIRED:
        # Nearly all that has expired is told from what has not by the month of its end.
        first = Entry.objects.aggregate(first=Min("last_at"))["first"] or search.at
        yield ends_until(day_of(search.at), day_of(first).year - 1)
    elif search.standing in CHANGED:
        yield (f"stood={search.standing}",)


def _granted(search: Search) -> bool:
    """Whether some certificate has one of the levels together with one of the stars."""
    wanted = [outcome_key(level, stars) for level in search.levels for stars in search.stars]
    return Choice.objects.filter(kind=GRANTED, key__in=wanted).exists()


def _conditions(search: Search, meant: Meant, key: str, *, exact: bool) -> Iterator[tuple[str, list[object]]]:
    """``exact``: the index has answered for the name."""
    if meant.number:
        yield "e.number = %s", [meant.number]
    if meant.uscc:
        yield "e.uscc = %s", [meant.uscc]
    if meant.name and not exact:
        contains = "instr(e.folded, %s) > 0" if connection.vendor == "sqlite" else "strpos(e.folded, %s) > 0"
        yield contains, [meant.name]
    if search.standing:
        yield from _issued_between(search, key)
        yield from _standing(search, search.standing)


def _issued_between(search: Search, key: str) -> Iterator[tuple[str, list[object]]]:
    """What stands so at an instant was there by then, and what has not ended is no older than the longest lasts."""
    today = day_of(search.at)
    extent = Extent.objects.first() or Extent(longest=0)
    yield f"{key} < %s", [first_id(today + timedelta(days=extent.ahead)) + PER_DAY]
    if search.standing in (Standing.VALID, Standing.SUSPENDED):
        yield f"{key} >= %s", [first_id(today - timedelta(days=extent.longest))]


def _standing(search: Search, wanted: Standing) -> Iterator[tuple[str, list[object]]]:
    """By its own two instants where nothing has changed it, else by its turns."""
    at = connection.ops.adapt_datetimefield_value(search.at)
    turn = (
        "EXISTS (SELECT 1 FROM register_turn t WHERE t.entry_id = e.id AND t.standing = %s AND t.since <= %s"
        " AND (t.until IS NULL OR t.until > %s))"
    )
    if wanted in CHANGED:
        yield f"(e.changed AND {turn})", [wanted.value, at, at]
        return
    plain = "e.first_at <= %s AND e.last_at > %s" if wanted is Standing.VALID else "e.last_at <= %s"
    values = [at, at] if wanted is Standing.VALID else [at]
    yield f"((NOT e.changed AND {plain}) OR (e.changed AND {turn}))", [*values, wanted.value, at, at]
