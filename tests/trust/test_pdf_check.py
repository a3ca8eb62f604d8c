# SPDX-License-Identifier: Apache-2.0
"""A certificate's PDF: accepted as it was signed, refused at the right step for each defect, with our own words."""

import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import typst
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from gradus.formats.certificate_pki import Span, Subject, make_root, make_signing_certificate
from gradus.formats.certificate_signature import sign_certificate
from gradus.formats.report_pdf import typst_fonts
from gradus.formats.wording import known, sentence, words
from gradus.trust.pdf_check import check_pdf
from gradus.trust.verdict import State, Verdict
from tests.formats.certificate_faces import AT
from tests.formats.certificate_keys import (
    BODY,
    CERTIFICATE,
    CREDENTIAL,
    RECEIPT,
    ROOT,
    ROOT_KEY,
    ROOT_SPAN,
    SIGNER,
    SIGNING_KEY,
    SPAN,
    key,
    page,
    signed,
    signing,
    small,
)

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
STEPS = [f"P{number}" for number in range(1, 9)]


def refused(data: bytes, roots=(ROOT,)) -> tuple[str, set[str]]:
    """The step that fails first, and the codes it gives; each code has its sentence, and nothing is handed on."""
    found = check_pdf(data, roots)
    assert [each.id for each in found.steps] == STEPS
    assert found.verdict is Verdict.DOES_NOT_HOLD
    assert found.attachments == {}
    step = next(each for each in found.steps if each.state is State.FAILED)
    for fault in step.said:
        assert known(fault.code)
        assert all("{" not in sentence(fault, language) for language in ("zh", "en"))
    later = found.steps[STEPS.index(step.id) + 1 :]
    assert all(each.state is State.CANNOT_TELL for each in later)
    return step.id, {fault.code for fault in step.said}


def test_as_it_was_signed_it_is_accepted_and_hands_on_what_is_attached():
    found = check_pdf(signed(), [ROOT])
    assert [(each.id, each.state) for each in found.steps] == [(step, State.PASSED) for step in STEPS]
    assert found.attachments == {"credential.json": CREDENTIAL, "receipt.json": RECEIPT}
    assert found.signer == CERTIFICATE
    assert found.signed_at == AT
    assert found.verdict is Verdict.HOLDS


def test_without_a_trust_bundle_nobody_can_tell_who_signed():
    found = check_pdf(signed(), [])
    assert [each.id for each in found.steps if each.state is State.CANNOT_TELL] == ["P7"]
    assert found.verdict is Verdict.CANNOT_TELL
    assert found.attachments == {"credential.json": CREDENTIAL, "receipt.json": RECEIPT}


def test_a_root_among_others_and_among_rubbish_is_found():
    other = make_root(key(7), Subject("Other", "Other"), ROOT_SPAN)
    assert check_pdf(small(), [b"", b"rubbish", other, ROOT]).verdict is Verdict.HOLDS


def test_every_step_has_its_title_in_both_languages():
    assert all(words(f"verify.step.{step}", language) for step in STEPS for language in ("zh", "en"))


def resigned(data: bytes = b"", **changes) -> bytes:
    """The small page signed by somebody else, or in another way."""
    return sign_certificate(data or small_page(), replace(SIGNER, **changes), AT)


def small_page() -> bytes:
    return small()[: small().index(b"%%EOF\n") + 6]


def certified(number: int, span: Span = SPAN, root: bytes = ROOT, root_key=ROOT_KEY) -> dict:
    """A key of its own with a certificate of its own."""
    certificate = make_signing_certificate(root, root_key, key(number).public_key(), BODY, span)
    return {"sign": signing(key(number)), "certificates": (certificate, root)}


def content(data: bytes) -> tuple[int, int, bytes]:
    """Where the container stands, and its bytes with the padding."""
    found = re.search(rb"/Contents <([0-9A-F]+)>", data)
    return *found.span(1), bytes.fromhex(found[1].decode())


def with_content(data: bytes, new: bytes) -> bytes:
    start, end, old = content(data)
    return data[:start] + new.ljust(len(old), b"\0").hex().upper().encode() + data[end:]


def der(data: bytes) -> bytes:
    inside = content(data)[2]
    return inside[: int.from_bytes(inside[2:4]) + 4]


def changed(old: bytes, new: bytes) -> bytes:
    """The small file with the same number of other bytes in the place of some."""
    assert small().count(old) == 1
    assert len(old) == len(new)
    return small().replace(old, new)


