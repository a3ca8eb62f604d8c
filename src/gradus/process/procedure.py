# SPDX-License-Identifier: Apache-2.0
"""The procedure of a scheme as frozen values: closed lists, fees, and which numbers of the edition limit what.

An edition says what is graded; the procedure says how a certification is carried out. Both are data,
both are named by the hash of their content, and a case is bound to one of each. See docs/formats/procedure.md.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from gradus.grading.calendar import plus_months
from gradus.grading.scheme import Edition, Named, Number, Option
from gradus.grading.texts import Text
from gradus.process.working_days import Limit

LIMITS = (
    "completeness",
    "acceptance",
    "supplement",
    "document_review",
    "document_review_supplemented",
    "sign_in",
    "minor_closure",
    "major_closure",
    "major_closure_latest",
    "decision",
    "notice",
    "issue",
    "suspension",
)
"""Time limits that the engine keeps. The procedure names for each the number of the edition that holds it."""

OPTIONAL_LIMITS = ("appeal",)
"""Time limits that letters tell where the procedure names them."""

NUMBERS = ("impartiality", "signatures", "extra_site", "share_on_site", "sign_in_far")
"""Other numbers of the edition that the engine asks for."""

SIGNATURES = 2
"""Under a decision: of whoever decides, then of the head of the body (Regulation on Certification and Accreditation,
art. 22). The steps of a case know no third, so an edition that asks for another number can not be carried out."""

REASONS = (
    "refuse_application",
    "supplement",
    "reject_row",
    "return",
    "refuse",
    "suspend",
    "restore",
    "withdraw",
    "cancel",
)
"""The closed lists of reasons, each for an act of the body."""


class Condition(StrEnum):
    """What the platform can tell of a case by itself, and a reason for refusing may say."""

    NOTHING_REACHED = "nothing_reached"  # the verified result reaches no outcome
    LESS_DECLINED = "less_declined"  # less than was applied for may be granted, and the client has declined it
    VETO = "veto"
    OPEN_MAJOR = "open_major"
    NOT_ELIGIBLE = "not_eligible"  # a veto holds, or the path does not admit what was applied for
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class Reason(Option):
    """A reason of a closed list; with ``needs`` it is given only where that is so."""

    needs: Condition | None = None


@dataclass(frozen=True, slots=True)
class Fees:
    """In whole currency units; a quotation is application + man-days x man_day + certificate."""

    currency: str
    application: Number
    man_day: Number
    certificate: Number


@dataclass(frozen=True, slots=True)
class PanelRule:
    """When experts vote: for these levels, and whenever the path's exception is used. ``least`` members without a
    conflict must be left for a vote to open; ``share`` of the votes cast must be for the proposal."""

    levels: tuple[str, ...]
    least: Number
    share: Number


@dataclass(frozen=True, slots=True)
class EventTable:
    """The dossier table of events that the body's own record joins."""

    table: str


class Holds(StrEnum):
    """What a cell of the client's papers tells of people."""

    NAME = "name"  # a person's name or, where the scheme asks for pseudonyms, what the client calls the person
    CERTIFICATE = "certificate"  # the number of a certificate that a person holds
    EMPLOYER = "employer"  # a name or number of the client itself, compared with employers that people declare


@dataclass(frozen=True, slots=True)
class PeopleCell:
    """A column of the dossier by which people of the body are found in the client's own papers."""

    table: str
    column: str
    holds: Holds


@dataclass(frozen=True, slots=True)
class Procedure:
    """One version of a scheme's procedure. ``objection``: working days in which a client may object to the team;
    ``bars``: for a reason of withdrawal the number that says for how long the client may not apply anew."""

    scheme: str
    id: str
    hash: str
    text: Text
    limits: Mapping[str, str]
    numbers: Mapping[str, str]
    man_days: Mapping[str, str]
    fees: Fees
    panel: PanelRule
    questions: tuple[Option, ...]
    duties: tuple[Option, ...]
    reasons: Mapping[str, tuple[Reason, ...]]
    stopping_checks: tuple[str, ...]
    events: EventTable
    draw_table: str
    draw_id: str
    draw_share: Number
    draw_least: Number
    people: tuple[PeopleCell, ...]
    objection: Number
    bars: Mapping[str, str]
    content: Mapping[str, object]

    @property
    def name(self) -> str:
        return f"{self.scheme}/{self.id}"

    def reason(self, act: str, id_: str) -> Reason | None:
        """A reason of a closed list by its id."""
        return next((each for each in self.reasons[act] if each.id == id_), None)

    def reasons_where(self, act: str, true: Collection[Condition]) -> list[Reason]:
        """The reasons of a closed list that say nothing untrue where these conditions hold."""
        return [each for each in self.reasons[act] if each.needs is None or each.needs in true]


@dataclass(frozen=True, slots=True)
class Rules:
    """A procedure together with the edition whose numbers it names: what one case is carried out under."""

    edition: Edition
    procedure: Procedure

    def limit(self, slot: str) -> Limit:
        """A time limit by its slot of :data:`LIMITS`."""
        named = self._named(self.procedure.limits[slot])
        return Limit(self._value(named), named.unit)

    @property
    def appeal(self) -> Limit | None:
        """The time in which the client may appeal (ISO/IEC 17065, 7.13); None where the procedure names none."""
        return self.limit("appeal") if "appeal" in self.procedure.limits else None

    @property
    def objection(self) -> Limit:
        """The time in which the client may object to the team (ISO/IEC 17021-1, 9.2.3.5)."""
        return Limit(self.procedure.objection.value, "working days")

    def may_apply_from(self, withdrawn_for: str, day: date) -> date | None:
        """The first day on which a client may apply anew whose certificate was withdrawn on a day for a reason; None
        when the procedure has no bar for it. The bars are in months."""
        bar = self.procedure.bars.get(withdrawn_for)
        return plus_months(day, int(self._value(self._named(bar)))) if bar else None

    def number(self, slot: str) -> Fraction:
        """Another number by its slot of :data:`NUMBERS`."""
        return self._value(self._named(self.procedure.numbers[slot]))

    def man_days(self, level: str, extra_sites: int = 0) -> Fraction:
        """Man-days on site for a level, with those for each site beyond the first."""
        base = self._value(self._named(self.procedure.man_days[level]))
        return base + extra_sites * self.number("extra_site")

    def quotation(self, level: str, extra_sites: int = 0) -> "Quotation":
        """What the certification costs."""
        days = self.man_days(level, extra_sites)
        fees = self.procedure.fees
        evaluation = days * fees.man_day.value
        total = fees.application.value + evaluation + fees.certificate.value
        return Quotation(days, fees.application.value, evaluation, fees.certificate.value, total, fees.currency)

    def _named(self, id_: str) -> Named:
        return self.edition.process[id_]

    @staticmethod
    def _value(named: Named) -> Fraction:
        assert isinstance(named.value, Fraction)
        return named.value


@dataclass(frozen=True, slots=True)
class Quotation:
    """Amounts in ``currency``."""

    man_days: Fraction
    application: Fraction
    evaluation: Fraction
    certificate: Fraction
    total: Fraction
    currency: str
