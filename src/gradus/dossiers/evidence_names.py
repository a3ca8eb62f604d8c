# SPDX-License-Identifier: Apache-2.0
"""The names of evidence files: paths like ``contracts/p1.pdf``, the same for people and for every file system.

What deceives is refused in words: ways out of the folder, also when they are written in another way (``..%2f``),
control characters, and marks that turn the direction of writing, so that a name ends otherwise than it seems to. What
is harmless and cannot stand in a name of a file (signs that Windows reserves, marks that nobody sees, spaces and dots
at the ends) is replaced or taken away, and whoever gave the name is told (:func:`is_as_given`).
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from urllib.parse import unquote

from gradus.dossiers.models import Evidence, File
from gradus.grading.faults import Fault, Refusal

longest = 200
_LONGEST_PART = 240  # bytes; file systems hold 255
_DEEPEST = 8
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_TURNS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_TIMES_ESCAPED = 3  # %252f reads %2f, and that reads /
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_ENDINGS = {"application/pdf": (".pdf",), "image/png": (".png",), "image/jpeg": (".jpg", ".jpeg")}
_NUMBERED = re.compile(r"(.+) \((?:[2-9]|[1-9]\d{1,3})\)(\.[^./]+)")
_SHORT = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}


def clean_name(given: str) -> str:
    """The name under which a file is kept. Raises Refusal."""
    _refuse_deceiving(given)
    visible = "".join(each for each in unicodedata.normalize("NFC", given) if _shows(each))
    path = visible.replace("\\", "/").strip()
    if path.startswith("/") or path[1:2] == ":":
        raise _refusal("name_outside", given)
    parts = [each.strip() for each in path.split("/")]
    if ".." in parts:
        raise _refusal("name_outside", given)
    parts = [part for each in parts if (part := _clean_part(each))]
    name = "/".join(parts)
    if not parts:
        raise _refusal("name_empty", given)
    if any(part.split(".")[0].strip().casefold() in _RESERVED for part in parts):
        raise _refusal("name_reserved", given)
    if len(name) > longest or any(len(part.encode()) > _LONGEST_PART for part in parts) or len(parts) > _DEEPEST:
        raise Refusal([Fault("evidence.name_too_long", params={"value": name, "limit": str(longest)})])
    return name


def is_as_given(given: str, name: str) -> bool:
    """Whether a name is what was given, but for two ways of writing the same letters."""
    return unicodedata.normalize("NFC", given) == name


def _refuse_deceiving(given: str) -> None:
    read = given
    for _ in range(_TIMES_ESCAPED):
        if any(unicodedata.category(each) in ("Cc", "Cs") for each in read):
            raise _refusal("name_control", given)
        if any(unicodedata.bidirectional(each) in _TURNS for each in read):
            raise _refusal("name_turned", given)
        if ".." in (part.strip() for part in re.split(r"[/\\]", unicodedata.normalize("NFKC", read))):
            raise _refusal("name_outside", given)
        read = unquote(read)


def _shows(sign: str) -> bool:
    return unicodedata.category(sign) not in _INVISIBLE


def _clean_part(part: str) -> str:
    bare = part.strip(" .\u3000")
    return "".join("_" if each in '<>:"|?*' else each for each in bare)


def refuse_wrong_ending(name: str, media_type: str) -> None:
    """The end of a name tells people what the file is; it must say what the content is."""
    if not name.casefold().endswith(_ENDINGS[media_type]):
        ending = "." + name.rpartition(".")[2] if "." in name.rpartition("/")[2] else "–"
        blanks = {"value": ending, "content": _SHORT[media_type], "wanted": _ENDINGS[media_type][0]}
        raise Refusal([Fault("evidence.wrong_ending", params=blanks)])


def twin_of(client: object, name: str) -> Evidence | None:
    """The client's evidence whose name is the same but for upper and lower case, if there is one."""
    folded = name.casefold()
    there = Evidence.objects.filter(client=client, removed_at__isnull=True).only("id", "name")
    found = next((each.pk for each in there if each.name.casefold() == folded), None)
    return Evidence.objects.select_related("file").get(pk=found) if found else None


def place_for(client: object, wanted: str, file: File) -> tuple[str, Evidence | None]:
    """Under which name a content is kept: the wanted one, or where another content stands there, the first of
    ``contract (2).pdf``, ``contract (3).pdf``, ... that is free. And the client's evidence that is this content under
    that name already, if there is one."""
    there = {each.name.casefold(): each for each in Evidence.objects.filter(client=client, removed_at__isnull=True)}
    for name in _numbered(wanted):
        twin = there.get(name.casefold())
        if twin is None or twin.file_id == file.pk:
            return (twin.name if twin else name), twin
    raise AssertionError("there is always a free name")


def _numbered(name: str) -> Iterator[str]:
    stem, dot, ending = name.rpartition(".")
    yield name
    for number in count(2):
        yield f"{stem} ({number}){dot}{ending}"


def stands_beside(evidence: Evidence) -> Evidence | None:
    """The evidence whose name a file was given, when it was kept under a numbered one."""
    found = _NUMBERED.fullmatch(evidence.name)
    return twin_of(evidence.client_id, found[1] + found[2]) if found else None


def _refusal(code: str, given: str) -> Refusal:
    return Refusal([Fault(f"evidence.{code}", params={"value": "".join(s for s in given if _shows(s))})])