def higher_s() -> bytes:
    """The other valid signature, which anybody can compute."""
    inside = der(small())
    value = inside[inside.rindex(b"\x30\x44") if b"\x30\x44" in inside[-80:] else inside.rindex(b"\x30\x45") :]
    r, s = decode_dss_signature(value)
    other = encode_dss_signature(r, ORDER - s)
    grown = len(other) - len(value)
    head = inside[: -len(value)]
    for old, new in lengths(inside, head, grown, value, other):
        head = head.replace(old, new, 1) if head.count(old) >= 1 else head
    return with_content(small(), head + other)


def lengths(inside: bytes, head: bytes, grown: int, value: bytes, other: bytes):
    """The length fields around the signature, which grow with it."""
    total = int.from_bytes(inside[2:4])
    yield inside[:4], b"\x30\x82" + (total + grown).to_bytes(2)
    yield b"\xa0\x82" + (total - 15).to_bytes(2), b"\xa0\x82" + (total - 15 + grown).to_bytes(2)
    yield b"\x30\x82" + (total - 19).to_bytes(2), b"\x30\x82" + (total - 19 + grown).to_bytes(2)
    signers = inside.index(b"\x02\x01\x01\x30", 30)
    for tag in (b"\x31\x82", b"\x30\x82"):
        at = inside.rindex(tag, 0, signers)
        size = int.from_bytes(inside[at + 2 : at + 4])
        yield inside[at : at + 4], tag + (size + grown).to_bytes(2)
    yield b"\x04" + bytes([len(value)]), b"\x04" + bytes([len(other)])


def attached(files: dict[str, tuple[str, bytes]]) -> bytes:
    """A blank page with these files, signed."""
    return resigned(page_with(files))


def page_with(files: dict[str, tuple[str, bytes]], more: str = "") -> bytes:
    source = "".join(
        f'#pdf.attach("{name}", bytes(sys.inputs.at("{name}")), relationship: "{how}",'
        ' mime-type: "application/json", description: "-")\n'
        for name, (how, _) in files.items()
    )
    inputs = {name: data.decode() for name, (_, data) in files.items()}
    pdf = typst.compile(
        (source + more).encode(), sys_inputs=inputs, pdf_standards="a-3b", timestamp=AT, font_paths=typst_fonts()
    )
    return pdf + b"\n"


def linked(*addresses: str, credential: bytes = b'{"id":"https://a.example/v/1"}', more: str = "") -> bytes:
    """A page with links, and the files of a certificate, unsigned."""
    words = "".join(f'#link("{each}")[here]\n' for each in addresses)
    return page_with(
        {"credential.json": ("alternative", credential), "receipt.json": FILES["receipt.json"]}, words + more
    )


def relinked(old: bytes, new: bytes) -> bytes:
    """A page with one good link, written otherwise, then signed."""
    return rewritten(old, new, linked("https://a.example/v/1"))


def moved_in_the_update() -> bytes:
    """The update puts its own field before the link, which is another order of reading."""
    data = resigned(linked("https://a.example/v/1"))
    return re.sub(rb"/Annots \[ (\d+ 0 R) (\d+ 0 R) \]", rb"/Annots [ \2 \1 ]", data)


def rewritten(old: bytes, new: bytes, data: bytes = b"") -> bytes:
    """A page with other bytes where some stand first, its table corrected, then signed: all else is right."""
    data = data or small_page()
    at, grown = data.index(old), len(new) - len(old)
    data = data.replace(old, new, 1)
    table = data.rindex(b"\nxref\n") + 1
    moved = re.sub(
        rb"(\d{10}) 00000 n",
        lambda entry: b"%010d 00000 n" % (int(entry[1]) + (grown if int(entry[1]) > at else 0)),
        data[table:],
    )
    return resigned(data[:table] + re.sub(rb"startxref\n\d+", b"startxref\n%d" % table, moved))


def sign_twice() -> bytes:
    """As a PDF program would add an approval to a signed file."""
    first = small()
    update = first[first.index(b"%%EOF\n") + 6 :]
    return first + update


