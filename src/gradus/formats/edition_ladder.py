# SPDX-License-Identifier: Apache-2.0
"""The ladder of an edition's outcomes, what bars it, the path up it, and the scope that is granted."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from gradus.formats.edition_tables import Tables, Wanted, find_column, single_cell
from gradus.formats.edition_tree import NO_FORMULA
from gradus.formats.fields import NOTHING, Fields
from gradus.formats.formulas import Formulas
from gradus.formats.written_numbers import Limits
from gradus.grading.expressions import BOOLEAN
from gradus.grading.names import Scope
from gradus.grading.scheme import Outcome, Path, PathException, Provenance, ScopeRule, Veto

_STARS = Limits(0, 5, whole=True)

_CUT_OFFS = ("overall_at_least", "each_dimension_at_least")


def read_ladder(root: Fields, formulas: Formulas, tables: Tables) -> dict[str, object]:
    """Levels, bands, outcomes, vetoes, path, scope, as keyword arguments of Edition."""
    ladder = _Ladder(root, formulas, tables)
    levels = tuple(each.option() for each in root.section("levels", needed=True))
    bands = tuple(each.option() for each in root.section("bands"))
    outcomes = tuple(ladder.outcome(rank, each) for rank, each in enumerate(root.section("outcomes", needed=True), 1))
    ladder.check_levels(outcomes)
    if is_ordered(root):
        ladder.check_order(outcomes)
    return {
        "levels": levels,
        "bands": bands,
        "outcomes": outcomes,
        "vetoes": tuple(ladder.veto(each) for each in root.section("vetoes")),
        "path": ladder.path(),
        "scope": ladder.scope(),
    }


def stars(fields: Fields) -> int | None:
    """How many stars an outcome or a document names, 0 where it names none; None when that can not be read."""
    item = fields.get("stars")
    value = Fraction(0) if item is None else fields.read_number(item, _STARS)
    return None if value is None else int(value)


def is_ordered(root: Fields) -> bool:
    """Whether the order of outcomes can be judged: every id, level, band and star can be read."""
    complete = all(root.ids(section).complete for section in ("levels", "bands", "outcomes"))
    listed = root.section("outcomes")
    return complete and all(
        each.string("level") in root.ids("levels").places
        and stars(each) is not None
        and ("band" not in each.values or each.string("band") in root.ids("bands").places)
        for each in listed
    )


def rises(root: Fields, below: Outcome, above: Outcome) -> bool:
    """Whether the upper of two neighbours is really above the lower: by level, then stars; never by a lower band."""
    levels = list(root.ids("levels").places)
    bands = ["", *root.ids("bands").places]
    low, high = ((levels.index(each.level), each.stars) for each in (below, above))
    return low < high and bands.index(below.band) <= bands.index(above.band)


@dataclass(frozen=True, slots=True)
class _Ladder:
    root: Fields
    formulas: Formulas
    tables: Tables

    def outcome(self, rank: int, fields: Fields) -> Outcome:
        """One outcome; its cut-offs are scores from 0 to 100."""
        overall, each = (fields.number(key, Limits(0, 100), required=False) for key in _CUT_OFFS)
        for key in _CUT_OFFS:
            if key in fields.values and self.root.lacks("dimensions"):
                fields.fault("scheme.no_scores", fields.key_place(key), key=key)
        return Outcome(
            rank=rank,
            id=fields.identifier(),
            level=fields.known("level", "levels"),
            stars=stars(fields) or 0,
            band=fields.known("band", "bands", ""),
            text=fields.text(),
            overall_at_least=overall,
            each_dimension_at_least=each,
            meaning=fields.words("meaning"),
        )

    def check_levels(self, outcomes: tuple[Outcome, ...]) -> None:
        """Every level has an outcome; else it could be held and asked for, and never reached."""
        ids = self.root.ids("levels")
        if not outcomes or not all(outcome.level for outcome in outcomes) or not ids.complete:
            return
        for level, place in ids.places.items():
            if all(outcome.level != level for outcome in outcomes):
                self.root.fault("scheme.level_without_outcome", place, value=level)

    def check_order(self, outcomes: tuple[Outcome, ...]) -> None:
        """Outcomes stand lowest first, and a higher one never asks for a lower score."""
        listed = self.root.section("outcomes")
        for below, above in pairwise(outcomes):
            fields = listed[above.rank - 1]
            if not rises(self.root, below, above):
                fields.fault("scheme.outcome_order", "id", value=above.id, below=below.id)
                return
        for key in _CUT_OFFS:
            before = None
            for outcome in outcomes:
                number = getattr(outcome, key)
                if number is not None and before is not None and number.value < before[0]:
                    fields = listed[outcome.rank - 1]
                    fields.fault("scheme.cut_off_order", key, value=outcome.id, below=before[1])
                if number is not None:
                    before = (number.value, outcome.id)

    def veto(self, fields: Fields) -> Veto:
        """One veto."""
        when = self.formulas.under(fields, "when", Scope(), BOOLEAN) or NO_FORMULA
        source = fields.optional_words("source")
        return Veto(fields.identifier(), fields.text(), when, when.source, fields.words("effect"), source)

    def path(self) -> Path | None:
        """The path, when the edition has one."""
        fields = self.root.fields("path", required=False)
        if fields is None:
            return None
        level, provenance = "", Provenance.ASSUMED
        entry = fields.valued("entry")
        if entry is not None:
            level, provenance = entry.known("value", "levels"), entry.provenance()[0]
        if ("level_held" in fields.values) != ("since_held" in fields.values):
            fields.need("level_held")
            fields.need("since_held")
        return Path(
            entry=level,
            entry_provenance=provenance,
            months_before_step=fields.number("months_before_step", Limits(0, 1200, whole=True)) or NOTHING,
            level_held=single_cell(self.tables, fields, "level_held", Wanted("text", source="levels")),
            since_held=single_cell(self.tables, fields, "since_held", Wanted("date")),
            requested=single_cell(self.tables, fields, "requested", Wanted("text", source="outcomes")),
            exception=self._exception(fields),
        )

    def _exception(self, path: Fields) -> PathException | None:
        fields = path.fields("exception", required=False)
        if fields is None:
            return None
        when = self.formulas.under(fields, "when", Scope(scores=True), BOOLEAN) or NO_FORMULA
        never = fields.texts("never")
        for item in fields.items("never"):
            if isinstance(item.value, str) and item.value:
                fields.is_known(item.value, "outcomes", item.place)
        return PathException(fields.text(), when, when.source, never)

    def scope(self) -> ScopeRule | None:
        """The scope rule, when the edition has one."""
        fields = self.root.fields("scope", required=False)
        if fields is None:
            return None
        of = fields.string("of")
        table, point, column = of.partition(".")
        if of and not (point and column):
            fields.fault("scheme.not_a_column", "of", value=of)
        found = find_column(self.tables, fields, "of", table, column) if point and column else None
        if found is not None and found.type != "text":
            fields.fault("scheme.column_type", "of", value=of, type=found.type, expected="text")
        fields.need("granted_when")
        when = None
        if table in self.tables.tables:
            when = self.formulas.under(fields, "granted_when", Scope(row=table), BOOLEAN)
        when = when or NO_FORMULA
        return ScopeRule(fields.text(), table, column, when, when.source)
