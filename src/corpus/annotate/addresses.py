"""Addresses: read, cut, normalised and judged (RFC 3986, WHATWG URL where browsers are more lenient)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import idna

from corpus.annotate.link_rules import link_rules

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
PORT = re.compile(r"\d+(?:[/?#]|$)")
WITHOUT_SCHEME = re.compile(r"www\.|[\w.-]+:\d", re.IGNORECASE)
USERINFO = re.compile(r"^((?:[A-Za-z][A-Za-z0-9+.-]{0,30}:)?//)([^/?#\\]*@)")
ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21}
IN_PATH = "%/:@!$&'()*+,;=~-._"
IN_QUERY = IN_PATH + "?[]|"


@dataclass(frozen=True)
class Address:
    """An address: as written less credentials, normalised (None where it can't be), its host, what is notable."""

    url: str
    canonical_url: str | None
    host: str | None
    flags: frozenset[str]


class MalformedError(ValueError):
    """An address that names no place; never leaves this module."""


def read(written: str, base: str | None = None) -> Address | None:
    """Read an address; a relative one counts from `base`. None where it names no page (mailto:, tel:, data:)."""
    rules = link_rules()
    url, had_credentials = cut_credentials(written.strip())
    flags = {"credentials_removed"} if had_credentials else set()
    if url == "" or (len(url) <= rules.max_address and rules.placeholder_pattern.search(url.lower())):
        flags.add("placeholder")
    scheme = _scheme(url)
    if scheme in rules.no_page:
        return None
    if scheme in rules.scripts:
        return Address(url, None, None, frozenset({*flags, "placeholder"}))
    try:
        split = _absolute(url, base)
        if split is None:
            return Address(url, None, None, frozenset(flags))
        host = _host(split)
        canonical, cut = _canonical(split, host)
    except ValueError:  # what urlsplit, idna and we raise of a malformed address
        return Address(url, None, None, frozenset({*flags, "malformed"}))
    if cut:
        flags.add("tracking_removed")
    bare = host.removeprefix("www.")
    if bare in rules.shorteners:
        flags.add("shortener")
    if _is_placeholder(bare, split.path):
        flags.add("placeholder")
    return Address(url, canonical, bare, frozenset(flags))


def normalised(url: str | None) -> str | None:
    """An absolute address, normalised as links are; None where it is malformed or missing."""
    address = read(url) if url else None
    return address.canonical_url if address else None


def same_place(canonical: str) -> str:
    """What two normalised addresses of one page share: without scheme, www and a final slash."""
    _, _, rest = canonical.partition("://")
    rest = rest.removeprefix("www.")
    head, mark, query = rest.partition("?")
    return head.rstrip("/") + mark + query


def cut_credentials(url: str) -> tuple[str, bool]:
    """An address without user name and password, and whether it had them."""
    match = USERINFO.match(url)
    return (match.group(1) + url[match.end() :], True) if match else (url, False)


def _scheme(url: str) -> str | None:
    """The scheme of an address in lower case; localhost:8080 has none."""
    match = SCHEME.match(url)
    if match is None:
        return None
    rules, scheme = link_rules(), match.group(1).lower()
    is_known = scheme in rules.schemes or scheme in rules.no_page or scheme in rules.scripts
    return scheme if is_known or not PORT.match(url, match.end()) else None


def _absolute(url: str, base: str | None) -> SplitResult | None:
    """Split an address made absolute; None where it is relative and there is nothing that it counts from."""
    rules = link_rules()
    if len(url) > rules.max_address:
        raise MalformedError("longer than an address is")
    scheme = _scheme(url)
    if scheme is None and WITHOUT_SCHEME.match(url):
        url = f"http://{url}"
    elif scheme is None:
        split = urlsplit(base or "")
        if split.scheme.lower() not in rules.schemes or not split.netloc:
            urlsplit(url)  # raises where it is malformed by itself
            return None
        url = urljoin(base or "", url)
    elif scheme not in rules.schemes:
        raise MalformedError("no scheme of a page")
    split = urlsplit(url)
    if not split.netloc:
        raise MalformedError("no host")
    return split


def _host(split: SplitResult) -> str:
    host = (split.hostname or "").rstrip(".")
    if host.startswith("[") or ":" in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    if host in link_rules().placeholder_hosts:
        return host
    if not host.isascii():
        host = _ascii(host)
    labels = host.split(".")
    if (
        len(host) > 253
        or len(host.removeprefix("www.").split(".")) < 2
        or not all(LABEL.fullmatch(label) for label in labels)
    ):
        raise MalformedError("no name of a host")
    if labels[-1].isdigit():
        return str(ipaddress.IPv4Address(host))
    return host


def _ascii(host: str) -> str:
    """A host in the letters of the DNS: by IDNA 2008, else (emoji and the like, as browsers do) by IDNA 2003."""
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        return host.encode("idna").decode("ascii").lower()


def _canonical(split: SplitResult, host: str) -> tuple[str, bool]:
    scheme = split.scheme.lower()
    port = split.port  # raises ValueError where it is no number
    place = host if port in (None, DEFAULT_PORTS.get(scheme)) else f"{host}:{port}"
    path = _escaped(split.path or "/", IN_PATH)
    if "/." in path:
        path = urlsplit(urljoin(f"http://{host}/", f".{path}")).path
    parts = split.query.split("&") if split.query else []
    kept = [part for part in parts if not _is_tracking(part)]
    query = _escaped("&".join(kept), IN_QUERY)
    return f"{scheme}://{place}{path}{'?' + query if query else ''}", len(kept) < len(parts)


def _escaped(text: str, safe: str) -> str:
    return ESCAPE.sub(lambda match: match.group().upper(), quote(text, safe=safe))


def _is_tracking(part: str) -> bool:
    name = unquote(part.partition("=")[0]).lower()
    rules = link_rules()
    return name in rules.tracking or name.startswith(rules.tracking_beginnings)


def _is_placeholder(host: str, path: str) -> bool:
    labels = host.split(".")
    listed = link_rules().placeholder_hosts
    if any(".".join(labels[at:]) in listed for at in range(len(labels))):
        return True
    return any(_is_typed(part.partition(".")[0]) for part in path.split("/"))


def _is_typed(part: str) -> bool:
    """Whether a part of a path is a run of digits that nobody was given: 123456, 789012, 000000."""
    if len(part) < link_rules().min_run or not (part.isascii() and part.isdigit()):
        return False
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(part)}
    return steps in ({1}, {0})
