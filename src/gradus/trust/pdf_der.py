# SPDX-License-Identifier: Apache-2.0
"""DER as far as a signature and its certificate need it (X.690, 10 and 11): one encoding for every value.

A length in more bytes than it needs, or a byte after the value, is refused. Raises Refusal, and nothing else.
"""

from dataclasses import dataclass

from gradus.trust.pdf_syntax import refuse

BOOLEAN, INTEGER, BITS, OCTETS, OID = 0x01, 0x02, 0x03, 0x04, 0x06
SEQUENCE, SET = 0x30, 0x31


@dataclass(frozen=True, slots=True)
class Der:
    """A value: its tag, its content, and all its bytes."""

    tag: int
    content: bytes
    raw: bytes

    def parts(self, *tags: int) -> list["Der"]:
        """The values inside, which must have just these tags in this order."""
        inside = self.all()
        if [each.tag for each in inside] != list(tags):
            refuse("pdf.container_form")
        return inside

    def all(self) -> list["Der"]:
        """The values inside."""
        inside, place = [], 0
        while place < len(self.content):
            each = _read(self.content, place)
            inside.append(each)
            place += len(each.raw)
        return inside


def read_one(data: bytes) -> Der:
    """The one value that some bytes are."""
    value = _read(data, 0)
    return value if len(value.raw) == len(data) else refuse("pdf.container_form")


def read_sequence(data: bytes) -> Der:
    """The one sequence that some bytes are."""
    return _sequence(read_one(data))


def read_padded(data: bytes) -> Der:
    """The sequence at the beginning of some bytes, after which all are zero."""
    value = _sequence(_read(data, 0))
    if any(data[len(value.raw) :]):
        refuse("pdf.padding")
    return value


def _sequence(value: Der) -> Der:
    return value if value.tag == SEQUENCE else refuse("pdf.container_form")


def _read(data: bytes, at: int) -> Der:
    """Tags of one byte, lengths of up to two bytes: what is longer does not occur in a signature of ours."""
    head = data[at : at + 4]
    if len(head) < 2 or head[0] & 0x1F == 0x1F:
        refuse("pdf.container_form")
    length, begin = head[1], at + 2
    if length > 0x7F:
        count = length & 0x7F
        length, begin = int.from_bytes(head[2 : 2 + count]), at + 2 + count
        if count not in (1, 2) or length < (0x80 if count == 1 else 0x100):
            refuse("pdf.container_form")
    end = begin + length
    if end > len(data):
        refuse("pdf.container_form")
    return Der(head[0], data[begin:end], data[at:end])
