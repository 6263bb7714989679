"""Where the package's regular expressions are, and whether they are tried at each place of a text."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import corpus

ROOT = Path(corpus.__file__).parent
WHOLE_TEXT = {"search", "finditer", "findall", "sub", "subn", "split"}
"""Verbs that try an expression at each place of a text; the others (match, fullmatch) at one."""
NO_MODULE = ("__main__", "template")


class Expression(NamedTuple):
    """An expression: the module and line that make it, and whether it is tried at each place of a text."""

    module: str
    line: int
    name: str
    pattern: str | bytes
    flags: int
    everywhere: bool

    @property
    def place(self) -> str:
        return f"{self.module}:{self.name or self.line}"


@cache
def expressions() -> list[Expression]:
    """Every expression that a module of the package compiles at its import, or has as a literal in a function."""
    found = dict.fromkeys([*_compiled(), *_literals()])
    return sorted(found, key=lambda one: (one.module, one.line, str(one.pattern)))


def _compiled() -> Iterator[Expression]:
    """Those compiled at import: each module is run once more, while `re` is listened to."""
    made: list[tuple[str, int, re.Pattern]] = []
    own = re._compile  # type: ignore[attr-defined]

    def listening(pattern, flags):
        compiled = own(pattern, flags)
        frame: FrameType | None = sys._getframe(1)
        while frame and frame.f_globals.get("__name__") == "re":
            frame = frame.f_back
        if frame and str(frame.f_globals.get("__name__")).startswith("corpus."):
            made.append((frame.f_globals["__name__"], frame.f_lineno, compiled))
        return compiled

    re._compile = listening  # type: ignore[attr-defined]
    kept = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "corpus"}
    for name in kept:
        del sys.modules[name]
    try:
        for module in pkgutil.walk_packages([str(ROOT)], "corpus."):
            if not any(part in NO_MODULE for part in module.name.split(".")):
                importlib.import_module(module.name)
        for module, names in LOADERS.items():
            for name in names:
                getattr(sys.modules[module], name)()
    finally:
        re._compile = own  # type: ignore[attr-defined]
        for name in [name for name in sys.modules if name.split(".")[0] == "corpus"]:
            del sys.modules[name]
        sys.modules.update(kept)
    for name, line, compiled in made:
        bound = _bound(name, line)
        yield Expression(name, line, bound, compiled.pattern, compiled.flags, _everywhere(name, bound))


LOADERS = {
    "corpus.clean.suspicious": ["suspicious"], "corpus.clean.phrases": ["phrases"], "corpus.clean.personal": ["lists"],
}  # fmt: skip
"""What compiles expressions from data, at its first call."""


def _bound(module: str, line: int) -> str:
    """The name that is bound at a line of a module, "" where there is none or several."""
    names = [
        target.id
        for node in _tree(_source(module)).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno <= line <= (node.end_lineno or line)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    ]
    return names[0] if len(names) == 1 else _function(module, line)


def _function(module: str, line: int) -> str:
    """The function that a line is in, "" outside of any."""
    inside = [
        node
        for node in ast.walk(_tree(_source(module)))
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or line)
    ]
    return f"{max(inside, key=lambda node: node.lineno).name}()" if inside else ""


def _everywhere(module: str, name: str) -> bool:
    """Whether a name is used for more than `match` and `fullmatch`."""
    if name.endswith("()"):
        return True
    uses = _uses(_tree(_source(module)), name)
    for path in sorted(ROOT.rglob("*.py")) if name else ():
        text = _text(path)
        if module in text and name in text:
            tree = _tree(text)
            imported = any(
                isinstance(node, ast.ImportFrom) and node.module == module and name in {one.name for one in node.names}
                for node in ast.walk(tree)
            )
            uses += _uses(tree, name) if imported else []
    return not uses or bool(set(uses) - {"match", "fullmatch"})


def _uses(tree: ast.AST, name: str) -> list[str]:
    """The attributes that are asked of a name, and "" where it is handed on."""
    methods = {
        id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }  # fmt: skip
    return [
        methods.get(id(node), "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]


@cache
def _text(path: Path) -> str:
    return path.read_text()


@cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def _source(module: str) -> str:
    path = ROOT.parent / Path(*module.split("."))
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text()


def _literals() -> Iterator[Expression]:
    """Those that a function gives to `re` as a literal."""
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(["corpus", *path.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__")
        for node in ast.walk(_tree(_text(path))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            on = node.func.value
            if not (
                isinstance(on, ast.Name) and on.id == "re" and node.args and isinstance(node.args[0], ast.Constant)
            ):
                continue
            pattern = node.args[0].value
            flags = eval(
                next((ast.unparse(word.value) for word in node.keywords if word.arg == "flags"), "0"), {"re": re}
            )
            if isinstance(pattern, str | bytes):
                everywhere = node.func.attr in {*WHOLE_TEXT, "compile"}
                if node.func.attr != "compile":
                    yield Expression(
                        module,
                        node.lineno,
                        _function(module, node.lineno),
                        pattern,
                        re.compile(pattern, flags).flags,
                        everywhere,
                    )
