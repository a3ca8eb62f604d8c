# SPDX-License-Identifier: Apache-2.0
"""The permission table: every address of the platform, and what it answers to whom.

A line is ``Route(name, answers)``: the name of the address in the URLconf and what each of WHO gets. The usual answers:

- ``everyone(status)``: open to all;
- ``signed_in(status)``: anybody with an account;
- ``client_data(status, *who)``: an address with a client. Those named get ``status``, others of the same firm 403,
  everybody else 404 (for them the firm does not exist), visitors the sign-in page;
- ``body(status, *who)``: an address of the certification body. Those named get ``status``, everybody else 403.

``but`` changes single answers. Parts of an address are filled by their names from ``objects`` in test_permissions.py.
An address that takes more than one method has a line for each.
"""

from dataclasses import dataclass, field

SIGN_IN = "to sign in"

CLIENT = ("manager", "member")
BODY = (
    "application_reviewer",
    "lead_assessor",
    "assessor",
    "technical_expert",
    "technical_reviewer",
    "decision_maker",
    "panel_member",
    "head_of_body",
    "certificate_officer",
    "office",
    "administrator",
    "administrator_with_access",
)
WHO = ("visitor", *CLIENT, "former", "stranger", *BODY)
"""``former``: was a member of the firm; ``stranger``: a member of another firm; ``administrator_with_access``: the
firm has granted the administrator access to its data."""

ADMINISTRATORS = ("administrator", "administrator_with_access")
READERS = (*CLIENT, "administrator_with_access")
LISTERS = ("application_reviewer", "office", *ADMINISTRATORS)


TIED = (
    "application_reviewer", "lead_assessor", "assessor", "technical_expert", "technical_reviewer", "decision_maker",
    "panel_member", "head_of_body", "certificate_officer", "office",
)  # fmt: skip
CORRECTED = {"kind": "employed", "starts_on": "2025-01-01", "ends_on": "2025-06-01", "source": "离职证明"}
CASE_READERS = (
    "application_reviewer", "technical_reviewer", "decision_maker", "head_of_body", "certificate_officer", "office",
)  # fmt: skip
FILE_READERS = ("application_reviewer", "office")
"""Of a case that was applied for: whoever may review it, and the office."""
CERTIFICATE_READERS = ("certificate_officer", "decision_maker")


@dataclass(frozen=True)
class Route:
    name: str
    answers: dict[str, object]
    method: str = "GET"
    data: dict[str, object] = field(default_factory=dict)
    json: object = None

    def __str__(self):
        return self.name if self.method == "GET" else f"{self.method} {self.name}"


def everyone(status, **but):
    return dict.fromkeys(WHO, status) | but


def signed_in(status, **but):
    return everyone(status) | {"visitor": SIGN_IN} | but


def client_data(status, *allowed, **but):
    rest = everyone(404) | dict.fromkeys(CLIENT, 403) | {"visitor": SIGN_IN}
    return rest | dict.fromkeys(allowed, status) | but


def body(status, *allowed, **but):
    return everyone(403) | {"visitor": SIGN_IN} | dict.fromkeys(allowed, status) | but


def case_at_body(status, *allowed, **but):
    """An address of the body about a case: those named get ``status``; others who may read every case 403; everybody
    else, the client's own people too, 404."""
    rest = everyone(404) | dict.fromkeys(CASE_READERS, 403) | {"visitor": SIGN_IN}
    return rest | dict.fromkeys(allowed, status) | but


def file_at_body(status, *allowed, **but):
    """The same of what shows the file of a case: 403 for who reads the file, 404 for everybody else. In this world the
    case has been applied for and nobody plays a part in it; test_file_readers.py has the other states."""
    rest = everyone(404) | dict.fromkeys(FILE_READERS, 403) | {"visitor": SIGN_IN}
    return rest | dict.fromkeys(allowed, status) | but


def api_reading(*readers):
    """An address of the API about something: 404 to everybody with an account who may not read it."""
    return everyone(404) | {"visitor": 401} | dict.fromkeys(readers, 200)


def second_factor(status, otherwise, visitor):
    """Depends on whether one has a second factor: in this world the body's staff does."""
    return everyone(otherwise) | dict.fromkeys(BODY, status) | {"visitor": visitor}


