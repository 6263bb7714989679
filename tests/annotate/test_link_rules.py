"""Classes of hosts."""

from __future__ import annotations

import tomllib

import pytest

from corpus.annotate.link_rules import host_class, host_rules, link_rules
from corpus.annotate.lists import DATA
from corpus.columns import HOST_CLASSES


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("en.wikipedia.org", "reference"),
        ("arxiv.org", "reference"),
        ("t.me", "social"),
        ("x.com", "social"),
        ("old.reddit.com", "social"),
        ("reuters.com", "wire"),
        ("prnewswire.com", "wire"),
        ("whitehouse.gov", "primary"),
        ("mit.edu", "primary"),
        ("health.gov.au", "primary"),
        ("ox.ac.uk", "primary"),
        ("who.int", "primary"),
        ("newsroom.acme.com", "primary"),
        ("ir.acme.com", "primary"),
        ("bbc.co.uk", "media"),
        ("edition.cnn.com", "media"),
        ("spectrum.ieee.org", "media"),
        ("ieee.org", "reference"),
        ("amazon.com", "commercial"),
        ("acme.shop", "commercial"),
        ("ad.doubleclick.net", "tracker"),
        ("acme.com", "other"),
        ("notreuters.com", "other"),
        ("gov.com", "other"),
        ("", "other"),
        (None, "other"),
    ],
)
def test_a_host_has_its_class(host: str | None, kind: str) -> None:
    assert host_class(host) == kind


def test_every_class_is_one_of_the_published_ones() -> None:
    assert set(host_rules().listed.values()) <= set(HOST_CLASSES)
    assert {name for _, name in (*host_rules().endings, *host_rules().beginnings)} <= set(HOST_CLASSES)


def test_no_host_is_listed_twice_and_all_are_normal() -> None:
    raw = tomllib.loads((DATA / "hosts.toml").read_text(encoding="utf-8"))
    hosts = [host for rules in raw.values() for host in rules["hosts"]]
    assert sorted(hosts) == sorted(set(hosts))
    assert all(host == host.lower().removeprefix("www.") and "/" not in host for host in hosts)


def test_lists_that_are_compared_in_lower_case_are_in_lower_case() -> None:
    rules = link_rules()
    for found in (
        rules.tracking,
        rules.shorteners,
        rules.source_headings,
        rules.source_openings,
        rules.placeholder_hosts,
    ):
        assert all(one == one.lower() for one in found)
