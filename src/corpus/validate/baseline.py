"""The generated part of the suites, written anew from the registry: `python -m corpus.validate.baseline [FOLDER]`.

Reviewed rules stay as they are. A generated rule becomes a reviewed one by `"origin": "reviewed"` in its meta: it keeps
its gate's name, and is no longer written over.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from corpus.tables import TABLES
from corpus.validate.generated import BASELINE, Entry, generated
from corpus.validate.suites import RELATIONS


def renewed(name: str, text: str | None) -> str:
    """A suite file's content with the generated part as the registry has it now, and all else as it was in `text`."""
    content: Entry = json.loads(text) if text else {"name": name, "meta": {}}
    kept = [e for e in content.get("expectations", []) if e.get("meta", {}).get("origin") != BASELINE]
    taken = {e.get("meta", {}).get("gate") for e in kept}
    new = [e for e in generated(name) if e["meta"]["gate"] not in taken]
    return _written({**content, "expectations": [*new, *kept]})


def _written(content: Entry) -> str:
    """JSON that is reviewed line by line: each expectation's type, kwargs and meta on a line of its own."""

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    entries = [
        "    {\n" + ",\n".join(f"      {line(key)}: {line(value)}" for key, value in entry.items()) + "\n    }"
        for entry in content["expectations"]
    ]
    head = [f"  {line(key)}: {line(value)}" for key, value in content.items() if key != "expectations"]
    body = ",\n".join(entries)
    return "{\n" + ",\n".join(head) + ',\n  "expectations": [\n' + body + "\n  ]\n}\n"


def main(folder: Path) -> int:
    """Write the generated part of every suite in `folder`; the number of files that changed."""
    changed = 0
    folder.mkdir(parents=True, exist_ok=True)
    for name in [*TABLES, RELATIONS]:
        path = folder / f"{name}.json"
        before = path.read_text(encoding="utf-8") if path.exists() else None
        after = renewed(name, before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed += 1
    return changed


if __name__ == "__main__":
    written = main(Path(sys.argv[1] if len(sys.argv) > 1 else "expectations"))
    sys.stdout.write(f"{written} suite files changed\n")
