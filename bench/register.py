# SPDX-License-Identifier: Apache-2.0
"""What searching a large register costs, in the store and as a page. Usage: python bench/register.py [COUNT] [FOLDER]

The register is made first (a million certificates take some minutes and 4 GB) and kept in FOLDER, where one is named;
one that is there is measured as it is. A busy machine falsifies the clock. Printed is the median of five runs.
"""

import os
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter, thread_time

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from gradus.grading.texts import Text  # noqa: E402
from gradus.trust.certificate_number import certificate_number  # noqa: E402
from gradus.trust.issue import last_valid_on  # noqa: E402
from gradus.trust.statement import CertificateStatement, Change, Holder, Name, StatusStatement, Worded  # noqa: E402

TODAY = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
DAYS = 3650
# fmt: off
PLACES = {
    "11": "北京", "31": "上海", "44": "深圳", "33": "杭州", "32": "南京", "51": "成都",
    "42": "武汉", "61": "西安", "37": "济南", "35": "福州", "50": "重庆", "12": "天津",
    "43": "长沙", "21": "沈阳", "34": "合肥", "45": "南宁", "53": "昆明", "54": "拉萨",
}
WEIGHTS = [18, 14, 16, 9, 8, 6, 5, 4, 5, 3, 3, 3, 3, 2, 3, 1, 1, 0.1]
BRAND = (
    "天华中科云智联数信恒瑞博创新远达盛通海星辰宏宇金鼎凌飞腾思源拓普迈锐汇众诚德安泰"
    "和美佳讯捷优卓越启明方正同兴东方长城银河万里大唐神州浪潮"
)
TRADES = (
    "科技", "信息技术", "软件", "网络科技", "数字科技", "智能科技", "系统集成", "信息科技", "云计算", "数据技术",
    "电子技术", "通信技术",
    "计算机系统", "互联网信息服务", "安全技术", "工业互联网", "人工智能", "测绘科技",
)
FORMS = ("有限公司",) * 12 + ("股份有限公司",) * 3 + ("集团有限公司", "（集团）有限公司")
LATIN = "tian hua zhong ke yun zhi lian shu xin heng rui bo chuang yuan da sheng tong hai xing chen hong yu".split()
FIELDS = [
    ("consulting", "信息技术咨询", "IT consulting"), ("development", "软件开发", "Software development"),
    ("integration", "系统集成", "System integration"), ("operation", "运行维护", "Operation and maintenance"),
    ("cloud", "云服务", "Cloud services"),
    ("data", "数据服务", "Data services"), ("security", "安全服务", "Security services"),
]
OUTCOMES = [
    ("level-4", 0, "四级", 1), ("level-3", 0, "三级", 2), ("level-2", 3, "二级三星", 3),
    ("level-2", 4, "二级四星", 4),
    ("level-2", 5, "二级五星", 5), ("level-1", 3, "一级三星", 6),
    ("level-1", 4, "一级四星", 7), ("level-1", 5, "一级五星", 8),
]
PAGES = (("", 1), ("valid", 1), ("valid", 5))
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# fmt: on


def credit_code(place: str, serial: int) -> str:
    """A credit code with the right last character (GB 32100-2015)."""
    body = f"91{place}0100{serial:09d}"
    total = sum(CODE.index(sign) * pow(3, at, 31) for at, sign in enumerate(body))
    return body + CODE[(31 - total % 31) % 31]