def updated_later() -> bytes:
    """A third revision that puts another text in the place of the page's, as in shadow attacks."""
    data = small()
    last = int(re.findall(rb"startxref\n(\d+)\n", data)[-1])
    trailer = re.findall(rb"/Root (\d+) 0 R\n/Info (\d+) 0 R", data)[-1]
    added = b"900 0 obj\n<</Type/Catalog>>\nendobj\n"
    table = len(data) + len(added)
    return data + added + (
        b"xref\n900 1\n%010d 00000 n \ntrailer\n<</Size 901/Root %s 0 R/Info %s 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(data), *trailer, last, table)
    )  # fmt: skip


def lower_case() -> bytes:
    start, end, _ = content(small())
    return small()[:start] + small()[start:end].lower() + small()[end:]


def white_space() -> bytes:
    _, end, _ = content(small())
    return small()[: end - 2] + b"\n\n" + small()[end:]


def swapped_certificate() -> bytes:
    """The same key in a certificate of another serial number, as an authority might renew it."""
    later = Span(SPAN.first, SPAN.last + timedelta(days=1))
    other = make_signing_certificate(ROOT, ROOT_KEY, SIGNING_KEY.public_key(), BODY, later)
    return with_content(small(), der(small()).replace(CERTIFICATE, other))


def strange_root() -> dict:
    root = make_root(key(21), Subject("Stranger", "Stranger"), ROOT_SPAN)
    return certified(22, SPAN, root, key(21))


def namesake() -> dict:
    root = make_root(key(23), Subject("某某认证中心有限公司", "Example root"), ROOT_SPAN)
    return certified(24, SPAN, root, key(23))


def too_early() -> bytes:
    late = Span(AT + timedelta(seconds=1), SPAN.last)
    return resigned(**certified(11, late))


def built(change) -> dict:
    """A certificate of the root that ``change`` makes different."""
    model = x509.load_der_x509_certificate(CERTIFICATE)
    builder = (
        x509.CertificateBuilder()
        .subject_name(model.subject)
        .issuer_name(model.issuer)
        .public_key(key(31).public_key())
        .serial_number(31)
        .not_valid_before(SPAN.first)
        .not_valid_after(SPAN.last)
    )
    made = change(builder, list(model.extensions)).sign(ROOT_KEY, SHA256()).public_bytes(Encoding.DER)
    return {"sign": signing(key(31)), "certificates": (made, ROOT)}


def other_purpose() -> dict:
    def change(builder, extensions):
        for each in extensions:
            value = each.value
            if isinstance(value, x509.ExtendedKeyUsage):
                value = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CODE_SIGNING])
            builder = builder.add_extension(value, each.critical)
        return builder

    return built(change)


def unknown_extension() -> dict:
    def change(builder, extensions):
        for each in extensions:
            builder = builder.add_extension(each.value, each.critical)
        strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
        return builder.add_extension(strange, True)

    return built(change)


def association() -> bytes:
    return re.search(rb"/AF\[[^]]*\]", small_page())[0]


def attached_stream(stream: bytes, method: bytes, size: int) -> bytes:
    """The credential's stream written in another way."""
    old = re.search(rb"<</Length 2(/Type/EmbeddedFile[^\n]*?/Size) 2([^\n]*)\nstream\n\{\}\nendstream", small_page())
    new = b"<</Length %d%s%s %d%s\nstream\n%s\nendstream" % (len(stream), method, old[1], size, old[2], stream)
    return rewritten(old[0], new)


FILES = {"credential.json": ("alternative", b"{}"), "receipt.json": ("supplement", b"{}")}
EARLY = Span(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC))
SECOND = b"/MediaBox[0 0 595.2756 841.8898]/StructParents 0"  # of the second sheet, which has words on it
BOMB = zlib.compress(bytes(64 * 1024 * 1024), 9)

