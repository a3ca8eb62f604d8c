# SPDX-License-Identifier: Apache-2.0
"""What a certificate's PDF costs: medians of several runs. Usage: python bench/certificate.py

The server has everything warm; the first certificate after a start also reads the fonts.
"""

import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.formats.certificate_faces import AT, CROWDED, LONG, USUAL
from tests.formats.certificate_keys import ROOT, SIGNER

from gradus.formats.certificate_pdf import render_certificate
from gradus.formats.certificate_signature import sign_certificate
from gradus.trust.pdf_check import check_pdf

CREDENTIAL, RECEIPT = b'{"credential":"%s"}' % (b"x" * 6000), b'{"receipt":"%s"}' % (b"x" * 3000)


def measure(name: str, limit: str, runs: int, work: Callable[[], object]) -> None:
    """Print the median and the range of several runs in milliseconds, after one run to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    median = statistics.median(times)
    print(f"{name:44} {median:9.2f} ms   ({min(times):.2f} to {max(times):.2f}, {runs} runs; asked {limit})")


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
