# SPDX-License-Identifier: Apache-2.0
"""A platform of its own on a real database, for what one process can not show: several people at once, and an end in
the middle. Run as ``python -m tests.applications.at_once MODE`` with GRADUS_DATA (and GRADUS_DATABASE_URL) set."""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "gradus.conf.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection, transaction  # noqa: E402
from django.utils.timezone import now  # noqa: E402

from gradus.applications.cases import advance, lock, take_part  # noqa: E402
from gradus.applications.models import Case, CaseStep, Involvement  # noqa: E402
from gradus.dossiers.actions import create_dossier, open_once  # noqa: E402
from gradus.dossiers.models import Dossier, Submission  # noqa: E402
from gradus.grading.faults import Refusal  # noqa: E402
from gradus.journal.actor import Actor, system  # noqa: E402
from gradus.journal.models import Entry  # noqa: E402
from gradus.journal.queries import faults  # noqa: E402
from gradus.people.models import Account, Appointment, Organisation  # noqa: E402
from gradus.people.permissions import Kind  # noqa: E402
from gradus.process.parts import Part  # noqa: E402
from gradus.process.states import State, Step  # noqa: E402
from tests.applications.acts_at_once import rounds  # noqa: E402
from tests.applications.stage_one import completed  # noqa: E402
from tests.applications.walk import bring_to, open_case, recorded  # noqa: E402
from tests.dossiers.fill import fill  # noqa: E402
from tests.dossiers.submitting import submit_ready  # noqa: E402
from tests.grading.dossiers import FOLDER, edition  # noqa: E402
from tests.people.firms import World, make_world  # noqa: E402
from tests.walks.walking import Walk  # noqa: E402


def make():
    """A new platform with one case in its first state."""
    for name in ("files", "static", "uploads"):
        Path(settings.DATA, name).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    at = now()
    world = make_world(at)
    dossier = create_dossier(world.client, "2026", edition().name, system, at)
    fill(dossier, FOLDER / "cases" / "first-application-small", at)
    submission = submit_ready(dossier, world.actor("manager"))
    open_case(submission, submission.submitted_at)


def actor(who):
    account = Account.objects.get(email=f"{who}@example.com")
    return Actor(str(account.pk), account.name, who)


def at_once(*deeds):
    """Do all of it at the same time, each with its own connection; what each came to, or the code of its refusal."""
    ready, came_to = Barrier(len(deeds)), [""] * len(deeds)

    def run(number, deed):
        try:
            ready.wait(30)
            with transaction.atomic():
                deed()
            came_to[number] = "done"
        except Refusal as refusal:
            came_to[number] = refusal.faults[0].code
        except OperationalError:
            came_to[number] = "busy"
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(deeds)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    return came_to


def whole():
    """Nothing is half done: each case, its steps and its entries tell the same, and the journal is whole; returns the
    first case."""
    cases = list(Case.objects.order_by("opened_at", "number"))
    for each in cases:
        one_whole(each)
    assert list(faults()) == []
    return cases[0]


def one_whole(case):
    taken = list(CaseStep.objects.filter(case=case).order_by("number"))
    assert [each.number for each in taken] == list(range(1, case.steps + 1))
    assert (case.state, case.changed_at) == (taken[-1].after, taken[-1].at)
    entries = Entry.objects.filter(subject=f"case:{case.pk}", kind="case.advanced").order_by("sequence")
    told = [json.loads(each.payload) for each in entries]
    assert [(each["step"], each["after"]) for each in told] == [(each.step, each.after) for each in taken]
    assert [each.get("by") for each in told] == [each.said.get("by") for each in taken]


def two_steps():
    """The same case asked for supplements by one and accepted by the other, several times over."""
    case = whole()
    bring_to(case, State.APPLIED, case.changed_at)
    for turn in range(8):
        case = whole()
        then = case.changed_at + timedelta(minutes=1)

        def step(step, who, case=case, then=then):
            def act():
                locked = lock(case)
                recorded(locked, step, then)
                return advance(locked, step, actor(who), then, {"by": who})

            return act

        second = Step.ACCEPT_APPLICATION if turn == 7 else Step.ASK_SUPPLEMENT
        came_to = at_once(step(Step.ASK_SUPPLEMENT, "application_reviewer"), step(second, "office"))
        assert came_to.count("done") == 1, came_to
        assert set(came_to) <= {"done", "case.not_now", "busy"}, came_to
        after = whole()
        assert after.steps == case.steps + 1
        if after.state == State.SUPPLEMENT:
            bring_to(after, State.APPLIED, then + timedelta(minutes=1))


def two_parts():
    """Somebody takes two parts at once that nobody may play both."""
    case = whole()
    someone = Account.objects.get(email="assessor@example.com").pk
    then = case.changed_at + timedelta(minutes=1)

    def part(part):
        return lambda: take_part(lock(case), someone, part, then)

    came_to = at_once(part(Part.ASSESSOR), part(Part.DECISION_MAKER))
    assert came_to.count("done") == 1, came_to
    assert set(came_to) <= {"done", "case.forbidden_part", "busy"}, came_to
    assert Involvement.objects.filter(case=case, account_id=someone).count() == 1


def one_form():
    """The form of a new dossier, sent twice."""
    client = Organisation.objects.get(cases=whole())
    before = Dossier.objects.count()

    def sent():
        return open_once(client, "a", lambda id_: create_dossier(client, "2027", edition().name, system, now(), id_))

    came_to = at_once(sent, sent)
    assert came_to in (["done"] * 2, ["done", "busy"], ["busy", "done"])
    assert Dossier.objects.count() == before + 1
    assert list(faults()) == []


def known_world():
    """The world as it stands in the database."""
    seats = {each.account.email.partition("@")[0]: each for each in Appointment.objects.select_related("account")}
    firms = Organisation.objects.order_by("created_at", "name")
    return World(
        body=firms.get(kind=Kind.BODY.value),
        client=seats["manager"].organisation,
        other=seats["stranger"].organisation,
        people={who: seat.account for who, seat in seats.items()},
        seats=seats,
    )


def acts():
    """Two people at once in each of stages 2 to 4."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    for name, deeds, told in rounds(known_world(), now()):
        came_to = at_once(*deeds)
        assert came_to.count("done") == 1, (name, came_to)
        assert set(came_to) <= {"done", "busy", *told}, (name, came_to)
        whole()


def wander(seed):
    """Every act of stages 1 to 4 by everybody, at random and without an end, until the process is killed."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world = known_world()
    model = Submission.objects.filter(dossier__client=world.client).latest("number")
    if model.number == 1:
        model = completed(model, world.actor("manager"), "level-3")
    walk = Walk(world, model, int(seed))
    sys.stdout.write("going\n")
    sys.stdout.flush()
    while True:
        walk.move()


if __name__ == "__main__":
    mode, *more = sys.argv[1:]
    modes = {"make": make, "parts": two_parts, "steps": two_steps, "acts": acts, "whole": whole, "form": one_form}
    {**modes, "wander": wander}[mode](*more)
