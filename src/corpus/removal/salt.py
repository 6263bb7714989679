"""The project's salt: what makes a hash in a release useless to whoever wants to know what was taken out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ProjectError
from corpus.publish.disk import named_faults, write_synced

SALT = "retractions.salt"
"""Beside corpus.toml; an input of every release with a retracted record, and part of none."""
BYTES = 32


@dataclass(frozen=True)
class Salt:
    """Keyed BLAKE2b (RFC 7693) with the project's secret bytes."""

    key: bytes

    def hash(self, kind: str, value: str) -> str:
        """The salted hash of a value of some kind, 64 hexadecimal digits."""
        return hashlib.blake2b(f"{kind}\0{value}".encode(), key=self.key, digest_size=32).hexdigest()

    def record_id(self, record_id: str) -> str:
        """The id that stands in the ledger for a retracted record."""
        return "r_" + self.hash("record", record_id)[:32]


def read_salt(root: Path) -> Salt | None:
    """The salt of the project at `root`; None where it has none yet. Raises ProjectError where it can't be used."""
    path = root / SALT
    try:
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ProjectError(
            f"can't be used as a salt ({type(error).__name__})",
            where=str(path),
            mend="restore it from a backup: without it, what was retracted can't be recognised when it comes again",
        ) from error
    if len(key) != BYTES:
        raise ProjectError(f"holds {len(key)} bytes, not {BYTES}", where=str(path), mend="restore it from a backup")
    return Salt(key)


def need_salt(root: Path) -> Salt:
    """The salt of the project at `root`, made where it has none yet; only its owner may read the file."""
    found = read_salt(root)
    if found is not None:
        return found
    path = root / SALT
    key = secrets.token_bytes(BYTES)
    with named_faults(path):
        write_synced(path, key.hex() + "\n")
        path.chmod(0o600)
    return Salt(key)
