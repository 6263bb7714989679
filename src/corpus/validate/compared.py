"""What two releases have in common, as narrow tables in the gates' database: articles and records that stayed, and new.

An article stayed if its id did, or if it is the only one of its raw file in both releases: a page whose bytes changed
may have another id. So did a record. What is new in a folder, host or source that was there before is compared with
what was there; what comes from a new one is not, since it can't have drifted.
"""

from __future__ import annotations

from pathlib import Path

from corpus.tables import TABLES
from corpus.validate.views import Database, identifier

PREVIOUS = "previous_"
"""Before the names of the last release's tables."""
NEEDED = ("articles", "records")
"""Tables that every release has."""
_ARTICLES = "article_id, raw_path, source, coalesce(host, source) AS place, language, n_chars, text_sha256"
_ALONE = "count(*) OVER (PARTITION BY raw_path) = 1 AS alone"
_FOLDER = "CASE WHEN contains(raw_path, '/') THEN split_part(raw_path, '/', 1) ELSE raw_path END"
_KEPT_ARTICLES = f"""
CREATE OR REPLACE TEMP TABLE kept_articles AS
WITH now AS (SELECT {_ARTICLES}, {_ALONE} FROM articles),
was AS (SELECT {_ARTICLES}, {_ALONE} FROM {PREVIOUS}articles),
by_id AS (SELECT n.article_id, w.article_id AS was_id FROM now n JOIN was w USING (article_id)),
left_now AS (SELECT * FROM now ANTI JOIN by_id USING (article_id)),
left_was AS (SELECT w.* FROM was w ANTI JOIN by_id b ON b.was_id = w.article_id),
by_path AS (
    SELECT n.article_id, w.article_id AS was_id
    FROM left_now n JOIN left_was w USING (raw_path) WHERE n.alone AND w.alone)
SELECT p.article_id, p.was_id, w.place, w.source, n.n_chars, w.n_chars AS was_chars, n.language,
    w.language AS was_language, n.text_sha256, w.text_sha256 AS was_sha256
FROM (FROM by_id UNION ALL FROM by_path) p JOIN now n USING (article_id) JOIN was w ON w.article_id = p.was_id
"""
_NEW_ARTICLES = f"""
CREATE OR REPLACE TEMP TABLE new_articles AS
SELECT {_ARTICLES} FROM articles ANTI JOIN kept_articles USING (article_id)
WHERE source IN (SELECT source FROM {PREVIOUS}articles)
"""
_KEPT_RECORDS = f"""
CREATE OR REPLACE TEMP TABLE kept_records AS
WITH now AS (SELECT record_id, raw_path, fate, {_ALONE} FROM records WHERE fate <> 'retracted'),
was AS (SELECT record_id, raw_path, fate, {_ALONE} FROM {PREVIOUS}records WHERE fate <> 'retracted'),
by_id AS (SELECT n.record_id, w.record_id AS was_id, n.raw_path, n.fate, w.fate AS was_fate
    FROM now n JOIN was w USING (record_id)),
left_now AS (SELECT * FROM now ANTI JOIN by_id USING (record_id)),
left_was AS (SELECT w.* FROM was w ANTI JOIN by_id b ON b.was_id = w.record_id),
by_path AS (SELECT n.record_id, w.record_id AS was_id, n.raw_path, n.fate, w.fate AS was_fate
    FROM left_now n JOIN left_was w USING (raw_path) WHERE n.alone AND w.alone)
SELECT *, {_FOLDER} AS folder FROM (FROM by_id UNION ALL FROM by_path)
"""
_NEW_RECORDS = f"""
CREATE OR REPLACE TEMP TABLE new_records AS
SELECT record_id, raw_path, fate, {_FOLDER} AS folder FROM records ANTI JOIN kept_records USING (record_id)
WHERE fate <> 'retracted'
"""
_WAS_RECORDS = f"""
CREATE OR REPLACE TEMP TABLE was_records AS
SELECT {_FOLDER} AS folder, count(*) AS n, count(*) FILTER (fate IN ('rejected', 'quarantined')) AS refused
FROM {PREVIOUS}records WHERE fate <> 'retracted' GROUP BY ALL
"""


def view_previous(previous: Path, database: Database) -> None:
    """A view `previous_<table>` on each table of the last release; one that it had not yet is empty.

    Raises duckdb.Error where articles or records are missing or a file can't be read.
    """
    for name in TABLES:
        files = sorted((previous / name).glob("*.parquet"))
        if files or name in NEEDED:
            database.view(f"{PREVIOUS}{name}", files or [previous / name / "*.parquet"])
        elif database.columns(name):
            database.run(f"CREATE OR REPLACE VIEW {PREVIOUS}{name} AS SELECT * FROM {identifier(name)} WHERE false")


def compare(database: Database) -> None:
    """Make the tables `kept_articles`, `new_articles`, `kept_records`, `new_records` and `was_records`.

    Reads `articles`, `records` and those of the last release. Raises duckdb.Error where one is not there.
    """
    for statement in (_KEPT_ARTICLES, _NEW_ARTICLES, _KEPT_RECORDS, _NEW_RECORDS, _WAS_RECORDS):
        database.run(statement)
