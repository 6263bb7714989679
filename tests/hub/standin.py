"""A stand-in for a hub: the parts of the Hugging Face HTTP API that pushing and loading a dataset use, in memory.

Git's commits become numbered snapshots of path -> bytes; Parquet goes by LFS, all else into the commit itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

TOKEN = "hf_secretsecretsecretsecret"


@dataclass
class Trouble:
    """What goes wrong: at requests of a method whose path holds `path`, `times` times from now."""

    method: str
    path: str
    kind: str  # a status like "500", "429"; "cut": the connection is closed in mid-request; "late": done, then 500
    times: int = 1
    wait: int = 1  # Retry-After of a 429, in seconds


@dataclass
class Hub:
    """The hub's state, and what it was asked."""

    private: bool | None = None
    commits: list[dict[str, bytes]] = field(default_factory=lambda: [{}])
    tags: dict[str, int] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    asked_at: list[float] = field(default_factory=list)
    wrong: dict[str, bytes] = field(default_factory=dict)
    url: str = ""

    def oid(self, number: int) -> str:
        return hashlib.sha1(f"commit {number}".encode()).hexdigest()

    def number(self, revision: str) -> int:
        revision = unquote(revision)
        if revision in self.tags:
            return self.tags[revision]
        found = [n for n in range(len(self.commits)) if self.oid(n) == revision]
        if found:
            return found[0]
        if revision in ("main", "HEAD"):
            return len(self.commits) - 1
        raise KeyError(revision)

    def count(self, method: str, path: str) -> int:
        return sum(one.startswith(method) and path in one for one in self.asked)


def serve(hub: Hub) -> ThreadingHTTPServer:
    """Start it on a free port; `hub.url` says where."""

    class Handler(_Handler):
        state = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    state: Hub
    protocol_version = "HTTP/1.1"
    late = False

    def log_message(self, *_: object) -> None:
        pass

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _json(self, value: object, status: int = 200, **headers: str) -> None:
        self._send(json.dumps(value).encode(), status, **{"Content-Type": "application/json", **headers})

    def _send(self, data: bytes, status: int = 200, **headers: str) -> None:
        if self.late:
            self.late, data, status = False, b"{}", 500
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _trouble(self) -> bool:
        for trouble in self.state.troubles:
            if trouble.times and trouble.method == self.command and trouble.path in self.path:
                trouble.times -= 1
                if trouble.kind == "late":
                    self.late = True
                    return False
                if trouble.kind == "cut":
                    self.rfile.read(10)
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return True
                self._body()
                extra = {"Retry_After": str(trouble.wait)} if trouble.kind == "429" else {}
                self._json({"error": "trouble"}, int(trouble.kind), **extra)
                return True
        return False

    def _handle(self) -> None:
        hub, path = self.state, unquote(urlsplit(self.path).path)
        hub.asked.append(f"{self.command} {path}")
        hub.asked_at.append(time.monotonic())
        if self._trouble():
            return
        if (
            self.command in ("POST", "PUT")
            and self.headers.get("Authorization", f"Bearer {TOKEN}") != f"Bearer {TOKEN}"
        ):
            self._body()
            self._json({"error": "no"}, 401)
            return
        for method, pattern, verb in ROUTES:
            if method == ("GET" if self.command == "HEAD" else self.command) and (found := re.fullmatch(pattern, path)):
                try:
                    verb(self, hub, *found.groups())
                except KeyError as error:
                    self._json({"error": str(error)}, 404, X_Error_Code="RevisionNotFound")
                return
        self._body()
        self._json({"error": "no such place"}, 404)

    do_GET = do_POST = do_PUT = do_HEAD = _handle

    def create(self, hub: Hub) -> None:
        asked = json.loads(self._body())
        status, hub.private = (200, asked.get("visibility") == "private") if hub.private is None else (409, hub.private)
        self._json({"url": f"{hub.url}/datasets/{asked['organization']}/{asked['name']}", "id": "1"}, status)

    def yaml(self, hub: Hub) -> None:
        self._body()
        self._json({"errors": [], "warnings": []})

    def info(self, hub: Hub, name: str, revision: str | None = None) -> None:
        number = hub.number(revision or "main")
        files = [{"rfilename": path} for path in hub.commits[number]]
        self._json({"id": name, "sha": hub.oid(number), "siblings": files, "private": bool(hub.private), "tags": []})

    def refs(self, hub: Hub, _: str) -> None:
        tags = [{"name": tag, "ref": f"refs/tags/{tag}", "targetCommit": hub.oid(n)} for tag, n in hub.tags.items()]
        main = {"name": "main", "ref": "refs/heads/main", "targetCommit": hub.oid(len(hub.commits) - 1)}
        self._json({"branches": [main], "tags": tags, "converts": []})

    def tree(self, hub: Hub, _: str, revision: str, below: str | None) -> None:
        self._json(self._listed(hub, hub.commits[hub.number(revision)], (below or "").strip("/")))

    def _listed(self, hub: Hub, files: dict[str, bytes], below: str) -> list[dict[str, object]]:
        inside = {p: d for p, d in files.items() if not below or p.startswith(f"{below}/")}
        folders = {p.rsplit("/", 1)[0] for p in inside if "/" in p and p.rsplit("/", 1)[0] != below}
        if "recursive=true" not in self.path.lower():
            inside = {p: d for p, d in inside.items() if "/" not in p[len(below) :].strip("/")}
        return [_entry(p, d) for p, d in inside.items()] + [
            {"type": "directory", "path": f, "oid": hashlib.sha1(f.encode()).hexdigest(), "size": 0} for f in folders
        ]

    def paths_info(self, hub: Hub, _: str, revision: str) -> None:
        files = hub.commits[hub.number(revision)]
        body = self._body().decode()
        asked = json.loads(body)["paths"] if body.startswith("{") else [
            unquote(part.partition("=")[2]) for part in body.split("&") if part.startswith("paths=")
        ]  # fmt: skip
        found = [_entry(p, files[p]) for p in asked if p in files]
        found += [
            {"type": "directory", "path": p, "oid": "0" * 40, "size": 0}
            for p in asked
            if any(f.startswith(f"{p}/") for f in files)
        ]
        self._json(found)

    def preupload(self, hub: Hub, _: str, revision: str) -> None:
        there = hub.commits[hub.number(revision)]
        files = [
            {
                "path": f["path"], "shouldIgnore": False, "uploadMode": _mode(f["path"]),
                "oid": _oid(f["path"], there[f["path"]]) if f["path"] in there else None,
            }
            for f in json.loads(self._body())["files"]
        ]  # fmt: skip
        self._json({"files": files})

    def batch(self, hub: Hub, _: str) -> None:
        objects = []
        for one in json.loads(self._body())["objects"]:
            upload = {"upload": {"href": f"{hub.url}/lfs/{one['oid']}"}}
            objects.append(one if one["oid"] in hub.objects else {**one, "actions": upload})
        self._json({"transfer": "basic", "objects": objects})

    def put(self, hub: Hub, oid: str) -> None:
        data = self._body()
        if hashlib.sha256(data).hexdigest() != oid:
            self._json({"error": "checksum"}, 422)
            return
        hub.objects[oid] = data
        self._send(b"")

    def commit(self, hub: Hub, name: str, revision: str) -> None:
        lines = [json.loads(line) for line in self._body().splitlines()]
        files = dict(hub.commits[hub.number(revision)])
        if lines[0]["value"].get("parentCommit") not in (None, hub.oid(hub.number(revision))):
            self._json({"error": "A commit has happened since. Please refresh and try again."}, 412)
            return
        for line in lines:
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = hub.objects[value["oid"]]
            elif line["key"] == "deletedFile":
                del files[value["path"]]
        hub.commits.append(files)
        oid = hub.oid(len(hub.commits) - 1)
        self._json({"commitUrl": f"{hub.url}/datasets/{name}/commit/{oid}", "commitOid": oid, "success": True})

    def tag(self, hub: Hub, _: str, revision: str) -> None:
        asked = json.loads(self._body())["tag"]
        if asked in hub.tags:
            self._json({"error": "there is such a tag"}, 409)
            return
        hub.tags[asked] = hub.number(revision)
        self._send(b"")

    def resolve(self, hub: Hub, _: str, revision: str, path: str) -> None:
        number = hub.number(revision)
        files = hub.commits[number]
        if path not in files:
            self._json({"error": "Entry not found"}, 404, X_Error_Code="EntryNotFound")
            return
        data = hub.wrong.get(path, files[path])
        headers = {"X_Repo_Commit": hub.oid(number), "ETag": f'"{_oid(path, files[path])}"', "Accept_Ranges": "bytes"}
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if span:
            start, end = int(span[1]), int(span[2] or len(data) - 1)
            part = data[start : end + 1]
            self._send(part, 206, Content_Range=f"bytes {start}-{start + len(part) - 1}/{len(data)}", **headers)
        else:
            self._send(data, **headers)


