"""`croissant.json`: the release described in MLCommons Croissant 1.1 (https://docs.mlcommons.org/croissant), generated
from the registry of tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from corpus.columns import Column, Reference, Table
from corpus.publish.disk import write_json
from corpus.publish.facts import ReleaseFacts
from corpus.publish.stated import CROISSANT
from corpus.publish.write import WrittenTable
from corpus.tables import TABLES

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
PARQUET = "application/x-parquet"
"""The media type by which Croissant readers know Parquet."""

Json = Mapping[str, object]

CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "spdx": "http://spdx.org/rdf/terms#",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that Croissant 1.1 prescribes, with the prefixes of our terms."""
PREFIXES = {
    "schema": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "spdx": "http://spdx.org/rdf/terms#",
}


def write_croissant(folder: Path, facts: ReleaseFacts) -> None:
    """Write `croissant.json` into a release's folder."""
    write_json(folder / CROISSANT, describe(facts))


def describe(facts: ReleaseFacts) -> Json:
    """A release in Croissant."""
    tables = [(TABLES[name], written) for name, written in facts.tables.items()]
    said: dict[str, object] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": facts.name,
        "description": f"{facts.description or facts.title or facts.name} Logical digest: {facts.digest}",
        "version": facts.version,
        "citeAs": f"{facts.title or facts.name}, version {facts.version}",
        "license": licence_url(facts.license),
        "inLanguage": list(facts.language),
        "isAccessibleForFree": True,
    }
    if facts.homepage:
        said["url"] = facts.homepage
    if facts.maintainer:
        said["creator"] = {"@type": "sc:Organization", "name": facts.maintainer}
    said["distribution"] = [part for table, written in tables for part in _distribution(table, written)]
    said["recordSet"] = [_record_set(table) for table, _ in tables]
    return said


def licence_url(license_id: str) -> str:
    """Where the text of a licence is: its SPDX page, or the id itself where it is an address or not SPDX's."""
    if "://" in license_id or license_id == "other":
        return license_id
    return f"https://spdx.org/licenses/{license_id}.html"


def table_line(table: str, rows: int, digest: str) -> str:
    """What the card and Croissant say of a table's numbers; ends with its logical digest."""
    return f"{TABLES[table].meaning if table in TABLES else table} {rows} rows. Logical digest: {digest}"


def _distribution(table: Table, written: WrittenTable) -> list[Json]:
    files: list[Json] = [
        {
            "@type": "cr:FileObject",
            "@id": file.path,
            "name": file.path,
            "contentUrl": file.path,
            "contentSize": f"{file.bytes} B",
            "encodingFormat": PARQUET,
            "sha256": file.sha256,
        }
        for file in written.files
    ]
    together: Json = {
        "@type": "cr:FileSet",
        "@id": f"{table.name}-files",
        "name": f"{table.name}-files",
        "description": table_line(table.name, written.rows, written.digest),
        "encodingFormat": PARQUET,
        "includes": f"{table.name}/*.parquet",
    }
    return [*files, together]


def _record_set(table: Table) -> Json:
    said: dict[str, object] = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.meaning,
    }
    if table.key:
        said["key"] = [{"@id": f"{table.name}/{name}"} for name in table.key]
    references = {reference.column: reference for reference in table.references}
    said["field"] = [_field(table, column, references.get(column.name)) for column in table.columns]
    return said


def _field(table: Table, column: Column, reference: Reference | None) -> Json:
    source = {"fileSet": {"@id": f"{table.name}-files"}, "extract": {"column": column.name}}
    said = _typed(f"{table.name}/{column.name}", column.name, column.type, source)
    said["description"] = column.description
    if column.term:
        prefix, _, name = column.term.partition(":")
        said["equivalentProperty"] = PREFIXES[prefix] + name
    if reference is not None:
        # in words: Croissant's own `references` makes its reader join the tables, which point at one another in circles
        said["description"] = f"{column.description} Refers to {reference.table}.{reference.key}."
    return said


def _typed(place: str, name: str, kind: pa.DataType, source: Json, path: str = "") -> dict[str, object]:
    """A field with its type, at `path` (JSONPath) of the column that `source` names.

    A list's items and a struct's fields become nested fields.
    """
    said: dict[str, object] = {"@type": "cr:Field", "@id": place, "name": name}
    if pa.types.is_list(kind):
        said |= {"isArray": True, "arrayShape": "-1"}
        kind = kind.value_type
    if pa.types.is_struct(kind):
        dot = f"{path}." if path else ""
        # quoted: a field may be named like an operator of JSONPath, as `where` is
        nested = [_typed(f"{place}/{f.name}", f.name, f.type, source, f"{dot}'{f.name}'") for f in kind]
        said["subField"] = nested
    else:
        said["dataType"] = _data_type(kind)
    said["source"] = {**source, "transform": {"jsonPath": path}} if path else source
    return said


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "cr:Int64"
    if pa.types.is_floating(kind):
        return "cr:Float64"
    if pa.types.is_timestamp(kind):
        return "sc:DateTime"
    return "sc:Text"
