# SPDX-License-Identifier: Apache-2.0
"""Finding and loading editions: a folder of YAML files, or the content that a result carries."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from gradus.formats.edition_reader import SECTIONS, read_edition
from gradus.formats.yaml_tree import Item, from_plain, read_yaml
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition

_PACKAGE = Path(__file__).resolve().parent.parent


def scheme_folders() -> tuple[Path, ...]:
    """Where published editions lie: beside the source tree, or inside an installed package."""
    return tuple(path for path in (_PACKAGE.parent.parent / "schemes", _PACKAGE / "_schemes") if path.is_dir())


def content_hash(content: Mapping[str, object]) -> str:
    """The hash that names an edition: SHA-256 of its content as canonical JSON (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def load_edition(folder: Path) -> Edition:
    """Load and check an edition's folder. Raises Refusal with every fault that was found."""
    faults: list[Fault] = []
    root = _read_folder(folder, faults)
    return _checked(root, faults)


def edition_from_content(content: object) -> Edition:
    """The edition that a result carries. Raises Refusal when it is not one."""
    return _checked(from_plain(content), [])


def _checked(root: Item, faults: list[Fault]) -> Edition:
    plain = root.plain()
    content = plain if isinstance(plain, dict) else {}
    edition = read_edition(root, content_hash(content), content, faults)
    if faults:
        raise Refusal(sorted(_once(faults), key=_order))
    return edition


def _once(faults: list[Fault]) -> list[Fault]:
    """Each fault once: one wrong name can be met on several ways."""
    seen: dict[object, Fault] = {}
    for fault in faults:
        seen.setdefault((fault.code, fault.place, tuple(sorted(fault.params.items()))), fault)
    return list(seen.values())


def _order(fault: Fault) -> tuple[str, int, int]:
    return fault.place.file, fault.place.line, fault.place.column


def _read_folder(folder: Path, faults: list[Fault]) -> Item:
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else [folder] if folder.is_file() else []
    if not files:
        raise Refusal([Fault("scheme.no_files", Place(str(folder)))])
    values: dict[str, Item] = {}
    keys: dict[str, Place] = {}
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            faults.append(Fault("scheme.not_text", Place(file.name)))
            continue
        tree = read_yaml(text, file.name, faults)
        if tree is None:
            continue
        if not isinstance(tree.value, dict):
            faults.append(Fault("scheme.wrong_kind", tree.place, {"expected": "mapping", "given": "list or text"}))
            continue
        for key, item in tree.value.items():
            place = (tree.keys or {})[key]
            if key not in SECTIONS:
                faults.append(Fault("scheme.unknown_key", place, {"key": key, "expected": ", ".join(SECTIONS)}))
            elif key in values:
                params = {"key": key, "line": f"{keys[key].file}:{keys[key].line}"}
                faults.append(Fault("scheme.duplicate_key", place, params))
            else:
                values[key], keys[key] = item, place
    return Item(values, Place(files[0].name, 1, 1), keys=keys)


def find_edition(name: str) -> Edition:
    """An edition by path, by ``scheme/edition``, by ``scheme`` (its latest), or by the beginning of its hash."""
    path = Path(name)
    if path.exists() and (path.is_file() or any(path.glob("*.yaml"))):
        return load_edition(path)
    for root in scheme_folders():
        folder = root / name
        if folder.is_dir() and any(folder.glob("*.yaml")):
            return load_edition(folder)
        if folder.is_dir() and folder != root:
            inner = sorted(each for each in folder.iterdir() if any(each.glob("*.yaml")))
            if inner:
                return load_edition(inner[-1])
    digest = name.removeprefix("sha256:")
    if len(digest) >= 8:
        for folder in edition_folders():
            edition = _loaded(folder)
            if edition is not None and edition.hash.removeprefix("sha256:").startswith(digest):
                return edition
    known = ", ".join(f"{folder.parent.name}/{folder.name}" for folder in edition_folders())
    raise Refusal([Fault("scheme.not_found", Place(), {"name": name[:80], "known": known})])


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
