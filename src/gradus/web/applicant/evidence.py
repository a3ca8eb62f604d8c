# SPDX-License-Identifier: Apache-2.0
"""The client's evidence as a list: what is there, until when it holds, what it proves; and adding to it."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from gradus.dossiers import store
from gradus.dossiers.citations import Listing, Use, list_document, uses, uses_by_client
from gradus.dossiers.evidence import Added, add_evidence
from gradus.dossiers.evidence_names import clean_name, is_as_given, longest
from gradus.dossiers.grading import Graded, evidence_names, grade_dossier
from gradus.dossiers.models import Evidence
from gradus.dossiers.reminders import reminders, standing
from gradus.formats.wording import cut, sentence
from gradus.grading.faults import Fault, Place, Refusal
from gradus.people.permissions import Permission
from gradus.web.applicant.evidence_words import reminder_words, use_words, validity_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language, t
from gradus.web.ui.uploads import given_name

_ON_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for together with the files; ``errors`` by field."""

    folder: str
    valid_until: date | None
    listing: Listing
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one file, in words; of one that was kept beside another, where it can become its new version."""

    name: str
    state: str
    words: str
    url: str = ""
    link: str = ""


@needs(Permission.EVIDENCE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_page(request: Request) -> HttpResponseBase:
    """The list; with the permission to edit, add files to it."""
    if request.method != "POST":
        return _page(request, {}, [], 200)
    request.actor = request.desk.actor_for(Permission.EVIDENCE_EDIT, request.client.pk)
    wishes = _wishes(request)
    uploads = request.FILES.getlist("files")
    if not uploads:
        wishes.errors["files"] = sentence(Fault("evidence.no_file"), language())
    told = [] if wishes.errors else [_take(request, file, wishes) for file in uploads]
    wrong = bool(wishes.errors) or any(each.state == "refused" for each in told)
    if "application/json" in request.headers.get("Accept", ""):
        files = [{"state": each.state, "words": each.words, "url": each.url, "link": each.link} for each in told]
        said = {"files": files, "errors": wishes.errors}
        return JsonResponse(said, status=422 if wrong else 200)
    if wrong:
        return _page(request, wishes.errors, told, 422)
    for each in told:
        messages.success(request, _message(each))
    return redirect("evidence", client=request.client.pk, dossier=request.dossier.pk)


def _wishes(request: Request) -> Wishes:
    said = {name: text.strip() for name, text in request.POST.items()}
    errors = {}
    for name in ("valid_until", "issued_on"):
        try:
            date.fromisoformat(said.get(name) or "2000-01-01")
        except ValueError:
            errors[name] = sentence(Fault("evidence.not_a_day", Place(), {"value": said[name]}), language())
    until = said.get("valid_until") if "valid_until" not in errors else None
    listing = Listing(said.get("kind", ""), said.get("subject", ""), said.get("issued_on", ""))
    folder = said.get("folder") or (listing.subject if listing.kind else "")
    return Wishes(folder, date.fromisoformat(until) if until else None, listing, errors)


def _take(request: Request, file: UploadedFile, wishes: Wishes) -> Told:
    """Add one file; a refusal of it is told and keeps none of the others out."""
    given = f"{wishes.folder}/{given_name(file)}" if wishes.folder else given_name(file)
    actor, at = request.actor, request.desk.at
    try:
        name = clean_name(given) if wishes.folder else _listed(request, clean_name(given))
        added = add_evidence(request.client, name, file.chunks(), actor, at, valid_until=wishes.valid_until)
    except Refusal as refusal:
        return Told(cut(given, longest), "refused", _sentences(refusal))
    words = [t(f"evidence_page.{added.became}", name=added.evidence.name, beside=added.beside), *_same(added)]
    if not added.beside and not is_as_given(given, added.evidence.name):
        words.append(t("evidence_page.kept_as", name=added.evidence.name))
    if wishes.listing.kind:
        try:
            editor = request.desk.actor_for(Permission.DOSSIER_EDIT, request.client.pk)
            list_document(request.dossier, added.evidence, wishes.listing, editor, at)
        except Refusal as refusal:
            words.append(t("evidence_page.not_listed", why=_sentences(refusal)))
        else:
            words.append(t("evidence_page.listed"))
    if not added.beside:
        return Told(given, added.became, " ".join(words))
    parts = {"client": request.client.pk, "dossier": request.dossier.pk, "evidence": added.evidence.pk}
    url = reverse("evidence_manage", kwargs=parts) + "#version-title"
    return Told(given, added.became, " ".join(words), url, t("manage.version", name=added.beside))


def _listed(request: Request, name: str) -> str:
    """A folder that holds the folders that the list of documents names gives them its own name, which the list does not
    say: a file that the list waits for is kept under the name it has there."""
    parts = name.split("/")
    tails = ["/".join(parts[at:]) for at in range(1, len(parts) - 1)]
    absent = uses(request.dossier).keys() - evidence_names(request.dossier) if tails else frozenset[str]()
    if name in absent:
        return name
    return next((each for each in tails if each in absent), name)


def _message(told: Told) -> SafeString:
    link = format_html(' <a href="{}">{}</a>', told.url, told.link) if told.url else ""
    return format_html("{} — {}{}", told.name, told.words, link)


def _same(added: Added) -> list[str]:
    return [t("evidence_page.same_as", name=", ".join(added.same_as))] if added.same_as else []


def _sentences(refusal: Refusal) -> str:
    return " ".join(sentence(fault, language()) for fault in refusal.faults)


def _page(request: Request, errors: dict[str, str], told: list[Told], status: int) -> HttpResponseBase:
    graded = grade_dossier(request.dossier, request.desk.at)
    resting = uses_by_client(request.client.pk)
    there = list(
        Evidence.objects.filter(client=request.client, removed_at__isnull=True).select_related("file").order_by("name")
    )
    names = {each.name for each in there}
    wanted, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    day = localdate(request.desk.at)
    rows = [
        _row(request, graded, each, resting.get(each.name, []), day)
        for each in there
        if wanted.casefold() in each.name.casefold() and (show != "unused" or each.name not in resting)
    ]
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "page": Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("part")),
        "total": len(there),
        "unused": len(names - resting.keys()),
        "wanted": wanted,
        "show": show,
        "absent": [
            {"name": name, "uses": use_words(request.dossier, found)}
            for name, found in sorted(uses(request.dossier).items())
            if name not in names
        ],
        "reminders": [
            reminder_words(request.dossier, graded.edition, each)
            for each in reminders(request.dossier, request.desk.at)
        ],
        "may_edit": request.desk.may(Permission.EVIDENCE_EDIT, request.client.pk),
        "form": request.POST if request.method == "POST" else request.GET,
        "errors": errors,
        "told": told,
        "kinds": _kinds(graded),
        "subjects": sorted({line.subject for line in graded.result.documents if line.subject}),
        "most_bytes": store.most_bytes,
    }
    return render(request, "applicant/evidence.html.j2", context, status=status)


def _row(request: Request, graded: Graded, evidence: Evidence, resting: list[Use], day: date) -> dict[str, object]:
    return {
        "evidence": evidence,
        "validity": validity_words(evidence.valid_until, standing(evidence.valid_until, day), day),
        "uses": use_words(request.dossier, resting),
        "kinds": _kinds_of(graded, [each for each in resting if each.row.dossier == request.dossier]),
    }


def _kinds_of(graded: Graded, resting: list[Use]) -> list[str]:
    """The kinds of document as which a file is listed."""
    where = graded.edition.document_table
    if where is None:
        return []
    names = {kind.id: kind.text[language()] for kind in graded.edition.documents}
    said = [each.row.cells.get(where.kind, "") for each in resting if each.row.table == where.table and not each.page]
    return list(dict.fromkeys(names.get(kind, kind) for kind in said if kind))


def _kinds(graded: Graded) -> list[dict[str, object]]:
    """The edition's kinds of document by group, to choose from."""
    if graded.edition.document_table is None:
        return []
    return [
        {
            "name": group.text[language()],
            "kinds": [(kind.id, kind.text[language()]) for kind in graded.edition.documents if kind.group == group.id],
        }
        for group in graded.edition.document_groups
    ]
