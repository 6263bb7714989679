"""Raw files → records: the walk, one reader per format, ids, and the way back to a record's bytes."""

from corpus.ingest.faults import TransientReadError, lost_record, lost_worker
from corpus.ingest.identity import identify
from corpus.ingest.own import readers_of, sources_of_readers
from corpus.ingest.payload import payload_in, payload_of
from corpus.ingest.progress import Progress
from corpus.ingest.reading import killed, read
from corpus.ingest.sniffing import Readers
from corpus.ingest.sources import source_of
from corpus.ingest.walking import Found, Kind, walk
from corpus.stage import Step

STEPS: tuple[Step, ...] = (
    Step(
        stage="ingest",
        verb="read",
        module="corpus.ingest.reading",
        reads={},
        writes=("read",),
        local=True,
        settings=("ingest", "source"),
        libraries=("pyarrow", "orjson", "feedparser", "chardetng-py", "warcio", "brotli", "zstandard"),
        data_files=("ingest/formats.toml", "ingest/presets.toml"),
    ),
    Step(
        stage="ingest",
        verb="identify",
        module="corpus.ingest.identity",
        reads={"read": ("raw_path", "entry", "own_id", "sha256", "reasons")},
        writes=("inputs",),
        local=False,
    ),
)

__all__ = [
    "STEPS",
    "Found",
    "Kind",
    "Progress",
    "Readers",
    "TransientReadError",
    "identify",
    "killed",
    "lost_record",
    "lost_worker",
    "payload_in",
    "payload_of",
    "read",
    "readers_of",
    "source_of",
    "sources_of_readers",
    "walk",
]