MUSEUM = {
    "empty": (lambda: b"", "P1", "pdf.no_certificate"),
    "a text": (lambda: b"certificate", "P1", "pdf.no_certificate"),
    "the header alone": (lambda: b"%PDF-1.7\n%\x80\x80\x80\x80\n\n", "P1", "pdf.end"),
    "too large": (lambda: small() + bytes(5 * 1024 * 1024), "P1", "pdf.no_certificate"),
    "not signed": (page, "P1", "pdf.one_update"),
    "a byte appended": (lambda: small() + b"\n", "P1", "pdf.end"),
    "the last newline lost": (lambda: small()[:-1], "P1", "pdf.end"),
    "cut in half": (lambda: small()[: len(small()) // 2], "P1", "pdf.end"),
    "a byte before the header": (lambda: b"\n" + small(), "P1", "pdf.no_certificate"),
    "signed twice": (sign_twice, "P1", "pdf.end"),
    "changed after signing": (updated_later, "P1", "pdf.one_update"),
    "a byte between objects": (lambda: small().replace(b"endobj\n", b"endobj\n \n", 1), "P1", "pdf.syntax"),
    "a byte of the page": (lambda: changed(b"MediaBox[0 0 595", b"MediaBox[0 0 596"), "P2", "pdf.update"),
    "a byte of an attachment": (lambda: small().replace(b"\n{}\n", b"\n[]\n", 1), "P5", "pdf.digest"),
    "another claimed time": (lambda: changed(b"20260701010000Z)\n/Ref", b"20260601010000Z)\n/Ref"), "P5", "pdf.digest"),
    "the range shortened": (lambda: small().replace(b"/ByteRange [0 ", b"/ByteRange [1 "), "P3", "pdf.container_form"),
    "hexadecimal digits in lower case": (lower_case, "P3", "pdf.container_form"),
    "white space in the container": (white_space, "P1", "pdf.syntax"),
    "padding that is not zero": (lambda: with_content(small(), der(small()) + b"\1"), "P4", "pdf.padding"),
    "no container": (lambda: with_content(small(), b""), "P4", "pdf.container_form"),
    "the other valid signature": (higher_s, "P4", "pdf.container_form"),
    "another signature's container": (lambda: with_content(small(), der(signed())), "P5", "pdf.digest"),
    "signed by another key": (lambda: resigned(sign=signing(key(5))), "P6", "pdf.signature"),
    "another certificate beside it": (swapped_certificate, "P4", "pdf.container_form"),
    "a certificate of a strange root": (lambda: resigned(**strange_root()), "P7", "pdf.unknown_root"),
    "a root of the same name": (lambda: resigned(**namesake()), "P7", "pdf.unknown_root"),
    "an expired certificate": (lambda: resigned(**certified(9, EARLY)), "P7", "pdf.certificate_dates"),
    "a certificate that is not yet valid": (too_early, "P7", "pdf.certificate_dates"),
    "a certificate for another purpose": (lambda: resigned(**other_purpose()), "P7", "pdf.key_usage"),
    "a certificate with an extension nobody knows": (
        lambda: resigned(**unknown_extension()), "P7", "pdf.certificate_form"),
    "a root used as the signer's certificate": (
        lambda: resigned(sign=signing(ROOT_KEY), certificates=(ROOT,)), "P7", "pdf.key_usage"),
    "an attachment stripped": (
        lambda: attached({"credential.json": ("alternative", b"{}")}), "P8", "pdf.attachments"),
    "an attachment besides": (
        lambda: attached({**FILES, "more.json": ("data", b"{}")}), "P8", "pdf.attachments"),
    "an attachment of another name": (
        lambda: attached({"credential.json": ("alternative", b"{}"), "more.json": ("supplement", b"{}")}),
        "P8", "pdf.attachments"),
    "attachments of each other's relationship": (
        lambda: attached({"credential.json": ("supplement", b"{}"), "receipt.json": ("alternative", b"{}")}),
        "P8", "pdf.association"),
    "an attachment not associated": (lambda: rewritten(association(), b""), "P8", "pdf.attachments"),
    "an attachment of a false size": (lambda: attached_stream(b"{}", b"", 3), "P8", "pdf.attachment_form"),
    "an attachment that is no Flate stream": (
        lambda: attached_stream(b"{}", b"/Filter/FlateDecode", 2), "P8", "pdf.attachment_form"),
    "an attachment that bursts": (
        lambda: attached_stream(BOMB, b"/Filter/FlateDecode", 64 * 1024 * 1024), "P8", "pdf.attachment_form"),
    "an attachment filtered twice": (
        lambda: attached_stream(b"7B7D>", b"/Filter[/ASCIIHexDecode/FlateDecode]", 2), "P8", "pdf.attachment_form"),
    "a link that leads elsewhere": (lambda: resigned(linked("https://b.example/v/1")), "P8", "pdf.link"),
    "a link that leads to another certificate": (lambda: resigned(linked("https://a.example/v/12")), "P8", "pdf.link"),
    "a second link that leads elsewhere": (
        lambda: resigned(linked("https://a.example/v/1", "https://b.example/")), "P8", "pdf.link"),
    "a link where the credential has no address": (
        lambda: resigned(linked("https://a.example/v/1", credential=b"{}")), "P8", "pdf.link"),
    "a link where the credential is no object": (
        lambda: resigned(linked("https://a.example/v/1", credential=b'["https://a.example/v/1"]')), "P8", "pdf.link"),
    "a link where the credential is not readable": (
        lambda: resigned(linked("https://a.example/v/1", credential=b"{")), "P8", "json.syntax"),
    "a link that says another address than it leads to": (
        lambda: relinked(b"/URI(https://a", b"/URI(https://b"), "P8", "pdf.annotation"),
    "a link that starts a program": (lambda: relinked(b"/S/URI/URI(", b"/S/Launch/F("), "P8", "pdf.annotation"),
    "a link with a second action behind it": (
        lambda: relinked(b"/S/URI/URI(", b"/Next<</S/URI/URI(b)>>/S/URI/URI("), "P8", "pdf.annotation"),
    "a link that acts when the mouse is over it": (
        lambda: relinked(b"/Subtype/Link", b"/Subtype/Link/AA<</E<</S/URI/URI(b)>>>>"), "P8", "pdf.annotation"),
    "a link inside the file": (
        lambda: resigned(linked(more="#link((page: 1, x: 0pt, y: 0pt))[here]")), "P8", "pdf.annotation"),
    "a note stuck on the page": (lambda: relinked(b"/Subtype/Link", b"/Subtype/Text"), "P8", "pdf.annotation"),
    "an annotation that is not there": (
        lambda: rewritten(b"/MediaBox", b"/Annots[900 0 R]/MediaBox"), "P8", "pdf.lacks_object"),
    "annotations on another sheet": (
        lambda: resigned(linked(more='#pagebreak() #link("https://b.example/")[here]')), "P8", "pdf.link"),
    "annotations on another sheet that are no list": (
        lambda: rewritten(SECOND, b"/Annots 1" + SECOND, linked(more="#pagebreak() x")), "P8", "pdf.annotation"),
    "the link put elsewhere by the update": (moved_in_the_update, "P2", "pdf.update"),
    "the link's address altered after signing": (
        lambda: resigned(linked("https://a.example/v/1")).replace(b"(https://a.", b"(https://b."), "P5", "pdf.digest"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUSEUM)
def test_a_defect_is_refused_at_its_step(name):
    make, step, code = MUSEUM[name]
    assert refused(make()) == (step, {code})


def test_a_root_of_another_curve_vouches_for_nothing():
    private = generate_private_key(SECP384R1())
    name = x509.load_der_x509_certificate(ROOT).subject
    root = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(SPAN.first)
        .not_valid_after(SPAN.last)
        .sign(private, SHA256())
        .public_bytes(Encoding.DER)
    )
    assert refused(small(), [root]) == ("P7", {"pdf.unknown_root"})


def test_a_root_that_may_not_issue_is_refused():
    model = x509.load_der_x509_certificate(ROOT)
    plain = (
        x509.CertificateBuilder()
        .subject_name(model.subject)
        .issuer_name(model.subject)
        .public_key(ROOT_KEY.public_key())
        .serial_number(1)
        .not_valid_before(EARLY.first)
        .not_valid_after(EARLY.last)
        .add_extension(x509.BasicConstraints(False, None), True)
        .sign(ROOT_KEY, SHA256())
        .public_bytes(Encoding.DER)
    )
    assert refused(small(), [plain]) == ("P7", {"pdf.root_usage", "pdf.root_dates"})


def test_a_certificate_is_good_from_its_first_second_to_its_last():
    for first, last in ((AT, AT), (AT, AT + timedelta(days=1)), (AT - timedelta(days=1), AT)):
        assert check_pdf(resigned(**certified(41, Span(first, last))), [ROOT]).verdict is Verdict.HOLDS


def test_links_to_the_credentials_own_address_are_accepted_and_so_is_a_page_without_any():
    address = "https://a.example/v/1"
    for page_of_it in (linked(address), linked(address, address), linked()):
        assert check_pdf(resigned(page_of_it), [ROOT]).verdict is Verdict.HOLDS
    assert check_pdf(signed(), [ROOT]).verdict is Verdict.HOLDS
    assert signed().count(b"/Subtype/Link") == 2


def test_other_files_can_be_asked_for():
    data = attached({"answer.json": ("data", b"{}")})
    assert check_pdf(data, [ROOT], {"answer.json": "Data"}).attachments == {"answer.json": b"{}"}
