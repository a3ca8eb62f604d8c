# SPDX-License-Identifier: Apache-2.0
"""What the tests of stage 1 share: answers of a reviewer, dossiers changed and submitted anew, a complete one."""

from datetime import date, timedelta

from gradus.applications.apply import apply
from gradus.applications.cases import rules_of
from gradus.applications.register import Certificate, Proof
from gradus.applications.review import Answer
from gradus.applications.supplements import Wanted
from gradus.dossiers.evidence import keep_file
from gradus.dossiers.frozen import grade_submission
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Evidence, Row
from gradus.dossiers.rows import CellChange, RowChange, change_rows
from gradus.dossiers.submit import Signature, declarations, submit_dossier
from tests.dossiers import papers

LICENCE = Wanted("missing", "business_licence", "", None, "请补交营业执照副本")
RECORDS = Wanted("not-supporting", "", "projects", 1, "第一个项目的测试报告看不清")


def all_yes(case):
    return {each.id: Answer(met=True, note="") for each in rules_of(case).procedure.questions}


def typed(dossier, table, cells, actor, at, *, new=False):
    """Type cells into the first row of a table, or into a new one."""
    found = Row.objects.filter(dossier=dossier, table=table, removed_at=None).order_by("position", "id").first()
    seen = {} if new else found.cells
    changes = {name: CellChange(seen.get(name, ""), text) for name, text in cells.items()}
    change_rows(dossier, table, [RowChange(0 if new else found.pk, changes)], [], actor, at)
    dossier.refresh_from_db()
    return dossier


def submit_again(dossier, actor, at, **cells):
    """Submit a dossier once more, with cells of the enterprise changed so that there is something new."""
    typed(dossier, "enterprise", cells or {"legal_name_en": f"Again {at.isoformat()}"}, actor, at)
    return submit_dossier(dossier, Signature(declarations(dossier)["zh"], "王法定", "法定代表人"), actor, at)


def completed(submission, actor, requested="level-4"):
    """A newer submission of the same dossier with every document that is owed for an outcome."""
    dossier, at = submission.dossier, submission.submitted_at + timedelta(minutes=1)
    listed, file = edition_of(dossier).document_table, Evidence.objects.filter(client=dossier.client).first().name
    for line in grade_submission(submission).documents:
        if requested in line.owed_by and not line.present:
            cells = {listed.kind: line.kind, listed.subject: line.subject, listed.file: file}
            cells["title"] = line.kind
            cells[listed.issue_day] = (at - timedelta(days=30)).date().isoformat()
            typed(dossier, listed.table, {name: text for name, text in cells.items() if text}, actor, at, new=True)
    return submit_dossier(dossier, Signature(declarations(dossier)["zh"], "王法定", "法定代表人"), actor, at)


def applied(submission, world):
    """A case of a complete dossier."""
    found = completed(submission, world.actor("manager"))
    return apply(found, world.actor("manager"), found.submitted_at)


def later(case, minutes=1):
    case.refresh_from_db()
    return case.changed_at + timedelta(minutes=minutes)


def certificate(at, level="level-3", number="CERT-1", since=date(2025, 1, 1), until=date(2028, 12, 31), **more):
    proof = Proof(keep_file("certificate.pdf", [papers.pdf()], at), "certificate.pdf")
    said = {"level": level, "number": number, "since": since, "valid_until": until, "source": "原证书", "proof": proof}
    return Certificate(**{**said, **more})
