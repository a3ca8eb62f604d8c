# SPDX-License-Identifier: Apache-2.0
"""Adding, replacing, renaming and removing evidence. Each is one transaction with one journal entry.

An evidence file belongs to the client, so that every dossier of theirs can cite it. Its content may be replaced and its
name changed; what it was before stands in the journal, and no content is ever removed. Rows rest on a content, so that
only who says so replaces it: another content that comes under the same name is kept beside it. Whoever keeps some
tables only ("HR fills staff") changes no evidence on which rows of other tables rest, in whichever dossier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db import transaction
from django.db.models import F

from gradus.dossiers import store
from gradus.dossiers.citations import follow_name, uses_by_client
from gradus.dossiers.evidence_names import clean_name, place_for, refuse_wrong_ending, stands_beside, twin_of
from gradus.dossiers.models import Citation, Dossier, Evidence, File, Row
from gradus.dossiers.pages import Looked, look_into
from gradus.grading.faults import Fault, Refusal
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.journal.models import Entry
from gradus.journal.queries import entries_about, payload
from gradus.people.models import Organisation

Became = Literal["added", "kept_apart", "replaced", "restored", "unchanged"]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an uploaded file; ``same_as`` names the client's other evidence of the very same content, and
    ``beside`` the evidence of another content that has the name it came under."""

    evidence: Evidence
    became: Became
    same_as: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A content that an evidence file has had, since when and by whom."""

    file: File
    at: datetime
    by: str


def add_evidence(
    client: Organisation,
    name: str,
    chunks: Iterable[bytes],
    actor: Actor,
    at: datetime,
    *,
    valid_until: date | None = None,
) -> Added:
    """Keep an uploaded file under a name; where another content has that name, beside it under a numbered one. What was
    removed and comes again under its name is restored. Raises Refusal, and then nothing is kept."""
    wanted = clean_name(name)
    with store.received(chunks) as content:
        looked = _look(content, wanted)
        with transaction.atomic():
            _take_turns(client)
            file = _keep(content, looked, at)
            kept_as, twin = place_for(client.pk, wanted, file)
            if twin is not None:
                return _replace(twin, file, actor, at, valid_until or twin.valid_until)
            gone = _removed_before(client, kept_as, file)
            if gone is not None:
                return _restore(gone, kept_as, valid_until or gone.valid_until, actor, at)
            evidence = _add(client, kept_as, file, valid_until, actor, at)
            became: Became = "added" if kept_as == wanted else "kept_apart"
            return Added(evidence, became, _same_as(evidence), "" if kept_as == wanted else wanted)


def keep_file(name: str, chunks: Iterable[bytes], at: datetime) -> File:
    """Keep a file that is no client's evidence, with the same care. Raises Refusal, and then nothing is kept."""
    with store.received(chunks) as content:
        looked = _look(content, clean_name(name))
        with transaction.atomic():
            return _keep(content, looked, at)


def replace_evidence(evidence: Evidence, chunks: Iterable[bytes], actor: Actor, at: datetime) -> Added:
    """Give an evidence file new content under its present name. Raises Refusal, and then nothing is kept."""
    with store.received(chunks) as content:
        looked = _look(content, evidence.name)
        with transaction.atomic():
            locked = _locked(evidence, actor)
            return _replace(locked, _keep(content, looked, at), actor, at, locked.valid_until)


def take_as_version(evidence: Evidence, actor: Actor, at: datetime) -> Added:
    """Make a file that was kept beside another (``contract (2).pdf``) the new version of that one; lists of documents
    that name it name the other. Raises Refusal when there is none, or when rows cite pages of the file itself."""
    with transaction.atomic():
        locked = _locked(evidence, actor)
        earlier = stands_beside(locked)
        if earlier is None:
            raise Refusal([Fault("evidence.beside_nothing", params={"value": locked.name})])
        if Citation.objects.filter(evidence=locked, row__removed_at__isnull=True).exists():
            raise Refusal([Fault("evidence.cited_itself", params={"value": locked.name, "other": earlier.name})])
        _refuse_strangers(earlier, actor)
        _take_out(locked, at)
        changes = _changed(earlier, locked.file, locked.valid_until or earlier.valid_until)
        follow_name(locked.client_id, locked.name, earlier.name, actor, at)
        _record(Kind.EVIDENCE_CHANGED, earlier, actor, at, changes)
        _record(Kind.EVIDENCE_REMOVED, locked, actor, at, {"file": locked.file_id})
    return Added(earlier, "replaced", _same_as(earlier))


