# SPDX-License-Identifier: Apache-2.0
"""Keys: known answers, files that open with their passphrase alone, names that are thumbprints."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from gradus.grading.faults import Refusal
from gradus.trust.encodings import from_base58, from_base64, from_base64url, to_base58, to_base64, to_base64url
from gradus.trust.keys import Algorithm, SoftwareSigner, load_key, new_key, read_public_key
from tests.trust.world import ISSUER_KEY, key

PASSPHRASE = "four words nobody guesses"


def test_ed25519_signs_as_rfc_8032_says():
    """Section 7.1, test 2."""
    secret = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
    signer = SoftwareSigner(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)))
    assert signer.public.raw.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert signer.sign(b"\x72").hex().startswith("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da")


def test_a_multikey_is_written_as_in_the_w3c_test_vectors():
    """Data Integrity EdDSA Cryptosuites 1.0, appendix B: the key of its example credentials."""
    key = read_public_key("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
    assert key.algorithm is Algorithm.ED25519
    assert key.multibase == "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_key_goes_into_its_file_and_comes_out_again_with_its_passphrase_alone(algorithm):
    signer = key("in a file", algorithm)
    pem = signer.to_pem(PASSPHRASE)
    assert b"ENCRYPTED PRIVATE KEY" in pem
    again = load_key(pem, PASSPHRASE, "issuer.pem")
    assert again.public == signer.public
    assert again.public.verifies(again.sign(b"message"), b"message")
    with pytest.raises(Refusal, match=r"keys\.not_opened"):
        load_key(pem, PASSPHRASE + "!", "issuer.pem")


@pytest.mark.parametrize("algorithm", Algorithm)
def test_the_same_message_gets_the_same_signature_and_another_none(algorithm):
    signer = key("steady", algorithm)
    signature = signer.sign(b"message")
    assert signer.sign(b"message") == signature
    assert signer.public.verifies(signature, b"message")
    assert not signer.public.verifies(signature, b"massage")
    assert not signer.public.verifies(b"", b"message")
    assert not key("another", algorithm).public.verifies(signature, b"message")


def test_files_that_hold_no_key_of_ours_are_refused():
    other = generate_private_key(65537, 2048)
    locked = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
    open_ = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for pem, code in ((locked, "keys.other_kind"), (open_, "keys.not_opened"), (b"", "keys.not_opened")):
        with pytest.raises(Refusal, match=code):
            load_key(pem, PASSPHRASE, "key.pem")


def test_a_short_passphrase_and_little_entropy_make_no_key():
    with pytest.raises(Refusal, match=r"keys\.passphrase_short"):
        ISSUER_KEY.to_pem("secret")
    with pytest.raises(ValueError, match="random bytes"):
        new_key(Algorithm.ED25519, b"little")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "z6Mk",
        "x" + ISSUER_KEY.public.multibase,
        ISSUER_KEY.public.multibase + "1",
        "z0",
        "z" + "1" * 34,
        "zDn" + "1" * 45,
    ],
)
def test_what_is_no_public_key_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_public_key(text)


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\0\1", b"\xff" * 5, bytes(range(32))])
def test_bytes_have_one_text_in_each_encoding(data):
    assert from_base64(to_base64(data)) == data
    assert from_base64url(to_base64url(data)) == data
    assert from_base58(to_base58(data), len(data)) == data


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (from_base64, "AB=="),
        (from_base64, "AA"),
        (from_base64, "A A="),
        (from_base64url, "AB"),
        (from_base64url, "AA=="),
        (from_base64url, "密"),
    ],
)
def test_another_text_for_the_same_bytes_is_refused(read, text):
    with pytest.raises(ValueError, match=r"."):
        read(text)
