"""The data-quality report: a folder of static pages that work offline, from a file, without a script.

One module of `corpus.report.pages` is one page: it says what it shows as blocks (`corpus.report.blocks`). To add a
page, add a module there with a `PAGE`. Articles are hostile input: every value is escaped, control characters are
written out, and each page's policy allows its own style sheet and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from corpus.report import wording
from corpus.report.blocks import Block, Chart, Grid, Section, Side
from corpus.report.facts import ReportFacts
from corpus.report.material import Material, open_material
from corpus.report.pages import PAGES, Page

TEMPLATES = Path(__file__).parent / "templates"
INDEX = "index.html"


@dataclass(frozen=True)
class Built:
    """A page with its contents."""

    page: Page
    sections: tuple[Section, ...]

    @property
    def file(self) -> str:
        """Its name in the report's folder."""
        return self.page.file


@dataclass(frozen=True)
class Frame:
    """What stands around every page: what it is about (`title`, and `note`, a version), the `kicker` above and the
    `foot` below; on the first page a `verdict` with `words`, whose `tone` is good or bad."""

    title: str
    note: str
    kicker: str
    foot: str
    verdict: str = ""
    words: str = ""
    tone: str = "good"


def write_report(folder: Path, facts: ReportFacts) -> None:
    """Write the report of a release, or of a refused run, into `folder`, which is made.

    Raises LedgerError where the ledger doesn't balance.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in render_report(facts).items():
        (folder / name).write_text(text, encoding="utf-8")


def render_report(facts: ReportFacts) -> dict[str, str]:
    """The report's pages: file name -> HTML."""
    with open_material(facts) as material:
        built = [Built(page, page.build(material)) for page in PAGES if material.has(*page.needs)]
        frame = _frame(material)
    return render_pages(frame, [one for one in built if one.sections])


def render_pages(frame: Frame, built: list[Built]) -> dict[str, str]:
    """Pages of blocks as HTML, each in the frame that leads to all of them: file name -> HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, finalize=_shown,
    )  # fmt: skip
    environment.filters |= {"number": wording.number, "breakable": wording.breakable, "clipped": wording.clipped}
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = environment.get_template("page.html.j2")
    pages = {}
    for one in built:
        names = _names(one)
        pages[one.file] = template.render(
            frame=frame, here=one, built=built, style=Markup(style), policy=Markup(f"'sha256-{digest}'"),
            name_of=lambda table, names=names: names[id(table)],
        )  # fmt: skip
    return pages


def _frame(material: Material) -> Frame:
    facts, verdict, funnel = material.facts, material.facts.verdict, material.funnel
    if facts.version is None:
        return Frame(
            facts.title, "refused", "Data-quality report", "Made from the tables of this run.",
            "Refused: nothing was published",
            f"{wording.number(len(verdict.failures))} of {wording.plural(len(verdict.gates), 'gate')} refused it. "
            "The last release is as it was.", "bad",
        )  # fmt: skip
    warned = f", {wording.number(len(verdict.warnings))} with a warning" if verdict.warnings else ""
    return Frame(
        facts.title, facts.version, "Data-quality report", "Made from the tables of this release.",
        f"Published as {facts.name} {facts.version}",
        f"All {wording.plural(len(verdict.gates), 'gate')} let it through{warned}. "
        f"{wording.number(funnel.published)} of {wording.plural(funnel.inputs, 'raw record')} are published, and every "
        "other one is accounted for below.",
    )  # fmt: skip


def _shown(value: object) -> object:
    """What a template prints: text with its control characters written out; HTML of ours as it is."""
    return wording.visible(value, keep="\n") if type(value) is str else value


def _names(one: Built) -> dict[int, str]:
    """A name for each table of a page that no other table of the page has: block's identity -> id."""
    found: dict[int, str] = {}
    for section in one.sections:
        for block in (*section.blocks, *(block for part in section.parts for block in part.blocks)):
            _name(block, found)
    return found


def _name(block: Block, found: dict[int, str]) -> None:
    if isinstance(block, Side):
        for one in block.blocks:
            _name(one, found)
    elif isinstance(block, Chart):
        _name(block.grid, found)
    elif isinstance(block, Grid):
        found[id(block)] = f"table-{len(found) + 1}"
