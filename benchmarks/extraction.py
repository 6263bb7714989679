"""Extraction: ours beside trafilatura, readability-lxml, newspaper4k and resiliparse, in one run.

    python -m benchmarks.extraction [--every N] [--only NAME ...] [--json OUT.json]

Pages and gold lie in extraction/*.parquet below CORPUS_EVAL_DATA (see benchmarks/data.py; columns html, gold_text,
gold_title, gold_authors, gold_date). Each extractor runs in a process of its own, one after the other, on pages that
are in memory; the peers in the environment of peers/extraction.lock. `corpus (body)` is what compares with them: bytes
to blocks of the article; `corpus` is the whole verb `extract`, with metadata, signals, language and the way back to the
bytes. `rejected` are gold articles that `judge` or a page's kind would keep out. Pages per CPU-second depend on the
machine: the ratio to `trafilatura fast` in the same run does not.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.data import eval_data
from benchmarks.extraction_score import Article, Figures, figures
from benchmarks.peers.environment import python_of

SETS = ("newspaper4k", "wcxb_dev", "fundus_parsers")
PEERS = (
    "trafilatura", "trafilatura fast", "trafilatura without comments", "trafilatura with metadata", "readability-lxml",
    "newspaper4k", "resiliparse",
)  # fmt: skip
OURS = ("corpus (body)", "corpus")
BATCH = 50  # pages that `extract` gets at once
WARM = 3  # pages before the clock starts


@dataclass(frozen=True)
class Run:
    """One extractor's time (CPU-seconds), memory and finds, in the order of the pages; `rejected`: kept out by rule."""

    seconds: float
    peak_bytes: int
    found: tuple[Article, ...]
    rejected: tuple[str, ...] = ()


def gold_pages(every: int) -> pa.Table:
    """Every so many pages of each set, with their gold."""
    columns = ["set", "html", "gold_text", "gold_title", "gold_authors", "gold_date"]
    tables = [pq.read_table(eval_data() / "extraction" / f"{name}.parquet", columns=columns) for name in SETS]
    return pa.concat_tables([table.take(list(range(0, len(table), every))) for table in tables])


def gold_articles(pages: pa.Table) -> list[Article]:
    """The gold of each page; a time's day as it is written."""
    return [
        Article(
            row["gold_text"] or "", row["gold_title"], tuple(row["gold_authors"] or ()), (row["gold_date"] or "")[:10]
        )
        for row in pages.drop_columns(["html"]).to_pylist()
    ]  # fmt: skip


def whole(pages: list[bytes]) -> Run:
    """Ours with everything: the verbs `extract` and `judge`."""
    from corpus.clean import extract, judge
    from corpus.sections import Clean
    from corpus.working import READ

    def batch(part: list[bytes]) -> pa.RecordBatch:
        blank: dict[str, object] = dict.fromkeys(READ.names)
        rows = [
            blank | {"record_id": str(i), "media_type": "text/html", "payload": html} for i, html in enumerate(part)
        ]
        return pa.RecordBatch.from_pylist(rows, schema=READ)

    extract(batch(pages[:WARM]), Clean(), {})
    batches = [batch(pages[at : at + BATCH]) for at in range(0, len(pages), BATCH)]
    before = time.process_time()
    documents = [extract(part, Clean(), {}) for part in batches]
    seconds = time.process_time() - before
    verdicts = [row for part in documents for row in judge(part, Clean()).to_pylist()]
    columns = ["text", "title", "authors", "published_at"]
    found = [
        Article(row["text"] or "", row["title"], tuple(row["authors"] or ()), str(row["published_at"] or "")[:10])
        for part in documents
        for row in part.select(columns).to_pylist()
    ]
    rejected = [row["reasons"][0]["rule"] if row["fate"] else "" for row in verdicts]
    return Run(seconds, _peak(), tuple(found), tuple(rejected))


