"""Linguistic knowledge as data, and the one function that loads it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

import orjson

from streams.core.developments.rules import compile_types
from streams.core.enrich import Tagger
from streams.core.lexicon import Lexicon
from streams.core.records import Boilerplate
from streams.lexicons.source import ROOT, read


def load_tagger() -> Tagger:
    """The tagger with every compiled lexicon; call once and keep it."""
    digest = blake2b(digest_size=4)
    digest.update((ROOT / "types.yml").read_bytes())
    types = compile_types(read(ROOT / "types.yml"))
    lexicons = {}
    for path in sorted(ROOT.glob("*/compiled.json")):
        data = path.read_bytes()
        digest.update(data)
        lexicons[path.parent.name] = Lexicon(orjson.loads(data), types.concepts)
    return Tagger(f"0.1.0+{digest.hexdigest()}", types, lexicons, _identifier(), _boilerplate())


def _identifier() -> Callable[[str], str]:
    """py3langid, loaded when the first article without a language comes."""

    def identify(text: str) -> str:
        from py3langid import classify

        return str(classify(text)[0])

    return identify


def _boilerplate() -> Callable[[str, str | None], list[Boilerplate]]:
    return lambda body, language: []
