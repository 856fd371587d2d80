"""Markup becomes paragraphs, and none of it, however broken, takes the reader's time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.wire.html import paragraphs


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("One.<br>Two.<BR/>Three.", "One.\nTwo.\nThree."),
        ("<p>A line\n   that is\tbroken</p>", "A line that is broken"),
        ("<p>In<b>line</b> <i>mark</i>up</p>", "Inline markup"),
        ("<p>Un &eacute;t&#233;&nbsp;: &laquo;&#xA0;oui&#xA0;&raquo; &lt;b&gt;</p>", "Un été\xa0: «\xa0oui\xa0» <b>"),
        ("<p>a</p><script>if (a<b) '</p>'</script><style>p{}</style><p>b</p>", "a\nb"),
        ("<html><head><title>t</title></head><body>a</body></html>", "a"),
        ("a<!-- <p>no</p> -->b<!DOCTYPE html><?xml version='1.0'?>c", "abc"),
        ('<p title="a > b">c</p><a title=it\'s>l\'été</a>', "c\nl'été"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1\n2"),
        ("3 < 5 and 6 > 2", "3 < 5 and 6 > 2"),
        ("<script/>seen<script>unseen", "seen"),
        ("<pre>a</pre><preface>b</preface>", "a\nb"),
        ("a<b", "a"),
        ("&#99999999999; &#x110000; &unknown;", "\ufffd \ufffd &unknown;"),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
        ("", ""),
        ("<p></p> <div> </div>", ""),
    ],
)
def test_markup_becomes_lines(markup: str, text: str) -> None:
    assert paragraphs(markup) == text


@given(st.text(alphabet="<>/!-?&#x;= \n\"'pbrascripthead19é\0", max_size=300))
def test_any_markup_is_read(markup: str) -> None:
    lines = paragraphs(markup).split("\n")
    assert "\0" not in paragraphs(markup)
    assert lines == [""] or all(line == line.strip() and line for line in lines)


PIECES = [
    "<", "<a ", '<a b="', "<!--", "<!", "<script", "<script>",
    "<title></", "&#", "&#1", "= ", "<p>", "&amp;", "</", "<svg><style>",
]  # fmt: skip


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", PIECES)
def test_a_megabyte_of_any_piece_is_read_in_linear_time(piece: str) -> None:
    """Quadratic work on a megabyte takes hours: the limit of this test is far above what it needs and far below that."""
    assert isinstance(paragraphs(piece * (1_000_000 // len(piece))), str)