def body(pages: list[bytes]) -> Run:
    """Ours as the peers are measured: the page's bytes to the article's text."""
    from corpus.clean.assemble import plain_text
    from corpus.clean.body.choose import choose
    from corpus.clean.decode import decode
    from corpus.clean.page import read_page
    from corpus.clean.web import article_blocks, parsed
    from corpus.sections import Clean

    limits = Clean()

    def text(html: bytes) -> str:
        decoded = decode(html, None)
        source, tree = parsed(decoded.text, limits, decoded.written(html))
        page = read_page(tree, source)
        return "\n\n".join(map(plain_text, article_blocks(page, choose(page), source)))

    for html in pages[:WARM]:
        text(html)
    before = time.process_time()
    texts = [text(html) for html in pages]
    return Run(time.process_time() - before, _peak(), tuple(Article(words) for words in texts))


def _peak() -> int:
    """This process's peak memory; Linux keeps what a parent had in `getrusage`, not in VmHWM."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def peer(name: str, source: Path, folder: Path) -> Run:
    """One extractor of others."""
    out = folder / "found.json"
    runner = Path(__file__).parent / "peers" / "extraction_run.py"
    subprocess.run([python_of("extraction"), runner, name, source, out], check=True, stderr=subprocess.DEVNULL)
    said = json.loads(out.read_text())
    found = [
        Article(
            page.get("text") or "", page.get("title"), tuple(page.get("authors") or ()), (page.get("date") or "")[:10]
        )
        for page in said["pages"]
    ]  # fmt: skip
    return Run(said["seconds"], said["peak_bytes"], tuple(found))


def own(name: str, source: Path, folder: Path) -> Run:
    """Ours, in a process of its own too, so that its memory is its own."""
    out = folder / "own.json"
    command = [sys.executable, "-m", "benchmarks.extraction", "--run", name, str(source), str(out)]
    subprocess.run(command, check=True)
    said = json.loads(out.read_text())
    found = tuple(Article(**{**page, "authors": tuple(page["authors"])}) for page in said["found"])
    return Run(said["seconds"], said["peak_bytes"], found, tuple(said["rejected"]))


def table(runs: dict[str, Run], pages: pa.Table) -> list[str]:
    """The lines of a Markdown table: a row for each extractor and set."""
    names, gold = pages["set"].to_pylist(), gold_articles(pages)
    fast = runs.get("trafilatura fast")
    lines = [
        "| extractor | set | body F1 | precision | recall | title | authors | date | rejected | pages/s | ratio | MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, run in runs.items():
        for each in SETS:
            at = [i for i, known in enumerate(names) if known == each]
            f: Figures = figures([gold[i] for i in at], [run.found[i] for i in at])
            rejected = sum(bool(run.rejected[i]) for i in at) if run.rejected else None
            speed = len(names) / run.seconds
            ratio = f"{fast.seconds / run.seconds:.2f}" if fast else ""
            scores = " | ".join(_cell(value) for value in (f.f1, f.precision, f.recall, f.title, f.authors, f.date))
            out = "" if rejected is None else f"{rejected} of {len(at)}"
            lines.append(f"| {name} | {each} | {scores} | {out} | {speed:.1f} | {ratio} | {run.peak_bytes / 1e6:.0f} |")
    return lines


def _cell(value: float | None) -> str:
    return f"{value:.3f}".removeprefix("0") if value else ""


def main() -> None:
    """Measure all, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one page of N (default: all)")
    parser.add_argument("--only", nargs="+", default=(*OURS, *PEERS), metavar="NAME")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        name, source, out = options.run
        html = [value.as_py() for value in pq.read_table(source, columns=["html"])["html"]]
        Path(out).write_text(json.dumps(asdict(whole(html) if name == "corpus" else body(html))))
        return
    pages = gold_pages(options.every)
    runs: dict[str, Run] = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "pages.parquet"
        pq.write_table(pages.select(["html"]), source)
        for name in options.only:
            runs[name] = (own if name in OURS else peer)(name, source, Path(folder))
            print(f"{name}: {len(pages) / runs[name].seconds:.1f} pages per CPU-second", file=sys.stderr)
    print("\n".join(table(runs, pages)))
    if options.json:
        options.json.write_text(json.dumps({name: asdict(run) for name, run in runs.items()}))


if __name__ == "__main__":
    main()
