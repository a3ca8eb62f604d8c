# SPDX-License-Identifier: Apache-2.0
"""``gradus keys``: who issues, and with which keys. docs/keys.md is the ceremony."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from django.utils.timezone import now

from gradus.certificates.bundle import bundle_at
from gradus.certificates.issuer import Naming, name_issuer
from gradus.certificates.keys import key_named, make_keys, note_theft, rotate_key
from gradus.certificates.models import Key, KeyPurpose
from gradus.certificates.recover import restate
from gradus.cli.platform.prepare import prepare, require_tables
from gradus.cli.streams import tell
from gradus.formats.files import write_file
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.texts import Text
from gradus.journal.actor import system
from gradus.trust.bundle import write_bundle
from gradus.trust.instants import begins, read_day, shown


def run(options: Namespace) -> int:
    """Do what was asked for."""
    if options.action == "issuer":
        prepare()
    require_tables()
    return _ACTIONS[options.action](options)


def _issuer(options: Namespace) -> int:
    naming = Naming(
        Text(options.name, options.name_en),
        Text(options.address, options.address_en),
        options.approval,
        options.prefix,
        options.seal,
    )
    made = name_issuer(naming, system, now())
    tell(words("keys.issuer_named", options.lang, name=made.name_zh, address=made.address))
    return 0


def _make(options: Namespace) -> int:
    made = make_keys(system, now())
    for key in made:
        _tell_made(key, options)
    if not made:
        tell(words("keys.all_there", options.lang))
    return 0


def _list(options: Namespace) -> int:
    for key in Key.objects.select_related("end", "theft").order_by("id"):
        end, theft = getattr(key, "end", None), getattr(key, "theft", None)
        blanks = {"key": str(key), "public": key.public_key, "from": shown(key.valid_from)}
        said = words("keys.listed", options.lang, **blanks)
        said += words("keys.listed_end", options.lang, until=shown(end.at)) if end else ""
        said += words("keys.listed_stolen", options.lang, since=shown(theft.since)) if theft else ""
        tell(said)
    return 0


def _rotate(options: Namespace) -> int:
    _tell_made(rotate_key(KeyPurpose(options.purpose), system, now()), options)
    return 0


def _stolen(options: Namespace) -> int:
    try:
        since = begins(read_day(options.since))
    except ValueError:
        raise Refusal([Fault("keys.day", Place(field="since"), {"value": options.since})]) from None
    key = key_named(options.key)
    made = note_theft(key, since, system, now())
    tell(words("keys.stolen_noted", options.lang, key=str(key), since=shown(since)))
    if made:
        _tell_made(made, options)
    tell(words("keys.stated_anew", options.lang, count=str(restate(now()))))
    return 0


def _bundle(options: Namespace) -> int:
    bundle = bundle_at(now())
    write_file(Path(options.file), write_bundle(bundle))
    tell(words("keys.bundle_written", options.lang, file=str(options.file), fingerprint=bundle.fingerprint))
    return 0


def _tell_made(key: Key, options: Namespace) -> None:
    tell(words("keys.made", options.lang, key=str(key), public=key.public_key))


_ACTIONS: dict[str, Callable[[Namespace], int]] = {
    "issuer": _issuer,
    "make": _make,
    "list": _list,
    "rotate": _rotate,
    "stolen": _stolen,
    "bundle": _bundle,
}
