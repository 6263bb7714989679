"""Addresses: made absolute, without tracking, fragments, credentials; their hosts."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from corpus.clean.phrases import phrases

DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+\.?$|[0-9a-f]*:[0-9a-f:]+$")  # with a dot: a name of the web, or an address
MAX_CHARS = 4096  # code points; longer ones are data, not addresses


def without_credentials(url: str) -> str:
    """The address as written, less user name and password."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    end = min((at for at in (rest.find(c) for c in "/?#") if at >= 0), default=len(rest))
    return scheme + separator + rest[:end].rpartition("@")[2] + rest[end:]


def absolute(url: str | None, base: str | None) -> str | None:
    """The address as http(s), resolved against `base`, without credentials; None where it isn't one."""
    if not url or len(url) > MAX_CHARS:
        return None
    written = "".join(url.split())
    try:
        joined = urljoin(base, written) if base else written
        if joined.startswith("//"):
            joined = f"https:{joined}"
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in DEFAULT_PORTS or not host or not HOST.match(host):
        return None
    return without_credentials(joined)


def canonical(url: str | None, base: str | None = None) -> str | None:
    """The address normalised so that equal pages have equal addresses; None where it isn't http(s).

    Lower-case scheme and host, no default port, credentials, fragment or tracking parameter, an empty path as `/`;
    the order of the other parameters stays. Path and query are as written: servers tell them apart (RFC 3986, 6.2).
    """
    full = absolute(url, base)
    if full is None:
        return None
    parts = urlsplit(full)
    try:
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".")
    netloc = f"[{host}]" if ":" in host else host
    if port and port != DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    return urlunsplit(SplitResult(scheme, netloc, parts.path or "/", _query(parts.query), ""))


def _query(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None)
    kept = [(name, value) for name, value in pairs if not _tracks(name.lower())]
    return query if len(kept) == len(pairs) else urlencode(kept)


def _tracks(name: str) -> bool:
    return name in phrases().tracking_names or name.startswith(phrases().tracking_prefixes)


def host_of(url: str | None) -> str | None:
    """The host in lower case, without `www.`; None where there is none."""
    if not url:
        return None
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return None
    return host.removeprefix("www.") or None


def has_path(url: str) -> bool:
    """Whether the address says more than the site's front page."""
    parts = urlsplit(url)
    return parts.path.strip("/") != "" or parts.query != ""
