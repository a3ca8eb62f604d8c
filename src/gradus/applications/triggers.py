# SPDX-License-Identifier: Apache-2.0
"""What the database itself refuses in a case, on SQLite and PostgreSQL, made from the tables of the pure core.

A rule is a condition on the new row (``NEW``) under which an insert or an update is refused with a name. Both databases
know the same expressions, so a rule is written once; but for the day of an instant, which a rule writes as
``local_day(NEW.at)``.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from gradus.journal.migrating import Execute, Statements
from gradus.process.parts import FORBIDDEN
from gradus.process.states import TRANSITIONS, Step


@dataclass(frozen=True, slots=True)
class RowRule:
    """Refuse ``event`` ("INSERT" or "UPDATE") on ``table`` when ``condition``, an SQL expression over NEW, holds.

    A rule that always refuses may be about "DELETE"."""

    name: str
    table: str
    event: str
    condition: str


def refuse_rows(*rules: RowRule) -> Execute:
    """A migration step that makes the database refuse by these rules."""
    return Execute(_each(rules, _make), _each(rules, _drop))


def refuse_anew(*rules: RowRule) -> Execute:
    """A migration step that makes rules anew whose conditions have changed since an earlier migration."""

    def replaced(vendor: str) -> list[str]:
        return [*_each(rules, _drop)(vendor), *_each(rules, _make)(vendor)]

    return Execute(replaced, lambda _vendor: [])


_SQLITE = "CREATE TRIGGER {trigger} BEFORE {event} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{name}'); END"
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
  RETURN NEW;
END $$
"""
_POSTGRESQL_TRIGGER = """
CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()
"""


_LOCAL_DAY = {
    "sqlite": r"date(\1, '+8 hours')",
    "postgresql": r"(\1 AT TIME ZONE 'Asia/Shanghai')::date",
}
"""The day of an instant on the body's clock (the settings' TIME_ZONE, which knows no summer time); kept in UTC."""


def _make(vendor: str, rule: RowRule) -> list[str]:
    statements = [_SQLITE] if vendor == "sqlite" else [_POSTGRESQL, _POSTGRESQL_TRIGGER]
    blanks = {"trigger": f"gradus_{rule.name}", "event": rule.event, "table": rule.table}
    condition = re.sub(r"local_day\(([\w.]+)\)", _LOCAL_DAY[vendor], rule.condition)
    return [each.format(**blanks, condition=condition, name=rule.name) for each in statements]


def _drop(vendor: str, rule: RowRule) -> list[str]:
    trigger = f"gradus_{rule.name}"
    if vendor == "sqlite":
        return [f"DROP TRIGGER {trigger}"]
    return [f"DROP TRIGGER {trigger} ON {rule.table}", f"DROP FUNCTION {trigger}()"]


def _each(rules: tuple[RowRule, ...], make: Callable[[str, RowRule], list[str]]) -> Statements:
    return lambda vendor: [statement for rule in rules for statement in make(vendor, rule)]


def _quoted(word: str) -> str:
    return f"'{word}'"


def unknown_step() -> RowRule:
    """A step that the transition table does not know."""
    rows = " OR ".join(
        f"(NEW.before = {_quoted(before)} AND NEW.step = {_quoted(step)} AND NEW.after = {_quoted(after)})"
        for (before, step), after in TRANSITIONS.items()
    )
    return RowRule("step_not_in_table", "applications_casestep", "INSERT", f"NOT ({rows})")


def step_out_of_line() -> RowRule:
    """A step that does not begin where the one before ended, or lies before it in time. The first begins at new."""
    last = "SELECT 1 FROM applications_casestep AS s WHERE s.case_id = NEW.case_id AND s.number = NEW.number - 1"
    condition = (
        f"NOT ((NEW.number = 1 AND NEW.before = 'new') OR EXISTS ({last} AND s.after = NEW.before AND s.at <= NEW.at))"
    )
    return RowRule("step_out_of_line", "applications_casestep", "INSERT", condition)


