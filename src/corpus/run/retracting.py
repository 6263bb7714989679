"""Taking out what standing retractions and rights signals name, before anything is annotated or published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpus.removal.forgetting import forget_records
from corpus.removal.hiding import hide_records, published_texts, raw_paths_of, tombstones
from corpus.removal.matching import PAGE_COLUMNS, Retracted, Standing, spread
from corpus.removal.rules import Rule, read_rules
from corpus.removal.salt import Salt, need_salt, read_salt
from corpus.run.local import DOCUMENT_ROWS
from corpus.run.state import State

CLEANED = "clean.extract"


def retract_records(state: State, words: Callable[[], pa.Table]) -> None:
    """Take what must go, with its copies and versions, out of `state.folds`, `derived`, `going` and `documents`, out of
    the remembered work too, and set `state.retracted`. `words`: record_id and words_sha256 of what goes on."""
    root = state.project.root
    rules = read_rules(root)
    rights = state.settings.rights.retract
    state.rules = rules
    if not rules and not rights:
        return
    salt = need_salt(root)
    standing = Standing.of(rules, rights, salt)
    records = spread(_matched(state, standing, words), state.folds, standing.article_ids)
    if not records:
        return
    gone = pa.array(sorted(records), pa.string())
    mine = pc.is_in(state.folds["record_id"], value_set=gone)
    articles = state.folds.filter(pc.and_(mine, pc.is_valid(state.folds["article_id"])))
    pairs = zip(articles["article_id"].to_pylist(), articles["record_id"].to_pylist(), strict=True)
    paths = state.inputs["raw_path"].filter(pc.is_in(state.inputs["record_id"], value_set=gone))
    state.retracted = Retracted(
        records, {article: records[record] for article, record in pairs}, frozenset(paths.to_pylist())
    )
    _take_out(state, mine, articles["article_id"], gone)


def _matched(state: State, standing: Standing, words: Callable[[], pa.Table]) -> dict[str, str]:
    """The records that a rule names by themselves -> why."""
    found: dict[str, str] = {}
    if standing.sha256s or standing.contents:
        for record, sha256 in zip(*(state.inputs[n].to_pylist() for n in ("record_id", "sha256")), strict=True):
            if reason := standing.of_payload(sha256):
                found[record] = reason
    waiting = state.inputs.filter(pc.is_null(state.inputs["fate"]))
    places = state.memo.select(waiting["content_key"].combine_chunks())
    pages = state.memo.narrow(places, list(PAGE_COLUMNS))
    at = 0
    for batch in pages.to_batches():
        for number, row in enumerate(batch.to_pylist(), at):
            if reason := standing.of_document(row):
                found.setdefault(waiting["record_id"][number].as_py(), reason)
        at += batch.num_rows
    if standing.contents:
        signed = words()
        pairs = zip(*(signed[n].to_pylist() for n in ("record_id", "words_sha256")), strict=True)
        found |= {record: reason for record, sha256 in pairs if (reason := standing.of_words(sha256))}
    return found


def _take_out(state: State, mine: pa.ChunkedArray, articles: pa.ChunkedArray, gone: pa.Array) -> None:
    """`going`, `documents` and `folds` are all sorted by record id, so that one mask serves them."""
    stays = pc.invert(mine)
    state.folds = state.folds.filter(stays).combine_chunks()
    state.going = state.going.filter(stays).combine_chunks()
    derived = state.derived
    about = [
        pc.fill_null(pc.is_in(derived[name], value_set=ids), False)
        for name, ids in (("article_id", articles), ("from_article_id", articles), ("from_record_id", gone))
    ]
    state.derived = derived.filter(pc.invert(pc.or_(pc.or_(about[0], about[1]), about[2])))
    forget_records(state.project.cache, gone.to_pylist())
    state.memo = state.memo_of(CLEANED, DOCUMENT_ROWS)  # its shards were written anew
    keys = state.going["content_key"]
    state.documents = state.memo.select(keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys)


def hidden(state: State, records: pa.Table) -> pa.Table:
    """The ledger's rows, those of retracted records telling nothing of them."""
    if not state.retracted.records:
        return records
    return hide_records(records, state.retracted.records, _salt(state))


def removal_rows(state: State, parent: Path | None, version: str) -> pa.Table:
    """`removals` of the next release: each article that a release held and that is taken out, once."""
    gone = _recorded(state.rules)
    held = published_texts(parent, set(state.retracted.articles) - gone.keys())
    if held:
        salt = _salt(state)
        gone |= {
            article: (salt.hash("text", text), state.retracted.articles[article]) for article, text in held.items()
        }
    return tombstones(parent, gone, version)


def retracted_paths(state: State, parent: Path | None) -> frozenset[str]:
    """The raw paths whose records are taken out, those that the last release had and whose files are gone included."""
    gone = {*_recorded(state.rules), *state.retracted.articles}
    return state.retracted.raw_paths | raw_paths_of(parent, gone)


def _recorded(rules: tuple[Rule, ...]) -> dict[str, tuple[str, str]]:
    """Articles that releases held when their rule was made -> salted content hash and reason; the first rule's."""
    gone: dict[str, tuple[str, str]] = {}
    for rule in rules:
        for article, content in rule.articles.items():
            gone.setdefault(article, (content, rule.reason))
    return gone


def _salt(state: State) -> Salt:
    salt = read_salt(state.project.root)
    assert salt is not None  # made when the first record was taken out
    return salt