def certificates(count: int) -> Iterator[CertificateStatement]:
    """Certificates of ten years, in the order of their issue; the same every time."""
    from tests.trust.world import statement  # noqa: PLC0415

    chance, plain = random.Random(7), statement()  # noqa: S311
    start = TODAY - timedelta(days=DAYS)
    fields = [Worded(key, Text(zh, en)) for key, zh, en in FIELDS]
    of_year: Counter[int] = Counter()
    for serial in range(1, count + 1):
        issued = (start + timedelta(seconds=int(DAYS * 86400 * serial / (count + 1)))).replace(microsecond=0)
        day = (issued + timedelta(hours=8)).date()
        of_year[day.year] += 1
        place = chance.choices(list(PLACES), WEIGHTS)[0]
        brand = "".join(chance.choices(BRAND, k=chance.choice((2, 2, 2, 3, 4))))
        zh = PLACES[place] + brand + chance.choice(TRADES) + chance.choice(FORMS)
        en = f"{' '.join(chance.choices(LATIN, k=3)).title()} Technology Co., Ltd" if chance.random() < 0.6 else ""
        level, stars, name, rank = chance.choices(OUTCOMES, (40, 25, 10, 8, 5, 6, 4, 2))[0]
        yield replace(
            plain,
            number=certificate_number("XA", day.year, of_year[day.year]),
            holder=Holder(Name(zh, en), credit_code(place, serial), Name(f"{PLACES[place]}市{brand}路1号", ""), ()),
            scope=tuple(chance.sample(fields, chance.choice((1, 2, 2, 3)))),
            outcome=replace(plain.outcome, rank=rank, level=level, stars=stars, text=Text(name, name)),
            decision=replace(plain.decision, decided_at=issued),
            first_issued_on=day,
            issued_at=issued,
            valid_from=day,
            last_valid_on=last_valid_on(day, 36),
        )


def changes(entered: Iterator[tuple[str, datetime]]) -> Iterator[StatusStatement]:
    """Of three hundred, three were suspended (one is restored), two withdrawn, one cancelled."""
    from tests.trust.world import change  # noqa: PLC0415

    chance = random.Random(8)  # noqa: S311
    for number, issued in entered:
        lot = chance.randrange(300)
        when = issued + timedelta(days=chance.randrange(30, 900))
        if lot < 6 and when < TODAY:
            kinds = (
                [Change.SUSPENDED] * (lot < 3) + [Change.WITHDRAWN] * (lot in (3, 4)) + [Change.CANCELLED] * (lot == 5)
            )
            yield change(kinds[0], when, number=number)
            if lot == 0 and when + timedelta(days=60) < TODAY:
                yield change(Change.RESTORED, when + timedelta(days=60), number=number)