ROUTES = [
    # For everybody
    Route("home", everyone(302, visitor=200)),
    Route("health", everyone(200)),
    Route("set_language", everyone(302), "POST", {"language": "en", "next": "/"}),
    Route("public_notices", everyone(200)),
    Route("verify_page", everyone(200)),
    Route("verify_page", everyone(422), data={"number": "no number"}),
    Route("verify_upload", everyone(422), "POST"),
    Route("verify_trust", everyone(404)),  # in this world the body has no keys yet
    Route("verify_number", everyone(422)),
    Route("verify_number_slash", everyone(302)),
    # The public register; in this world it has one certificate
    Route("register", everyone(200)),
    Route("register_csv", everyone(200)),
    Route("register_entry", everyone(200)),
    Route("register_badge", everyone(200)),
    Route("register_standing", everyone(200)),
    Route("scheme", everyone(200)),
    Route("scheme_edition", everyone(200)),
    Route("certificate_pdf", everyone(404)),
    Route("certificate_credential", everyone(404)),
    Route("certificate_receipt", everyone(404)),
    Route("issuer_document", everyone(404)),
    Route("status_list", everyone(404)),
    Route("log_checkpoint", everyone(404)),
    Route("log_tile", everyone(404)),
    # The entrance
    Route("account_login", everyone(302, visitor=200)),
    Route("account_login", everyone(302, visitor=422), "POST", {"login": "a@example.com", "password": "wrong"}),
    Route("account_logout", everyone(200, visitor=302)),
    Route("account_logout", everyone(302), "POST"),
    Route("mfa_authenticate", everyone(302, visitor=SIGN_IN)),
    Route("account_reauthenticate", signed_in(200)),
    Route("mfa_reauthenticate", second_factor(200, 302, SIGN_IN)),
    Route("account_change_password", signed_in(200)),
    Route("account_change_password", signed_in(422), "POST"),
    Route("account_reset_password", everyone(200)),
    Route("account_reset_password", everyone(302), "POST", {"email": "nobody@example.com"}),
    Route("account_reset_password_done", everyone(200)),
    Route("account_reset_password_from_key", everyone(200)),
    Route("account_reset_password_from_key_done", everyone(200)),
    Route("account_inactive", everyone(200)),
    Route("mfa_index", signed_in(302)),
    Route("mfa_activate_totp", signed_in(302)),
    Route("mfa_deactivate_totp", second_factor(302, 404, SIGN_IN)),
    Route("mfa_view_recovery_codes", signed_in(404)),
    Route("mfa_generate_recovery_codes", signed_in(302)),
    Route("invitation", everyone(200)),
    Route("invitation", everyone(422), "POST"),
    Route("notifications", signed_in(200)),
    Route("notifications", signed_in(302), "POST"),
    Route("my_account", signed_in(200)),
    Route("my_account", signed_in(302), "POST", {"name": "某人"}),
    Route("access_tokens", signed_in(200)),
    Route("access_tokens", signed_in(302), "POST", {"token_name": "BI", "days": "30"}),  # to give the password again
    Route("access_tokens", signed_in(422), "POST", {"token_name": "", "days": "0"}),
    Route("end_access_token", signed_in(404, assessor=302), "POST"),
    # The API
    Route("api_description", everyone(200)),
    Route("api_nothing", everyone(404)),
    Route("api_register", everyone(200)),
    Route("api_register_entry", everyone(200)),
    Route("api_cases", everyone(200, visitor=401)),
    Route("api_case", api_reading(*CLIENT, *CASE_READERS)),
    Route("api_submissions", everyone(200, visitor=401)),
    Route("api_submission", api_reading(*CLIENT, "office")),
    Route("api_result", api_reading(*CLIENT, "office")),
    # A client's dossiers
    Route("applicant_firms", signed_in(200)),
    Route("applicant_home", client_data(200, *READERS)),
    Route("new_dossier", client_data(200, "manager")),
    Route("new_dossier", client_data(302, "manager"), "POST", {"title": "2027"}),
    Route("dossier_home", client_data(200, *READERS)),
    Route("table_page", client_data(200, *READERS)),
    Route("save_rows", client_data(200, *CLIENT), "POST", json={"changes": [], "removals": []}),
    Route("undo_rows", client_data(422, *CLIENT), "POST", json={"entry": 0}),
    Route("grade", client_data(200, *READERS)),
    Route("report_page", client_data(200, *READERS)),
    Route("report_pdf", client_data(200, *READERS)),
    Route("materials", client_data(200, *READERS)),
    Route("aim", client_data(422, *CLIENT), "POST", {"aim": "no outcome"}),
    Route("self_ratings", client_data(200, *READERS)),
    # The member's appointment is for other tables; who may only read is shown the page, and nothing is saved.
    Route("self_ratings", client_data(302, "manager", member=422, administrator_with_access=200), "POST"),
    Route("table_changes", client_data(200, *READERS), data={"since": "0"}),
    Route("row_form", client_data(200, *READERS)),
    Route(
        "row_form", client_data(302, *CLIENT, administrator_with_access=403), "POST", {"remove": "1", "version": "1"}
    ),
    Route("confirm_table", client_data(302, *CLIENT), "POST"),
    Route("workbook", client_data(200, *CLIENT)),
    Route("workbook", client_data(422, *CLIENT), "POST"),
    Route("workbook_file", client_data(200, *READERS)),
    Route("intake", client_data(200, *CLIENT)),
    Route("intake", client_data(302, *CLIENT), "POST", {"answer": "drop"}),
    Route("evidence", client_data(200, *READERS)),
    Route("evidence", client_data(422, *CLIENT, administrator_with_access=403), "POST"),
    Route("evidence_viewer", client_data(200, *READERS)),
    Route("evidence_picture", client_data(200, *READERS)),
    Route("evidence_file", client_data(200, *READERS)),
    Route("evidence_manage", client_data(200, *CLIENT)),
    Route("evidence_manage", client_data(302, *CLIENT), "POST", {"name": "renamed.pdf"}),
    Route("evidence_remove", client_data(200, *CLIENT)),
    Route("evidence_remove", client_data(302, *CLIENT), "POST"),
    Route("evidence_restore", client_data(302, *CLIENT), "POST"),
    Route("row_evidence", client_data(200, *READERS)),
    Route("row_evidence", client_data(422, *CLIENT, administrator_with_access=403), "POST", {"evidence": "none.pdf"}),
    # A client's submissions and journal
    Route("submit", client_data(200, *READERS)),
    Route("declare", client_data(200, "manager")),
    Route("declare", client_data(422, "manager"), "POST"),
    Route("submissions", client_data(200, *READERS)),
    Route("submission", client_data(200, *READERS)),
    Route("submission_file", client_data(200, *READERS)),
    Route("submission_difference", client_data(200, *READERS)),
    Route("submission_difference", client_data(404, *READERS), data={"from": "9"}),
    Route("dossier_journal", client_data(200, "manager", "administrator_with_access")),
    Route("firm_journal", client_data(200, "manager", "administrator_with_access")),
    # The last stage of a client's case
    Route("consent", client_data(200, "manager")),
    Route("consent", client_data(422, "manager"), "POST"),
    Route("client_letters", client_data(200, *CLIENT, *CASE_READERS)),
    Route("client_letter", client_data(404, *CLIENT)),
    # A client's people
    Route("people", client_data(200, "manager")),
    Route("invite_member", client_data(200, "manager")),
    Route(
        "invite_member",
        client_data(302, "manager"),
        "POST",
        {"email": "hr@example.com", "role": "client_member", "department": "人力", "tables": ["staff"]},
    ),
    Route("member", client_data(200, "manager")),
    Route("member", client_data(302, "manager"), "POST", {"department": "财务"}),
    Route("end_membership", client_data(302, "manager"), "POST"),
    Route("resend_member_invitation", client_data(302, "manager"), "POST"),
    Route("withdraw_member_invitation", client_data(302, "manager"), "POST"),
    Route("decide_on_access", client_data(302, "manager"), "POST", {"decision": "grant"}),
    Route("end_given_access", client_data(302, "manager"), "POST"),
    # A client's cases. Who reads every case at the body may read the client's pages too.
    Route("client_cases", client_data(200, *CLIENT, *CASE_READERS)),
    Route("client_case", client_data(200, *CLIENT, *CASE_READERS)),
    Route("apply", client_data(200, "manager")),
    Route("apply", client_data(422, "manager"), "POST"),
    Route("answer_supplement", client_data(302, "manager")),
    Route("answer_supplement", client_data(422, "manager"), "POST"),
    Route("agreement", client_data(302, "manager")),
    Route("agreement", client_data(422, "manager"), "POST"),
    Route("withdraw_case", client_data(200, "manager")),
    Route("withdraw_case", client_data(302, "manager"), "POST"),
    # The certification body
    Route("office_home", body(200, *BODY)),
    Route("new_client", body(200, "office")),
    Route("new_client", body(302, "office"), "POST", {"name": "新企业有限公司", "email": "boss@example.com"}),
    Route("own_work", body(200, *BODY)),
    Route("case_board", body(200, *CASE_READERS)),
    Route("case_list", body(200, *CASE_READERS)),
    Route("case_calendar", body(200, *CASE_READERS)),
    Route("case_page", case_at_body(200, *CASE_READERS)),
    Route("terminate_case", file_at_body(422, "office"), "POST", {"reason": "x"}),
    Route("application_review", file_at_body(200, *FILE_READERS)),
    Route("review_application", file_at_body(422, "application_reviewer"), "POST", {"verdict": "refuse"}),
    Route("quotation", file_at_body(302, "office")),
    Route("quotation", file_at_body(422, "office"), "POST"),
    # Stage 2: at the office, at the client, and the workbook of a team that nobody here is on
    Route("team", file_at_body(200, "office")),
    Route("team", file_at_body(422, "office"), "POST", {"do": "change"}),
    Route("own_ties", body(200, *TIED)),
    Route("own_ties", body(422, *TIED), "POST", {"do": "certificate", "text": ""}),
    Route("correct_tie", body(200, "office")),
    Route("correct_tie", body(302, "office"), "POST", CORRECTED),
    Route("correct_tie", body(422, "office"), "POST", {"kind": "none"}),
    Route("correct_competence", body(200, "office")),
    Route("correct_competence", body(422, "office"), "POST", {"level": "none"}),
    Route("competences", body(200, "office")),
    Route("competences", body(422, "office"), "POST", {"level": "none"}),
    Route("client_team", client_data(200, *CLIENT, *CASE_READERS)),
    Route("client_team", client_data(422, "manager", **dict.fromkeys(CASE_READERS, 403)), "POST"),
    Route("review_supplement", client_data(200, *CLIENT, *CASE_READERS)),
    Route("review_supplement", client_data(422, "manager", **dict.fromkeys(CASE_READERS, 403)), "POST"),
    Route("filing_difference", file_at_body(404, *FILE_READERS)),  # in this world one submission is filed
    Route("assessor_workbook", file_at_body(403)),
    Route("assessor_item", file_at_body(403)),
    Route("assessor_item", file_at_body(403), "POST"),
    Route("assessor_table", file_at_body(403)),
    Route("judge_row", file_at_body(403), "POST"),
    Route("accept_table", file_at_body(403), "POST"),
    Route("start_review", file_at_body(403), "POST"),
    Route("finish_review", file_at_body(403), "POST"),
    Route("ask_review_supplement", file_at_body(403), "POST"),
    Route("assessor_evidence", file_at_body(404, *FILE_READERS)),
    Route("assessor_picture", file_at_body(404, *FILE_READERS)),
    Route("assessor_file", file_at_body(404, *FILE_READERS)),
    # Review, panel, notice and decision: the case of this world has only been applied for, so every act is refused.
    Route("case_submission", file_at_body(200, *FILE_READERS)),
    Route("case_submission_file", file_at_body(200, *FILE_READERS)),
    Route("technical_review", file_at_body(200, *FILE_READERS)),
    Route("panel", file_at_body(200, *FILE_READERS)),
    Route("decision_desk", file_at_body(200, *FILE_READERS)),
    Route("case_letters", file_at_body(200, *FILE_READERS)),
    Route("case_letter", file_at_body(404, *FILE_READERS)),
    Route("review_anew", file_at_body(422, "office"), "POST"),
    Route("recommend_case", file_at_body(422), "POST"),
    Route("return_case", file_at_body(422), "POST"),
    Route("answer_notice_objection", file_at_body(404), "POST"),
    Route("convene_panel", file_at_body(422, "office"), "POST"),
    Route("withdraw_panel_member", file_at_body(404, "office"), "POST"),
    Route("close_panel", file_at_body(422, "office"), "POST"),
    Route("close_notice", file_at_body(422, "office"), "POST"),
    Route("record_notice_objection", file_at_body(422, "office"), "POST"),
    Route("cast_vote", file_at_body(404), "POST"),
    Route("grant_case", file_at_body(302), "POST"),
    Route("refuse_case", file_at_body(302), "POST"),
    Route("return_decision", file_at_body(422), "POST"),
    Route("ask_for_consent", file_at_body(422), "POST"),
    Route("decline_signature", file_at_body(422), "POST"),
    Route("sign_case", file_at_body(302), "POST"),
    # Certificates: the case of this world is not granted, so nothing can be issued and nothing can change.
    Route("certificate_list", body(200, *CERTIFICATE_READERS)),
    Route("certificate_desk", case_at_body(200, *CERTIFICATE_READERS)),
    Route("preview_certificate", case_at_body(422, "certificate_officer"), "POST"),
    Route("issue_certificate", case_at_body(422, "certificate_officer"), "POST"),
    Route("propose_change", case_at_body(404, "certificate_officer"), "POST"),
    Route("decide_change", case_at_body(302, "decision_maker"), "POST"),
    Route("office_client", client_data(200, *LISTERS)),
    Route("invite_lead", client_data(200, "office")),
    Route("invite_lead", client_data(302, "office"), "POST", {"email": "boss@example.com"}),
    Route("ask_for_access", client_data(200, *ADMINISTRATORS)),
    Route(
        "ask_for_access",
        client_data(422, *ADMINISTRATORS),  # asked already
        "POST",
        {"reason": "企业来电说一张表保存不了", "hours": "4"},
    ),
    Route("end_own_access", client_data(302, *ADMINISTRATORS), "POST"),
    Route("client_submissions", client_data(200, *FILE_READERS)),
    Route("client_register", client_data(200, *FILE_READERS)),
    Route("enter_certificate", client_data(422, "office"), "POST"),
    Route("take_back_certificate", client_data(302, "office"), "POST", {"source": "认错了企业"}),
    Route("import_register", body(200, "office")),
    Route("import_register", body(422, "office"), "POST"),
    Route("register_template", body(200, "office")),
    Route("record_event", client_data(422, "office"), "POST"),
    Route("take_back_event", client_data(302, "office"), "POST", {"source": "通报撤回"}),
    Route("client_submission", client_data(200, *FILE_READERS)),
    Route("client_submission_difference", client_data(200, *FILE_READERS)),
    Route("client_submission_file", client_data(200, *FILE_READERS)),
    # A visit: the team of the case alone works at it, and in this world nobody is in it
    Route("visit_worker", everyone(200)),
    Route("visit", file_at_body(200, *FILE_READERS)),
    Route("visit_plan", file_at_body(200)),
    Route("visit_plan", file_at_body(422), "POST"),
    Route("visit_sign", file_at_body(302), "POST", {"moment": "in"}),
    Route("visit_explain", file_at_body(422, *FILE_READERS), "POST", {"text": "堵车"}),
    Route("visit_draw", file_at_body(302), "POST", {"act": "commit"}),
    Route("visit_draw_record", file_at_body(422, *FILE_READERS)),
    Route("visit_record", file_at_body(200)),
    Route("visit_record", file_at_body(422), "POST"),
    Route("visit_finding", file_at_body(200)),
    Route("visit_finding", file_at_body(422), "POST"),
    Route("visit_verify", file_at_body(422), "POST"),
    Route("visit_move", file_at_body(422), "POST", {"act": "finish"}),
    Route("visit_picture", file_at_body(404, *FILE_READERS)),
    Route("evaluation_report", file_at_body(404, *FILE_READERS)),
    Route("issue_evaluation_report", file_at_body(422), "POST"),
    Route("evaluation_report_pdf", file_at_body(404, *FILE_READERS)),
    Route("client_visit", client_data(200, *CLIENT, *CASE_READERS)),
    Route("client_draw_text", client_data(422, "manager"), "POST", {"text": "蓝天"}),
    Route("client_draw_record", client_data(422, *CLIENT, *CASE_READERS)),
    Route("client_correction", client_data(422, "manager"), "POST"),
    Route("client_evaluation_report", client_data(404, *CLIENT, *CASE_READERS)),
    Route("client_evaluation_report_pdf", client_data(404, *CLIENT, *CASE_READERS)),
    Route("client_visit_picture", client_data(404, *CLIENT, *CASE_READERS)),
    Route("office_journal", body(200, *ADMINISTRATORS)),
    Route("office_people", body(200, *ADMINISTRATORS)),
    Route("invite_staff", body(200, *ADMINISTRATORS)),
    Route("invite_staff", body(302, *ADMINISTRATORS), "POST", {"email": "new@example.com", "role": "assessor"}),
    Route("withdraw_any_invitation", body(302, *ADMINISTRATORS), "POST"),
    Route("end_any_appointment", body(302, *ADMINISTRATORS), "POST"),
    Route("office_person", body(200, *ADMINISTRATORS)),
    Route("appoint_staff", body(302, *ADMINISTRATORS), "POST", {"role": "office"}),
    Route("close_any_account", body(302, *ADMINISTRATORS), "POST"),
    Route("reset_any_second_factor", body(302, *ADMINISTRATORS), "POST"),
]
