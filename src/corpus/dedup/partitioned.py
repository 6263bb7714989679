"""Near duplicates as a few pure functions on Arrow data, for an engine that runs on many machines.

    sign        documents, any rows            -> signatures                      row by row
    band_rows   signatures, any rows           -> key, record_id, sketch          row by row; shuffle these by `key`
    candidates  rows of whole keys             -> left, right                     key by key; shuffle these by pair
    verified    pairs, shingles of their ends  -> left, right, similarity         pair by pair
    components  pairs, any rows                -> record_id, cluster              associative, see there

None of them keeps state, reads a file or knows of a worker. `fold` calls the same kernels on one machine.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.bands import MinHashes, band_keys
from corpus.dedup.forest import BUCKET_BUDGET, connect
from corpus.dedup.minhash import least_agreement, rows_of_a_band
from corpus.dedup.pair_kernels import bucket_pairs
from corpus.dedup.sets import ONE, Sets, measure_pairs
from corpus.dedup.wide import numbers_of
from corpus.dedup.word_kernels import MIX_1
from corpus.dedup.work import ten_thousandths
from corpus.sections import Dedup

BANDS = pa.schema([("key", pa.uint64()), ("record_id", pa.string()), ("sketch", pa.binary())])
PAIRS = pa.schema([("left", pa.string()), ("right", pa.string())])
VERIFIED = pa.schema([*PAIRS, ("similarity", pa.float64())])
COMPONENTS = pa.schema([("record_id", pa.string()), ("cluster", pa.string())])


def band_rows(signatures: pa.Table, settings: Dedup) -> pa.Table:
    """BANDS of signatures (record_id, n_shingles, minhash): a row for each band of each text with words."""
    signatures = signatures.filter(pc.greater(signatures["n_shingles"], 0)).combine_chunks()
    rows = rows_of_a_band(settings.near_jaccard, settings.permutations)
    count = signatures.num_rows
    if not count:
        return BANDS.empty_table()
    values = MinHashes.read(signatures["minhash"], np.arange(count), settings.permutations)
    matrix = np.concatenate([part for part, _ in values.chunks])
    matrix.flags.writeable = False  # as the columns of a table: kernels are compiled for each type
    everyone, zeros = np.ones(1, np.bool_), np.zeros(count, np.int64)
    sketch = matrix.astype(np.uint8)
    sketches = pa.array([row.tobytes() for row in sketch], pa.binary())
    parts = []
    for band, first in enumerate(range(0, settings.permutations - rows + 1, rows)):
        keys = band_keys(matrix[:, first : first + rows], zeros, everyone, np.uint64(0))
        keys ^= np.uint64(band * int(MIX_1) % 2**64)  # equal values of two bands are no reason to compare
        parts.append(pa.table([keys, signatures["record_id"], sketches], schema=BANDS))
    return pa.concat_tables(parts)


def candidates(rows: pa.Table, settings: Dedup) -> pa.Table:
    """PAIRS worth verifying among BANDS of whole keys: texts of one key of which enough MinHash values agree.

    Of a key with more than 1,024 texts each meets the 1,024 before it in the order of ids. The smaller id is left.
    """
    rows = rows.sort_by([("key", "ascending"), ("record_id", "ascending")]).combine_chunks()
    if not rows.num_rows:
        return PAIRS.empty_table()
    sketch = np.frombuffer(b"".join(rows["sketch"].to_pylist()), np.uint8).reshape(rows.num_rows, -1)
    least = least_agreement(settings.near_jaccard, settings.permutations)
    left, right = bucket_pairs(rows["key"].to_numpy(), sketch, least, BUCKET_BUDGET)
    ids = rows["record_id"]
    pairs = pa.table([ids.take(pa.array(left)), ids.take(pa.array(right))], schema=PAIRS)
    return pairs.group_by(["left", "right"], use_threads=False).aggregate([]).cast(PAIRS)


def verified(pairs: pa.Table, shingles: pa.Table, settings: Dedup) -> pa.Table:
    """VERIFIED: the PAIRS with a true Jaccard similarity of at least `settings.near_jaccard`, and that similarity.

    `shingles`: record_id and shingles (SIGNATURES) of both ends of every pair.
    """
    if not pairs.num_rows:
        return VERIFIED.empty_table()
    least = ten_thousandths(settings.near_jaccard)
    bounds, values = numbers_of(shingles["shingles"].combine_chunks())
    grams = values[: bounds[-1]]
    grams.flags.writeable = False  # always the same type for the kernels, which are compiled for each
    ids = shingles["record_id"]
    left, right = (pc.index_in(pairs[name], value_set=ids).to_numpy().astype(np.int64) for name in PAIRS.names)
    similar, _ = measure_pairs(Sets(grams, bounds[:-1], bounds[1:]), left, right, least, ONE)
    near = np.flatnonzero(similar >= least)
    chosen = pairs.take(pa.array(near))
    return chosen.append_column("similarity", pa.array(similar[near] / ONE)).cast(VERIFIED)


def components(pairs: pa.Table) -> pa.Table:
    """COMPONENTS of pairs (left, right): each record and the least id of those that it is connected with.

    Partitions can be joined: the components of the concatenated components (record_id as left, cluster as right) of
    parts of the pairs are those of all pairs.
    """
    ids = pc.unique(pa.chunked_array([*pairs["left"].chunks, *pairs["right"].chunks], pa.string()))
    ids = ids.take(pc.sort_indices(ids))
    left, right = (pc.index_in(pairs[name], value_set=ids).to_numpy().astype(np.int64) for name in PAIRS.names)
    root = connect(len(ids), left, right)  # named by its first text: the least id
    return pa.table([ids, ids.take(pa.array(root))], schema=COMPONENTS)
