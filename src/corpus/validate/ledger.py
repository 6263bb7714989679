"""Conservation: each raw record has one fate, each file is in the ledger, and the counts add up.

These gates are law, not settings: they stand here and in no suite, so that no edited file can soften them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.columns import FATES
from corpus.validate.failing import Failing, Kept
from corpus.validate.verdict import GateContext, GateResult, Kind
from corpus.validate.views import Database

_FILE = "split_part(r.raw_path, '!/', 1)"  # the file of a record: one in an archive adds !/ and its name
_FATES = ", ".join(f"'{fate}'" for fate in FATES)


@dataclass(frozen=True)
class Law:
    """A gate that is SQL: `evaluated` counts the rows it is about, `failing` selects those that break it, id first."""

    name: str
    table: str
    evaluated: str
    failing: str
    threshold: str
    cause: str
    mend: str = ""
    kind: Kind = "ledger"


LAWS = (
    Law(
        "ledger.one_row", "records", "SELECT count(*) FROM records",
        "SELECT record_id, count(*) AS n FROM records GROUP BY record_id HAVING count(*) > 1 OR record_id IS NULL",
        "each record once", "a record is in the ledger more than once",
    ),
    Law(
        "ledger.fates", "records", "SELECT count(*) FROM records",
        f"SELECT record_id, raw_path, fate FROM records WHERE fate IS NULL OR fate NOT IN ({_FATES})",
        f"one of {', '.join(FATES)}", "a record has no fate, or one that the ledger does not know: a stage lost it",
    ),
    Law(
        "ledger.published", "articles",
        "SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM records WHERE fate = 'published')",
        "SELECT coalesce(r.record_id, a.record_id) AS record_id, r.article_id, a.article_id AS in_articles"
        " FROM (SELECT * FROM records WHERE fate = 'published') r FULL JOIN articles a"
        " ON r.record_id = a.record_id AND r.article_id = a.article_id"
        " WHERE r.record_id IS NULL OR a.record_id IS NULL"
        " UNION ALL SELECT min(record_id), article_id, article_id FROM records WHERE fate = 'published'"
        " GROUP BY article_id HAVING count(*) > 1",
        "one article for each published record, and back",
        "a published record has no article, or an article no published record: articles or ledger rows were lost",
    ),
    Law(
        "ledger.duplicates", "articles", "SELECT count(*) FROM articles",
        "SELECT coalesce(a.article_id, d.kept) AS article_id, a.n_duplicates, coalesce(d.n, 0) AS in_records"
        " FROM articles a FULL JOIN (SELECT kept_article_id AS kept, count(*) AS n FROM records"
        " WHERE fate = 'duplicate' GROUP BY kept_article_id) d ON a.article_id = d.kept"
        " WHERE a.n_duplicates IS DISTINCT FROM coalesce(d.n, 0)",
        "n_duplicates = records folded into it", "n_duplicates is not the number of records folded into the article",
    ),
    Law(
        "ledger.reasons", "records", "SELECT count(*) FROM records WHERE fate <> 'published'",
        "SELECT record_id, raw_path, fate, reasons FROM records WHERE fate <> 'published' AND (reasons IS NULL OR"
        " len(reasons) = 0 OR len(list_filter(reasons, lambda r: r.rule IS NULL OR r.rule = '')) > 0)",
        "at least one reason, each with its rule", "a record was not published, and the ledger does not say why",
    ),
    Law(
        "ledger.article_ids", "records", "SELECT count(*) FROM records",
        "SELECT record_id, fate, article_id, kept_article_id FROM records WHERE (article_id IS NOT NULL) <>"
        " (fate = 'published') OR (kept_article_id IS NOT NULL) <> (fate = 'duplicate')",
        "article_id where published, kept_article_id where folded, and nowhere else",
        "a record says where it went, and its fate says another thing",
    ),
    Law(
        "ledger.retracted", "records", "SELECT count(*) FROM records WHERE fate = 'retracted'",
        "SELECT record_id, raw_path FROM records WHERE fate = 'retracted' AND (raw_path <> record_id OR"
        " coalesce(sha256, media_type, detail, article_id, kept_article_id) IS NOT NULL OR byte_start IS NOT NULL OR"
        " byte_end IS NOT NULL OR len(reasons) <> 1 OR reasons[1].rule <> 'retracted')",
        "salted id, no trace of the record", "a retracted record still shows what it was",
    ),
    Law(
        "ledger.every_file", "records", "SELECT count(*) FROM raw_files",
        "SELECT raw_path FROM raw_files f WHERE NOT EXISTS"
        f" (SELECT 1 FROM records r WHERE {_FILE} = f.raw_path)"
        " AND NOT EXISTS (SELECT 1 FROM retracted_files t WHERE t.raw_path = f.raw_path)",
        "each file of an independent walk of raw/ has a row", "a file below raw/ is in no row of the ledger",
        "`corpus why PATH`; if files changed while the run was on, publish again",
    ),
    Law(
        "ledger.no_stranger", "records", "SELECT count(*) FROM records WHERE fate <> 'retracted'",
        "SELECT record_id, raw_path FROM records r WHERE fate IS DISTINCT FROM 'retracted' AND NOT EXISTS"
        f" (SELECT 1 FROM raw_files f WHERE f.raw_path = {_FILE})",
        "each record's file is found by an independent walk of raw/", "the ledger names a file that is not below raw/",
        "if files were taken away while the run was on, publish again",
    ),
)  # fmt: skip


def ledger_gates(context: GateContext, database: Database, failing: Failing) -> Iterator[GateResult]:
    """Every conservation gate, on the views `records` and `articles` and the tables `raw_files`, `retracted_files`."""
    yield _inputs(context, database)
    for law in LAWS:
        yield asked(law, database, failing)


def _inputs(context: GateContext, database: Database) -> GateResult:
    """`ledger.inputs`: records that ingest reported = published + duplicate + rejected + quarantined + retracted."""
    import duckdb

    try:
        counted = dict(database.rows("SELECT fate, count(*) FROM records GROUP BY fate"))
    except duckdb.Error as error:
        return _not_asked("ledger.inputs", "records", "ledger", str(error))
    fates = {fate: counted.get(fate, 0) for fate in FATES}
    total = sum(fates.values())
    same = total > 0 and context.n_inputs == total == sum(counted.values())
    return GateResult(
        "ledger.inputs", "records", "ledger", "critical", same, sum(counted.values()),
        f"{' + '.join(f'{n} {fate}' for fate, n in fates.items())} = {total}",
        f"{context.n_inputs} records that ingest read", failing_rows=abs(context.n_inputs - total),
        cause="" if same else "the ledger does not balance: records were lost or made up",
        mend="" if same else "a fault of the pipeline, so nothing is published: keep .corpus/ and report it",
    )  # fmt: skip


def asked(law: Law, database: Database, failing: Failing) -> GateResult:
    """The result of one law; what stops its SQL is a failure."""
    import duckdb

    try:
        evaluated = int(database.value(law.evaluated))
        kept = failing.keep(law.name, law.failing)
    except duckdb.Error as error:
        return _not_asked(law.name, law.table, law.kind, str(error))
    return GateResult(
        law.name, law.table, law.kind, "critical", kept.rows == 0, evaluated, f"{kept.rows} rows", law.threshold,
        failing_rows=kept.rows, examples=kept.examples, cause=law.cause if kept.rows else "", mend=_mend(law, kept),
    )  # fmt: skip


def _mend(law: Law, kept: Kept) -> str:
    if not kept.rows:
        return ""
    example = kept.examples[0] if kept.examples else "ID"
    return (law.mend or f"`corpus why {example}`") + (f"; all rows: {kept.place}" if kept.place else "")


def _not_asked(name: str, table: str, kind: Kind, error: str) -> GateResult:
    return GateResult(
        name, table, kind, "critical", False, 0, "not evaluated", "evaluated",
        cause=f"the gate could not be asked: {error.splitlines()[0]}", mend="mend the failed gates of its tables first",
    )  # fmt: skip
