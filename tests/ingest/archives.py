"""Archives made for tests."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

PAGE = b"<!doctype html><html><head><title>Bridge</title></head><body><p>The bridge was closed.</p></body></html>"


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return sink.getvalue()


def tarred(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return sink.getvalue()


def response(body: bytes, headers: dict[str, str] | None = None, status: str = "200 OK") -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in ({"Content-Type": "text/html"} | (headers or {})).items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def warc_record(
    block: bytes, number: int = 1, kind: str = "response", length: int | None = None, **headers: str
) -> bytes:
    content_type = "application/http; msgtype=response" if kind in ("response", "revisit") else "text/plain"
    named = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{number:08d}>",
        "WARC-Date": "2026-03-04T05:06:07Z",
        "WARC-Target-URI": f"https://news.example/{number}",
        "Content-Type": content_type,
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    size = len(block) if length is None else length
    return f"WARC/1.0\r\n{lines}Content-Length: {size}\r\n\r\n".encode() + block + b"\r\n\r\n"


def by_record(records: list[bytes]) -> bytes:
    """Each record as a gzip member of its own, as WARC asks for."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)
