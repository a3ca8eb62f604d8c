# SPDX-License-Identifier: Apache-2.0
"""What a certificate's PDF costs: medians of several runs. Usage: python bench/certificate.py

The first certificate after a start also reads the fonts. A busy machine falsifies the clock, not the processor's time.
"""

import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.formats.certificate_faces import AT, CROWDED, LONG, USUAL
from tests.formats.certificate_keys import ROOT, SIGNER

from gradus.formats.certificate_pdf import render_certificate
from gradus.formats.certificate_signature import sign_certificate
from gradus.trust.pdf_check import check_pdf

CREDENTIAL, RECEIPT = (
    b'{"credential":"%s","id":"%s"}' % (b"x" * 6000, USUAL.verification_url.encode()),
    b'{"receipt":"%s"}' % (b"x" * 3000),
)


def measure(name: str, limit: str, runs: int, work: Callable[[], object]) -> None:
    """Print medians of several runs in milliseconds, on the clock and of the processor, after one to warm up."""
    work()
    clock, processor = [], []
    for _ in range(runs):
        start, used = perf_counter(), process_time()
        work()
        clock.append((perf_counter() - start) * 1000)
        processor.append((process_time() - used) * 1000)
    medians = f"{statistics.median(clock):9.2f} ms, processor {statistics.median(processor):7.2f} ms"
    print(f"{name:32} {medians}   ({min(clock):.2f} to {max(clock):.2f}, {runs} runs; asked {limit})")


def main() -> None:
    """Measure drawing, signing and checking."""
    print(f"Python {sys.version.split()[0]}")
    for name, face in (("usual", USUAL), ("long names, 8 services", LONG), ("4 more addresses", CROWDED)):
        measure(f"draw ({name})", "-", 15, lambda face=face: render_certificate(face, CREDENTIAL, RECEIPT, AT))
    page = render_certificate(USUAL, CREDENTIAL, RECEIPT, AT)
    measure("sign", "-", 15, lambda: sign_certificate(page, SIGNER, AT))
    measure(
        "draw and sign (usual)",
        "at most 150 ms with all of the issue",
        15,
        lambda: sign_certificate(render_certificate(USUAL, CREDENTIAL, RECEIPT, AT), SIGNER, AT),
    )
    signed = sign_certificate(page, SIGNER, AT)
    measure(f"check {len(signed)} bytes", "at most 50 ms with the credential", 51, lambda: check_pdf(signed, [ROOT]))


if __name__ == "__main__":
    main()
