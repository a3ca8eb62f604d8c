# SPDX-License-Identifier: Apache-2.0
"""What the demonstration's files say: who works for the body, which firms there are, and how far each case has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus.formats.files import read_file
from gradus.formats.yaml_tree import read_yaml
from gradus.grading.faults import Fault, Place, Refusal
from gradus.process.states import State

EXAMPLES = Path(__file__).resolve().parents[5] / "examples"

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate from before Gradus; ``entered``: the office has entered it."""

    level: str
    number: str
    months: int
    entered: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of a certificate, ``after`` so many working days: ``change`` is "issued" or one of the changes, for
    a ``reason``. A change is decided on the day after its proposal, unless it is ``left`` undecided; a replacement
    says how the firm is called from then on."""

    change: str
    after: int
    reason: str
    left: bool
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Story:
    """One firm and its case; ``again``: a further case of a firm that an earlier story is about.

    ``way`` are the states that the case has passed, the last one being where it stands (none: submitted, not applied
    with), ``pace`` for how many working days in each; ``waits`` is for how many it has stood in the last, and what
    became of its certificate (``turns``, registered at ``address``).
    """

    name: str
    name_en: str
    code: str
    manager: str
    email: str
    dossier: str
    asks: str
    way: Sequence[State]
    pace: Mapping[State, int]
    waits: int
    held: Held | None
    typed: Mapping[str, Mapping[str, str]]
    rating: int
    rejects: Mapping[str, Sequence[int]]
    findings: Sequence[str]
    opens_in: int
    partly: bool
    turns: Sequence[Turn]
    address: str
    again: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it. ``issuer`` is how the body is named on certificates; ``people`` and ``firms`` are what :mod:`.firms`
    makes; ``dossiers``, ``cells``, ``years`` and ``closed_after`` say what the dossiers of stories are made from,
    ``chosen`` which reasons of the closed lists people give and which rule a finding is about, and ``words``
    what they write."""

    password: str
    body: Mapping[str, str]
    issuer: Mapping[str, str]
    people: Sequence[Plain]
    firms: Sequence[Plain]
    stories: Sequence[Story]
    dossiers: Mapping[str, str]
    cells: Mapping[str, Mapping[str, str]]
    years: Mapping[str, Sequence[str]]
    closed_after: int
    chosen: Mapping[str, str]
    words: Mapping[str, str]


def read_plan() -> Plan:
    """Both files; they lie with the examples, and those only with the source."""
    firms, cases = _read("demonstration.yaml"), _read("demonstration-cases.yaml")
    usual = [State(each) for each in cases["usual_way"]]
    return Plan(
        password=firms["password"],
        body=firms["body"],
        issuer=firms["issuer"],
        people=firms["people"],
        firms=firms["firms"],
        stories=[_story(each, usual, cases["pace"]) for each in cases["cases"]],
        dossiers=cases["dossiers"],
        cells=cases["cells"],
        years=cases["years"],
        closed_after=int(cases["closed_after"]),
        chosen=cases["chosen"],
        words=cases["words"],
    )


def _read(name: str) -> Plain:
    file = EXAMPLES / name
    if not file.exists():
        raise Refusal([Fault("platform.no_examples", Place(str(file)))])
    faults: list[Fault] = []
    tree = read_yaml(read_file(file).decode("utf-8"), file.name, faults)
    if tree is None or faults:
        raise Refusal(faults)
    plain = tree.plain()
    assert isinstance(plain, dict)
    return plain


def _story(told: Plain, usual: Sequence[State], pace: Plain) -> Story:
    return Story(
        name=told["firm"],
        name_en=told["en"],
        code=told["code"],
        manager=told["manager"],
        email=told["email"],
        dossier=told["dossier"],
        asks=told["asks"],
        way=_way(told, usual),
        pace={State(state): int(days) for state, days in (pace | told.get("pace", {})).items()},
        waits=int(told["waits"]),
        held=_held(told["held"]) if "held" in told else None,
        typed=told.get("typed", {}),
        rating=int(told.get("rating", 4)),
        rejects={table: [int(each) for each in rows] for table, rows in told.get("rejects", {}).items()},
        findings=told.get("findings", ("minor", "observation")),
        opens_in=int(told.get("opens_in", 0)),
        partly=told.get("partly") == "yes",
        turns=[_turn(each) for each in told.get("certificate", ())],
        address=told.get("address", ""),
        again=told.get("again") == "yes",
    )


def _turn(told: Plain) -> Turn:
    names = (told.get("reason", ""), told.get("left") == "yes", told.get("name", ""), told.get("name_en", ""))
    return Turn(told["turn"], int(told["after"]), *names)


def _held(told: Plain) -> Held:
    return Held(told["level"], told["number"], int(told["months"]), told.get("entered") != "no")


def _way(told: Plain, usual: Sequence[State]) -> Sequence[State]:
    """The states by name, or (``until``) the usual way as far as one of them."""
    if "until" in told:
        return usual[: usual.index(State(told["until"])) + 1]
    return [State(each) for each in told.get("way", ())]