def state_without_step() -> RowRule:
    """A case whose state is not where its last step led."""
    step = (
        "SELECT 1 FROM applications_casestep AS s WHERE s.case_id = NEW.id AND s.number = NEW.steps "
        "AND s.after = NEW.state AND NOT EXISTS (SELECT 1 FROM applications_casestep AS t "
        "WHERE t.case_id = NEW.id AND t.number > NEW.steps)"
    )
    return RowRule("state_without_step", "applications_case", "UPDATE", f"NOT EXISTS ({step})")


def case_begins_new() -> RowRule:
    """A case that is not at its beginning."""
    return RowRule("case_begins_new", "applications_case", "INSERT", "NEW.state <> 'new' OR NEW.steps <> 0")


def case_is_fixed() -> RowRule:
    """A case bound to another client, edition or procedure, or to another outcome, than it was opened with, or called
    otherwise; or one that was asked for by exception, and is so no more."""
    bound = ("client_id", "edition", "edition_hash", "procedure_id", "requested", "number", "opened_at")
    changed = " OR ".join(f"NEW.{each} <> OLD.{each}" for each in bound)
    return RowRule(
        "case_is_fixed", "applications_case", "UPDATE", f"{changed} OR (OLD.by_exception AND NOT NEW.by_exception)"
    )


def case_is_kept() -> RowRule:
    """A case that is removed; made anew in the same transaction, it could be bound to anything."""
    return RowRule("case_is_kept", "applications_case", "DELETE", "1 = 1")


def case_of_newest_filing() -> RowRule:
    """A case that comes to rest on another submission than the one filed last: on one that nobody has evaluated."""
    newest = (
        "SELECT 1 FROM applications_filing AS f WHERE f.case_id = NEW.id AND f.submission_id = NEW.submission_id "
        "AND NOT EXISTS (SELECT 1 FROM applications_filing AS later "
        "WHERE later.case_id = f.case_id AND later.number > f.number)"
    )
    changed = "NEW.submission_id <> OLD.submission_id"
    return RowRule("case_of_newest_filing", "applications_case", "UPDATE", f"{changed} AND NOT EXISTS ({newest})")


def forbidden_parts(name: str = "forbidden_parts", table: str = "applications_involvement") -> RowRule:
    """A part that may not be played beside one that the same person plays in the case already.

    This rule and the next two also hold for other tables with ``case_id``, ``account_id``, ``part`` and ``since``."""
    pairs = " OR ".join(
        f"(p.part = {_quoted(one)} AND NEW.part = {_quoted(other)})"
        for pair in sorted(FORBIDDEN, key=sorted)
        for one, other in (tuple(sorted(pair)), tuple(sorted(pair, reverse=True)))
    )
    played = (
        "SELECT 1 FROM applications_involvement AS p WHERE p.case_id = NEW.case_id "
        f"AND p.account_id = NEW.account_id AND ({pairs})"
    )
    return RowRule(name, table, "INSERT", f"EXISTS ({played})")


def part_of_tied(name: str = "part_of_tied", table: str = "applications_involvement") -> RowRule:
    """A part played by somebody whom a tie to the client bars on that day."""
    tie = (
        "SELECT 1 FROM applications_tie AS t JOIN applications_case AS c ON c.client_id = t.client_id "
        "WHERE c.id = NEW.case_id AND t.account_id = NEW.account_id "
        "AND date(t.starts_on) <= local_day(NEW.since) "
        "AND (t.bars_until IS NULL OR local_day(NEW.since) < date(t.bars_until)) "
        "AND NOT EXISTS (SELECT 1 FROM applications_tie AS later WHERE later.replaces_id = t.id)"
    )
    return RowRule(name, table, "INSERT", f"NEW.part <> 'consultant' AND EXISTS ({tie})")


