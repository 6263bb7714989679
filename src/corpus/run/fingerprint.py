"""What a step's results depend on, as one digest: code, settings, schemas, lists and library versions.

Code counts as syntax trees without docstrings, so a changed comment redoes nothing. `corpus.tables` and
`corpus.working` count by the schemas that they declare, not by their descriptions, and settings by the values read.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
import unicodedata
from functools import cache
from importlib import metadata
from importlib.util import resolve_name
from pathlib import Path

from packaging.requirements import Requirement
from pydantic import BaseModel

from corpus.settings import Settings
from corpus.stage import Step
from corpus.tables import TABLES
from corpus.working import WORKING

BY_VALUE = frozenset(
    f"corpus.{name}"
    for name in ("columns", "signals", "tables", "working", "sections", "settings", "settings_errors", "stage")
)
"""Modules that count by what they declare."""
PACKAGE = Path(__file__).resolve().parent.parent


def digest(*parts: str | bytes) -> str:
    """A 128-bit digest, in hex, of length-prefixed parts."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


class CodeIndex:
    """Digest and imports of each module, kept by the source's own digest: parsing a hundred modules takes seconds."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: dict[str, tuple[str, list[str]]] = {}
        self._used: dict[str, tuple[str, list[str]]] = {}
        if path is not None and path.is_file():
            try:
                self._known = {key: (value[0], list(value[1])) for key, value in json.loads(path.read_text()).items()}
            except (ValueError, TypeError, IndexError, AttributeError):
                self._known = {}  # made again below

    def look(self, path: Path) -> tuple[str, list[str]]:
        """The digest of a module's syntax tree, and the names that it imports as they stand in the source."""
        source = path.read_bytes()
        key = f"{sys.version_info[:2]} {hashlib.sha256(source).hexdigest()}"
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (_digest_of(ast.parse(source)), sorted(_imports(ast.parse(source))))
        self._used[key] = found
        return found

    def save(self) -> None:
        """Keep what was looked at."""
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_text(json.dumps(self._used))
            temporary.rename(self._path)


_INDEX = CodeIndex()


def use_index(path: Path) -> CodeIndex:
    """Keep what is known of modules in this file from now on."""
    global _INDEX  # noqa: PLW0603 - one index a process, as there is one installed package
    _INDEX = CodeIndex(path)
    return _INDEX


def code_digest(path: Path) -> str:
    """The digest of a module's syntax tree; comments, docstrings and layout don't count."""
    return _INDEX.look(path)[0]


def _digest_of(tree: ast.Module) -> str:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            # a string that stands alone documents (a function, or the constant above it)
            node.body = [part for part in node.body if not _is_docstring(part)] or [ast.Pass()]
    return digest(ast.dump(tree, annotate_fields=False, include_attributes=False))


def _is_docstring(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)


def _imports(tree: ast.Module) -> set[str]:
    """Names imported anywhere in a module, functions included; relative ones with their dots."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            found |= {base, *(f"{base}.{alias.name}" if node.module else base + alias.name for alias in node.names)}
    return found


def imports_of(module: str) -> frozenset[str]:
    """The `corpus` modules that a module imports anywhere in it, functions included."""
    path = _file_of(module)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    names = (resolve_name(name, package) if name.startswith(".") else name for name in _INDEX.look(path)[1])
    return frozenset(name for name in names if name.split(".")[0] == "corpus" and _is_module(name))


@cache
def _is_module(name: str) -> bool:
    return name == "corpus" or _path(name) is not None


def _path(name: str) -> Path | None:
    base = PACKAGE.joinpath(*name.split(".")[1:])
    for path in (base / "__init__.py", base.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def _file_of(module: str) -> Path:
    path = _path(module)
    if path is None:
        raise ModuleNotFoundError(f"no module {module} below {PACKAGE}")
    return path


@cache
def closure(module: str) -> tuple[str, ...]:
    """The module and all `corpus` modules that it imports, transitively, sorted."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen or name == "corpus":
            continue
        seen.add(name)
        if name not in BY_VALUE:
            waiting += imports_of(name)
    return tuple(sorted(seen))


@cache
def versions_of(library: str) -> tuple[str, ...]:
    """`name==version` of an installed distribution and of all that it requires, transitively, sorted."""
    found: dict[str, str] = {}
    waiting = [library]
    while waiting:
        name = waiting.pop()
        if name.lower() in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # an optional requirement that is not installed
        found[name.lower()] = distribution.version
        for line in distribution.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return tuple(sorted(f"{name}=={version}" for name, version in found.items()))


def setting_values(settings: Settings, names: tuple[str, ...]) -> str:
    """The values of sections or single keys (`dedup`, `clean.min_words`) as canonical JSON.

    Of `source` a record depends on its own table only, which is part of the record's key and not counted here.
    """
    values: dict[str, object] = {}
    for name in names:
        if name == "source":
            continue
        value: object = settings
        for part in name.split("."):
            value = getattr(value, "gates" if part == "validate" else part)
        values[name] = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return json.dumps(values, sort_keys=True, default=str)


def schema_text(name: str) -> str:
    """A working or published table's columns, types and closed vocabularies, without descriptions."""
    if name in WORKING:
        return f"{name}:" + ";".join(f"{field.name} {field.type}" for field in WORKING[name])
    return f"{name}:" + ";".join(f"{c.name} {c.type} {c.required} {c.allowed}" for c in TABLES[name].columns)


def fingerprint(step: Step, settings: Settings) -> str:
    """The digest of all that a step's results depend on besides its input rows."""
    modules = closure(step.module)
    libraries = {*step.libraries}
    if "annotate.model" in step.settings:  # a model is a distribution of its own
        libraries.add(settings.annotate.model.replace("_", "-"))
    return digest(
        step.name,
        f"python {sys.version_info[:2]}, unicode {unicodedata.unidata_version}",  # letters and cases are Unicode's
        *(f"{name}={code_digest(_file_of(name))}" for name in modules if name not in BY_VALUE),
        setting_values(settings, step.settings),
        *(schema_text(name) for name in sorted({*step.reads, *step.writes})),
        *(hashlib.sha256((PACKAGE / name).read_bytes()).hexdigest() for name in sorted(step.data_files)),
        *(line for library in sorted(libraries) for line in versions_of(library)),
    )
