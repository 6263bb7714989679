"""The numbers that card, Croissant and manifest state, read back and compared with what the files hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from corpus.columns import FATES
from corpus.publish.count import Counted, Ledger, table_files
from corpus.publish.digest import release_digest
from corpus.publish.glance import glance, listed
from corpus.publish.limits import limits
from corpus.publish.manifest import Manifest
from corpus.publish.releases import MANIFEST
from corpus.report.funnel import read_funnel

CARD = "README.md"
CROISSANT = "croissant.json"
_ROWS_AND_DIGEST = re.compile(r"(?<!\d)(\d+) rows\. Logical digest: ([0-9a-f]+)$")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE = re.compile(r"^\| ?(.*?) ?\|$", re.MULTILINE)


@dataclass(frozen=True)
class Difference:
    """One number that is not what the files hold: in which document, which number, what is said and what is true."""

    document: str
    number: str
    said: object
    true: object

    def __str__(self) -> str:
        return f"{self.document}: {self.number} is {self.said}, but the files hold {self.true}"


@dataclass(frozen=True)
class Truth:
    """What a release folder holds: the version and its tables, as counted."""

    folder: Path
    version: str
    tables: Mapping[str, Counted]
    ledger: Ledger

    @property
    def digest(self) -> str:
        """The release's digest."""
        return release_digest({name: table.digest for name, table in self.tables.items()})

    def bytes(self, table: str) -> int:
        """Bytes of a table's files."""
        return sum(path.stat().st_size for path in table_files(self.folder, table))


def differences(truth: Truth, manifest: Manifest) -> Iterator[Difference]:
    """Every number of manifest, card and Croissant that is not what the files hold, and every one that is missing."""
    readers: tuple[tuple[str, Callable[[Truth], Iterator[Difference]]], ...] = (
        (MANIFEST, lambda told: manifest_differences(told, manifest)),
        (CARD, lambda told: card_differences(told, manifest)),
        (CROISSANT, croissant_differences),
    )
    for document, read in readers:
        try:
            yield from read(truth)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
            yield Difference(document, "the whole", f"unreadable ({type(error).__name__}: {error})", "a release")


def manifest_differences(truth: Truth, manifest: Manifest) -> Iterator[Difference]:
    """What the manifest says wrongly of the tables, the ledger and the release."""
    compare = _Compare(MANIFEST)
    yield from compare("digest", manifest.digest, truth.digest)
    yield from compare("tables", sorted(manifest.tables), sorted(truth.tables))
    for name in manifest.tables.keys() & truth.tables.keys():
        said, true = manifest.tables[name], truth.tables[name]
        yield from compare(f"{name} digest", said.digest, true.digest)
        yield from compare(f"{name} rows", said.rows, true.rows)
        yield from compare(f"{name} num_bytes", said.num_bytes, true.num_bytes)
        yield from _mapping(compare, f"{name} filled", said.filled, true.filled)
    yield from _mapping(compare, "fate", manifest.fates, truth.ledger.fates)
    yield from _mapping(compare, "reason", manifest.reasons, truth.ledger.reasons)


def card_differences(truth: Truth, manifest: Manifest) -> Iterator[Difference]:
    """What the card says wrongly: its front matter, and each number in the tables of its body."""
    text = (truth.folder / CARD).read_text(encoding="utf-8")
    _, front, body = re.split("^---\n", text, maxsplit=2, flags=re.MULTILINE)
    compare = _Compare(CARD)
    said = yaml.load(front, Loader=_LOADER)
    yield from compare("version", said["version"], truth.version)
    yield from compare("digest", said["digest"], truth.digest)
    configs = {config["config_name"]: config for config in said["configs"]}
    infos = {info["config_name"]: info for info in said["dataset_info"]}
    yield from compare("configs", sorted(configs), sorted(truth.tables))
    yield from compare("dataset_info", sorted(infos), sorted(truth.tables))
    for name in infos.keys() & truth.tables.keys():
        info, true = infos[name], truth.tables[name]
        split = info["splits"][0]
        yield from _rows_and_digest(compare, name, info["description"], true)
        yield from compare(f"{name} num_examples", split["num_examples"], true.rows)
        yield from compare(f"{name} num_bytes", split["num_bytes"], true.num_bytes)
        yield from compare(f"{name} dataset_size", info["dataset_size"], true.num_bytes)
        yield from compare(f"{name} download_size", info["download_size"], truth.bytes(name))
    yield from _body_differences(body, truth, manifest)


def croissant_differences(truth: Truth) -> Iterator[Difference]:
    """What Croissant says wrongly of the version, the tables and their files."""
    said = json.loads((truth.folder / CROISSANT).read_text(encoding="utf-8"))
    compare = _Compare(CROISSANT)
    yield from compare("version", said["version"], truth.version)
    if not said["description"].endswith(f"Logical digest: {truth.digest}"):
        yield from compare("digest", said["description"].rpartition(" ")[2], truth.digest)
    parts = {part["@id"]: part for part in said["distribution"]}
    for name, true in truth.tables.items():
        yield from _rows_and_digest(compare, name, parts.pop(f"{name}-files")["description"], true)
        for path in table_files(truth.folder, name):
            part = parts.pop(f"{name}/{path.name}")
            yield from compare(f"{name}/{path.name} contentSize", part["contentSize"], f"{path.stat().st_size} B")
    yield from compare("files that are not there", sorted(parts), [])


