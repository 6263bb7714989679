"""documents → fates: equal, near, contained and revised articles, and the one of them that is published.

`sign` turns one text into its signature; `match` holds it against other corpora; `fold` decides on all of them from
narrow columns; `point` finds the paragraphs that what is published shares.
"""

from corpus.dedup.copied import point
from corpus.dedup.folding import Folded, fold, refold
from corpus.dedup.matching import match
from corpus.dedup.repeated import Lines, places_of
from corpus.dedup.signing import sign, sign_without
from corpus.stage import Step
from corpus.working import TAKEN_OVER

TAKEN_OVER_COLUMNS = tuple(field.name for field in TAKEN_OVER)
STEPS = (
    Step(
        stage="dedup",
        verb="sign",
        module="corpus.dedup.signing",
        reads={"documents": ("record_id", "text")},
        writes=("signatures",),
        local=True,
        settings=("dedup.permutations", "dedup.contained_window"),
        libraries=("numba", "numpy", "pyarrow"),
    ),
    Step(
        stage="dedup",
        verb="match",
        module="corpus.dedup.matching",
        reads={"documents": ("record_id", "text"), "signatures": ("samples", "shingles")},
        writes=("matches",),
        local=True,
        settings=("dedup.against", "dedup.permutations", "dedup.contained_window"),
        libraries=("numba", "numpy", "pyarrow"),
    ),
    Step(
        stage="dedup",
        verb="repeat",
        module="corpus.dedup.repeated",
        reads={
            "keys": ("record_id", "host", "n_chars"),
            "signatures": ("record_id", "paragraphs", "paragraph_words"),
            "documents": ("paragraphs",),
        },
        writes=("repeated",),
        local=False,
        settings=("boilerplate",),
        libraries=("numpy", "pyarrow"),
    ),
    Step(
        stage="dedup",
        verb="fold",
        module="corpus.dedup.folding",
        reads={"keys": (), "signatures": (), "documents": ("text", *TAKEN_OVER_COLUMNS)},
        writes=("folds", "derived"),
        local=False,
        settings=("dedup",),
        libraries=("numba", "numpy", "pyarrow"),
    ),
    Step(
        stage="dedup",
        verb="point",
        module="corpus.dedup.copied",
        reads={"folds": (), "keys": ("published_at",), "signatures": ("paragraphs", "paragraph_words")},
        writes=("pointed",),
        local=False,
        settings=("dedup.paragraph_words",),
        libraries=("numba", "numpy", "pyarrow"),
    ),
)

__all__ = [
    "STEPS",
    "Folded",
    "Lines",
    "fold",
    "match",
    "places_of",
    "point",
    "refold",
    "sign",
    "sign_without",
]
