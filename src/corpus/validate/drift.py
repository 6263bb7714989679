"""What is measured of the change since the last release, each as SQL on the tables that `compared` makes.

A measure is a share or a distance from 0 to 1 for each scope (a host, a folder, a language …), less what chance alone
would explain at three standard errors, so that few articles raise no alarm.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.columns import OF_ARTICLE
from corpus.sections import Validate
from corpus.tables import TABLES
from corpus.validate.compared import PREVIOUS
from corpus.validate.verdict import Severity

SAMPLE = 1_000
"""Articles of a language, or pairs of articles, whose words or labels are looked at: those with the smallest text
digest, which is as good as drawn by lot and the same each time."""
_FEW_WORDS = 200  # of a sample; with fewer a share of unseen words says nothing
_FEW_ROWS = 100  # of a table, or mentions; likewise


@dataclass(frozen=True)
class Drift:
    """One gate on change.

    `measured` selects scope, rows, value, and is asked with `min_compared`; `failing` selects ids (first column) of one
    `{scope}`, an SQL literal; `prior`: the limit in the settings; `alert`: what a value means, in words.
    """

    name: str
    table: str
    measured: str
    failing: str
    prior: str
    alert: str
    cause: str
    severity: Severity = "critical"

    def limit(self, settings: Validate) -> float:
        """The setting for a scope without history."""
        return float(getattr(settings, self.prior))


_LONGER = "1 - least(n_chars, was_chars) / greatest(n_chars, was_chars, 1)"
_TEXT = Drift(
    "change.text", "articles",
    f"SELECT place, count(*), avg({_LONGER}) FROM kept_articles GROUP BY place HAVING count(*) >= {{min_compared}}",
    f"SELECT article_id, was_id, place, n_chars, was_chars FROM kept_articles WHERE place = {{scope}} AND"
    f" {_LONGER} > 0.1",
    "max_text_change", "of their length lost or gained by the articles of {scope}",
    "a host's articles are much shorter or longer than they were: its pages were redesigned, a consent page or a menu "
    "is read in place of the article, or extraction has changed",
)  # fmt: skip
_LENGTHS = Drift(
    "change.lengths", "articles",
    f"""
    WITH was AS (SELECT coalesce(host, source) AS place, ln(n_chars + 1) AS l FROM {PREVIOUS}articles),
    of_was AS (SELECT place, count(*) AS n, median(l) AS m, greatest(1.4826 * mad(l), 0.05) AS s FROM was
        GROUP BY place),
    of_new AS (SELECT place, count(*) AS n, median(ln(n_chars + 1)) AS m FROM new_articles GROUP BY place)
    SELECT place, b.n, 1 - exp(-greatest(0, abs(b.m - a.m) - 3 * 1.2533 * a.s * sqrt(1.0 / a.n + 1.0 / b.n)))
    FROM of_was a JOIN of_new b USING (place) WHERE a.n >= {{min_compared}} AND b.n >= {{min_compared}}
    """,
    "SELECT article_id, place, n_chars FROM new_articles WHERE place = {scope}",
    "max_text_change", "between the usual length of new articles of {scope} and what it was",
    "a host's new articles are much shorter or longer than its old ones: its pages were redesigned, or only a part of "
    "them is fetched",
)  # fmt: skip
_CHANGED_FATE = (
    "(was_fate IN ('published', 'duplicate') AND fate IN ('rejected', 'quarantined')"
    " OR was_fate IN ('rejected', 'quarantined', 'duplicate') AND fate = 'published')"
)
_FATES = Drift(
    "change.fates", "records",
    f"""
    SELECT folder, count(*), count(*) FILTER ({_CHANGED_FATE}) / count(*) FROM kept_records GROUP BY folder
    HAVING count(*) >= {{min_compared}} AND count(*) FILTER ({_CHANGED_FATE}) >= {{min_vanished}}
    UNION ALL SELECT NULL, count(*), count(*) FILTER ({_CHANGED_FATE}) / count(*) FROM kept_records
    HAVING count(*) >= {{min_compared}} AND count(*) FILTER ({_CHANGED_FATE}) >= {{min_vanished}}
    """,
    f"SELECT record_id, was_id, raw_path, was_fate, fate FROM kept_records WHERE {_CHANGED_FATE}"
    " AND folder = coalesce({scope}, folder)",
    "max_fates_changed", "of the records of {scope} that were there before have another fate",
    "records that were published are rejected now, or rejected and folded ones are published: files were emptied or "
    "cut short, or a rule or its setting has changed",
)  # fmt: skip
_REJECTIONS = Drift(
    "change.rejections", "records",
    """
    WITH of_new AS (SELECT folder, count(*) AS n, count(*) FILTER (fate IN ('rejected', 'quarantined')) AS refused
        FROM new_records GROUP BY folder)
    SELECT folder, b.n, greatest(0, b.refused / b.n - a.refused / a.n - 3 * sqrt(
        (a.refused + b.refused + 1) / (a.n + b.n + 2) * (1 - (a.refused + b.refused + 1) / (a.n + b.n + 2))
        * (1.0 / a.n + 1.0 / b.n)))
    FROM was_records a JOIN of_new b USING (folder) WHERE a.n >= {min_compared} AND b.refused >= {min_vanished}
    """,
    "SELECT record_id, raw_path, fate FROM new_records WHERE fate IN ('rejected', 'quarantined') AND folder = {scope}",
    "max_fates_changed", "more of the new records of {scope} are rejected or quarantined than of the old ones",
    "what arrives is not what used to arrive: error pages, menus or cut files", "warning",
)  # fmt: skip
_LANGUAGES = Drift(
    "change.languages", "articles",
    """
    SELECT source, count(*), count(*) FILTER (language IS DISTINCT FROM was_language) / count(*)
    FROM kept_articles GROUP BY source HAVING count(*) >= {min_compared}
    """,
    "SELECT article_id, source, was_language, language FROM kept_articles WHERE language IS DISTINCT FROM was_language"
    " AND source = {scope}",
    "max_language_change", "of the articles of {scope} that were there before have another language",
    "articles changed their language: texts were swapped or damaged, or the language identifier has changed",
)  # fmt: skip
_SAMPLED = f"(SELECT * FROM kept_articles WHERE article_id = was_id ORDER BY text_sha256, article_id LIMIT {SAMPLE})"
_LABELLED = f"""
    (SELECT m.article_id, m.start_char, m.label AS label, w.label AS was_label
    FROM mentions m JOIN {PREVIOUS}mentions w USING (article_id, start_char, end_char)
    WHERE m.article_id IN (SELECT article_id FROM {_SAMPLED}))
