# SPDX-License-Identifier: Apache-2.0
"""The applicant's pages: a firm's dossiers, their tables, evidence, grade and submissions."""

from django.urls import path

from gradus.web.applicant import firm, grade, grid, intake, journal, ratings, row_form, submission

urlpatterns = [
    path("", firm.firms, name="applicant_firms"),
    path("<uuid:client>/", firm.firm_home, name="applicant_home"),
    path("<uuid:client>/dossiers/new/", intake.new_dossier, name="new_dossier"),
    path("<uuid:client>/<uuid:dossier>/", firm.dossier_home, name="dossier_home"),
    path("<uuid:client>/<uuid:dossier>/tables/<slug:table>/", grid.table_page, name="table_page"),
    path("<uuid:client>/<uuid:dossier>/tables/<slug:table>/save/", grid.save_rows, name="save_rows"),
    path("<uuid:client>/<uuid:dossier>/tables/<slug:table>/undo/", grid.undo_rows, name="undo_rows"),
    path("<uuid:client>/<uuid:dossier>/tables/<slug:table>/changes/", grid.changes_since, name="table_changes"),
    path("<uuid:client>/<uuid:dossier>/tables/<slug:table>/rows/<int:row>/", row_form.row_form, name="row_form"),
    path("<uuid:client>/<uuid:dossier>/tables/<slug:table>/confirm/", intake.confirm_table, name="confirm_table"),
    path("<uuid:client>/<uuid:dossier>/workbook/", intake.workbook_page, name="workbook"),
    path("<uuid:client>/<uuid:dossier>/workbook.xlsx", intake.workbook_file, name="workbook_file"),
    path("<uuid:client>/<uuid:dossier>/workbook/<uuid:intake>/", intake.intake_page, name="intake"),
    path("<uuid:client>/<uuid:dossier>/grade/", grade.grade_page, name="grade"),
    path("<uuid:client>/<uuid:dossier>/report/", grade.report_page, name="report_page"),
    path("<uuid:client>/<uuid:dossier>/report.pdf", grade.report_pdf, name="report_pdf"),
    path("<uuid:client>/<uuid:dossier>/materials/", grade.materials_page, name="materials"),
    path("<uuid:client>/<uuid:dossier>/aim/", grade.aim, name="aim"),
    path("<uuid:client>/<uuid:dossier>/ratings/", ratings.ratings_page, name="self_ratings"),
    path("<uuid:client>/<uuid:dossier>/submit/", submission.submit_page, name="submit"),
    path("<uuid:client>/<uuid:dossier>/submit/declaration/", submission.declare_page, name="declare"),
    path("<uuid:client>/<uuid:dossier>/submissions/", submission.submissions_page, name="submissions"),
    path(
        "<uuid:client>/<uuid:dossier>/submissions/difference/",
        submission.submission_difference,
        name="submission_difference",
    ),
    path("<uuid:client>/<uuid:dossier>/submissions/<int:number>/", submission.submission_page, name="submission"),
    path(
        "<uuid:client>/<uuid:dossier>/submissions/<int:number>/<str:kind>",
        submission.submission_download,
        name="submission_file",
    ),
    path("<uuid:client>/<uuid:dossier>/journal/", journal.dossier_journal, name="dossier_journal"),
    path("<uuid:client>/journal/", journal.firm_journal, name="firm_journal"),
]
