# SPDX-License-Identifier: Apache-2.0
"""Opens PDF files and pictures: a program of its own, run by :mod:`gradus.dossiers.pages`.

What strangers upload is opened here and nowhere else, in a process with little memory and little time. A file that
breaks the libraries, or blows up when unpacked, ends this process and not the server. Needs nothing of ours.

It reads lines, a JSON list each: how many seconds it may take, then what is asked. Each is done by a process made from
this one, which has loaded the libraries already (loading them takes longer than most files do), and ends with a zero:

    look PATH MOST_PAGES         one line: {"media_type", "pages"} or {"fault"}
    outline PATH FIRST LAST      a line for each page: {"page", "width", "height", "text"}
    draw PATH FIRST LAST WIDTH TURN FOLDER     a picture FOLDER/<page> for each page that can be drawn
"""

import json
import math
import os
import resource
import signal
import sys
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps
from pypdfium2 import raw

_MOST_MEMORY = 2 * 2**30
_MOST_PIXELS_GIVEN = 80_000_000  # A3 scanned with 600 dots an inch is 70 million
_MOST_PIXELS_DRAWN = 12_000_000
_MOST_COLOURS = 4096  # a page of print has fewer, a photograph more
_LONGEST_TEXT = 20_000
_END_WITHIN = 2048
_FORMATS = ("PNG", "JPEG")


def look(path: Path, most_pages: int) -> dict[str, object]:
    """What a file really is, found by opening it."""
    start = path.open("rb").read(16)
    if start.startswith(b"%PDF-"):
        return _look_into_pdf(path, most_pages)
    if start.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _look_into_picture(path)
    return {"fault": "not_accepted"}


def _look_into_pdf(path: Path, most_pages: int) -> dict[str, object]:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_WITHIN))
        whole = b"%%EOF" in file.read()
    try:
        document = pypdfium2.PdfDocument(path)
        pages = len(document)
        if 0 < pages <= most_pages:
            document[0].get_size()
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        return {"fault": "encrypted" if locked else "corrupt_pdf"}
    if not whole or not pages:
        return {"fault": "corrupt_pdf"}
    if pages > most_pages:
        return {"fault": "too_many_pages"}
    return {"media_type": "application/pdf", "pages": pages}


def _look_into_picture(path: Path) -> dict[str, object]:
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if math.prod(image.size) > _MOST_PIXELS_GIVEN:
                return {"fault": "too_many_pixels"}
            media_type = Image.MIME[image.format or ""]
            image.load()
    except (OSError, SyntaxError, ValueError):
        return {"fault": "corrupt_picture"}
    return {"media_type": media_type, "pages": 1}


def outline(path: Path, first: int, last: int) -> None:
    """The size and the text of pages, each line printed as soon as it is known."""
    if not _is_pdf(path):
        with Image.open(path, formats=_FORMATS) as image:
            width, height = ImageOps.exif_transpose(image).size
        print(json.dumps({"page": 1, "width": width, "height": height, "text": ""}), flush=True)  # noqa: T201
        return
    document = pypdfium2.PdfDocument(path)
    for number in range(first, min(last, len(document)) + 1):
        try:
            page = document[number - 1]
            width, height = page.get_size()
            text = page.get_textpage().get_text_bounded()[:_LONGEST_TEXT]
        except pypdfium2.PdfiumError:
            continue
        line = {"page": number, "width": round(width), "height": round(height), "text": text}
        print(json.dumps(line), flush=True)  # noqa: T201


def draw(path: Path, first: int, last: int, width: int, turn: int, folder: Path) -> None:
    """Draw pages upright and turned; a page that can not be drawn is left out."""
    if not _is_pdf(path):
        with Image.open(path, formats=_FORMATS) as image:
            image.draft("RGB", (2 * width, 2 * width))
            upright = ImageOps.exif_transpose(image)
            upright = _on_paper(upright).rotate(-turn, expand=True)
            _write(ImageOps.contain(upright, (width, _MOST_PIXELS_DRAWN // width)), folder / "1")
        return
    document = pypdfium2.PdfDocument(path)
    document.init_forms()
    for number in range(first, min(last, len(document)) + 1):
        try:
            page = document[number - 1]
            across, down = page.get_size() if turn % 180 == 0 else reversed(page.get_size())
            scale = min(width / across, math.sqrt(_MOST_PIXELS_DRAWN / (across * down)))
            image = page.render(scale=scale, rotation=turn).to_pil()
        except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError):
            continue
        _write(image, folder / str(number))


def _is_pdf(path: Path) -> bool:
    return path.open("rb").read(5) == b"%PDF-"


def _on_paper(image: Image.Image) -> Image.Image:
    """The picture in plain colours, what is transparent in it white."""
    if image.mode in {"L", "RGB"}:
        return image
    if image.mode == "1" or (image.mode.startswith("I") and not image.has_transparency_data):
        return image.convert("L")
    with_alpha = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return paper


def _write(image: Image.Image, file: Path) -> None:
    """Print is sharp and small as PNG, a photograph small as JPEG. Never seen half written."""
    part = file.with_name(f"{file.name}.part")
    if image.getcolors(_MOST_COLOURS):
        image.save(part, "PNG")
    else:
        image.save(part, "JPEG", quality=82)
    part.rename(file)


def serve() -> None:
    """Do what is asked until the input ends."""
    for line in sys.stdin:
        seconds, *arguments = json.loads(line)
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            print("\0", flush=True)  # noqa: T201  also after a line that was not ended
            continue
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            _answer(*arguments)
        finally:
            os._exit(0)


def _answer(what: str, path: str, *rest: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = None  # look() has its own bound, and says so in words
    if what == "look":
        print(json.dumps(look(Path(path), int(rest[0]))), flush=True)  # noqa: T201
    elif what == "outline":
        outline(Path(path), int(rest[0]), int(rest[1]))
    else:
        first, last, width, turn = (int(each) for each in rest[:4])
        draw(Path(path), first, last, width, turn, Path(rest[4]))


if __name__ == "__main__":
    serve()
