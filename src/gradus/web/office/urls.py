# SPDX-License-Identifier: Apache-2.0
"""Pages of the certification body."""

from django.urls import path

from gradus.web.office import applications, cases, clients, journal, people, submissions, views
from gradus.web.office import cases, clients, journal, people, submissions, team, ties, views
from gradus.web.office import (
    cases,
    clients,
    decision,
    journal,
    letters,
    notice,
    panel,
    people,
    review,
    submissions,
    views,
)

urlpatterns = [
    path("", views.office_home, name="office_home"),
    path("work/", cases.own_work, name="own_work"),
    path("cases/", cases.case_board, name="case_board"),
    path("cases/calendar/", cases.case_calendar, name="case_calendar"),
    path("cases/<uuid:case>/", cases.case_page, name="case_page"),
    path("cases/<uuid:case>/application/", applications.application_review, name="application_review"),
    path("cases/<uuid:case>/application/review/", applications.review_application, name="review_application"),
    path("cases/<uuid:case>/application/quotation/", applications.quotation, name="quotation"),
    path("cases/<uuid:case>/team/", team.team, name="team"),
    path("cases/<uuid:case>/review/", review.technical_review, name="technical_review"),
    path("cases/<uuid:case>/review/recommend/", review.recommend_case, name="recommend_case"),
    path("cases/<uuid:case>/review/return/", review.return_case, name="return_case"),
    path("cases/<uuid:case>/panel/", panel.panel, name="panel"),
    path("cases/<uuid:case>/panel/convene/", panel.convene_panel, name="convene_panel"),
    path("cases/<uuid:case>/panel/vote/", panel.cast_vote, name="cast_vote"),
    path("cases/<uuid:case>/panel/close/", panel.close_panel_page, name="close_panel"),
    path(
        "cases/<uuid:case>/panel/members/<int:seat>/withdraw/",
        panel.withdraw_panel_member,
        name="withdraw_panel_member",
    ),
    path("cases/<uuid:case>/decision/", decision.decision_desk, name="decision_desk"),
    path("cases/<uuid:case>/decision/grant/", decision.grant_case, name="grant_case"),
    path("cases/<uuid:case>/decision/refuse/", decision.refuse_case, name="refuse_case"),
    path("cases/<uuid:case>/decision/return/", decision.return_decision, name="return_decision"),
    path("cases/<uuid:case>/decision/consent/", decision.ask_for_consent, name="ask_for_consent"),
    path("cases/<uuid:case>/decision/sign/", decision.sign_case, name="sign_case"),
    path("cases/<uuid:case>/notice/close/", notice.close_public_notice, name="close_notice"),
    path("cases/<uuid:case>/notice/objections/", notice.record_public_objection, name="record_notice_objection"),
    path(
        "cases/<uuid:case>/notice/objections/<int:objection>/answer/",
        notice.answer_public_objection,
        name="answer_notice_objection",
    ),
    path("cases/<uuid:case>/letters/", letters.case_letters, name="case_letters"),
    path("cases/<uuid:case>/letters/<int:number>.<str:tongue>.pdf", letters.case_letter, name="case_letter"),
    path("clients/new/", clients.new_client, name="new_client"),
    path("clients/<uuid:client>/", clients.office_client, name="office_client"),
    path("clients/<uuid:client>/invite/", clients.invite_lead, name="invite_lead"),
    path("clients/<uuid:client>/access/", clients.ask_for_access, name="ask_for_access"),
    path("clients/<uuid:client>/access/<uuid:grant>/end/", clients.end_own_access, name="end_own_access"),
    path("clients/<uuid:client>/submissions/", submissions.client_submissions, name="client_submissions"),
    path(
        "clients/<uuid:client>/submissions/<uuid:submission>/", submissions.client_submission, name="client_submission"
    ),
    path(
        "clients/<uuid:client>/submissions/<uuid:submission>/difference/",
        submissions.client_submission_difference,
        name="client_submission_difference",
    ),
    path(
        "clients/<uuid:client>/submissions/<uuid:submission>/<str:kind>",
        submissions.client_submission_file,
        name="client_submission_file",
    ),
    path("ties/", ties.own_ties, name="own_ties"),
    path("competence/", ties.competences, name="competences"),
    path("journal/", journal.office_journal, name="office_journal"),
    path("people/", people.office_people, name="office_people"),
    path("people/invite/", people.invite_staff, name="invite_staff"),
    path(
        "people/invitations/<uuid:invitation>/withdraw/",
        people.withdraw_any_invitation,
        name="withdraw_any_invitation",
    ),
    path("people/appointments/<uuid:appointment>/end/", people.end_any_appointment, name="end_any_appointment"),
    path("people/<uuid:account>/", people.office_person, name="office_person"),
    path("people/<uuid:account>/appoint/", people.appoint_staff, name="appoint_staff"),
    path("people/<uuid:account>/close/", people.close_any_account, name="close_any_account"),
    path("people/<uuid:account>/second-factor/", people.reset_any_second_factor, name="reset_any_second_factor"),
]
