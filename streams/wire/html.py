"""The paragraphs of an HTML or XML body, a line each. For reading, not for showing: nothing here makes markup safe.

The stages follow the HTML standard's tokenizer (WHATWG, section 13.2.5) in what a tag, a comment and an attribute value
are. Each expression matches whatever follows its first characters, to the end of the text if need be, and never goes
back: the time is linear in the length, whatever the markup.
"""

from __future__ import annotations

import html
import re

_ATTRIBUTES = r"""(?:[^=>]++|=\s*+"[^"]*+(?:"|\Z)|=\s*+'[^']*+(?:'|\Z)|=)*+(?:>|\Z)"""
_UNSEEN = re.compile(
    r"<(?:!(?:--.*?(?:--!?>|\Z)|[^>]*+(?:>|\Z))|\?[^>]*+(?:>|\Z)|"
    rf"(head|math|noscript|object|script|style|svg|template|textarea|title)(?=[\s/>]){_ATTRIBUTES}(?<!/>)(?:.*?</\1(?=[\s/>])[^>]*+(?:>|\Z)|.*))",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rf"</?([a-zA-Z][^\s/>]*+){_ATTRIBUTES}")
_SPACES = re.compile(r"[\t\r\n\f][ \t\r\n\f]*+| [ \t\r\n\f]++")
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hl1", "hl2",
    "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "search", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip


def paragraphs(markup: str) -> str:
    """The visible text of `markup`, a line for each block element; tags, comments and scripts left out, entities decoded."""
    pieces = _TAG.split(_UNSEEN.sub("", _SPACES.sub(" ", markup)))
    pieces[1::2] = ["\n" if name.lower() in _BLOCKS else "" for name in pieces[1::2]]
    text = _LONG_REFERENCE.sub("\ufffd", "".join(pieces))
    lines = (line.strip() for line in html.unescape(text).replace("\0", "\ufffd").split("\n"))
    return "\n".join(line for line in lines if line)
