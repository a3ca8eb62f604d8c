# SPDX-License-Identifier: Apache-2.0
"""``gradus draw check``: a record is reproduced, and every change of it is told."""

import json

import pytest

from gradus.cli.main import main
from gradus.formats.draw_record import DrawRecord, draw_to_json
from gradus.process.draw import commitment, drawn, population_digest

SEED, TEXT, POPULATION = bytes(range(32)), "蓝天 2026", tuple(f"P{number:02d}" for number in range(12))


def record(**change):
    found = DrawRecord(
        case="2026-0001",
        visit=1,
        population=POPULATION,
        population_digest=population_digest(POPULATION),
        count=3,
        commitment=commitment(SEED),
        committed_at="2026-05-01T01:00:00+00:00",
        client_text=TEXT,
        answered_at="2026-05-01T01:05:00+00:00",
        seed=SEED.hex(),
        opened_at="2026-05-01T01:06:00+00:00",
        drawn=drawn(SEED, TEXT, POPULATION, 3),
    )
    return {**json.loads(draw_to_json(found)), **change}


def check(tmp_path, given):
    file = tmp_path / "draw.json"
    file.write_text(given if isinstance(given, str) else json.dumps(given), "utf-8")
    return main(["draw", "check", str(file), "--lang", "en"])


def test_a_draw_is_reproduced_from_its_record(tmp_path, capsys):
    assert check(tmp_path, record()) == 0
    assert "3 of 12 drawn" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"population": [*POPULATION, "P99"]}, "digest is not that of the population"),
        ({"seed": "ab" * 32}, "not the SHA-256 of the seed"),
        ({"client_text": "another"}, "give another draw"),
        ({"drawn": ["P00", "P01", "P02"]}, "give another draw"),
        ({"count": 4}, "give another draw"),
        ({"answered_at": "2026-04-30T01:00:00+00:00"}, "order is wrong"),
    ],
)
def test_what_was_altered_is_told(tmp_path, capsys, change, said):
    assert check(tmp_path, record(**change)) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    ["", "[]", "{", record(format="other"), record(seed="zz"), record(count=True), record(drawn="P1"),
     record(opened_at="yesterday"), "[" * 100_000, record(client_text="\ud800"), record(case="\udfff"),
     record(population=[*POPULATION, POPULATION[-1]]), record(population=POPULATION[::-1])],
)  # fmt: skip
def test_what_is_no_record_is_refused(tmp_path, capsys, given):
    assert check(tmp_path, given) == 2
    assert "draw.json" in capsys.readouterr().err
