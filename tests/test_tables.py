"""The registry of published tables."""

from __future__ import annotations

import pytest

from corpus.columns import LATER
from corpus.signals import OF_CORPUS
from corpus.tables import TABLES
from corpus.working import DOCUMENTS, SIGNALS, WORKING


def test_every_reference_leads_to_a_column_that_there_is() -> None:
    for table in TABLES.values():
        for reference in table.references:
            assert table.column(reference.column)
            assert TABLES[reference.table].column(reference.key).name in TABLES[reference.table].key


def test_keys_are_columns_and_key_columns_are_required() -> None:
    for table in TABLES.values():
        for name in table.key:
            assert table.column(name).required, f"{table.name}.{name}"


def test_a_column_that_is_not_filled_says_so_and_is_not_required() -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert (LATER in column.description) == (not column.filled)
            assert column.filled or not column.required


def test_an_unknown_column_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="articles has no column nonsense"):
        TABLES["articles"].column("nonsense")


def test_documents_carry_the_columns_of_articles_with_their_types() -> None:
    articles = TABLES["articles"].schema
    for name in set(DOCUMENTS.names) & set(articles.names):
        assert DOCUMENTS.field(name).type == articles.field(name).type


def test_signals_are_the_columns_of_quality() -> None:
    assert [*(field.name for field in SIGNALS), *OF_CORPUS] == TABLES["quality"].schema.names[1:]


def test_no_working_table_has_the_name_of_a_published_one() -> None:
    assert not set(WORKING) & set(TABLES)
