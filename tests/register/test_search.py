# SPDX-License-Identifier: Apache-2.0
"""Whatever is asked, the register finds what a plain look at every statement would find, and no more."""

from dataclasses import replace
from datetime import timedelta
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradus.grading.faults import Refusal
from gradus.register.enter import enter_certificate, note_change, rebuild
from gradus.register.models import Choice, Entry, Turn
from gradus.register.regions import region_of
from gradus.register.search import MOST, STANDINGS, Search, choices, entries, find, read_text
from gradus.register.standings import certificate_of, changes_of
from gradus.trust.standing import Standing, standing
from tests.register.entries import CODES, FIELDS, ISSUED, LATER, Change, certificate, change, entered

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def numbers(text="", at=LATER, **more):
    return [each.number for each in entries(find(Search(at, text, **more)).ids)]


@pytest.mark.parametrize(
    "text",
    [
        "天工",
        "工示",
        "技术有限公司",
        "天工 示例",
        "　天工示例信息技术有限公司 ",
        "Tiangong",
        "TIANGONG ex",
        "ｔｉａｎｇｏｎｇ",
        "gong Exam",
        "IT",
    ],
)
def test_any_two_neighbouring_signs_of_a_name_find_it_however_they_are_typed(text):
    found = entered(certificate(en="Tiangong Example IT Co., Ltd"))
    entered(certificate(2, "地利别样软件厂", "Another Maker", CODES[1]))
    assert numbers(text) == [found.number]


@pytest.mark.parametrize("text", ["工天", "天示", "技术公司", "Tiangng", "天工Tiangong"])
def test_what_stands_in_no_name_in_this_order_finds_nothing(text):
    entered(certificate(en="Tiangong Example IT Co., Ltd"))
    assert numbers(text) == []


def test_a_part_whose_pieces_stand_apart_is_not_found():
    entered(certificate(zh="甲乙丙，乙丙丁有限公司", en=""))
    assert (numbers("甲乙丙乙丙丁"), numbers("甲乙丙丁")) == ([certificate().number], [])


def test_brackets_do_not_count():
    entered(certificate(zh="华信（北京）软件有限公司"))
    assert numbers("华信(北京)软件") == numbers("华信北京") == [certificate().number]


def test_a_holder_of_a_name_of_two_signs_is_found():
    entered(certificate(zh="天工"))
    assert numbers("天工") == [certificate().number]


@pytest.mark.parametrize("text", ["{0}", "  {0} ", "{1}", "{2}"])
def test_a_number_is_read_as_people_type_it(text):
    number = entered(certificate()).number
    entered(certificate(2, uscc=CODES[1]))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    assert numbers(text.format(number, number.replace("-", "").lower(), wide)) == [number]


def test_a_credit_code_finds_every_certificate_of_its_holder_the_newest_first():
    first = entered(certificate(1))
    second = entered(certificate(2, issued=LATER))
    entered(certificate(3, uscc=CODES[1]))
    assert numbers(CODES[0].lower()) == [second.number, first.number]


def test_a_long_latin_name_is_no_credit_code():
    entered(certificate(en="Huawei Technologies"))
    assert numbers("HuaweiTechnologies") == [certificate().number]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("天", "public_register.one_sign"), ("a", "public_register.one_sign"), ("（）", "public_register.no_letters"),
        ("91110108MA00TERT2Q", "public_register.code_check"), ("XA-2026-000042-00", "number.check"),
        ("XA-2026-000042", "number.form"),
    ],
)  # fmt: skip
def test_what_can_find_nothing_as_it_is_written_is_refused_with_its_reason(text, code):
    with pytest.raises(Refusal) as refused:
        find(Search(LATER, text))
    assert [each.code for each in refused.value.faults] == [code]


def test_a_search_without_conditions_lists_everything_page_by_page_without_gap_or_repeat():
    wanted = [entered(certificate(serial)).number for serial in range(1, 8)]
    pages = [entries(find(Search(LATER), offset, 3).ids) for offset in (0, 3, 6, 9)]
    assert [each.number for page in pages for each in page] == wanted[::-1]
    assert find(Search(LATER), 0, 3).count == 7


