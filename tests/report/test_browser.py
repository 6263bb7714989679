from importlib.util import find_spec
from pathlib import Path

import pytest

from corpus.report.pages import PAGES
from corpus.report.site import write_report

from . import browser
from .conftest import HOSTILE, ROWS, TEXT, write_tables
from .test_page import PASSED, REFUSING, WARNING, facts
from .test_pages import history

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser.find() is None, reason="needs Chromium: apt-get install chromium"),
]
SIZES = [(1280, 900), (390, 844)]
AXE = find_spec("axe_core_python")
"""The package that carries axe-core (MPL-2.0), whose rules are those of WCAG 2."""
FAULTS = """
axe.run(document, {resultTypes: ["violations"]}).then((found) => found.violations.flatMap(
  (fault) => fault.nodes.map((node) => `${fault.id}: ${node.html.slice(0, 150)} ${node.failureSummary}`)
))
"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    opened = browser.Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The folder of a report with hostile titles, a parent, and a history."""
    folder = tmp_path_factory.mktemp("report")
    text = f"{HOSTILE} {TEXT}"
    articles = [*ROWS["articles"][:1], {**ROWS["articles"][1], "text": text, "n_chars": len(text)}]
    staged = write_tables(folder / "staged", {**ROWS, "articles": articles})
    parent = write_tables(folder / "parent", {**ROWS, "articles": ROWS["articles"][:1]})
    past = history(("0.0.9", 5, [PASSED, WARNING]), ("0.1.0", 9, [PASSED, WARNING]))
    write_report(folder / "report", facts(staged, PASSED, WARNING, parent=parent, history=past))
    return folder / "report"


def faults(chromium):
    """What axe-core has to say against the page that is open."""
    if AXE is None or AXE.origin is None:
        pytest.skip("needs the package axe-core-python")
    chromium.run(f"{Path(AXE.origin).with_name('axe.min.js').read_text(encoding='utf-8')}; 0")
    return chromium.run(FAULTS)


NAMES = [page.file for page in PAGES if page.name != "withheld"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "height", "dark"), [(1280, 900, False), (1280, 900, True), (390, 844, False)])
def test_each_page_opens_from_a_file_without_error_request_or_barrier(chromium, report, name, width, height, dark):
    page = report / name
    chromium.open(page, width, height, dark=dark)
    assert {request["request"]["url"] for request in chromium.told("Network.requestWillBeSent")} == {page.as_uri()}
    assert [entry["entry"]["text"] for entry in chromium.told("Log.entryAdded")] == []
    assert chromium.told("Runtime.exceptionThrown") == []
    assert chromium.run("document.scripts.length") == 0
    assert chromium.run("document.documentElement.scrollWidth") <= width
    assert chromium.run("getComputedStyle(document.querySelector('main')).maxWidth") != "none"  # the style is let in
    chromium.run("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert faults(chromium) == []
    assert chromium.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_step_of_the_funnel_leads_to_its_records(chromium, report, width, height):
    chromium.open(report / "index.html", width, height)
    chromium.run("document.querySelector('#main a[href*=too]').click()")
    place = "document.getElementById('rejected-too-short').getBoundingClientRect()"
    assert chromium.run("location.hash") == "#rejected-too-short"
    while not chromium.run(f"{place}.bottom <= innerHeight && {place}.top >= 0"):  # it scrolls there smoothly
        pass
    after = "document.getElementById('rejected-too-short').nextElementSibling.innerText"
    assert "corpus why rec-5 --version 0.1.0" in chromium.run(after)


def test_every_page_leads_to_every_other(chromium, report):
    chromium.open(report / "index.html", 1280, 900)
    for name in [*NAMES[1:], NAMES[0]]:
        chromium.follow(f"document.querySelector('nav a[href=\"{name}\"]').click()")
        assert chromium.run("document.querySelector('nav [aria-current=page]').getAttribute('href')") == name


def test_the_first_stop_of_the_keyboard_skips_to_the_page(chromium, report):
    chromium.open(report / "content.html", 390, 844)
    for kind in ("keyDown", "keyUp"):
        chromium.send("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert chromium.run("document.activeElement.getAttribute('href')") == "#main"
    assert chromium.run("document.activeElement.getBoundingClientRect().left >= 0")
    boxes = "[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth && e.tabIndex !== 0)"
    assert chromium.run(f"{boxes}.length") == 0


def test_a_refused_run_reads_on_a_phone(chromium, staged, tmp_path):
    write_report(tmp_path / "refused", facts(staged, PASSED, REFUSING, version=None))
    chromium.open(tmp_path / "refused" / "index.html", 390, 844)
    assert chromium.run("document.documentElement.scrollWidth") <= 390
    assert faults(chromium) == []
