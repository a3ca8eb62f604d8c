# SPDX-License-Identifier: Apache-2.0
"""Finding and loading editions: a folder of YAML files, or the content that a result carries."""

import copy
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from gradus.formats.edition_reader import read_edition
from gradus.formats.files import read_file
from gradus.formats.yaml_tree import Item, from_plain, place_at, read_yaml
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition

most_bytes = 4 * 2**20

_DIGEST = re.compile(r"[0-9a-f]{6,64}")
_PACKAGE = Path(__file__).resolve().parent.parent


def scheme_folders() -> tuple[Path, ...]:
    """Where published editions lie: beside the source tree, or inside an installed package."""
    return tuple(path for path in (_PACKAGE.parent.parent / "schemes", _PACKAGE / "_schemes") if path.is_dir())


def content_hash(content: Mapping[str, object]) -> str:
    """The hash that names an edition: SHA-256 of its content as canonical JSON (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def load_edition(folder: Path) -> Edition:
    """Load and check an edition's folder, or its only file. Raises Refusal with every fault that was found."""
    faults: list[Fault] = []
    return _checked(_read_folder(folder, faults), faults)


def edition_from_content(content: object) -> Edition:
    """The edition that a result carries. Raises Refusal when it is not one."""
    faults: list[Fault] = []
    return _checked(from_plain(content, faults), faults)


def _checked(root: Item, faults: list[Fault]) -> Edition:
    plain = root.plain()
    content = plain if isinstance(plain, dict) else {}
    edition = read_edition(root, content_hash(content), content, faults)
    if faults:
        raise Refusal(_in_order(faults))
    return edition


def _in_order(faults: list[Fault]) -> list[Fault]:
    """As they stand in the files, each once: one wrong name can be met on several ways."""
    seen: dict[object, Fault] = {}
    for fault in faults:
        seen.setdefault((fault.code, fault.place, tuple(sorted(fault.params.items()))), fault)
    return sorted(seen.values(), key=lambda each: (each.place.file, each.place.line, each.place.column))


def _files(folder: Path) -> list[Path]:
    """An edition's files, and those that are named almost as if they were."""
    if not folder.is_dir():
        return [folder] if os.path.lexists(folder) else []
    return sorted(each for each in folder.iterdir() if each.suffix.lower() in (".yaml", ".yml") and each.is_file())


def _read_folder(folder: Path, faults: list[Fault]) -> Item:
    """All files as one mapping. When one of them can not be read, any section may have stood there."""
    files = _files(folder)
    if not files:
        raise Refusal([Fault("scheme.no_files", Place(folder.name))])
    values: dict[str, Item] = {}
    keys: dict[str, Place] = {}
    told = False
    for file in files:
        tree = _read_file(file, faults, misnamed=folder.is_dir() and file.suffix != ".yaml")
        if tree is None or tree.told or not isinstance(tree.value, dict):
            told = True
        if tree is None or not isinstance(tree.value, dict):
            continue
        for key, item in tree.value.items():
            place = (tree.keys or {})[key]
            if key in values:
                first = keys[key]
                params = {"key": key, "line": f"{first.file}:{first.line}"}
                faults.append(Fault("scheme.duplicate_key", place, params))
                values[key] = replace(values[key], told=True)
            else:
                values[key], keys[key] = item, place
    # What is missing altogether is missing in the folder, not in the file that happens to come first.
    root = Place(folder.name) if len(files) > 1 else Place(files[0].name, 1, 1)
    return Item(values, root, keys=keys, told=told)


def _read_file(file: Path, faults: list[Fault], *, misnamed: bool) -> Item | None:
    if misnamed:
        faults.append(Fault("scheme.misnamed", Place(file.name), {"expected": f"{file.stem}.yaml"}))
        return None
    try:
        data = read_file(file, most_bytes)
    except Refusal as refusal:
        faults += refusal.faults
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        faults.append(Fault("scheme.not_text", place_at(before, len(before), file.name)))
        return None
    tree = read_yaml(text, file.name, faults)
    if tree is not None and not isinstance(tree.value, dict) and not tree.told:
        faults.append(Fault("scheme.expected_mapping", tree.place))
    return tree


def find_edition(name: str) -> Edition:
    """An edition by path, by ``scheme/edition``, by ``scheme`` (its latest), or by the beginning of its hash."""
    path = Path(name)
    if _files(path):
        return load_edition(path)
    for root in scheme_folders():
        folder = root / name
        if folder.is_dir() and any(folder.glob("*.yaml")):
            return _as_it_is(folder)
        if folder.is_dir() and folder != root:
            inner = sorted(each for each in folder.iterdir() if any(each.glob("*.yaml")))
            if inner:
                return _as_it_is(inner[-1])
    digest = name.removeprefix("sha256:")
    if _DIGEST.fullmatch(digest):
        loaded = (_loaded(folder) for folder in edition_folders())
        meant = {each.hash: each for each in loaded if each and each.hash.startswith(f"sha256:{digest}")}
        if len(meant) == 1:
            return meant.popitem()[1]
    known = ", ".join(f"{folder.parent.name}/{folder.name}" for folder in edition_folders())
    raise Refusal([Fault("scheme.not_found", Place(), {"name": name[:80], "known": known})])


def _as_it_is(folder: Path) -> Edition:
    """A published edition, read again only when one of its files has changed."""
    return _read_once(
        folder, tuple((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in _files(folder))
    )


@lru_cache(maxsize=8)
def _read_once(folder: Path, files: tuple[tuple[str, int, int], ...]) -> Edition:
    return load_edition(folder)


def default_edition() -> str:
    """The name of the edition that commands use when none is named."""
    for root in scheme_folders():
        if (root / "DEFAULT").is_file():
            return (root / "DEFAULT").read_text(encoding="utf-8").strip()
    raise Refusal([Fault("scheme.not_found", Place(), {"name": "DEFAULT", "known": ""})])


def edition_folders() -> tuple[Path, ...]:
    """Every published edition's folder."""
    found = (path.parent for root in scheme_folders() for path in sorted(root.glob("*/*/*.yaml")))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16)
def _loaded(folder: Path) -> Edition | None:
    try:
        return load_edition(folder)
    except Refusal:
        return None


@lru_cache(maxsize=8)
def draft_edition(edition: Edition) -> Edition:
    """The edition as it grades a dossier under construction: a cell that must not be empty may be unknown instead.

    It bears the name and hash of the real edition; a result under it is provisional until the dossier has no faults.
    """
    content = copy.deepcopy(dict(edition.content))
    named = {edition.as_of, edition.subject}
    tables = content["tables"]
    assert isinstance(tables, list)
    for table in tables:
        for column in table["columns"]:
            if column["empty"] == "error" and (table["id"], column["id"]) not in named:
                column["empty"] = "unknown"
    return replace(edition_from_content(content), hash=edition.hash, content=edition.content)
