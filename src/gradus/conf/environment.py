# SPDX-License-Identifier: Apache-2.0
"""What the surroundings decide: environment variables and the data folder, read once when the platform starts.

README.md lists them. Nothing else in the platform reads the environment.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


def data_folder() -> Path:
    """Where the database, the evidence and the secrets lie (``GRADUS_DATA``, else ./data)."""
    return Path(os.environ.get("GRADUS_DATA") or "data").resolve()


def flag(name: str) -> bool:
    """Whether an environment variable says yes."""
    return os.environ.get(name, "").lower() in {"1", "yes", "true", "on"}


def demonstration(data: Path) -> bool:
    """Whether the data folder holds a demonstration, as the file in it says that ``gradus demo`` wrote. Its passwords
    are no secrets, so ``GRADUS_DEMO`` must say that one is wanted."""
    marked = (data / "demonstration.json").exists()
    if marked and not flag("GRADUS_DEMO"):
        raise ValueError(f"{data} holds a demonstration; serve it with `gradus demo`, or name another data folder")
    return marked


def text(name: str, otherwise: str) -> str:
    """An environment variable, or else."""
    return os.environ.get(name, otherwise)


def names(name: str, otherwise: str) -> list[str]:
    """A list separated by commas."""
    return [each.strip() for each in os.environ.get(name, otherwise).split(",") if each.strip()]


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
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("GRADUS_DATABASE_URL: expected postgresql://user:password@host:port/name")
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
