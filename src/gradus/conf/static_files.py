# SPDX-License-Identifier: Apache-2.0
"""How styles and scripts are named when they are served."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):
    """Every file by its content, those too that the scripts of the verification page import: it never runs one of
    another version, which a browser kept or a data folder had from before."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("verify/*.js", ((r"""(?P<matched>from "(?P<url>\./[^"]+)";)""", 'from "%(url)s";'),)),
    )
    max_post_process_passes = 20
    """More than one script imports from another, and that from the next."""
