# SPDX-License-Identifier: Apache-2.0
"""Evidence files made for tests: good ones, and every kind of bad one."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def pdf(pages=1, rotate=0, says="Page", damaged=0, extra=b"", trailer=b""):
    """A PDF written by hand: every page says its number; ``rotate`` as scanners write it; page ``damaged`` is none."""
    kids = [4 + 2 * at for at in range(pages)]
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {pages} /Kids [{' '.join(f'{each} 0 R' for each in kids)}] >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for number, kid in enumerate(kids, 1):
        text = f"BT /F1 40 Tf 80 700 Td ({says} {number}) Tj ET".encode() + extra
        objects[kid] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {rotate}"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {kid + 1} 0 R >>"
        ).encode()
        if number == damaged:
            objects[kid] = b"(no page)"
        objects[kid + 1] = b"<< /Length %d >> stream\n%s\nendstream" % (len(text), text)
    return written(objects, trailer)


def written(objects, trailer=b""):
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(objects))
    out += b"trailer << /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def locked_pdf():
    """Encrypted, so that it opens with a password only: no key is the empty one's."""
    key = b"<" + b"5a" * 32 + b">"
    encrypt = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >> /ID [<00> <00>] " % (key, key)
    return pdf(trailer=encrypt)


def inflating_pdf(megabytes=4000):
    """A page whose content unpacks to gigabytes."""
    block = b"0 0 m " * 200_000
    packer = zlib.compressobj(9, wbits=-15)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)  # can be repeated, for it looks back at nothing
    content = b"\x78\xda" + once * (megabytes * 2**20 // len(block)) + packer.flush() + bytes(4)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
        4: b"<< /Length %d /Filter /FlateDecode >> stream\n%s\nendstream" % (len(content), content),
    }
    return written(objects)


def picture(kind="PNG", size=(60, 40), colour="teal", orientation=0):
    out, image = io.BytesIO(), Image.new("RGB", size, colour)
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    image.save(out, kind, exif=exif)
    return out.getvalue()


def huge_png(side=60_000):
    """A PNG of a few kilobytes that would unpack to gigabytes."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(side))) + chunk(b"IEND", b"")
    )


def opened(content):
    return Image.open(io.BytesIO(content))


def workbook(*, macros=False):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        if macros:
            made.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return out.getvalue()


def zip_bomb(megabytes=200):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made, made.open("zeros", "w") as inside:
        for _ in range(megabytes):
            inside.write(bytes(2**20))
    return out.getvalue()
