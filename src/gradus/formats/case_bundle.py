# SPDX-License-Identifier: Apache-2.0
"""Writing a case bundle, and checking one without the platform. docs/formats/case-bundle.md has the same steps by the
same numbers.

1. The archive has the one form of :mod:`gradus.formats.stored_zip`.
2. The manifest is canonical, of this format, and names exactly the files that are there, each with its SHA-256.
3. ``edition.json`` and ``procedure.json`` are what the manifest's hashes name.
4. The case's record is the one that the manifest names, bound to that edition and procedure.
5. Each journal entry has the hash of what it says, and follows the one before where both are here.
6. The case's steps are those that the journal tells, and lead to the state of its record.
7. Each submission filed is here, has the digest that the journal tells, cites evidence that is here, and grades to the
   result that stands in it.
8. Each draw that was opened is here, is this case's, is what the records say, and comes to the same draw again.
9. Each report and each decision has the digest of what it says; the journal tells the decisions' digests; the one in
   effect bears two persons' signatures over the file that was decided over, and is of that file where it is here.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, TypeGuard, TypeVar

from gradus.formats.draw_record import check_draw, draw_from_bytes
from gradus.formats.editions import content_hash, edition_from_content
from gradus.formats.procedures import procedure_from_content
from gradus.formats.stored_zip import Member, Scanned, chunks, scan, unpacked, written
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition

FORMAT = "gradus-case-bundle/1"
MANIFEST = "manifest.json"
FILE = "file.json"
largest_part = 64 * 2**20
"""Of a file that is read as JSON."""

Json = dict[str, Any]
Found = TypeVar("Found")
Regrade = Callable[[Edition, Json, list[Json]], Json]
"""The result, as JSON, that facts and evidence grade to under an edition. Raises Refusal."""

_NOT_OF_THE_FORM = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What a look into content of another form ends in; the fault says that it is of another form."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a bundle holds, and everything that is wrong with it."""

    case: str
    files: int
    entries: int
    submissions: int
    faults: tuple[Fault, ...]


def write_bundle(file: Path, head: Json, files: Mapping[str, Callable[[], Iterable[bytes]]]) -> int:
    """Write a bundle; returns how many files are in it. Raises Refusal when it can not be written."""
    with written(file) as out:
        listed = {name: out.add(name, give()) for name, give in files.items()}
        out.add(MANIFEST, [_manifest({**head, "files": listed})])
    return len(listed)


def check_bundle(file: Path, regrade: Regrade) -> Checked:
    """Check a bundle. Raises Refusal when it is none, OSError when it can not be read."""
    with file.open("rb") as stream:
        scanned = scan(stream)
        if MANIFEST in {each.name for each in scanned.members}:
            return _Check(stream, scanned, regrade).run(file.name)
        with unpacked(stream) as again:
            if again is not None and _has_manifest(again):
                found = replace(scan(again), damaged_at=scanned.damaged_at or 0)
                return _Check(again, found, regrade).run(file.name)
        if not scanned.members and not _has_manifest(stream):
            raise Refusal([Fault("bundle.not_a_bundle", Place(file.name), {"at": str(scanned.damaged_at or 0)})])
        return _Check(stream, scanned, regrade).run(file.name)


def _has_manifest(stream: IO[bytes]) -> bool:
    """Whether the mark of a manifest stands anywhere in a file: what was a bundle, and is altered where it begins."""
    stream.seek(0)
    before = b""
    while piece := stream.read(2**20):
        if FORMAT.encode() in before + piece:
            return True
        before = piece[-len(FORMAT) :]
    return False


