"""The rules of links, read from data/links.toml and data/hosts.toml and typed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from corpus.annotate.lists import DATA
from corpus.columns import HOST_CLASSES


@dataclass(frozen=True)
class LinkRules:
    """What decides how links are read: see data/links.toml, where each list and limit has its unit and source."""

    tracking: frozenset[str]
    tracking_beginnings: tuple[str, ...]
    shorteners: frozenset[str]
    no_page: frozenset[str]
    scripts: frozenset[str]
    schemes: frozenset[str]
    placeholder_hosts: frozenset[str]
    placeholder_pattern: re.Pattern[str]
    source_headings: frozenset[str]
    source_openings: tuple[str, ...]
    max_heading: int
    max_entry: int
    max_address: int
    min_run: int


@dataclass(frozen=True)
class HostRules:
    """Host -> class; endings and beginnings with their class, in the order in which they are tried."""

    listed: dict[str, str]
    endings: tuple[tuple[str, str], ...]
    beginnings: tuple[tuple[str, str], ...]


@cache
def link_rules() -> LinkRules:
    """The rules of data/links.toml."""
    raw = tomllib.loads((DATA / "links.toml").read_text(encoding="utf-8"))
    limits = raw["limits"]
    return LinkRules(
        tracking=frozenset(name for name in raw["tracking"] if not name.endswith("*")),
        tracking_beginnings=tuple(name[:-1] for name in raw["tracking"] if name.endswith("*")),
        shorteners=frozenset(raw["shorteners"]),
        no_page=frozenset(raw["no_page"]),
        scripts=frozenset(raw["scripts"]),
        schemes=frozenset(raw["schemes"]),
        placeholder_hosts=frozenset(raw["placeholder_hosts"]),
        placeholder_pattern=re.compile("|".join(raw["placeholder_patterns"])),
        source_headings=frozenset(raw["source_headings"]),
        source_openings=tuple(raw["source_openings"]),
        max_heading=limits["heading"],
        max_entry=limits["entry"],
        max_address=limits["address"],
        min_run=limits["run"],
    )


@cache
def host_rules() -> HostRules:
    """The rules of data/hosts.toml."""
    raw = tomllib.loads((DATA / "hosts.toml").read_text(encoding="utf-8"))
    listed: dict[str, str] = {}
    for name, rules in raw.items():
        for host in rules["hosts"]:
            listed.setdefault(host, name)
    return HostRules(
        listed,
        tuple((ending, name) for name, rules in raw.items() for ending in rules.get("endings", ())),
        tuple((beginning, name) for name, rules in raw.items() for beginning in rules.get("beginnings", ())),
    )


def host_class(host: str | None) -> str:
    """The class of a host (lower case, without www): as listed, else by its nearest parent, ending, beginning."""
    if not host:
        return HOST_CLASSES[-1]
    rules = host_rules()
    parts = host.split(".")
    for at in range(len(parts)):
        if found := rules.listed.get(".".join(parts[at:])):
            return found
    for ending, name in rules.endings:
        if _ends(host, ending):
            return name
    for beginning, name in rules.beginnings:
        if host.startswith(beginning):
            return name
    return HOST_CLASSES[-1]


def _ends(host: str, ending: str) -> bool:
    """Whether a host ends so; `.gov.*` stands for the second level of any country."""
    if ending.endswith(".*"):
        head, _, country = host.rpartition(".")
        return len(country) == 2 and f".{head}".endswith(ending[:-2])
    return f".{host}".endswith(ending)
