"""Nothing that a payload holds may command the terminal, or end a header."""

import json
import unicodedata

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from streams.harmless import header_value, safe, safe_json

HOSTILE = "\x1b[31mred\x9b2J \u202egnp.exe\u2066\x07\r\n\u2028\ud800"


@given(st.text(alphabet=st.characters()))
@example(HOSTILE)
def test_safe_text_keeps_its_length_and_holds_no_control(text):
    shown = safe(text)
    assert len(shown) == len(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(c) for c in shown} & {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI", "PDF", "PDI"}


@given(st.text())
def test_text_without_controls_stays_as_it_is(text):
    harmless = "".join(c for c in text if c.isprintable())
    assert safe(harmless) == harmless


@given(st.recursive(st.text() | st.integers(-(2**53), 2**53), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
@example(HOSTILE[:-1])
def test_safe_json_means_the_same_and_holds_no_control(value):
    shown = safe_json(orjson.dumps(value))
    assert json.loads(shown) == value
    assert safe(shown) == shown


@given(st.text(alphabet=st.characters()))
@example(HOSTILE)
def test_a_header_value_holds_no_control_and_says_plain_text_as_it_is(text):
    value = header_value(text)
    assert safe(value) == value
    harmless = "".join(c for c in text if c.isprintable())
    assert header_value(harmless) == harmless