class _Compare:
    """Compares in one document."""

    def __init__(self, document: str) -> None:
        self._document = document

    def __call__(self, number: str, said: object, true: object) -> Iterator[Difference]:
        if said != true:
            yield Difference(self._document, number, said, true)


def _mapping(compare: _Compare, what: str, said: Mapping[str, int], true: Mapping[str, int]) -> Iterator[Difference]:
    for key in sorted(said.keys() | true.keys()):
        yield from compare(f"{what} {key}", said.get(key, 0), true.get(key, 0))


def _rows_and_digest(compare: _Compare, table: str, line: str, true: Counted) -> Iterator[Difference]:
    found = _ROWS_AND_DIGEST.search(line)
    yield from compare(f"{table} rows", int(found[1]) if found else None, true.rows)
    yield from compare(f"{table} digest", found[2] if found else None, true.digest)


def _body_differences(body: str, truth: Truth, manifest: Manifest) -> Iterator[Difference]:
    """The card's body: each table of numbers is found by its heading, each line by its first cell."""
    compare = _Compare(CARD)
    sections = dict(_sections(body))
    lines = _rows_of(sections["Tables"])
    yield from compare("tables listed", sorted(lines), sorted(truth.tables))
    for name in lines.keys() & truth.tables.keys():
        rows, num_bytes, files = lines[name][:3]
        yield from compare(f"rows of {name} in Tables", rows, str(truth.tables[name].rows))
        yield from compare(f"bytes of {name} in Tables", num_bytes, str(truth.tables[name].num_bytes))
        yield from compare(f"files of {name} in Tables", files, str(len(table_files(truth.folder, name))))
    fates = {fate: truth.ledger.fates.get(fate, 0) for fate in FATES} | {"all": sum(truth.ledger.fates.values())}
    for section, true in (("What became of the raw records", fates), ("Rules that spoke", truth.ledger.reasons)):
        lines = _rows_of(sections[section])
        for key in sorted(true.keys() | lines.keys()):
            yield from compare(f"{key} in {section}", lines.get(key, ["0"])[0], str(true.get(key, 0)))
    yield from _figure_differences(compare, sections, truth, manifest)
    for name, line in _rows_of(sections["Check it"]).items():
        yield from compare(f"digest of {name} in Check it", line[0].strip("`"), truth.tables[name].digest)
    for name, table in truth.tables.items():
        lines = _rows_of(sections[name])
        for column, filled in table.filled.items():
            yield from compare(f"rows filled of {name}.{column}", lines[column][1], str(filled))
    yield from compare("digest at the top", f"`{truth.digest}`" in sections[""], True)


def _figure_differences(
    compare: _Compare, sections: Mapping[str, str], truth: Truth, manifest: Manifest
) -> Iterator[Difference]:
    """The figures of the articles, the funnel's steps and the known limits; a card from before there were these has no
    such section."""
    if "Funnel" in sections:
        said = {step: line[:2] for step, line in _rows_of(sections["Funnel"]).items()}
        true = {str(row["step"]): [str(row["records"]), str(row["left"])] for row in read_funnel(truth.folder).rows()}
        for step in sorted(said.keys() | true.keys()):
            yield from compare(f"{step} in Funnel", said.get(step), true.get(step))
    if "At a glance" not in sections:
        return
    seen = glance(truth.folder)
    figures = {
        "articles": seen.articles, "words": seen.words, "sources": seen.sources, "hosts": seen.hosts,
        "articles with a date": seen.dated, "articles that break off": seen.truncated,
    }  # fmt: skip
    counts: dict[str, Mapping[str, int]] = {
        "At a glance": figures, "Languages": listed(seen.languages), "Licences": listed(seen.licences),
        "Rights signals": listed(seen.rights),
    }  # fmt: skip
    for section, numbers in counts.items():
        lines = _rows_of(sections.get(section, ""))
        for key in sorted(numbers.keys() | lines.keys()):
            yield from compare(f"{key} in {section}", lines.get(key, ["0"])[0], str(numbers.get(key, 0)))
    for limit in limits(truth.tables, seen, manifest.models, manifest.text):
        if limit not in sections["Known limits"]:
            yield from compare("a sentence in Known limits", None, limit)
    if seen.first and f"from {seen.first} to {seen.last}" not in sections["At a glance"]:
        yield from compare("days of publication in At a glance", None, f"{seen.first} to {seen.last}")


def section_rows(card: str, heading: str) -> dict[str, list[str]]:
    """The lines of a table below a heading of a card: first cell -> the others; none where there is no such heading."""
    return _rows_of(dict(_sections(card)).get(heading, ""))


def _sections(body: str) -> Iterator[tuple[str, str]]:
    """Each heading of the second or third rank, and the text below it; the text above them all has the heading ''."""
    parts = re.split(r"^#{2,3} (.*)$", body, flags=re.MULTILINE)
    yield "", parts[0]
    yield from zip(parts[1::2], parts[2::2], strict=True)


def _rows_of(section: str) -> dict[str, list[str]]:
    """The lines of a section's tables: first cell -> the others."""
    found: dict[str, list[str]] = {}
    header = ""
    for line in _LINE.findall(section):
        first, *rest = re.split(r" \| ", line)
        key = first.strip("`").replace("\\|", "|").replace("&lt;", "<")
        if set(line) <= set("-:| "):
            found.pop(header, None)  # the line above was the names of the columns
            continue
        found[key] = rest
        header = key
    return found
