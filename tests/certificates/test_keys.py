# SPDX-License-Identifier: Apache-2.0
"""Keys on the disk and in the trust file."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gradus.certificates.assertions import ready_faults, soon_faults
from gradus.certificates.bundle import bundle_at
from gradus.certificates.issuer import name_issuer
from gradus.certificates.keys import CHAIN_LASTS, current, make_keys, note_theft, rotate_key, signer_of
from gradus.certificates.models import IssuerNamed, Key, KeyPurpose, KeyTheft
from gradus.grading.faults import Refusal
from gradus.grading.texts import Text
from gradus.journal.actor import system
from gradus.journal.models import Entry
from gradus.trust.bundle import read_bundle, write_bundle
from tests.certificates.issuing import BEFORE, NAMING, equip

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def codes(refused):
    return [fault.code for fault in refused.value.faults]


def test_a_key_for_every_purpose_is_made_once(equipped, at):
    assert sorted(Key.objects.values_list("purpose", flat=True)) == ["issuer", "log", "pdf"]
    assert make_keys(system, at) == []


def test_secret_halves_lie_encrypted_in_the_folder_and_nowhere_else(equipped, tmp_path):
    files = sorted((tmp_path / "keys").iterdir())
    assert len(files) == 3
    for file in files:
        assert file.stat().st_mode & 0o077 == 0
        assert file.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    told = "".join(Entry.objects.filter(kind__startswith="key.").values_list("payload", flat=True))
    assert told.count("z6Mk") == 2
    assert "PRIVATE" not in told


def test_another_passphrase_opens_nothing(equipped, settings):
    settings.KEY_PASSPHRASE = "another horse battery staple"
    with pytest.raises(Refusal) as refused:
        signer_of(current(KeyPurpose.ISSUER))
    assert codes(refused) == ["keys.not_opened"]
    settings.KEY_PASSPHRASE, settings.KEY_PASSPHRASE_FILE = "", settings.DATA / "none"
    with pytest.raises(Refusal) as refused:
        signer_of(current(KeyPurpose.ISSUER))
    assert codes(refused) == ["keys.no_passphrase"]
    settings.KEY_PASSPHRASE_FILE.write_text("correct horse battery staple\n")
    assert signer_of(current(KeyPurpose.ISSUER)).public.multibase == current(KeyPurpose.ISSUER).public_key


def test_the_files_of_two_keys_changed_for_each_other_sign_nothing(equipped, tmp_path):
    issuer, log = (
        tmp_path / "keys" / f"{each.purpose}-{each.public_key}.pem" for each in Key.objects.order_by("id")[:2]
    )
    issuer.write_bytes(log.read_bytes())
    with pytest.raises(Refusal) as refused:
        signer_of(current(KeyPurpose.ISSUER))
    assert codes(refused) == ["keys.other_key"]
    log.unlink()
    with pytest.raises(Refusal) as refused:
        signer_of(current(KeyPurpose.LOG))
    assert codes(refused) == ["keys.file_missing"]


def test_the_trust_file_tells_every_key_and_when_it_may_sign(equipped, at):
    first = current(KeyPurpose.ISSUER)
    second = rotate_key(KeyPurpose.ISSUER, system, BEFORE + DAY)
    note_theft(current(KeyPurpose.LOG), BEFORE + DAY, system, BEFORE + 2 * DAY)
    bundle = read_bundle(write_bundle(bundle_at(at)), "trust.json")
    assert [each.public_key for each in bundle.keys] == [first.public_key, second.public_key]
    assert (bundle.keys[0].valid_until, bundle.keys[1].valid_until) == (BEFORE + DAY, None)
    assert [each.compromised_at for each in bundle.log.keys] == [BEFORE + DAY, None]
    assert len(bundle.pdf[0].certificates) == 2
    assert bundle.log.origin == "localhost:8000/log"


def test_it_is_said_before_and_after_that_the_key_for_pages_ends(equipped):
    ends = BEFORE + CHAIN_LASTS
    told = [
        [fault.code for fault in [*ready_faults(at), *soon_faults(at)]]
        for at in (ends - 91 * DAY, ends - 90 * DAY, ends - SECOND, ends)
    ]
    assert told == [[], ["keys.chain_ends"], ["keys.chain_ends"], ["keys.chain_ended"]]
    rotate_key(KeyPurpose.PDF, system, ends)
    assert ready_faults(ends) == []


def test_a_theft_is_noted_once_and_never_of_the_future(equipped):
    key = current(KeyPurpose.ISSUER)
    with pytest.raises(Refusal) as refused:
        note_theft(key, BEFORE + DAY, system, BEFORE)
    assert codes(refused) == ["keys.stolen_later"]
    note_theft(key, BEFORE, system, BEFORE + DAY)
    with pytest.raises(Refusal) as refused:
        note_theft(key, BEFORE, system, BEFORE + DAY)
    assert codes(refused) == ["keys.stolen_already"]


def test_no_key_is_made_for_a_body_without_a_name(world, settings, tmp_path, at):
    settings.DATA, settings.KEY_PASSPHRASE = tmp_path, "correct horse battery staple"
    with pytest.raises(Refusal) as refused:
        make_keys(system, at)
    assert codes(refused) == ["issuer.not_named"]


def test_an_issuer_borrows_no_authoritys_name_and_earlier_names_stay_known(equipped, at):
    wrong = replace(NAMING, name=Text("工信部认证中心", "Ministry Certification"), prefix="T")
    with pytest.raises(Refusal) as refused:
        name_issuer(wrong, system, at)
    assert codes(refused) == ["issuer.prefix", "statement.authority", "statement.authority"]
    name_issuer(replace(NAMING, name=Text("新名认证中心", "New Name")), system, at)
    bundle = bundle_at(at)
    assert (bundle.issuer.name.zh, [each.name.zh for each in bundle.former_issuers]) == (
        "新名认证中心",
        [NAMING.name.zh],
    )


@pytest.mark.parametrize("model", [IssuerNamed, Key, KeyTheft])
def test_the_database_refuses_to_change_or_remove_what_is_known_of_keys(model, equipped, at):
    note_theft(current(KeyPurpose.PDF), BEFORE, system, at)
    table, key = model._meta.db_table, model._meta.pk.column
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {key} = {key}"):  # noqa: S608
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_ceremony_needs_no_order_but_a_name_first(equipped, at):
    equip(at)  # once more: nothing is made twice
    assert Key.objects.count() == 3
