"""What ties records together before anything is decided: fates are decided within what hangs together, so a change
moves nothing beyond it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.forest import BUCKET_BUDGET, find_all
from corpus.dedup.link_kernels import bloom_of, hash_pairs, hash_strings, mark_linked, mark_near, tie_equals
from corpus.dedup.minhash import least_agreement, rows_of_a_band
from corpus.dedup.narrow import flags
from corpus.dedup.proposals import Proposals
from corpus.dedup.revise import normalised_titles
from corpus.dedup.signing import buffers
from corpus.dedup.syndicate import is_elsewhere
from corpus.sections import Dedup

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Sketch = npt.NDArray[np.uint8]
PAYLOAD, WORDS, IDENTITY, HEADLINE, ADDRESS, MINHASH = (np.uint64(kind) for kind in range(1, 7))
LINKS = 7
"""Values of a record that tie it to others: payload, words, own id, headline, two addresses, MinHash."""


@dataclass(frozen=True)
class Ties:
    """What ties some records to others: `links` (LINKS hashes each), `sketch` (a byte of each MinHash value) and
    `leads`: of those of one sketch the one that stands for them in proposals (a text without words never does)."""

    links: Hashes
    sketch: Sketch
    leads: Flags

    def take(self, records: Ints) -> Ties:
        """Those of some records."""
        return Ties(self.links[records], self.sketch[records], self.leads[records])


class FloodError(Exception):
    """So many texts look alike that not every pair was considered: what hangs together can't be told from a part."""


def links_of(keys: pa.Table, signatures: pa.Table, sketch: Sketch) -> Hashes:
    """A row of LINKS hashes for each record of KEYS, with its SIGNATURES and MinHash bytes in the same order.

    Records with an equal value may be copies or versions of one another, or one may name the other's address; 0: none.
    """
    from corpus.dedup.link_kernels import hash_rows

    filled = np.asarray(pc.greater(signatures["n_shingles"], 0).to_numpy(), np.bool_)
    counts = flags(keys["canonical_counts"])
    canonical = hashed(keys["canonical_url"], ADDRESS)
    foreign = np.flatnonzero((canonical != 0) & ~counts)
    named = zip(*(keys[name].take(pa.array(foreign)).to_pylist() for name in ("canonical_url", "host")), strict=True)
    apart = [record for record, (url, host) in zip(foreign.tolist(), named, strict=True) if not is_elsewhere(url, host)]
    canonical[apart] = 0
    outlet = hashed(pc.coalesce(keys["host"], keys["source"]), HEADLINE)
    return np.stack(
        [
            hashed(keys["sha256"], PAYLOAD),
            np.where(filled, hashed(signatures["words_sha256"], WORDS), np.uint64(0)),
            joined(hashed(keys["own_id"], IDENTITY), hashed(keys["source"], IDENTITY)),
            joined(hashed(normalised_titles(keys), HEADLINE), outlet),
            hashed(keys["url"], ADDRESS),
            canonical,
            np.where(filled, hash_rows(sketch), np.uint64(0)),
        ],
        axis=1,
    )


def hashed(column: pa.ChunkedArray, salt: np.uint64) -> Hashes:
    """A hash of each string; 0 for null and the empty one."""
    column = column.combine_chunks()
    column = pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column
    offsets, data = buffers(column)
    return np.where(np.diff(offsets) > 0, hash_strings(data, offsets, salt), np.uint64(0))


def digest_rows(columns: list[pa.ChunkedArray | pa.Array]) -> Hashes:
    """A digest of each row of some columns of strings or of binary values of one width."""
    found: Hashes | None = None
    for number, column in enumerate(columns):
        chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
        if pa.types.is_fixed_size_binary(chunked.type):
            chunked = chunked.cast(pa.binary())
        values = hashed(chunked, np.uint64(100 + number))
        found = values if found is None else hash_pairs(found, values)
    assert found is not None
    return found


def joined(first: Hashes, second: Hashes) -> Hashes:
    """A hash of two; 0 where the first is."""
    return np.where(first != 0, np.maximum((first * np.uint64(0x9E3779B97F4A7C15)) ^ second, np.uint64(1)), first)


def components(links: Hashes, proposals: Proposals) -> Ints:
    """What hangs together: of each record the first of all that it is tied to, however far."""
    forest = proposals.root.copy()
    values = np.ascontiguousarray(links.T).reshape(-1)  # one's address may be another's canonical one
    tie_equals(values, forest)
    find_all(forest)
    return forest


def tied_to(old: Ties, new: Ties, settings: Dedup) -> Flags:
    """Which old records are tied to a new one directly.

    Raises FloodError where a band is shared by so many that proposals are made for the nearest alone.
    """
    hit = np.zeros(len(old.links), np.bool_)
    wanted = np.unique(new.links[new.links != 0])
    mark_linked(old.links, wanted, bloom_of(wanted), hit)
    rows = rows_of_a_band(settings.near_jaccard, settings.permutations)
    least = least_agreement(settings.near_jaccard, settings.permutations)
    keys, owner = _bands(new.sketch, np.flatnonzero(new.leads), rows)
    met = np.zeros(len(keys), np.int64)
    mark_near(old.sketch, old.leads, new.sketch, keys, owner, bloom_of(keys), least, rows, hit, met)
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.empty(0, np.int64)
    sizes = np.diff(np.concatenate([starts, [len(keys)]]))
    if len(starts) and (met[starts] + sizes).max() > BUCKET_BUDGET:
        raise FloodError
    return hit


def _bands(sketch: Sketch, records: Ints, rows: int) -> tuple[Hashes, Ints]:
    """All bands of some records: keys with the band's number in their first bits, sorted, and whose each is."""
    from corpus.dedup.link_kernels import band_keys_of

    shift, mask = np.uint64(32), np.uint64(0xFFFFFFFF)
    parts, owners = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for band in range(sketch.shape[1] // rows):
        keys = band_keys_of(sketch, records, band, rows)
        parts.append((keys >> shift) | (np.uint64(band) << shift))
        owners.append((keys & mask).astype(np.int64))
    keys, owner = np.concatenate(parts), np.concatenate(owners)
    order = np.argsort(keys, kind="stable")
    return keys[order], owner[order]