def rename_evidence(evidence: Evidence, name: str, actor: Actor, at: datetime) -> tuple[Evidence, int]:
    """Give an evidence file another name, in the client's lists of documents too; how many of their rows name it.
    Raises Refusal when the name can not be used or is taken."""
    wanted, rows = clean_name(name), 0
    with transaction.atomic():
        locked = _locked(evidence, actor)
        refuse_wrong_ending(wanted, locked.file.media_type)
        twin = twin_of(locked.client_id, wanted)
        if twin is not None and twin.pk != locked.pk:
            raise Refusal([Fault("evidence.name_taken", params={"value": twin.name})])
        if wanted != locked.name:
            before, locked.name = locked.name, wanted
            locked.save(update_fields=["name"])
            _names_changed(locked.client_id)
            rows = follow_name(locked.client_id, before, wanted, actor, at)
            _record(Kind.EVIDENCE_CHANGED, locked, actor, at, {"name": {"before": before, "after": wanted}})
    return locked, rows


def set_valid_until(evidence: Evidence, day: date | None, actor: Actor, at: datetime) -> Evidence:
    """Say until which day an evidence file is valid; None: without end."""
    with transaction.atomic():
        locked = _locked(evidence, actor)
        if day != locked.valid_until:
            change = {"before": _iso(locked.valid_until), "after": _iso(day)}
            locked.valid_until = day
            locked.save(update_fields=["valid_until"])
            _record(Kind.EVIDENCE_CHANGED, locked, actor, at, {"valid_until": change})
    return locked


def remove_evidence(evidence: Evidence, actor: Actor, at: datetime) -> None:
    """Take an evidence file out of use. Its content, its history and what was submitted with it stay."""
    with transaction.atomic():
        locked = _locked(evidence, actor)
        _take_out(locked, at)
        _record(Kind.EVIDENCE_REMOVED, locked, actor, at, {"file": locked.file_id})


def restore_evidence(evidence: Evidence, actor: Actor, at: datetime) -> Added:
    """Take a removed evidence file into use again, with everything that rested on it; when its name has been given to
    another content, beside that one. Nothing when somebody was faster."""
    with transaction.atomic():
        _take_turns(evidence.client)
        found = Evidence.objects.select_related("file", "client").get(pk=evidence.pk)
        if found.removed_at is None:
            return Added(found, "unchanged", _same_as(found))
        name, twin = place_for(found.client_id, found.name, found.file)
        if twin is not None:
            raise Refusal([Fault("evidence.came_again", params={"value": twin.name})])
        return _restore(found, name, found.valid_until, actor, at)


def versions(evidence: Evidence) -> list[Version]:
    """The contents an evidence file has had, newest first, as the journal tells."""
    found: list[tuple[str, Entry]] = []
    for entry in entries_about(_subject(evidence)):
        digest = payload(entry).get("file")
        if isinstance(digest, dict):
            digest = digest["after"] if digest["after"] != digest["before"] else None
        if digest and entry.kind != Kind.EVIDENCE_REMOVED:
            found.append((str(digest), entry))
    files = File.objects.in_bulk([digest for digest, _ in found])
    return [Version(files[digest], entry.at, entry.actor_name) for digest, entry in found]


def _look(content: store.Received, name: str) -> Looked:
    try:
        looked = look_once(content)
    except Refusal as refusal:
        raise Refusal([_named(fault, content, name) for fault in refusal.faults]) from None
    refuse_wrong_ending(name, looked.media_type)
    return looked


def look_once(content: store.Received) -> Looked:
    """What a file is; one whose content is kept already was looked into when it came. Raises Refusal."""
    known = File.objects.filter(digest=content.digest).first()
    return Looked(known.media_type, known.pages) if known else look_into(content.path)


