# SPDX-License-Identifier: Apache-2.0
"""Pages of the certification body."""

from django.urls import path

from gradus.web.office import cases, clients, journal, people, submissions, views

urlpatterns = [
    path("", views.office_home, name="office_home"),
    path("work/", cases.own_work, name="own_work"),
    path("cases/", cases.case_board, name="case_board"),
    path("cases/calendar/", cases.case_calendar, name="case_calendar"),
    path("cases/<uuid:case>/", cases.case_page, name="case_page"),
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
