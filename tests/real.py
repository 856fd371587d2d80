"""The real tagger, loaded once for all tests."""

from streams.lexicons import load_tagger

TAGGER = load_tagger()
FINDER = TAGGER.furniture