def make(count: int) -> None:
    """Fill the database."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    from gradus.register.enter import enter_many, note_change  # noqa: PLC0415
    from gradus.register.models import Entry  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    start = perf_counter()
    every = certificates(count)
    while part := list(islice(every, 20_000)):
        with transaction.atomic():
            enter_many(part)
    print(f"entered {count} certificates in {perf_counter() - start:.0f} s", flush=True)
    start = perf_counter()
    known = list(Entry.objects.order_by("pk").values_list("number", "first_at"))
    noted = 0
    with transaction.atomic():
        for each in changes(iter(known)):
            note_change(each, TODAY)
            noted += 1
    print(f"noted {noted} changes in {perf_counter() - start:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO register_index (register_index) VALUES ('optimize')")
        cursor.execute("ANALYZE")


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def measure(name: str, asked: str, works: list[Callable[[], object]], runs: int = 5) -> None:
    """Every work once a run; a first run warms up and is not counted. On the clock, and of the processor."""
    clock: list[list[float]] = []
    used: list[list[float]] = []
    for _ in range(runs + 1):
        clock.append([])
        used.append([])
        for work in works:
            start, begun = perf_counter(), thread_time()
            work()
            clock[-1].append((perf_counter() - start) * 1000)
            used[-1].append((thread_time() - begun) * 1000)
    tails, of_processor = ([percentile(each, 0.99) for each in times[1:]] for times in (clock, used))
    middle = statistics.median(statistics.median(each) for each in clock[1:])
    print(
        f"{name:40} p99 {statistics.median(tails):6.2f} ms, processor {statistics.median(of_processor):6.2f} ms, median"
        f" {middle:5.2f} ms   (of {len(works)}; {min(tails):.2f} to {max(tails):.2f}; asked {asked})",
        flush=True,
    )


def run() -> None:
    """Every measurement."""
    from django.test import Client  # noqa: PLC0415

    from gradus.register.models import Entry  # noqa: PLC0415
    from gradus.register.search import STANDINGS, Search, find  # noqa: PLC0415

    chance = random.Random(9)  # noqa: S311
    count = Entry.objects.count()
    some = list(Entry.objects.filter(pk__in=chance.sample(list(Entry.objects.values_list("pk", flat=True)), 500)))
    numbers = [each.number for each in some]
    measure("by number", "p99 at most 1 ms", [lambda each=each: find(Search(TODAY, each)) for each in numbers])
    measure("by credit code", "-", [lambda each=each: find(Search(TODAY, each.uscc)) for each in some])
    pairs = [
        each.folded[at : at + 2] for each in some if (at := chance.randrange(len(each.folded.split("\n")[0]) - 1)) >= 0
    ]
    pairs += ["科技", "公司", "有限", "北京", "信息", "拉萨"]
    measure("two signs of a name", "p99 at most 5 ms", [lambda each=each: find(Search(TODAY, each)) for each in pairs])
    longer = [
        each.folded[at : at + 4] for each in some if (at := chance.randrange(len(each.folded.split("\n")[0]) - 3)) >= 0
    ]
    measure(
        "four signs of a name", "p99 at most 20 ms", [lambda each=each: find(Search(TODAY, each)) for each in longer]
    )
    filtered = []
    for text in [*pairs, *longer]:
        level, stars = chance.choice([("level-4", ()), ("level-3", ()), ("level-2", (4,)), ("level-1", (5,)), ("", ())])
        filtered.append(
            Search(
                TODAY - timedelta(days=chance.choice((0, 0, 0, 200, 1500, 3000))),
                text,
                fields=tuple(chance.sample([each[0] for each in FIELDS], chance.choice((0, 1, 2)))),
                levels=(f"example:{level}",) if level else (),
                stars=stars,
                regions=tuple(chance.sample(list(PLACES), chance.choice((0, 1, 2)))),
                standing=chance.choice((None, *STANDINGS)),
            )
        )
    measure("part of a name with filters", "p99 at most 20 ms", [lambda each=each: find(each) for each in filtered])
    several = [
        replace(
            each,
            levels=tuple(
                f"example:{level}" for level in chance.sample(["level-4", "level-3", "level-2", "level-1"], 2)
            ),
            stars=(),
            fields=tuple(chance.sample([field[0] for field in FIELDS], 3)),
            regions=tuple(chance.sample(list(PLACES), chance.choice((2, 5, 12)))),
        )
        for each in filtered
    ]
    measure("with several values a filter", "p99 at most 20 ms", [lambda each=each: find(each) for each in several])
    measure(
        "several values and no name",
        "p99 at most 20 ms",
        [lambda each=each: find(replace(each, text="")) for each in several],
    )
    hard = [
        Search(TODAY - timedelta(days=days), text, standing=standing, regions=regions, levels=levels)
        for text in ("科技", "有限公司", "公司")
        for standing in STANDINGS
        for days in (0, 1500, 3400)
        for regions in ((), ("54",))
        for levels in ((), ("example:level-1",))
    ]
    measure(
        "the commonest parts with rare filters", "p99 at most 20 ms", [lambda each=each: find(each) for each in hard]
    )
    browser = Client(headers={"host": "localhost"})
    pages = [f"/register/?q={text}&standing={standing}&page={page}" for text in pairs[-26:] for standing, page in PAGES]
    measure("a page of results", "at most 50 ms", [lambda each=each: browser.get(each) for each in pages])
    measure("a certificate's page", "-", [lambda each=each: browser.get(f"/register/{each}/") for each in numbers[:50]])
    print(f"{count} certificates")


def main() -> None:
    """Make the register, then measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
        for name in ("uploads", "files", "static", "mail"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        os.environ.update(
            GRADUS_DATA=str(folder), DJANGO_SETTINGS_MODULE="gradus.conf.settings", GRADUS_NO_RATE_LIMITS="1"
        )
        there = (folder / "gradus.sqlite3").exists()
        import django  # noqa: PLC0415  the data folder must be known before

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("collectstatic", interactive=False, verbosity=0)
        if not there:
            make(count)
        print(f"Python {sys.version.split()[0]}, {(folder / 'gradus.sqlite3').stat().st_size // 2**20} MB", flush=True)
        run()


if __name__ == "__main__":
    main()
