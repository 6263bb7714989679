"""`corpus check`: the gates asked of a release that is there already, or of anyone's Parquet files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from corpus.errors import ProjectError
from corpus.publish.manifest import Manifest, read_manifest
from corpus.publish.releases import INDEX, MANIFEST, find_release, project_root
from corpus.publish.withheld import FULL
from corpus.sections import Validate
from corpus.template import carried
from corpus.validate.foreign import check_foreign, read_own_suites
from corpus.validate.gates import validate
from corpus.validate.verdict import Acceptance, GateContext, GateResult, Verdict

if TYPE_CHECKING:
    from rich.console import Console

OF_THE_RUN = ("ledger.every_file", "ledger.no_stranger")
"""Gates about raw/, which a release by itself can't be asked."""


OF_WHOLE_TEXTS = (
    "articles.text_sha256.matches", "articles.n_chars.matches", "articles.n_words.counted", "mentions.surface.not_null",
    "relations.mentions_surface", "relations.links_anchor",
)  # fmt: skip
"""Gates that hold other columns against whole texts, asked before a release leaves these out."""


@dataclass(frozen=True)
class Checked:
    """What was looked at (a release's version, or None), the verdict, and gates that could not be asked, with why."""

    place: Path
    version: str | None
    verdict: Verdict
    not_asked: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, object]:
        """For programs."""
        gates = [asdict(gate) | {"measures": [asdict(m) for m in gate.measures]} for gate in self.verdict.gates]
        return {
            "version": self.version, "refused": self.verdict.refused, "gates": gates,
            "not_asked": [{"gate": gate, "why": why} for gate, why in self.not_asked],
        }  # fmt: skip


def check(
    what: str | Path, suite: Path | None = None, project: Path | None = None, failing: Path | None = None
) -> Checked:
    """Ask the gates of a release (its folder, or a version of `project`), or, with a `suite`, of Parquet files.

    `suite`: a suite file, or a folder of them; without it a release is held against the suites of the project that it
    lies in, else against those that come with corpus. `failing`: a folder for failing rows. Nothing else is written.
    Raises ProjectError where there is no such release, data or suite.
    """
    path = Path(what)
    with tempfile.TemporaryDirectory(prefix="corpus-check-") as scratch:
        if path.exists() and not (path / MANIFEST).is_file() and not (path / INDEX).is_file():
            if suite is None:
                raise ProjectError(
                    "this is no release (it has no manifest.json), so it needs a suite of its own",
                    where=str(path), mend="corpus check PATH --suite FILE; docs/expectations.md has the format",
                )  # fmt: skip
            return Checked(path, None, check_foreign(path, read_own_suites(suite), failing, Path(scratch)))
        folder = find_release(what, project)
        if suite is not None and suite.is_file():
            verdict = check_foreign(folder, read_own_suites(suite), failing, Path(scratch))
            return Checked(folder, read_manifest(folder).version, verdict)
        return _release(folder, suite or _suites(folder), failing, Path(scratch))


def _release(folder: Path, suites: Path, failing: Path | None, scratch: Path) -> Checked:
    manifest = read_manifest(folder)
    parent = folder.parent / f"{manifest.name}-v{manifest.parent}" if manifest.parent else None
    previous = parent if parent is not None and (parent / MANIFEST).is_file() else None
    context = GateContext(
        raw_paths=_raw_files(folder), expectations=suites, previous=previous, settings=_settings(manifest),
        annotated=_annotated(manifest), n_inputs=sum(manifest.fates.values()), failing=failing,
        acceptances=_accepted(manifest), written={name: entry.rows for name, entry in manifest.tables.items()},
    )  # fmt: skip
    verdict = validate(folder, context, scratch)
    left = [(name, "raw/ is no part of a release") for name in OF_THE_RUN]
    if manifest.text != FULL:
        left += [(name, f"the release has its texts as {manifest.text}, not whole") for name in OF_WHOLE_TEXTS]
    asked = Verdict(tuple(gate for gate in verdict.gates if gate.name not in dict(left)))
    if manifest.parent and previous is None:
        left.append(("change.*", f"release {manifest.parent}, which it was made upon, does not lie beside it"))
    return Checked(folder, manifest.version, asked, tuple(left))


def _suites(folder: Path) -> Path:
    """The suites of the project whose dist/ the release lies in, else those that come with corpus."""
    root = project_root(folder.resolve().parents[2]) if len(folder.resolve().parents) > 2 else None
    return root / "expectations" if root is not None and (root / "expectations").is_dir() else carried("expectations")


def _raw_files(folder: Path) -> Iterable[str]:
    """The raw files that the ledger itself names, so that rules that read `raw_files` have them."""
    for file in sorted((folder / "records").glob("*.parquet")):
        try:
            paths = pq.ParquetFile(file).read(columns=["raw_path"])["raw_path"].to_pylist()
        except (OSError, ValueError):
            continue  # records.files says so
        yield from (path.split("!/", 1)[0] for path in paths if path)


def _settings(manifest: Manifest) -> Validate:
    """[validate] as it was in force; keys that this version of corpus does not have are left aside."""
    said = manifest.config.get("validate")
    known = {k: v for k, v in said.items() if k in Validate.model_fields} if isinstance(said, dict) else {}
    try:
        return Validate(**known)
    except ValueError:
        return Validate()


def _annotated(manifest: Manifest) -> bool:
    said = manifest.config.get("annotate")
    return bool(said.get("enabled", True)) if isinstance(said, dict) else True


def _accepted(manifest: Manifest) -> list[Acceptance]:
    """What was let through when it was published is let through again."""
    found = []
    for gate in manifest.gates:
        reason, _, until = gate.accepted.rpartition(" (until ")
        if gate.accepted:
            found.append(Acceptance(gate.name, reason, until.rstrip(")"), manifest.parent))
    return found


def show_checked(found: Checked, out: Console) -> None:
    """Print what was asked, and each gate that did not pass."""
    verdict = found.verdict
    for gate in (gate for gate in verdict.gates if not gate.passed):
        out.print(gate_line(gate), markup=False, highlight=False)
    for name, why in found.not_asked:
        out.print(f"not asked: {name}: {why}", markup=False, highlight=False)
    failed = len(verdict.failures)
    rows = sum(gate.rows_evaluated for gate in verdict.gates)
    out.print(
        f"{len(verdict.gates)} gates over {rows:,} rows: {failed} failed, {len(verdict.warnings)} warnings, "
        f"{len(verdict.accepted)} accepted", markup=False, highlight=False,
    )  # fmt: skip


def gate_line(gate: GateResult) -> str:
    """One gate that did not pass, in words: what it saw, what it allows, ids, likely cause and next commands."""
    ids = f" [{', '.join(gate.examples)}]" if gate.examples else ""
    state = "accepted" if gate.accepted else "warning" if gate.severity == "warning" else "failed"
    said = f"{state}: {gate.name}: found {gate.observed}, expected {gate.threshold}{ids}. {gate.cause}".rstrip()
    return said + (f"\n    {gate.accepted}" if gate.accepted else f"\n    {gate.mend}" if gate.mend else "")