def part_of_clients_own(name: str = "part_of_clients_own", table: str = "applications_involvement") -> RowRule:
    """A part of the body's played by somebody who has an appointment at the client that has not ended."""
    appointed = (
        "SELECT 1 FROM people_appointment AS a JOIN applications_case AS c ON c.client_id = a.organisation_id "
        "WHERE c.id = NEW.case_id AND a.account_id = NEW.account_id "
        "AND (a.ends_on IS NULL OR date(a.ends_on) > local_day(NEW.since))"
    )
    return RowRule(name, table, "INSERT", f"EXISTS ({appointed})")


def deed_needs_part(name: str, table: str, *parts: str) -> RowRule:
    """A rule for the tables of later stages: a row with ``case_id`` and ``account_id`` is refused unless the account
    plays one of the parts in that case (``Involvement``)."""
    listed = ", ".join(_quoted(each) for each in parts)
    played = (
        "SELECT 1 FROM applications_involvement AS p WHERE p.case_id = NEW.case_id "
        f"AND p.account_id = NEW.account_id AND p.part IN ({listed})"
    )
    return RowRule(name, table, "INSERT", f"NOT EXISTS ({played})")


def deed_needs_standing_part(name: str, table: str, *parts: str) -> RowRule:
    """The same, of a part that has not ended (``Relief``)."""
    listed = ", ".join(_quoted(each) for each in parts)
    played = (
        "SELECT 1 FROM applications_involvement AS p WHERE p.case_id = NEW.case_id "
        f"AND p.account_id = NEW.account_id AND p.part IN ({listed}) "
        "AND NOT EXISTS (SELECT 1 FROM applications_relief AS r WHERE r.involvement_id = p.id)"
    )
    return RowRule(name, table, "INSERT", f"NOT EXISTS ({played})")


def not_the_clients(name: str, table: str, at: str = "at") -> RowRule:
    """A row of the client's, made at an instant, by somebody who is not appointed there."""
    seat = (
        "SELECT 1 FROM people_appointment AS a JOIN applications_case AS c ON c.client_id = a.organisation_id "
        "WHERE c.id = NEW.case_id AND a.account_id = NEW.account_id "
        f"AND (a.ends_on IS NULL OR date(a.ends_on) > local_day(NEW.{at}))"
    )
    return RowRule(f"{name}_not_clients", table, "INSERT", f"NOT EXISTS ({seat})")


def step_not_clients() -> RowRule:
    """A step of the client's that leaves no other row, taken by somebody who is not appointed there."""
    steps = ", ".join(_quoted(each) for each in (Step.WITHDRAW, Step.ANSWER_REVIEW_SUPPLEMENT))
    others = not_the_clients("step", "applications_casestep")
    taken = f"NEW.step IN ({steps}) AND NEW.account_id IS NOT NULL"
    return RowRule(others.name, others.table, others.event, f"{taken} AND {others.condition}")


def deed_needs_state(name: str, table: str, *states: str) -> RowRule:
    """A rule for the tables of later stages: a row with ``case_id`` is refused unless the case stands in a state."""
    listed = ", ".join(_quoted(each) for each in states)
    standing = f"SELECT 1 FROM applications_case AS c WHERE c.id = NEW.case_id AND c.state IN ({listed})"
    return RowRule(name, table, "INSERT", f"NOT EXISTS ({standing})")


def step_needs(
    name: str, table: str, *steps: str, further: str = "", at: str = "at", before: Collection[str] = ()
) -> RowRule:
    """A rule for the tables of later stages: a step is refused without a row of its case (``r``) that was made since
    the step before, at the instant ``at``; ``further`` says more of the row. Only out of the states ``before``, if
    there are any."""
    listed = ", ".join(_quoted(each) for each in steps)
    row = (
        f"SELECT 1 FROM {table} AS r JOIN applications_casestep AS last ON last.case_id = r.case_id "
        f"WHERE r.case_id = NEW.case_id AND last.number = NEW.number - 1 AND r.{at} >= last.at AND r.{at} <= NEW.at"
    )
    condition = f"NEW.step IN ({listed}) AND NOT EXISTS ({row}{further and ' AND ' + further})"
    if before:
        condition += f" AND NEW.before IN ({', '.join(_quoted(each) for each in before)})"
    return RowRule(name, "applications_casestep", "INSERT", condition)


