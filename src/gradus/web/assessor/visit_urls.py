# SPDX-License-Identifier: Apache-2.0
"""The pages of stage 3."""

from django.urls import path

from gradus.web.assessor import visit, visit_report, visit_write

urlpatterns = [
    path("visit-worker.js", visit_write.visit_worker, name="visit_worker"),
    path("cases/<uuid:case>/visit/", visit.visit, name="visit"),
    path("cases/<uuid:case>/visit/plan/", visit.visit_plan, name="visit_plan"),
    path("cases/<uuid:case>/visit/sign/", visit.visit_sign, name="visit_sign"),
    path("cases/<uuid:case>/visit/explain/", visit.visit_explain, name="visit_explain"),
    path("cases/<uuid:case>/visit/draw/", visit.visit_draw, name="visit_draw"),
    path("cases/<uuid:case>/visit/draw.json", visit.visit_draw_record, name="visit_draw_record"),
    path("cases/<uuid:case>/visit/records/new/", visit_write.visit_record, name="visit_record"),
    path("cases/<uuid:case>/visit/findings/new/", visit_write.visit_finding, name="visit_finding"),
    path("cases/<uuid:case>/visit/corrections/verify/", visit.visit_verify, name="visit_verify"),
    path("cases/<uuid:case>/visit/move/", visit.visit_move, name="visit_move"),
    path("cases/<uuid:case>/visit/pictures/<str:digest>/", visit.visit_picture, name="visit_picture"),
    path("cases/<uuid:case>/visit/report/", visit_report.evaluation_report, name="evaluation_report"),
    path("cases/<uuid:case>/visit/report/issue/", visit_report.issue_evaluation_report, name="issue_evaluation_report"),
    path("cases/<uuid:case>/visit/report.pdf", visit_report.evaluation_report_pdf, name="evaluation_report_pdf"),
]