"""
_ENTITY_TYPES = Drift(
    "change.entity_types", "mentions",
    f"""
    SELECT NULL, count(*), count(*) FILTER (label <> was_label) / count(*) FROM {_LABELLED}
    HAVING count(*) >= {_FEW_ROWS}
    """,
    f"SELECT * FROM {_LABELLED} WHERE label <> was_label",
    "max_label_change", "of the mentions that were there before have another label",
    "the same words are labelled otherwise than before: another model or list of names, or labels were swapped",
)  # fmt: skip
_WORDS = "regexp_extract_all(lower(text), '\\p{{L}}{{2,}}')"
_VOCABULARY = Drift(
    "change.vocabulary", "articles",
    f"""
    WITH was AS (
        SELECT language, {_WORDS} AS words, row_number() OVER w % 2 = 0 AS shown
        FROM {PREVIOUS}articles WHERE text IS NOT NULL AND language IS NOT NULL
        WINDOW w AS (PARTITION BY language ORDER BY text_sha256, article_id)
        QUALIFY row_number() OVER w <= 2 * {SAMPLE}),
    fresh AS (
        SELECT language, {_WORDS} AS words FROM articles
        WHERE article_id IN (SELECT article_id FROM new_articles UNION ALL
            SELECT article_id FROM kept_articles WHERE text_sha256 <> was_sha256)
        AND text IS NOT NULL AND language IN (SELECT language FROM was)
        QUALIFY row_number() OVER (PARTITION BY language ORDER BY text_sha256, article_id) <= {SAMPLE}),
    known AS (SELECT DISTINCT language, unnest(words) AS word FROM was WHERE shown),
    of_was AS (SELECT language, count(*) AS n, count(*) FILTER (k.word IS NULL) / count(*) AS unseen
        FROM (SELECT language, unnest(words) AS word FROM was WHERE NOT shown) LEFT JOIN known k USING (language, word)
        GROUP BY language),
    of_fresh AS (SELECT language, count(*) AS n, count(*) FILTER (k.word IS NULL) / count(*) AS unseen
        FROM (SELECT language, unnest(words) AS word FROM fresh) LEFT JOIN known k USING (language, word)
        GROUP BY language)
    SELECT language, (SELECT count(*) FROM fresh f WHERE f.language = b.language), greatest(0, b.unseen - a.unseen)
    FROM of_was a JOIN of_fresh b USING (language)
    WHERE a.n >= {_FEW_WORDS} AND b.n >= {_FEW_WORDS}
    AND (SELECT count(*) FROM fresh f WHERE f.language = b.language) >= {{min_compared}}
    AND (SELECT count(*) FROM was w WHERE w.language = b.language) >= 2 * {{min_compared}}
    """,
    "SELECT article_id, source FROM new_articles WHERE language = {scope} UNION ALL"
    " SELECT article_id, source FROM kept_articles WHERE language = {scope} AND text_sha256 <> was_sha256",
    "max_unseen_words", "more of the words of new and changed articles in {scope} are new to the corpus than usual",
    "new or changed articles are written in words that the corpus hardly knows: a broken encoding, another subject, or "
    "no prose",
)  # fmt: skip


_STAYED = "(SELECT article_id FROM kept_articles WHERE article_id = was_id)"
_OF_ARTICLES = [t.name for t in TABLES.values() if OF_ARTICLE in t.references and t.columns[0].name == "article_id"]
_COUNTED = " UNION ALL ".join(
    f"SELECT '{name}' AS scope, article_id, count(*) FILTER (before) AS n, count(*) FILTER (NOT before) AS now FROM"
    f" (SELECT article_id, true AS before FROM {PREVIOUS}{name} UNION ALL SELECT article_id, false FROM {name})"
    f" WHERE article_id IN {_STAYED} GROUP BY article_id"
    for name in _OF_ARTICLES
)
_ROWS = Drift(
    "change.rows", "articles",
    f"SELECT scope, sum(n), greatest(0, 1 - sum(now) / sum(n)) FROM ({_COUNTED}) GROUP BY scope"
    f" HAVING sum(n) >= {_FEW_ROWS}",
    f"SELECT article_id, scope, n, now FROM ({_COUNTED}) WHERE scope = {{scope}} AND now < n",
    "max_rows_lost", "of the rows of {scope} about articles that were there before are gone",
    "a step finds less than it did in the same articles: a model or list is missing, or rows were lost",
)  # fmt: skip
DRIFTS = (_TEXT, _LENGTHS, _FATES, _REJECTIONS, _LANGUAGES, _VOCABULARY, _ENTITY_TYPES, _ROWS)
"""Every gate on change beside what vanished."""