def quoted_without_quotation() -> RowRule:
    """A quotation sent that nobody wrote: the client could agree to none."""
    return step_needs("quoted_without_quotation", "applications_quotation", Step.QUOTE)


def item_without_asking() -> RowRule:
    """A supplement item that hangs on no step by which its case asks for supplements."""
    asking = (
        "SELECT 1 FROM applications_casestep AS s WHERE s.id = NEW.step_id AND s.case_id = NEW.case_id "
        "AND s.step IN ('ask_supplement', 'ask_review_supplement')"
    )
    return RowRule("item_without_asking", "applications_supplementitem", "INSERT", f"NOT EXISTS ({asking})")


def answer_elsewhere() -> RowRule:
    """An answer to an item of another case, or with a submission filed there."""
    item = "SELECT 1 FROM applications_supplementitem AS i WHERE i.id = NEW.asked_id AND i.case_id = NEW.case_id"
    filing = "SELECT 1 FROM applications_filing AS f WHERE f.id = NEW.filing_id AND f.case_id = NEW.case_id"
    condition = f"NOT EXISTS ({item}) OR NOT EXISTS ({filing})"
    return RowRule("answer_elsewhere", "applications_supplementanswer", "INSERT", condition)


def resumed_unanswered() -> RowRule:
    """The clock resumed while an item is not answered."""
    open_item = (
        "SELECT 1 FROM applications_supplementitem AS i WHERE i.case_id = NEW.case_id "
        "AND NOT EXISTS (SELECT 1 FROM applications_supplementanswer AS a WHERE a.asked_id = i.id)"
    )
    condition = f"NEW.step IN ('answer_supplement', 'answer_review_supplement') AND EXISTS ({open_item})"
    return RowRule("resumed_unanswered", "applications_casestep", "INSERT", condition)


def agreed_to_another() -> RowRule:
    """An agreement to a quotation that is not the last of its case."""
    last = (
        "SELECT 1 FROM applications_quotation AS q WHERE q.id = NEW.quotation_id AND q.case_id = NEW.case_id "
        "AND NOT EXISTS (SELECT 1 FROM applications_quotation AS later "
        "WHERE later.case_id = q.case_id AND later.number > q.number)"
    )
    return RowRule("agreed_to_another", "applications_agreement", "INSERT", f"NOT EXISTS ({last})")


def concluded_without_review() -> RowRule:
    """An application accepted or refused without a review of its newest submission that came to this."""
    newest = (
        "NOT EXISTS (SELECT 1 FROM applications_filing AS later "
        "WHERE later.case_id = f.case_id AND later.number > f.number)"
    )
    review = (
        "SELECT 1 FROM applications_applicationreview AS r JOIN applications_filing AS f ON f.id = r.filing_id "
        f"WHERE r.case_id = NEW.case_id AND r.verdict = NEW.step AND r.at <= NEW.at AND {newest}"
    )
    condition = f"NEW.step IN ('accept_application', 'refuse_application') AND NOT EXISTS ({review})"
    return RowRule("concluded_without_review", "applications_casestep", "INSERT", condition)


def agreed_without_record() -> RowRule:
    """An agreement that nobody recorded: without it no evaluation begins (ISO/IEC 17065, 4.1.2)."""
    agreement = "SELECT 1 FROM applications_agreement AS a WHERE a.case_id = NEW.case_id AND a.at <= NEW.at"
    condition = f"NEW.step = 'record_agreement' AND NOT EXISTS ({agreement})"
    return RowRule("agreed_without_record", "applications_casestep", "INSERT", condition)