_MACROS = (".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".potm")


def _named(fault: Fault, content: store.Received, name: str) -> Fault:
    """What is no PDF and no picture is called by what it probably is, so that people know what to do with it."""
    if fault.code != "evidence.not_accepted":
        return fault
    with content.path.open("rb") as file:
        start = file.read(1024)
    if name.casefold().endswith(_MACROS):
        return Fault("evidence.is_macro")
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return Fault("evidence.is_office_or_archive")
    if start.startswith((b"MZ", b"\x7fELF", b"#!")):
        return Fault("evidence.is_program")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Fault("evidence.is_web_page")
    if start[4:8] == b"ftyp" or start.startswith((b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF", b"BM")):
        return Fault("evidence.is_other_picture")
    if b"%PDF-" in start:
        return Fault("evidence.junk_before_pdf")
    return fault


def _keep(content: store.Received, looked: Looked, at: datetime) -> File:
    """First the file, then its row: a row never speaks of what is not there."""
    store.keep(content)
    fields = {"size": content.size, "media_type": looked.media_type, "pages": looked.pages, "stored_at": at}
    return File.objects.get_or_create(digest=content.digest, defaults=fields)[0]


def _add(client: Organisation, name: str, file: File, valid_until: date | None, actor: Actor, at: datetime) -> Evidence:
    evidence = Evidence.objects.create(
        client=client, file=file, name=name, valid_until=valid_until, added_at=at, added_by=actor.name
    )
    facts = {"file": file.pk, "size": file.size, "pages": file.pages, "valid_until": _iso(valid_until)}
    _names_changed(client.pk)
    _record(Kind.EVIDENCE_ADDED, evidence, actor, at, facts)
    return evidence


def _replace(evidence: Evidence, file: File, actor: Actor, at: datetime, valid_until: date | None) -> Added:
    if (evidence.file_id, evidence.valid_until) == (file.pk, valid_until):
        return Added(evidence, "unchanged", _same_as(evidence))
    _refuse_strangers(evidence, actor)
    became: Became = "unchanged" if evidence.file_id == file.pk else "replaced"
    _record(Kind.EVIDENCE_CHANGED, evidence, actor, at, _changed(evidence, file, valid_until))
    return Added(evidence, became, _same_as(evidence))


def _changed(evidence: Evidence, file: File, valid_until: date | None) -> dict[str, object]:
    changes: dict[str, object] = {
        "file": {"before": evidence.file_id, "after": file.pk},
        "valid_until": {"before": _iso(evidence.valid_until), "after": _iso(valid_until)},
    }
    evidence.file, evidence.valid_until = file, valid_until
    evidence.save(update_fields=["file", "valid_until"])
    return changes


def _removed_before(client: Organisation, name: str, file: File) -> Evidence | None:
    """The same content that was removed under the same name, the last one."""
    found = Evidence.objects.select_related("file", "client").filter(client=client, name=name, file=file)
    return found.order_by("-removed_at").first()


def _restore(evidence: Evidence, name: str, valid_until: date | None, actor: Actor, at: datetime) -> Added:
    """Citations stay with what is removed, so that they come back with it; whoever keeps their tables restores it."""
    _refuse_strangers(evidence, actor)
    before, evidence.name = evidence.name, name
    evidence.removed_at, evidence.valid_until = None, valid_until
    evidence.save(update_fields=["name", "removed_at", "valid_until"])
    _names_changed(evidence.client_id)
    _record(Kind.EVIDENCE_RESTORED, evidence, actor, at, {"valid_until": _iso(valid_until)})
    return Added(evidence, "restored", _same_as(evidence), "" if before == name else before)


def _take_out(evidence: Evidence, at: datetime) -> None:
    evidence.removed_at = at
    evidence.save(update_fields=["removed_at"])
    _names_changed(evidence.client_id)


def _same_as(evidence: Evidence) -> tuple[str, ...]:
    others = Evidence.objects.filter(client=evidence.client_id, file=evidence.file_id, removed_at__isnull=True)
    return tuple(others.exclude(pk=evidence.pk).order_by("name").values_list("name", flat=True))


def _locked(evidence: Evidence, actor: Actor) -> Evidence:
    """The evidence as it is now, nobody else changing it. Raises Refusal when it was removed meanwhile, or when rows
    rest on it whose tables are not the actor's."""
    _take_turns(evidence.client)
    found = Evidence.objects.select_related("file").filter(pk=evidence.pk, removed_at__isnull=True).first()
    if found is None:
        raise Refusal([Fault("evidence.removed_meanwhile", params={"value": evidence.name})])
    _refuse_strangers(found, actor)
    return found


def _refuse_strangers(evidence: Evidence, actor: Actor) -> None:
    if others_rest_on(evidence, actor):
        raise Refusal([Fault("evidence.others_rest_on_it", params={"value": evidence.name})])


def others_rest_on(evidence: Evidence, actor: Actor) -> bool:
    """Whether rows rest on a file, or did when it was removed, whose tables are not the actor's."""
    if not actor.tables:
        return False
    resting = {use.row.table for use in uses_by_client(evidence.client_id).get(evidence.name, [])}
    citing = Row.objects.filter(citations__evidence=evidence, removed_at__isnull=True).values_list("table", flat=True)
    return not resting.union(citing) <= actor.tables


def _take_turns(client: Organisation) -> None:
    """Two uploads of one name must see each other: changes of a client's evidence happen one after the other."""
    Organisation.objects.select_for_update(no_key=True).get(pk=client.pk)


def _names_changed(client: object) -> None:
    """Which files are there is part of what is graded."""
    Dossier.objects.filter(client=client).update(revision=F("revision") + 1)


def _subject(evidence: Evidence) -> str:
    return f"evidence:{evidence.pk}"


def _record(kind: Kind, evidence: Evidence, actor: Actor, at: datetime, said: Mapping[str, object]) -> None:
    name = evidence.name
    about = {"organisation": evidence.client_id, "subject": _subject(evidence)}
    record(kind, actor, at, {"evidence": name, **said}, **about)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
