# SPDX-License-Identifier: Apache-2.0
"""Run as a program on a copy of a demonstration's data: opens every case on all its pages. It prints
where each stands, who has which work, and what did not open.

Who is in charge opens its work list and from there each case; an ended case is opened by the office; the firm opens its
own. On each page of a case every link is followed that leads to another of its pages.
"""

import html
import json
import re
import sys
from urllib.parse import urljoin, urlsplit

import django

django.setup()  # what follows knows Django's models

from django.conf import settings
from django.test import Client
from django.utils.timezone import now

from gradus.applications.models import Case
from gradus.applications.worklist import work_of
from gradus.certificates.models import Certificate
from gradus.certificates.queries import standing_of
from gradus.certificates.worklist import certificate_work
from gradus.people.models import Account, Appointment
from gradus.people.queries import appointments_of
from gradus.process.states import ENDED

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


def browser(account, language):
    client = Client(headers={"host": "localhost"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def links(page, address):
    """Where a page leads to within the platform."""
    found = (urljoin(address, html.unescape(each)) for each in _LINK.findall(page.content.decode()))
    return {urlsplit(each).path for each in found if each.startswith("/")}


def walk(client, start, case, refused):
    """Open the pages of a case that can be reached; returns how many there were."""
    seen, waiting = set(), [start]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page = client.get(address)
        if page.status_code == 302:
            continue
        if page.status_code != 200:
            refused.append(f"{case.number} {case.state} {address}: {page.status_code}")
        elif page["content-type"].startswith("text/html"):
            waiting += [each for each in links(page, address) if str(case.pk) in each]
    return len(seen)


def main():
    refused, pages, work = [], 0, {}
    cases = {each.pk: each for each in Case.objects.select_related("client")}
    walked = set()
    for number, account in enumerate(Account.objects.filter(appointments__organisation__kind="body").distinct()):
        client = browser(account, ("zh-hans", "en")[number % 2])
        appointed = list(appointments_of(account, now()))
        items = work_of(account, appointed, now())
        permits = {each for one in appointed for each in one.role.permits}
        about_certificates = [[each.task.value, each.overdue] for each in certificate_work(permits, now())]
        work[account.email] = [[each.state.value, each.overdue] for each in items] + about_certificates
        listed = client.get("/office/work/")
        for address in links(listed, "/office/work/"):
            case = next((each for each in cases.values() if str(each.pk) in address), None)
            if case is not None and (case.state, account.pk) not in walked:
                walked.add((case.state, account.pk))
                pages += walk(client, address, case, refused)
    office = browser(Account.objects.get(appointments__role="office"), "zh-hans")
    for case in cases.values():
        if case.state in ENDED:
            pages += walk(office, f"/office/cases/{case.pk}/", case, refused)
        manager = Appointment.objects.get(organisation=case.client_id, role="client_manager")
        address = f"/applicant/{case.client_id}/cases/{case.pk}/"
        pages += walk(browser(manager.account, "zh-hans"), address, case, refused)
    states = sorted({each.state for each in cases.values()})
    standings = sorted({standing_of(each.number, now()).standing.value for each in Certificate.objects.all()})
    told = {"states": states, "standings": standings, "work": work, "pages": pages, "refused": refused}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
