# SPDX-License-Identifier: Apache-2.0
"""Stories in stage 1: submitted, applied, reviewed, supplemented, quoted, agreed; or taken back."""

from datetime import timedelta

from django.utils.timezone import localdate

from gradus.applications.agreement import last_quotation, quote, record_agreement
from gradus.applications.apply import apply, withdraw
from gradus.applications.cases import rules_of
from gradus.applications.register import Certificate, Proof, enter_certificate
from gradus.applications.review import Answer, accept_application, ask_supplement, refuse_application
from gradus.applications.supplements import Wanted, answer_supplement, open_items
from gradus.cli.platform.demonstration.dossiers import declare_day, make_dossier, submit
from gradus.cli.platform.demonstration.firms import join
from gradus.cli.platform.demonstration.telling import Telling
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Evidence
from gradus.evaluations.review import answer_review_supplement, asked
from gradus.grading.calendar import plus_months
from gradus.grading.scheme import Edition
from gradus.journal.actor import system
from gradus.people.actions import create_organisation
from gradus.people.permissions import Kind


def submitted(t: Telling) -> None:
    """The firm comes, fills its dossier and submits it; the office enters the certificate that it holds from before."""
    story = t.story
    if t.before:
        t.client, t.people = t.before.client, t.before.people
    else:
        t.client = create_organisation(Kind.CLIENT, story.name, story.name_en, system, t.at)
        manager = {"role": "client_manager", "name": story.manager, "email": story.email}
        t.people = [join(manager, t.client, t.plan.password, t.at)]
    assert t.client is not None
    t.dossier = make_dossier(t.client, story, t.plan, t.manager, t.soon())
    if story.held is not None and story.held.entered:
        _hold(t, edition_of(t.dossier))
    t.submission = submit(t.dossier, story, t.plan, t.manager, t.soon())


def _hold(t: Telling, edition: Edition) -> None:
    held = t.story.held
    assert held is not None
    assert t.client is not None
    since = plus_months(localdate(t.at), -held.months)
    paper = Evidence.objects.select_related("file").get(client=t.client)
    told = Certificate(
        level=held.level,
        number=held.number,
        since=since,
        valid_until=plus_months(since, 36) - timedelta(days=1),
        source=t.say("held_source"),
        proof=Proof(paper.file, paper.name),
    )
    enter_certificate(t.client, edition, told, t.actor("office"), t.at)


def applied(t: Telling) -> None:
    """The firm applies with its submission."""
    assert t.submission is not None
    t.told_case = apply(t.submission, t.manager, t.at)


def _answers(t: Telling) -> dict[str, Answer]:
    return {each.id: Answer(met=True, note="") for each in rules_of(t.case).procedure.questions}


def asked_for_supplement(t: Telling) -> None:
    """The reviewer asks for two supplements: a document, and a row's proof."""
    edition = rules_of(t.case).edition
    document = edition.documents[0]
    table = rules_of(t.case).procedure.draw_table
    items = [
        Wanted(t.chosen("supplement"), document.id, "", None, t.say("wanted_document")),
        Wanted(t.chosen("supplement"), "", table, 1, t.say("wanted_row")),
    ]
    ask_supplement(t.case, _answers(t), items, t.actor("application_reviewer"), t.at)


def supplemented(t: Telling) -> None:
    """The firm submits once more, and answers every item."""
    _submit_again(t)
    assert t.submission is not None
    notes = {each.pk: t.say("supplemented") for each in open_items(t.case)}
    answer_supplement(t.case, t.submission, notes, t.manager, t.soon())


def supplemented_in_review(t: Telling) -> None:
    """The same during the document review."""
    _submit_again(t)
    answers = [t.say("supplemented")] * len(asked(t.case))
    answer_review_supplement(t.case, answers, t.submission, t.manager, t.soon())


def _submit_again(t: Telling) -> None:
    assert t.dossier is not None
    declare_day(t.dossier, t.manager, t.at)
    t.submission = submit(t.dossier, t.story, t.plan, t.manager, t.soon())


def accepted(t: Telling) -> None:
    """The reviewer accepts."""
    accept_application(t.case, _answers(t), t.actor("application_reviewer"), t.at)


def not_accepted(t: Telling) -> None:
    """The reviewer refuses the application."""
    reason, text = t.chosen("refuse_application"), t.say("not_accepted")
    refuse_application(t.case, _answers(t), reason, text, t.actor("application_reviewer"), t.at)


def quoted(t: Telling) -> None:
    """The office quotes."""
    quote(t.case, 0, t.say("quotation_plan"), t.actor("office"), t.at)


def agreed(t: Telling) -> None:
    """The firm agrees to the quotation."""
    standing = last_quotation(t.case)
    assert standing is not None
    duties = [each.id for each in rules_of(t.case).procedure.duties]
    signed = (t.say("declared_by"), t.say("declared_as"))
    record_agreement(t.case, standing.number, duties, signed, t.manager, t.at)


def withdrawn(t: Telling) -> None:
    """The firm takes its application back."""
    withdraw(t.case, t.say("withdrawn"), t.manager, t.at)
