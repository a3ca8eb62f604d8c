# SPDX-License-Identifier: Apache-2.0
"""What the surroundings decide: environment variables and the data folder, read once when the platform starts.

README.md lists them. Nothing else in the platform reads the environment.
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.keys import SHORTEST_PASSPHRASE

_YES, _NO = {"1", "yes", "true", "on"}, {"", "0", "no", "false", "off"}


def data_folder() -> Path:
    """Where the database, the evidence and the secrets lie (``GRADUS_DATA``, else ./data)."""
    return Path(os.environ.get("GRADUS_DATA") or "data").resolve()


def flag(name: str) -> bool:
    """Whether an environment variable says yes."""
    return os.environ.get(name, "").lower() in _YES


def demonstration(data: Path) -> bool:
    """Whether the data folder holds a demonstration, as the file in it says that ``gradus demo`` wrote. Its passwords
    are no secrets, so ``GRADUS_DEMO`` must say that one is wanted."""
    marked = (data / "demonstration.json").exists()
    if marked and not flag("GRADUS_DEMO"):
        raise ValueError(f"{data} holds a demonstration; serve it with `gradus demo`, or name another data folder")
    return marked


def text(name: str, otherwise: str) -> str:
    """An environment variable, or else."""
    return os.environ.get(name) or otherwise


def names(name: str, otherwise: str) -> list[str]:
    """A list separated by commas."""
    return [each.strip() for each in text(name, otherwise).split(",") if each.strip()]


def secret_key(data: Path) -> str:
    """``GRADUS_SECRET_KEY``, else a key made once and kept in the data folder, readable by its owner alone."""
    if given := os.environ.get("GRADUS_SECRET_KEY"):
        return given
    file = data / "secret.key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f"secret.key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), "ascii")
        try:
            os.link(fresh, file)  # the first to arrive wins, the others read what it wrote
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text("ascii")


def database(data: Path) -> dict[str, object]:
    """Django's settings of the database: ``GRADUS_DATABASE_URL`` (postgresql://user:password@host:port/name), else
    SQLite in the data folder."""
    url = os.environ.get("GRADUS_DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data / "gradus.sqlite3",
            "OPTIONS": {
                # A writer takes its turn at the beginning of its transaction and waits for it; readers never wait.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # With recursive triggers, a REPLACE that would remove a row is refused where DELETE is.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;"
                " PRAGMA recursive_triggers=ON;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def refuse_wrong() -> None:
    """Raises Refusal with every setting that can not be what was meant, a name that Gradus does not know among them:
    with a misspelt GRADUS_DATABASE_URL, the data would quietly go elsewhere. No value is shown; some are secrets."""
    given = {name: value for name, value in sorted(os.environ.items()) if name.startswith("GRADUS_")}
    wrong = [
        Fault(f"setting.{_EXPECTED[name][0]}", Place(name))
        for name, value in given.items()
        if name in _EXPECTED and value and not _EXPECTED[name][1](value)
    ]
    unknown = [name for name in given if name not in _EXPECTED and not name.startswith("GRADUS_TESTS_")]
    known = ", ".join(sorted(_EXPECTED))
    wrong += [Fault("setting.unknown", Place(name), {"expected": known}) for name in unknown]
    if wrong:
        raise Refusal(wrong)


def _is_flag(value: str) -> bool:
    return value.lower() in _YES | _NO


def _is_database(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1 and parts.port != 0
    except ValueError:  # the port, or brackets
        return False


def _is_whole(least: int, most: int) -> Callable[[str], bool]:
    return lambda value: value.isascii() and value.isdecimal() and least <= int(value) <= most


def _are_origins(value: str) -> bool:
    return all(each.strip().startswith(("http://", "https://")) for each in value.split(",") if each.strip())


_Check = tuple[str, Callable[[str], bool]]
_ANY: _Check = ("", lambda _: True)
_FLAG: _Check = ("flag", _is_flag)
_EXPECTED: dict[str, _Check] = {
    "GRADUS_ADDRESS": ("address", lambda value: _are_origins(value) and "," not in value),
    "GRADUS_CONTACT": _ANY,
    "GRADUS_DATA": _ANY,
    "GRADUS_DATABASE_URL": ("database_url", _is_database),
    "GRADUS_DEMO": _FLAG,
    "GRADUS_HOSTS": _ANY,
    "GRADUS_KEY_PASSPHRASE": ("key_passphrase", lambda value: len(value) >= SHORTEST_PASSPHRASE),
    "GRADUS_KEY_PASSPHRASE_FILE": _ANY,
    "GRADUS_MAIL_FROM": ("mail_from", lambda value: "@" in value),
    "GRADUS_MAIL_HOST": _ANY,
    "GRADUS_MAIL_PASSWORD": _ANY,
    "GRADUS_MAIL_PORT": ("port", _is_whole(1, 65535)),
    "GRADUS_MAIL_TLS": _FLAG,
    "GRADUS_MAIL_USER": _ANY,
    "GRADUS_NO_RATE_LIMITS": _FLAG,
    "GRADUS_ORIGINS": ("origins", _are_origins),
    "GRADUS_SECRET_KEY": ("secret_key", lambda value: len(value) >= 32),
    "GRADUS_THREADS": ("threads", _is_whole(1, 64)),
    "GRADUS_TLS": _FLAG,
}
"""Every setting, what is said when it is wrong, and when it is right. One that is given empty is as one not given."""
