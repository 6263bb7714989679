"""What an element is to the walk, by its tag."""

from __future__ import annotations

SKIPPED = frozenset(
    {
        "script", "style", "template", "noscript", "svg", "button", "select", "option", "textarea", "object", "audio",
        "video", "canvas", "map", "head", "datalist", "dialog", "input", "nav", "menu", "progress", "meter",
        "applet", "noframes", "frameset", "title", "meta", "link", "base", "param", "source", "track", "img", "picture",
    }
)  # fmt: skip
"""Elements without words of an article; their subtrees are not walked."""
WORDLESS = frozenset({"script", "style", "template", "title", "textarea", "svg"})
"""Elements whose content is no words of the page."""
EMBEDS = frozenset({"iframe", "embed"})
INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "ins", "kbd",
        "label", "mark", "nobr", "q", "rb", "ruby", "rt", "s", "samp", "small", "span", "strike", "strong",
        "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p", "st1:place", "st1:city", "amp-link",
    }
)  # fmt: skip
"""Elements that don't part a line; every other one, known or not, is a block."""
BLOCK, WITHIN, BREAK, EMBED, MATH, PASSED, NOTHING = range(7)
KINDS = {
    **dict.fromkeys(SKIPPED, PASSED), **dict.fromkeys(WORDLESS, NOTHING), **dict.fromkeys(INLINE, WITHIN),
    **dict.fromkeys(EMBEDS, EMBED), "br": BREAK, "math": MATH,
}  # fmt: skip
"""What the walk does at an element; any other tag is a block."""
KINDS_WITHOUT_MENUS = {tag: kind for tag, kind in KINDS.items() if tag not in {"nav", "menu", "button", "dialog"}}
"""The same, where menus and buttons are walked too: a page whose `<nav>` or `<button>` is never closed is in it."""
STRONG = frozenset({"b", "strong", "em", "i", "u"})
CODES = {
    name: code
    for code, name in enumerate(
        (
            "div", "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "blockquote", "figcaption", "pre", "dt",
            "dd", "ul", "ol", "section", "article", "main", "aside", "footer", "header", "figure", "form", "table",
            "tr", "body", "caption", "details", "summary", "address", "dl", "tbody", "fieldset", "center",
        ),
        start=1,
    )
}  # fmt: skip
"""Numbers of the block elements that a measure tells apart; 0 is any other."""
