# SPDX-License-Identifier: Apache-2.0
"""What the database refuses in stage 3 beyond parts and states (:mod:`gradus.applications.triggers`)."""

from gradus.applications.triggers import RowRule, deed_needs_standing_part
from gradus.process.parts import EVALUATORS, Part

_PARTS = ", ".join(f"'{part.value}'" for part in sorted(EVALUATORS))


def of_the_present_team() -> tuple[RowRule, ...]:
    """The rules about who leads and who evaluates, and has not been replaced."""
    leader, team = [Part.LEAD_ASSESSOR.value], sorted(part.value for part in EVALUATORS)
    return (
        *(
            deed_needs_standing_part(f"{each}_by_leader", f"visits_{each}", *leader)
            for each in ("visit", "draw", "drawopening", "evaluationreport")
        ),
        *(
            deed_needs_standing_part(f"{each}_by_team", f"visits_{each}", *team)
            for each in ("signing", "visitrecord", "finding", "verification")
        ),
    )


def other_case(table: str, column: str, parent: str, key: str = "id") -> RowRule:
    """A row that names another case than what it belongs to."""
    own = f"SELECT 1 FROM visits_{parent} AS o WHERE o.{key} = NEW.{column} AND o.case_id = NEW.case_id"
    return RowRule(f"{table}_other_case", f"visits_{table}", "INSERT", f"NOT EXISTS ({own})")


def attendant_of_no_part() -> RowRule:
    """Somebody attends a visit who does not evaluate in its case."""
    played = (
        "SELECT 1 FROM applications_involvement AS p JOIN visits_visit AS v ON v.case_id = p.case_id "
        f"WHERE v.id = NEW.visit_id AND p.account_id = NEW.account_id AND p.part IN ({_PARTS})"
    )
    return RowRule("attendant_of_no_part", "visits_attendant", "INSERT", f"NOT EXISTS ({played})")


def signing_of_no_attendant() -> RowRule:
    """A signing of somebody who is not in the visit's plan."""
    listed = "SELECT 1 FROM visits_attendant AS a WHERE a.visit_id = NEW.visit_id AND a.account_id = NEW.account_id"
    return RowRule("signing_of_no_attendant", "visits_signing", "INSERT", f"NOT EXISTS ({listed})")


def explained_by_wrong_side() -> RowRule:
    """The assessor's side is explained by who evaluates, the body's by who does not."""
    played = (
        "SELECT 1 FROM applications_involvement AS p WHERE p.case_id = NEW.case_id "
        f"AND p.account_id = NEW.account_id AND p.part IN ({_PARTS})"
    )
    condition = (
        f"(NEW.side = 'assessor' AND NOT EXISTS ({played})) OR (NEW.side <> 'assessor' AND EXISTS ({played})) "
        "OR (NEW.side <> 'assessor' AND NOT EXISTS (SELECT 1 FROM people_appointment AS a JOIN people_organisation "
        "AS o ON o.id = a.organisation_id WHERE o.kind = 'body' AND a.account_id = NEW.account_id "
        "AND (a.ends_on IS NULL OR date(a.ends_on) > local_day(NEW.at))))"
    )
    return RowRule("explained_by_wrong_side", "visits_explanation", "INSERT", condition)


def opened_without_text() -> RowRule:
    """A seed opened before the client added its text."""
    text = "SELECT 1 FROM visits_drawtext AS t WHERE t.draw_id = NEW.draw_id AND t.at <= NEW.at"
    return RowRule("opened_without_text", "visits_drawopening", "INSERT", f"NOT EXISTS ({text})")
