"""`README.md`: the dataset card.

Its numbers are the run's own, its dictionary is the registry's, and no article's words are in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa
import yaml

from corpus.columns import FATES
from corpus.errors import CorpusError
from corpus.publish.count import Counted, count_files, count_ledger
from corpus.publish.croissant import licence_url, table_line
from corpus.publish.digest import type_name
from corpus.publish.disk import named_faults
from corpus.publish.facts import ReleaseFacts
from corpus.publish.glance import listed
from corpus.publish.limits import limits
from corpus.publish.manifest import read_manifest
from corpus.publish.stated import CARD, Truth, differences
from corpus.publish.write import WrittenTable
from corpus.tables import TABLES

DEFAULT = "articles"
SIZES = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"), (10_000_000_000, "1B<n<10B"),
)  # fmt: skip
"""The hub's size categories: articles below this number."""
HUB_LICENCES = Path(__file__).with_name("hub_licences.txt")


def write_card(folder: Path, facts: ReleaseFacts) -> None:
    """Write `README.md` into a release's folder."""
    with named_faults(folder):
        (folder / CARD).write_text(card_text(facts), encoding="utf-8")


def check_card(folder: Path, counted: Mapping[str, Counted] | None = None) -> None:
    """Compare every number of card, Croissant and manifest with what the Parquet files hold.

    `counted`: the tables as counted before from these files (null: they are counted now). Raises CorpusError that names
    each number that differs.
    """
    manifest = read_manifest(folder)
    tables = counted or {name: count_files(folder, name, entry.undigested) for name, entry in manifest.tables.items()}
    truth = Truth(folder, manifest.version, tables, count_ledger(folder))
    found = [str(difference) for difference in differences(truth, manifest)]
    if found:
        raise CorpusError(
            "the release does not say what its files hold:\n  " + "\n  ".join(found),
            where=str(folder),
            mend="this is a fault of corpus itself; the last release is as it was",
        )


def card_text(facts: ReleaseFacts) -> str:
    """The whole card: YAML front matter and body."""
    front = yaml.safe_dump(front_matter(facts), sort_keys=False, allow_unicode=True, width=1_000)
    return f"---\n{front}---\n\n{body(facts)}"


def front_matter(facts: ReleaseFacts) -> Mapping[str, object]:
    """What programs read: the hub, and `load_dataset`, which caches a local folder by each config's own part of it."""
    tables = facts.tables
    said: dict[str, object] = {
        "pretty_name": _plain(facts.title or facts.name),
        "version": facts.version,
        "digest": facts.digest,
        "license": _hub_licence(facts.license),
        "language": list(facts.language),
        "size_categories": [size_category(tables[DEFAULT].rows)],
        "tags": ["news", "articles", "provenance", "croissant"],
    }
    if said["license"] == "other":
        said |= {"license_name": _plain(facts.license), "license_link": licence_url(_plain(facts.license))}
    return said | load_front_matter(tables)


def load_front_matter(tables: Mapping[str, WrittenTable]) -> dict[str, object]:
    """The part of the front matter that `load_dataset` reads."""
    return {
        "configs": [_config(name) for name in tables],
        "dataset_info": [dataset_info(table) for table in tables.values()],
    }


def dataset_info(table: WrittenTable) -> Mapping[str, object]:
    """A config's part of the front matter; it ends with the table's digest, so that no cache takes one release's for
    another's."""
    split = {"name": "train", "num_bytes": table.num_bytes, "num_examples": table.rows}
    return {
        "config_name": table.name,
        "description": table_line(table.name, table.rows, table.digest),
        "features": [_feature(field.name, field.type) for field in TABLES[table.name].schema],
        "splits": [split],
        "download_size": table.bytes,
        "dataset_size": table.num_bytes,
    }


def size_category(rows: int) -> str:
    """The hub's category for a number of rows."""
    return next((name for limit, name in SIZES if rows < limit), "10B<n<100B")


def body(facts: ReleaseFacts) -> str:
    """What people read, in Markdown."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(  # Markdown: what a person wrote goes through a filter of ours
        loader=PackageLoader("corpus.publish", "."),
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "cell": _cell, "type_name": type_name, "listed": lambda counts: listed(counts).items(), "bibtex": _bibtex,
        "cite_key": lambda name: f"{name}-{facts.version}",
    }  # fmt: skip
    tables = list(facts.tables.values())
    text = environment.get_template("card.md.j2").render(
        facts=facts,
        title=_line(facts.title or facts.name),
        description=_line(facts.description),
        tables=tables,
        registry=TABLES,
        fates=FATES,
        empty=[table.name for table in tables if not table.rows],
        unfilled=[f"{t.name}.{column.name}" for t in tables for column in TABLES[t.name].columns if not column.filled],
        licence=_line(facts.license),
        limits=_limits(facts),
        maintainer=_line(facts.maintainer),
        homepage=_line(facts.homepage),
        left_out=", ".join(f"`{table.name}.{name}`" for table in tables for name in _copies(table.name)),
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _limits(facts: ReleaseFacts) -> tuple[str, ...]:
    measured = limits(facts.tables, facts.glance, facts.models, facts.text) if facts.glance else ()
    return (*measured, *facts.limits)


def _copies(table: str) -> list[str]:
    """The columns of a table that repeat words of a text."""
    return [column.name for column in TABLES[table].columns if column.copies is not None]


def _config(table: str) -> Mapping[str, object]:
    default: dict[str, object] = {"default": True} if table == DEFAULT else {}
    files = [{"split": "train", "path": f"{table}/*.parquet"}]
    return {"config_name": table, "data_files": files} | default


def _feature(name: str, kind: pa.DataType) -> Mapping[str, object]:
    """A column in the YAML form of `datasets.Features`."""
    if pa.types.is_list(kind):
        inner = kind.value_type
        if pa.types.is_struct(inner):
            return {"name": name, "list": [_feature(field.name, field.type) for field in inner]}
        return {"name": name, "list": _dtype(inner)}
    if pa.types.is_struct(kind):
        return {"name": name, "struct": [_feature(field.name, field.type) for field in kind]}
    return {"name": name, "dtype": _dtype(kind)}


def _dtype(kind: pa.DataType) -> str:
    return {pa.float64(): "float64", pa.float32(): "float32"}.get(kind, str(kind))


@cache
def hub_licences() -> Mapping[str, str]:
    """Licence ids in lower case -> as the hub writes them; what is not among them is `other` there."""
    found: dict[str, str] = {}
    for line in HUB_LICENCES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, others = line.partition(":")
            found |= dict.fromkeys((name, *others.split()), name)
    return found


def _hub_licence(license_id: str) -> str:
    return hub_licences().get(license_id.lower(), "other")


def _plain(text: str) -> str:
    """What a person wrote, as one line that can't end the front matter for whoever splits at three dashes."""
    return re.sub("-{3,}", "—", " ".join(text.split()))


def _line(text: str) -> str:
    """What a person wrote, as one paragraph: it can't begin a heading or a table, or end the front matter."""
    escaped = re.sub(r"([\\`*_\[\]#|~])", r"\\\1", " ".join(text.split()))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cell(text: str) -> str:
    """A value inside a table's cell."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def _bibtex(text: str) -> str:
    """A value inside the braces of BibTeX, and of a block of code: no brace, backslash, tick or markup of its own."""
    return re.sub(r"[{}\\`<>]", "", _plain(text))
