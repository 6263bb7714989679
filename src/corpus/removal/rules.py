"""`retractions.jsonl`: standing rules of what must not be published, one JSON object a line; an input like raw/.

A line: `kind` (article_id, url, host, author or sha256) and `value` say what is meant, `reason` why, `requested_at`
when; `articles` maps the ids that were published under it to their salted content hashes; `contents` are the salted
hashes of all that went, so that it is known when it comes again under another name.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, get_args

from corpus.errors import ProjectError
from corpus.publish.disk import named_faults, write_synced

RETRACTIONS = "retractions.jsonl"
Kind = Literal["article_id", "url", "host", "author", "sha256"]
KINDS: tuple[str, ...] = get_args(Kind)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ARTICLE = re.compile(r"a_[0-9a-f]{32}")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True)
class Selector:
    """What is to go: a value of one kind, normalised as `matching` compares it."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True)
class Rule:
    """One standing retraction; `articles`: published id -> salted content hash; `contents`: salted hashes."""

    selector: Selector
    reason: str
    requested_at: str
    articles: Mapping[str, str] = field(default_factory=dict)
    contents: tuple[str, ...] = ()

    def line(self) -> str:
        """The rule as its line in the file."""
        said = asdict(self)
        selector = said.pop("selector")
        return json.dumps({**selector, **said}, ensure_ascii=False)


def parse_selector(text: str) -> Selector:
    """What a person means: `kind:value`, or a value that can be of one kind only; any other is an author's name.

    Raises ProjectError where it is empty or its value can't be of the kind named.
    """
    kind, separator, value = text.partition(":")
    if separator and kind in KINDS and not value.startswith("//"):
        return selector_of(kind, value)
    if _ADDRESS.match(text):
        return selector_of("url", text)
    if _SHA256.fullmatch(text.lower()):
        return selector_of("sha256", text)
    if _ARTICLE.fullmatch(text):
        return selector_of("article_id", text)
    return selector_of("host" if _HOST.fullmatch(text) else "author", text)


def selector_of(kind: str, value: str) -> Selector:
    """A selector of that kind, its value normalised. Raises ProjectError where it can't be one."""
    if kind not in KINDS:
        raise ProjectError(f"{kind!r} is no kind of selector", mend=f"use one of {', '.join(KINDS)}")
    normal = {"url": place_of, "host": host_of, "author": author_of, "sha256": str.lower}.get(kind, str)(value.strip())
    if not normal or (kind == "sha256" and not _SHA256.fullmatch(normal)):
        raise ProjectError(
            f"{value!r} is no {kind}",
            mend="give an article id, a URL, a host, an author or a sha256, or say which it is: author:NAME, host:NAME",
        )
    return Selector(kind, normal)


def place_of(url: str | None) -> str | None:
    """What the addresses of one page share: canonical, without scheme, `www.` and a final slash."""
    from corpus.clean.addresses import canonical

    normal = canonical(url if "://" in (url or "") else f"https://{url}")
    return normal.split("://", 1)[1].removeprefix("www.").rstrip("/") if normal else None


def host_of(host: str | None) -> str | None:
    """A host as it is compared."""
    return host.strip().lower().removeprefix("www.").strip(".") if host else None


def author_of(name: str | None) -> str | None:
    """An author's name as it is compared: case, width and spaces don't count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()) if name else None


def within_host(host: str | None, hosts: frozenset[str]) -> bool:
    """Whether a host is one of `hosts` or below one of them."""
    if not host or not hosts:
        return False
    parts = host.split(".")
    return any(".".join(parts[at:]) in hosts for at in range(len(parts)))


def read_rules(root: Path) -> tuple[Rule, ...]:
    """The standing retractions of the project at `root`, in the order in which they were made.

    Raises ProjectError that names the line which can't be understood: a rule overlooked would publish what must go.
    """
    path = root / RETRACTIONS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise ProjectError(f"can't be read: {error}", where=str(path), mend="restore it from a backup") from error
    return tuple(_rule(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip())


def _rule(line: str, where: str) -> Rule:
    try:
        said = json.loads(line)
        return Rule(
            selector_of(said["kind"], said["value"]), str(said["reason"]), str(said["requested_at"]),
            {str(key): str(value) for key, value in said.get("articles", {}).items()},
            tuple(map(str, said.get("contents", ()))),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, ProjectError) as error:
        raise ProjectError(
            f"is no retraction ({type(error).__name__}: {error})",
            where=where,
            mend='its form is {"kind": "url", "value": …, "reason": …, "requested_at": …}; `corpus retract` writes it',
        ) from error


def add_rule(root: Path, rule: Rule) -> None:
    """Write one more rule, whole or not at all; one that stands already in all but its date is not written again."""
    standing = read_rules(root)
    same = (rule.selector, dict(rule.articles), rule.contents)
    if any((one.selector, dict(one.articles), one.contents) == same for one in standing):
        return
    path = root / RETRACTIONS
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    temporary = path.with_name(f".{RETRACTIONS}.tmp")
    with named_faults(path):
        write_synced(temporary, text + ("\n" if text and not text.endswith("\n") else "") + rule.line() + "\n")
        temporary.rename(path)
