"""Our signals beside datatrove's filters, on real articles: the greatest difference, and who rejects what.

    python -m benchmarks.signals [--limit N]

The articles are the news of text/ (see data.py), English and short enough for a quick run. With our words the values
must agree to the fourth place; with datatrove's own tokeniser the verdicts of whole presets are compared.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.data import eval_data
from benchmarks.peers.environment import python_of
from corpus.clean.assemble import assemble, nowhere
from corpus.clean.document import Body
from corpus.clean.filters import spoken
from corpus.clean.lines import CITATION, count_sentences
from corpus.clean.plain import read_plain
from corpus.clean.signals import Source, Values, measure
from corpus.clean.words import words
from corpus.sections import Filter, Preset

PRESETS: tuple[Preset, ...] = ("gopher", "c4", "fineweb")


def bodies(limit: int) -> list[Body]:
    """The articles of text/, the same number of each set."""
    found = []
    for path in sorted((eval_data() / "text").glob("*.parquet")):
        texts = pq.read_table(path, columns=["text"])["text"].slice(0, limit).to_pylist()
        found += [assemble(read_plain(text, titled=False).blocks, nowhere, mojibake=True) for text in texts]
    return [body for body in found if body.text]


def told(body: Body, values: Values) -> dict[str, object]:
    """What signals_run.py is told of an article."""
    lines = [line for line in body.text.split("\n") if line]
    bulleted = [
        ("• " if p.role == "list_item" else "") + body.text[p.start_char : p.end_char].replace("\n", " ")
        for p in body.paragraphs
    ]
    return {
        "text": body.text, "lines": "\n".join(lines), "bulleted": "\n".join(bulleted), "words": words(body.text),
        "sentences": {bare: count_sentences(bare) for bare in (CITATION.sub("", line) for line in lines)},
        "signals": values,
    }  # fmt: skip


def rejected(values: list[tuple[Values, int, Body]], name: Preset) -> list[bool]:
    """What our preset says."""
    columns = {
        "language": ["en"] * len(values), "n_words": [n for _, n, _ in values],
        "n_chars": [len(body.text) for *_, body in values], "signals": [measured for measured, *_ in values],
    }  # fmt: skip
    batch = pa.RecordBatch.from_pydict(columns)
    found = spoken(batch, (Filter(preset=name),))
    return [row in found for row in range(len(values))]


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=200, help="articles of each set")
    articles = bodies(parser.parse_args().limit)
    start = time.process_time()
    values = [(*measure(body, Source()), body) for body in articles]
    seconds = time.process_time() - start
    print(f"{len(articles)} articles, {1e3 * seconds / len(articles):.2f} ms of CPU each for all signals")
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "articles.jsonl"
        given.write_text("\n".join(json.dumps(told(body, measured)) for measured, _, body in values))
        script = Path(__file__).parent / "peers" / "signals_run.py"
        done = subprocess.run([python_of("signals"), script, given], check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"datatrove failed:\n{done.stderr[-2000:]}")
    said = json.loads(done.stdout.splitlines()[-1])
    print("\nsignal                            differs by less than")
    for signal, distance in said["worst"].items():
        print(f"{signal:<34}{distance:g}")
    print("\npreset     ours rejects  datatrove rejects (own words)  differ")
    for name in PRESETS:
        ours, theirs = rejected(values, name), [not passed for passed in said["verdicts"][name]]
        print(f"{name:<11}{sum(ours):>12}{sum(theirs):>31}{sum(a != b for a, b in zip(ours, theirs, strict=True)):>8}")


if __name__ == "__main__":
    main()