NAME = r"([\w.-]+/[\w.-]+)"
ROUTES = (
    ("POST", r"/api/repos/create", _Handler.create),
    ("POST", r"/api/validate-yaml", _Handler.yaml),
    ("GET", rf"/api/datasets/{NAME}", _Handler.info),
    ("GET", rf"/api/datasets/{NAME}/revision/([^/]+)", _Handler.info),
    ("GET", rf"/api/datasets/{NAME}/refs", _Handler.refs),
    ("GET", rf"/api/datasets/{NAME}/tree/([^/]+)(/.*)?", _Handler.tree),
    ("POST", rf"/api/datasets/{NAME}/paths-info/([^/]+)", _Handler.paths_info),
    ("POST", rf"/api/datasets/{NAME}/preupload/([^/]+)", _Handler.preupload),
    ("POST", rf"/api/datasets/{NAME}/commit/([^/]+)", _Handler.commit),
    ("POST", rf"/api/datasets/{NAME}/tag/([^/]+)", _Handler.tag),
    ("POST", rf"/datasets/{NAME}\.git/info/lfs/objects/batch", _Handler.batch),
    ("PUT", r"/lfs/([0-9a-f]{64})", _Handler.put),
    ("GET", rf"/datasets/{NAME}/resolve/([^/]+)/(.+)", _Handler.resolve),
)


def _mode(path: str) -> str:
    return "lfs" if path.endswith(".parquet") else "regular"


def _oid(path: str, data: bytes) -> str:
    return hashlib.sha256(data).hexdigest() if _mode(path) == "lfs" else _blob(data)


def _blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def _entry(path: str, data: bytes) -> dict[str, object]:
    said: dict[str, object] = {"type": "file", "path": path, "oid": _blob(data), "size": len(data)}
    if _mode(path) == "lfs":
        said["lfs"] = {"oid": _oid(path, data), "size": len(data), "pointerSize": 134}
    return said