def test_more_than_can_be_counted_is_told_as_more():
    rebuild((certificate(serial) for serial in range(1, MOST + 3)), [])
    found = find(Search(LATER, "天工"), MOST - 10, 20)
    assert (found.count, found.more, len(found.ids)) == (MOST, True, 10)


@pytest.mark.parametrize("kind", [Change.SUSPENDED, Change.WITHDRAWN, Change.CANCELLED, Change.SUPERSEDED])
def test_standing_is_found_at_the_second_before_at_and_after_a_change(kind):
    one = entered(certificate())
    entered(change(one, kind, LATER))
    for at in (LATER - SECOND, LATER, LATER + SECOND):
        wanted = Standing.VALID if at < LATER else Standing(kind.value)
        assert [each for each in STANDINGS if numbers("天工", at, standing=each)] == [wanted]


def test_the_last_second_of_validity_is_found_and_the_next_is_expired():
    one = entered(certificate())
    last = Entry.objects.get().last_at
    assert (
        numbers(standing=Standing.VALID, at=last - SECOND)
        == numbers(standing=Standing.EXPIRED, at=last)
        == [one.number]
    )
    assert numbers(standing=Standing.VALID, at=last) == numbers(standing=Standing.EXPIRED, at=last - SECOND) == []
    assert numbers(standing=Standing.VALID, at=ISSUED - SECOND) == []


def test_a_withdrawal_dated_back_before_a_restoration_ends_the_certificate():
    one = entered(certificate())
    restored = LATER + timedelta(days=30)
    entered(change(one, Change.SUSPENDED, LATER), change(one, Change.RESTORED, restored))
    assert numbers(standing=Standing.VALID, at=restored) == [one.number]
    entered(change(one, Change.WITHDRAWN, restored - SECOND, restored + timedelta(days=9)))
    assert numbers(standing=Standing.WITHDRAWN, at=restored) == [one.number]
    assert numbers(standing=Standing.VALID, at=restored) == []


def test_a_region_is_that_of_the_address_and_else_of_the_credit_code():
    assert region_of("广东省深圳市南山区", CODES[0]) == "44"
    assert region_of("上海市浦东新区", CODES[0]) == "31"
    assert region_of("内蒙古自治区包头市", CODES[0]) == "15"
    assert region_of("示例路2号", CODES[1]) == "44"
    assert region_of("示例路2号", "91100000MA00TERT2P") == ""


def test_what_is_entered_twice_is_there_once_and_what_differs_is_a_defect():
    one = certificate()
    entered(one, one, change(one, Change.SUSPENDED, LATER), change(one, Change.SUSPENDED, LATER))
    assert (Entry.objects.count(), len(changes_of(Entry.objects.get()))) == (1, 1)
    with pytest.raises(ValueError, match="another statement"):
        enter_certificate(replace(one, surveillance=one.scheme.text), LATER)
    with pytest.raises(ValueError, match="not issued yet"):
        enter_certificate(certificate(2), ISSUED - SECOND)
    with pytest.raises(ValueError, match="not recorded yet"):
        note_change(change(one, Change.WITHDRAWN, LATER), LATER - SECOND)
    with pytest.raises(Entry.DoesNotExist):
        note_change(change(certificate(3), Change.WITHDRAWN, LATER), LATER)


def test_the_choices_offered_are_those_that_some_certificate_has():
    entered(certificate(1, fields=("cloud",)), certificate(2, level="one", fields=("cloud", "operation")))
    assert {each.zh for each in choices("field")} == {"云服务", "运行维护"}
    assert {each.key for each in choices("level")} == {"example:one", "example:two"}


def kept():
    return (
        list(Entry.objects.order_by("pk").values()),
        list(Turn.objects.order_by("entry", "since").values("entry", "standing", "since", "until")),
        set(Choice.objects.values_list("kind", "key", "zh", "en", "rank")),
    )


