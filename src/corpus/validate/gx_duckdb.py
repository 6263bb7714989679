"""Great Expectations on DuckDB: the one place that knows what the two need from each other.

Great Expectations 1.24 gives its connection back to the pool before it has read the rows, after which duckdb-engine
0.17 has none ("list index out of range"). For dialects in `_PERSISTED_CONNECTION_DIALECTS` it keeps one connection, so
DuckDB is put among them. tests/validate/test_gx_duckdb.py fails once that is no longer needed.
duckdb 2.0 gives the same results, but prints pages of nanobind "leaked" warnings when Python ends: stay below it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

QUERY = "unexpected_rows_expectation"
"""The type of rules that are SQL."""
DIALECTS = "_PERSISTED_CONNECTION_DIALECTS"


class _DuckDB:
    """Stands among the members of GXSqlDialect, of which only `value` and equality with a name are used."""

    value = "duckdb"

    def __eq__(self, other: object) -> bool:
        return other == self.value

    def __hash__(self) -> int:
        return hash(self.value)


def keep_connection() -> None:
    """Have Great Expectations keep one connection to DuckDB; doing it twice does nothing more."""
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    dialects = getattr(engine, DIALECTS)
    if "duckdb" not in dialects:
        setattr(engine, DIALECTS, (*dialects, _DuckDB()))


@dataclass(frozen=True)
class Outcome:
    """What Great Expectations says of one expectation; `error` is the message of what stopped it, else empty."""

    passed: bool
    result: Mapping[str, Any]
    error: str = ""


class Expectations:
    """Great Expectations with an ephemeral context on a database, which it opens by `url`."""

    def __init__(self, url: str) -> None:
        import great_expectations
        from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

        self._url = url
        in_memory = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)  # no file anywhere
        config = DataContextConfig(store_backend_defaults=in_memory, progress_bars={"globally": False})
        self._context = great_expectations.get_context(mode="ephemeral", project_config=config)
        self._opened = 0

    def check(self, table: str, configurations: Mapping[str, Mapping[str, Any]], **complete: Any) -> dict[str, Outcome]:
        """The outcome of each expectation ({gate: {type, kwargs}}) on a table.

        Those of which Great Expectations raised something are asked again, each by itself on a connection of its own,
        so that one broken expectation takes no other with it. `complete` goes into the result format.
        """
        built: dict[str, Any] = {}
        outcomes: dict[str, Outcome] = {}
        for gate, configuration in configurations.items():
            made = _build(gate, configuration)
            if isinstance(made, Outcome):
                outcomes[gate] = made
            else:
                built[gate] = made
        first = self._ask(table, list(built.values()), complete) if built else {}
        for gate, expectation in built.items():
            outcome = first.get(gate)
            if (outcome is None or outcome.error) and len(built) > 1:
                outcome = self._ask(table, [expectation], complete).get(gate)
            outcomes[gate] = outcome or Outcome(False, {}, "Great Expectations gave no result for it")
        return outcomes

    def _ask(self, table: str, expectations: Sequence[Any], complete: Mapping[str, Any]) -> dict[str, Outcome]:
        from great_expectations import ExpectationSuite
        from great_expectations.datasource.fluent.interfaces import TestConnectionError
        from great_expectations.exceptions import GreatExpectationsError
        from sqlalchemy.exc import SQLAlchemyError

        # a table whose name SQL takes for something else can't be connected to
        known = (GreatExpectationsError, SQLAlchemyError, TestConnectionError)
        self._opened += 1
        name = f"gates-{self._opened}"
        source = self._context.data_sources.add_sql(name, connection_string=self._url, create_temp_table=False)
        try:
            asset = source.add_table_asset(table, table_name=table)
            batch = asset.add_batch_definition_whole_table("all rows").get_batch()
            suite = ExpectationSuite(name, expectations=list(expectations))
            style = {"result_format": "BASIC", "partial_unexpected_count": 0, **complete}
            results = batch.validate(suite, result_format=style).results
        except (*known, ValueError, TypeError, KeyError, AttributeError) as error:
            fault = f"{type(error).__name__}: {_first_line(error)}"
            return {e.meta["gate"]: Outcome(False, {}, fault) for e in expectations}
        finally:
            engine = source.get_execution_engine()
            engine.close()
            engine.engine.dispose()
            source.get_engine().dispose()
        return {r.expectation_config.meta["gate"]: _outcome(r) for r in results}


@contextlib.contextmanager
def great_expectations(url: str) -> Iterator[Expectations]:
    """Great Expectations on the database at `url`, without analytics, progress bars or anything on the terminal."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when it is imported
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)  # what it logs is in the outcomes
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Did not recognize type")  # SQLAlchemy, of lists
            keep_connection()
            yield Expectations(url)
    finally:
        logger.setLevel(before)


def _build(gate: str, configuration: Mapping[str, Any]) -> Any:
    """An expectation, or an Outcome that says why it is none."""
    from great_expectations.exceptions import GreatExpectationsError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    try:
        made = ExpectationConfiguration(
            type=configuration["type"], kwargs=dict(configuration["kwargs"]), meta={"gate": gate}
        ).to_domain_obj()
    except (GreatExpectationsError, ValueError, TypeError, KeyError, AttributeError) as error:
        why = " ".join(str(error).split())[:300]
        return Outcome(False, {}, f"not an expectation that Great Expectations can build: {why}")
    if configuration["type"] != QUERY:
        return made
    return _counted_rows()(unexpected_rows_query=made.unexpected_rows_query, meta={"gate": gate})


@cache
def _counted_rows() -> Any:
    """Great Expectations' rule on unexpected rows, without its second run of the query for rows that nobody reads."""
    from great_expectations.expectations.core import UnexpectedRowsExpectation

    class CountedRowsExpectation(UnexpectedRowsExpectation):  # type: ignore[misc]  # untyped base
        metric_dependencies = ("unexpected_rows_query.row_count",)

        def _validate(self, metrics: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
            return super()._validate({**metrics, "unexpected_rows_query.table": []}, *args, **kwargs)

    return CountedRowsExpectation


def _outcome(result: Any) -> Outcome:
    return Outcome(bool(result.success), dict(result.result or {}), _raised(result.exception_info or {}))


def _raised(info: Mapping[str, Any]) -> str:
    """The first message in exception_info, which is either flat or one entry per metric."""
    found = [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, Mapping)]
    messages = [_first_line(entry.get("exception_message")) for entry in found if entry.get("raised_exception")]
    return min(messages) if messages else ""


def _first_line(error: object) -> str:
    """A message without its traceback and SQL."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
