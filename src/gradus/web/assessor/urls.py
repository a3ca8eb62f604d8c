# SPDX-License-Identifier: Apache-2.0
"""The assessor's pages; each concerns a case."""

from django.urls import path

from gradus.web.assessor import evidence, workbook

urlpatterns = [
    path("cases/<uuid:case>/", workbook.assessor_workbook, name="assessor_workbook"),
    path("cases/<uuid:case>/start/", workbook.start_review, name="start_review"),
    path("cases/<uuid:case>/finish/", workbook.finish_review, name="finish_review"),
    path("cases/<uuid:case>/supplement/", workbook.ask_supplement, name="ask_review_supplement"),
    path("cases/<uuid:case>/items/<str:item>/", workbook.assessor_item, name="assessor_item"),
    path("cases/<uuid:case>/tables/<slug:table>/", workbook.assessor_table, name="assessor_table"),
    path("cases/<uuid:case>/tables/<slug:table>/accept/", workbook.accept_table, name="accept_table"),
    path("cases/<uuid:case>/tables/<slug:table>/<int:row>/", workbook.judge, name="judge_row"),
    path("cases/<uuid:case>/evidence/<str:digest>/", evidence.assessor_evidence, name="assessor_evidence"),
    path("cases/<uuid:case>/evidence/<str:digest>/file", evidence.assessor_file, name="assessor_file"),
    path("cases/<uuid:case>/evidence/<str:digest>/<int:page>.png", evidence.assessor_picture, name="assessor_picture"),
]