def test_a_register_made_anew_from_its_statements_is_the_same():
    one, two = certificate(1), certificate(2, issued=LATER, fields=("cloud",))
    changes = [change(one, Change.SUSPENDED, LATER), change(one, Change.RESTORED, LATER + SECOND)]
    entered(one, *changes, two)
    before = kept()
    rebuild([one, two], changes)
    assert kept() == before
    assert numbers("天工", LATER, standing=Standing.SUSPENDED) == [one.number]


# The property: random registers, random questions.
NAMES = st.text("天地工云科技信AbI（ ２", min_size=1, max_size=7)
DAYS = st.integers(0, 2200).map(lambda days: ISSUED + timedelta(days=days))
CERTIFICATES = st.lists(
    st.fixed_dictionaries(
        {
            "zh": NAMES,
            "en": st.one_of(st.just(""), st.text("AbI cT", max_size=6)),
            "uscc": st.sampled_from(CODES),
            "address": st.sampled_from(["", "北京市海淀区", "上海市浦东新区"]),
            "fields": st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=2, unique=True),
            "issued": DAYS,
            "level": st.sampled_from(["one", "two", "four"]),
            "stars": st.sampled_from([0, 3, 5]),
        }
    ),
    max_size=6,
)
CHANGES = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Change), DAYS), max_size=5)
QUESTIONS = st.fixed_dictionaries(
    {
        "at": DAYS,
        "text": st.one_of(st.just(""), st.text("天地工云科技信AbI（ ２", min_size=2, max_size=4)),
        "fields": st.lists(st.sampled_from(sorted(FIELDS)), max_size=2).map(tuple),
        "levels": st.lists(st.sampled_from(["example:one", "example:two"]), max_size=2).map(tuple),
        "stars": st.lists(st.sampled_from([0, 3, 5]), max_size=2).map(tuple),
        "regions": st.lists(st.sampled_from(["11", "31", "33", "44"]), max_size=2).map(tuple),
        "standing": st.sampled_from([None, *STANDINGS]),
    }
)


def plainly(text):
    return "".join(sign for sign in normalize("NFKC", text).casefold() if sign.isalnum())


def plainly_found(certificates, changes, search):
    for each in certificates:
        asked, holder = plainly(search.text), each.holder
        region = region_of(holder.registered_address.zh, holder.uscc)
        stands = standing(each, changes, search.at, LATER + timedelta(days=9999)).standing
        if (
            (asked in plainly(holder.name.zh) or asked in plainly(holder.name.en))
            and (not search.fields or set(search.fields) & {field.id for field in each.scope})
            and (not search.levels or f"example:{each.outcome.level}" in search.levels)
            and (not search.stars or each.outcome.stars in search.stars)
            and (not search.regions or region in search.regions)
            and (search.standing is None or stands is search.standing)
        ):
            yield each.number


@settings(suppress_health_check=list(HealthCheck), max_examples=60)
@given(rows=CERTIFICATES, turned=CHANGES, questions=st.lists(QUESTIONS, min_size=1, max_size=12))
def test_a_search_finds_exactly_what_a_plain_look_at_every_statement_finds(rows, turned, questions):
    certificates = [certificate(serial, **row) for serial, row in enumerate(rows, 1)]
    changes = [
        change(certificates[at % len(certificates)], kind, when, when + SECOND) for at, kind, when in turned if rows
    ]
    rebuild(certificates, changes)
    for question in questions:
        search = Search(**question)
        try:
            read_text(search.text)
        except Refusal:
            continue
        assert sorted(numbers(search.text, **{k: v for k, v in question.items() if k != "text"})) == sorted(
            plainly_found(certificates, changes, search)
        )


def test_an_entry_gives_back_its_statement():
    one = entered(certificate(fields=("cloud", "operation")))
    assert certificate_of(Entry.objects.get().said) == one