def _canonical(value: object) -> str:
    """The text that hashes are taken of."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _manifest(tree: Json) -> bytes:
    return (json.dumps(tree, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def _decision(row: Json) -> Json:
    """What the digest of a decision covers."""
    same = {name: row[name] for name in ("id", "at", "outcome", "scope", "refused_for", "reasons")}
    others = {"case": row["case_id"], "by": row["account_id"], "file": row["file_digest"]}
    return {"format": "gradus-decision/1", **others, **same}


@lru_cache(maxsize=4)
def _edition(text: str) -> Edition:
    """The edition of a content; the submissions of a case have the same one, and reading it takes its time."""
    return edition_from_content(json.loads(text))


class _Check:
    def __init__(self, stream: IO[bytes], scanned: Scanned, regrade: Regrade) -> None:
        self.stream, self.scanned, self.regrade = stream, scanned, regrade
        self.members = {each.name: each for each in scanned.members}
        self.digests: dict[str, str] = {}
        self.faults: list[Fault] = []

    def run(self, name: str) -> Checked:
        at = self.scanned.damaged_at
        if at is not None:
            self._fault("bundle.archive", name, at=str(at))
        if MANIFEST not in self.members:
            if at is None:
                raise Refusal([Fault("bundle.not_a_bundle", Place(name), {"at": "0"})])
            self._fault("bundle.missing", MANIFEST)
            return self._checked("?", [], [])
        manifest = self._json(MANIFEST)
        if isinstance(manifest, dict) and manifest.get("format") != FORMAT and at is None:
            self._fault("bundle.other_format", MANIFEST, expected=FORMAT)
        if not self._is_manifest(manifest):
            self._fault("bundle.manifest", MANIFEST)
            return self._checked("?", [], [])
        self._files(manifest["files"])
        edition = self._part("edition.json", lambda: self._edition(manifest))
        self._part("procedure.json", lambda: self._procedure(manifest, edition))
        case = self._part("records/applications.case.json", lambda: self._case(manifest)) or {}
        journal = self._part("journal.json", self._journal) or []
        self._part("records/applications.casestep.json", lambda: self._steps(case, journal))
        filings = self._part("records/applications.filing.json", self._filings) or []
        for filing in filings:
            path = f"submissions/{filing}.json"
            self._part(path, lambda path=path, filing=filing: self._submission(path, filing, journal))  # type: ignore[misc]
        for each in self._opened():
            path = f"draws/{each['visit']}.json"
            self._part(path, lambda path=path, each=each: self._draw(path, manifest, each))  # type: ignore[misc]
        self._reports()
        self._decided(case, journal)
        return self._checked(manifest["case"], journal, filings)

    def _checked(self, case: str, journal: list[Json], filings: list[int]) -> Checked:
        found = tuple(dict.fromkeys((each.code, each.place, tuple(each.params.items())) for each in self.faults))
        faults = tuple(Fault(code, place, dict(params)) for code, place, params in found)
        return Checked(case, len(self.members) - 1, len(journal), len(filings), faults)

    def _fault(self, code: str, file: str, **blanks: str) -> None:
        self.faults.append(Fault(code, Place(file), blanks))

    def _part(self, path: str, look: Callable[[], Found]) -> Found | None:
        """What a look into a file finds; None, with a fault, where it is not there or not of its form."""
        if path not in self.members:
            self._fault("bundle.missing", path)
            return None
        try:
            return look()
        except Refusal as refusal:
            self._fault("bundle.unreadable", path)
            self.faults += refusal.faults
        except _NOT_OF_THE_FORM:
            self._fault("bundle.unreadable", path)
        return None

    def _bytes(self, path: str) -> bytes:
        member = self.members[path]
        if member.size > largest_part:
            raise ValueError(path)
        return b"".join(chunks(self.stream, member))

    def _json(self, path: str) -> object:
        try:
            return json.loads(self._bytes(path))
        except (ValueError, RecursionError):
            return None

    def _is_manifest(self, found: object) -> TypeGuard[Json]:
        """Whether it is byte for byte what would be written for what it says."""
        if not isinstance(found, dict):
            return False
        try:
            named = [found["edition"], found["procedure"]]
            texts = [found["format"], found["case"], *(each[key] for each in named for key in ("name", "hash"))]
            texts += [each["sha256"] for each in found["files"].values()]
            sizes = [each["size"] for each in found["files"].values()]
            whole = all(isinstance(each, str) for each in texts) and all(type(each) is int for each in sizes)
            return whole and _manifest(found) == self._bytes(MANIFEST)
        except _NOT_OF_THE_FORM:
            return False

    def _files(self, listed: Mapping[str, Json]) -> None:
        counted = Counter(each.name for each in self.scanned.members)
        for name in sorted(listed.keys() | counted.keys() - {MANIFEST}):
            if counted[name] > 1:
                self._fault("bundle.name_twice", name)
            if name not in self.members:
                self._fault("bundle.missing", name)
                continue
            member = self.members[name]
            self.digests[name] = self._sha256(member)
            if name not in listed:
                self._fault("bundle.added", name)
            elif listed[name] != {"sha256": self.digests[name], "size": member.size}:
                self._fault("bundle.file_altered", name)
        if counted[MANIFEST] > 1:
            self._fault("bundle.name_twice", MANIFEST)

    def _sha256(self, member: Member) -> str:
        hashed = sha256()
        for chunk in chunks(self.stream, member):
            hashed.update(chunk)
        return hashed.hexdigest()

    def _edition(self, manifest: Json) -> Edition:
        self._hash("edition.json", manifest["edition"])
        edition = _edition(self._bytes("edition.json").decode())
        self._name("edition.json", manifest["edition"], edition.name)
        return edition

    def _procedure(self, manifest: Json, edition: Edition | None) -> None:
        self._hash("procedure.json", manifest["procedure"])
        if edition is not None:
            found = procedure_from_content(json.loads(self._bytes("procedure.json")), edition)
            self._name("procedure.json", manifest["procedure"], found.procedure.name)

    def _hash(self, path: str, named: Json) -> None:
        """The file is written in the very form that the hash is taken of."""
        if named["hash"] != f"sha256:{self.digests[path]}":
            self._fault("bundle.other_hash", path, expected=named["hash"])

    def _name(self, path: str, named: Json, name: str) -> None:
        if named["name"] != name:
            self._fault("bundle.other_value", path, other=MANIFEST, value=name)

    def _case(self, manifest: Json) -> Json:
        path = "records/applications.case.json"
        (case,) = json.loads(self._bytes(path))
        said = {
            "number": manifest["case"],
            "edition_hash": manifest["edition"]["hash"],
            "procedure_id": manifest["procedure"]["hash"],
        }
        for key, value in said.items():
            if case[key] != value:
                self._fault("bundle.other_value", path, other=MANIFEST, value=str(case[key]))
        return dict(case)

    def _journal(self) -> list[Json]:
        entries: list[Json] = json.loads(self._bytes("journal.json"))
        for entry in entries:
            said = {key: value for key, value in entry.items() if key != "hash"}
            if content_hash(said) != f"sha256:{entry['hash']}":
                self._fault("bundle.journal_hash", "journal.json", sequence=str(entry["sequence"]))
        for before, entry in pairwise(entries):
            next_to = entry["sequence"] == before["sequence"] + 1
            if entry["sequence"] <= before["sequence"] or (next_to and entry["previous"] != before["hash"]):
                self._fault("bundle.journal_order", "journal.json", sequence=str(entry["sequence"]))
        return entries

    def _steps(self, case: Json, journal: list[Json]) -> None:
        path = "records/applications.casestep.json"
        steps = [(each["step"], each["after"], each["at"]) for each in json.loads(self._bytes(path))]
        subject = f"case:{case.get('id')}"
        told = [
            (said["step"], said["after"], each["at"])
            for each in journal
            if each["kind"] == "case.advanced" and each["subject"] == subject
            for said in [json.loads(each["payload"])]
        ]
        if steps != told or [case.get("state"), case.get("steps")] != [steps[-1][1], len(steps)]:
            self._fault("bundle.steps_differ", path)

    def _filings(self) -> list[int]:
        path = "records/applications.filing.json"
        numbers = [int(each["number"]) for each in json.loads(self._bytes(path))]
        if numbers != list(range(1, len(numbers) + 1)) or not numbers:
            raise ValueError(numbers)
        return numbers

    def _submission(self, path: str, number: int, journal: list[Json]) -> None:
        submission = json.loads(self._bytes(path))
        told = [json.loads(each["payload"])["digest"] for each in journal if each["kind"] == "dossier.submitted"]
        if self.digests[path] not in told:
            self._fault("bundle.submission_digest", path)
        for each in self._lost(submission["evidence"], number):
            self._fault("bundle.evidence_differs", path, name=each)
        edition = _edition(_canonical(submission["result"]["edition"]["content"]))
        if {edition.hash} != {submission["edition"]["hash"], submission["result"]["edition"]["hash"]}:
            self._fault("bundle.other_hash", path, expected=str(submission["edition"]["hash"]))
        again = self.regrade(edition, submission["facts"], submission["evidence"])
        if content_hash(again) != content_hash(submission["result"]):
            self._fault("bundle.result_differs", path)

    def _opened(self) -> list[Json]:
        """Each draw that the records tell to have been opened: its visit's number, what was committed and said."""
        paths = {name: f"records/visits.{name}.json" for name in ("drawopening", "draw", "visit", "drawtext")}
        if paths["drawopening"] not in self.members:
            return []

        def look() -> list[Json]:
            opened, draws, visits, texts = (json.loads(self._bytes(path)) for path in paths.values())
            by_draw = {each["id"]: each for each in draws}
            said = {each["draw_id"]: each["text"] for each in texts}
            numbers = {each["id"]: each["number"] for each in visits}
            return [
                {
                    "visit": numbers[by_draw[each["draw_id"]]["visit_id"]],
                    "commitment": by_draw[each["draw_id"]]["commitment"],
                    "seed": each["seed"],
                    "client_text": said[each["draw_id"]],
                    "drawn": tuple(each["drawn"]),
                }
                for each in opened
            ]

        return self._part(paths["drawopening"], look) or []

    def _draw(self, path: str, manifest: Json, said: Json) -> None:
        record = draw_from_bytes(self._bytes(path), path)
        known = {"case": manifest["case"], **said}
        if {name: getattr(record, name) for name in known} != known:
            self._fault("bundle.draw_differs", path)
        self.faults += check_draw(record)

    def _reports(self) -> None:
        path = "records/visits.evaluationreport.json"

        def look() -> None:
            for each in json.loads(self._bytes(path)):
                if sha256(each["content"].encode("utf-8", "surrogatepass")).hexdigest() != each["digest"]:
                    self._fault("bundle.report_differs", path)

        if path in self.members:
            self._part(path, look)

    def _decided(self, case: Json, journal: list[Json]) -> None:
        """The decisions that the journal tells, and the last of them if the case ended by it."""
        path, told = "records/decisions.decision.json", list[Json]()
        for each in journal:
            said = json.loads(each["payload"]) if each["kind"] == "case.advanced" else {}
            told += [said] if {"decision", "digest"} <= said.keys() else []
        if not told and path not in self.members:
            return

        def look() -> dict[str, Json]:
            found = {each["id"]: each for each in json.loads(self._bytes(path))}
            digests = {id_: content_hash(_decision(each)) for id_, each in found.items()}
            right = all(digests[id_] == f"sha256:{each['digest']}" for id_, each in found.items())
            if not right or {each["decision"]: each["digest"] for each in told} != {
                id_: each["digest"] for id_, each in found.items()
            }:
                self._fault("bundle.decision_differs", path)
            return found

        found = self._part(path, look)
        if found and case.get("state") in ("granted", "refused"):
            self._part("records/decisions.signature.json", lambda: self._signed(found[told[-1]["decision"]]))

    def _signed(self, decision: Json) -> None:
        path = "records/decisions.signature.json"
        signed = [each for each in json.loads(self._bytes(path)) if each["decision_id"] == decision["id"]]
        people, over = {each["account_id"] for each in signed}, {each["file_digest"] for each in signed}
        if (len(signed), len(people), over) != (2, 2, {decision["file_digest"]}):
            self._fault("bundle.signatures_differ", path)
        if self.digests.get(FILE, decision["file_digest"]) != decision["file_digest"]:
            self._fault("bundle.decision_differs", FILE)

    def _lost(self, evidence: list[Json], number: int) -> Iterator[str]:
        """The names of evidence that neither this submission's folder has, nor that of one before."""
        for each in evidence:
            there = (self.digests.get(f"evidence/{earlier}/{each['name']}") for earlier in range(1, number + 1))
            if each["digest"] not in there:
                yield str(each["name"])
