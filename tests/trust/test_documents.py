# SPDX-License-Identifier: Apache-2.0
"""What the documents of the formats say is what the code does."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

import gradus.trust.verify as steps
from gradus.api.register import CertificateList, StandingAt, Turned, Wanted, WholeCertificate
from gradus.formats.wording import words
from gradus.trust.bundle import TrustBundle
from gradus.trust.credential import CONTEXT
from gradus.trust.receipt import Receipt
from gradus.trust.statement import CertificateStatement, StatusStatement
from gradus.trust.verify import _STEPS

FORMATS = Path(__file__).resolve().parents[2] / "docs" / "formats"


def document(name: str) -> str:
    return (FORMATS / name).read_text("utf-8")


def test_the_context_that_verifiers_are_given_is_the_one_that_is_signed():
    assert json.loads(document("certification.jsonld")) == CONTEXT


def test_the_steps_have_the_same_numbers_in_docstring_code_and_document():
    titles = re.findall(r"^\| (\d) \| (.+?) \|", document("verify.md"), re.MULTILINE)
    assert titles == [(str(number), words(f"verify.step.{number}", "en")) for number in range(1, 10)]
    assert re.findall(r"^ (\d)  ", steps.__doc__, re.MULTILINE) == [number for number, _ in titles]
    assert [step.__doc__[:6] for step in _STEPS] == [f"Step {number}" for number, _ in titles]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (CertificateStatement, "statement.md"),
        (StatusStatement, "statement.md"),
        (Receipt, "receipt.md"),
        (TrustBundle, "trust-bundle.md"),
    ],
)
def test_every_key_of_a_format_is_described(kind, name):
    assert [each.name for each in fields(kind) if f"`{each.name}`" not in document(name)] == []


@pytest.mark.parametrize("kind", [Wanted, CertificateList, WholeCertificate, StandingAt, Turned])
def test_every_key_of_the_registers_json_is_described(kind):
    assert [each for each in kind.model_fields if f"`{each}`" not in document("register.md")] == []
