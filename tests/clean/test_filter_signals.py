"""The signals of Gopher, C4 and FineWeb against a slow transcription of what their papers say.

`benchmarks/signals.py` compares the same signals with datatrove's filters themselves on real articles.
"""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.assemble import assemble, nowhere
from corpus.clean.document import Block, Run
from corpus.clean.letters import count_letters
from corpus.clean.repetition import repeated_grams
from corpus.clean.signals import Source, measure
from corpus.clean.words import words

PIECES = [
    *"the be to of and that have with a b saw # … ... • javascript { } Library 84,000 used [1] \" ' . ! ? 。 ؟".split(),
    *("lorem ipsum", "privacy policy", "uses cookies", ".", "."),
]
LINES = st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map(" ".join), max_size=7)


def body_of(lines):
    return assemble([Block("paragraph", (Run(line),)) for line in lines], nowhere, mojibake=False)


def share(part, whole):
    return round(part / whole, 4) if whole else 0.0


def repeats(items):
    """Items that equal one before them."""
    return [item for place, item in enumerate(items) if item in items[:place]]


def grams(sequence, n):
    return [tuple(sequence[i : i + n]) for i in range(len(sequence) - n + 1)]


def top_gram_chars(found, n):
    """The most frequent n words in a row, the first of equals: its characters with spaces, times its occurrences."""
    counts = Counter(grams(found, n))
    if not counts:
        return 0
    top = max(counts, key=counts.__getitem__)
    return len(" ".join(top)) * counts[top]


def duplicate_gram_chars(found, n):
    """From left to right: n words in a row met before count with all their characters, and are jumped over whole."""
    met, chars, at = [], 0, 0
    while at + n <= len(found):
        gram = found[at : at + n]
        if gram in met:
            chars += sum(map(len, gram))
            at += n
        else:
            met.append(gram)
            at += 1
    return chars


@settings(deadline=None)
@given(LINES)
def test_gophers_signals_are_those_of_its_paper(written):
    text = body_of(written).text
    found, lines = words(text), [line for line in text.split("\n") if line]
    ours = measure(body_of(written), Source())[0]
    assert ours["mean_word_length"] == share(sum(len(w) for w in found), len(found))
    hashes, ellipses = text.count("#"), text.count("...") + text.count("…")
    assert ours["symbol_to_word_ratio"] == share(max(hashes, ellipses), len(found))
    assert ours["ellipsis_line_ratio"] == share(len([x for x in lines if x.endswith(("...", "…"))]), len(lines))
    assert ours["alpha_word_ratio"] == share(len([w for w in found if any(c.isalpha() for c in w)]), len(found))
    assert ours["stop_words"] == len({"the", "be", "to", "of", "and", "that", "have", "with"} & set(found))
    paragraphs = text.split("\n\n") if text else []
    assert ours["duplicate_line_ratio"] == share(len(repeats(lines)), len(lines))
    assert ours["duplicate_paragraph_ratio"] == share(len(repeats(paragraphs)), len(paragraphs))
    assert ours["duplicate_line_char_ratio"] == share(len("".join(repeats(lines))), len(text))
    assert ours["duplicate_paragraph_char_ratio"] == share(len("".join(repeats(paragraphs))), len(text))
    for n in (2, 3, 4):
        assert ours[f"top_{n}_gram_char_ratio"] == share(top_gram_chars(found, n), len(text))
    for n in range(5, 11):
        assert ours[f"duplicate_{n}_gram_char_ratio"] == share(duplicate_gram_chars(found, n), len(text))


@settings(deadline=None)
@given(st.lists(st.sampled_from("a b c dd".split()), max_size=80))
def test_words_in_a_row_are_counted_as_the_slow_way_counts_them(found):
    ours = repeated_grams(found)
    assert {n: ours[n] for n in (2, 3, 4)} == {n: top_gram_chars(found, n) for n in (2, 3, 4)}
    assert {n: ours[n] for n in range(5, 11)} == {n: duplicate_gram_chars(found, n) for n in range(5, 11)}


@settings(deadline=None)
@given(LINES)
def test_c4s_signals_are_those_of_its_paper(written):
    text = body_of(written).text
    lines = [line for line in text.split("\n") if line]
    ours = measure(body_of(written), Source())[0]
    ended = [line for line in lines if line.replace("[1]", "")[-1:] in {".", "!", "?", '"', "'"}]
    ended = [line for line in ended if not line.replace("[1]", "").endswith("...")]
    kept = [line for line in ended if len(line.split()) >= 5 and "javascript" not in line.lower()]
    kept = [line for line in kept if "privacy policy" not in line and "uses cookies" not in line]
    assert ours["terminal_line_ratio"] == share(len(ended), len(lines))
    assert ours["c4_line_ratio"] == share(len(kept), len(lines))
    assert ours["javascript_lines"] == len([line for line in lines if "javascript" in line])
    assert ours["lorem_ipsum"] == text.count("lorem ipsum")
    assert ours["curly_brackets"] == text.count("{")
    assert bool(ours["c4_sentences"]) == bool(kept)
    assert ours["c4_sentences"] >= len(kept)


@settings(deadline=None)
@given(LINES)
def test_finewebs_signals_are_those_of_its_paper(written):
    text = body_of(written).text
    lines = [line for line in text.split("\n") if line]
    ours = measure(body_of(written), Source())[0]
    ends = (".", "!", "?", "。", "؟")
    assert ours["punctuated_line_ratio"] == share(len([line for line in lines if line.endswith(ends)]), len(lines))
    assert ours["short_line_ratio"] == share(len([line for line in lines if len(line) <= 30]), len(lines))
    assert ours["duplicated_char_ratio"] == share(len("".join(repeats(lines))), len(text.replace("\n", "")))
    assert ours["list_ratio"] == share(max(len(lines) - 1, 0), len(words(text)))


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x24F) | st.sampled_from("図अिعёñ\u3000\u0301")))
def test_letters_are_those_of_unicode(text):
    found = count_letters(text)
    kinds = [unicodedata.category(char)[0] for char in text if unicodedata.category(char) != "Cn"]
    assert found.letters == kinds.count("L")
    assert found.spelling == kinds.count("L") + kinds.count("M")
    assert found.capitals == sum(map(str.isupper, text))


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("The mayor spoke. The council did not listen to her.", 2),
        ("The mayor spoke to the council of the town", 0),
        ("The mayor, she said, had enough...", 0),
        ("We use cookies to make this page better for you.", 0),
        ("Too short, this.", 0),
        ("Cited as it was in the old days.[12]", 1),
        ("x" * 1001 + " is one endless word among others.", 0),
    ],
)
def test_c4_keeps_lines_that_are_sentences(line, sentences):
    assert measure(body_of([line]), Source())[0]["c4_sentences"] == sentences


def test_list_items_count_as_lines_with_a_bullet():
    blocks = [Block("list_item", (Run("Mend the roof"),)), Block("paragraph", (Run("They did so."),))]
    assert measure(assemble(blocks, nowhere, mojibake=False), Source())[0]["bullet_line_ratio"] == 0.5
