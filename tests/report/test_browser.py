import pytest

from corpus.report.site import write_report

from . import browser
from .test_page import PASSED, REFUSING, WARNING, facts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser.find() is None, reason="needs Chromium: apt-get install chromium"),
]
SIZES = [(1280, 900), (390, 844)]
CONTRAST = """
(() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => {
    const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = c.slice(0, 3).map((v) => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.push(`${e.tagName} ${e.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return poor;
})()
"""
"""Text whose contrast is below 4.5 to 1 (WCAG 2.2, 1.4.3)."""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    opened = browser.Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture
def page(staged, tmp_path):
    write_report(tmp_path / "report", facts(staged, PASSED, WARNING))
    return tmp_path / "report" / "index.html"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_page_opens_from_a_file_without_error_or_request(chromium, page, width, height, dark):
    chromium.open(page, width, height, dark=dark)
    assert {request["request"]["url"] for request in chromium.told("Network.requestWillBeSent")} == {page.as_uri()}
    assert [entry["entry"]["text"] for entry in chromium.told("Log.entryAdded")] == []
    assert chromium.told("Runtime.exceptionThrown") == []
    assert chromium.run("document.scripts.length") == 0
    assert chromium.run("document.documentElement.scrollWidth") <= width
    assert chromium.run(CONTRAST) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_step_of_the_funnel_leads_to_its_records(chromium, page, width, height):
    chromium.open(page, width, height)
    chromium.run("document.querySelector('#main a[href*=too]').click()")
    place = "document.getElementById('rejected-too-short').getBoundingClientRect()"
    assert chromium.run("location.hash") == "#rejected-too-short"
    while not chromium.run(f"{place}.bottom <= innerHeight && {place}.top >= 0"):  # it scrolls there smoothly
        pass
    after = "document.getElementById('rejected-too-short').nextElementSibling.innerText"
    assert "corpus why rec-5 --version 0.1.0" in chromium.run(after)


def test_all_that_scrolls_or_opens_is_reached_by_the_keyboard(chromium, page):
    chromium.open(page, 390, 844)
    boxes = "[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth && e.tabIndex !== 0)"
    assert chromium.run(f"{boxes}.length") == 0
    assert chromium.run("document.querySelectorAll('main, header, footer').length") == 3
    assert chromium.run("document.querySelectorAll('table:not(:has(th[scope]))').length") == 0


def test_a_refused_run_reads_on_a_phone(chromium, staged, tmp_path):
    write_report(tmp_path / "refused", facts(staged, PASSED, REFUSING, version=None))
    chromium.open(tmp_path / "refused" / "index.html", 390, 844)
    assert chromium.run("document.documentElement.scrollWidth") <= 390
    assert chromium.run(CONTRAST) == []
