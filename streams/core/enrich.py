"""The visible list of steps that turn an article into an enriched one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from streams.core.developments.find import Found, Reading, find, read
from streams.core.developments.rules import Types
from streams.core.language import settle
from streams.core.lexicon import Lexicon
from streams.core.records import Article, Boilerplate, Coverage, Development, Enriched
from streams.core.text import Sentence, fold, lines
from streams.core.trace import Mark, SentenceTrace, Stopped

BoilerplateFinder = Callable[[str, str | None], list[Boilerplate]]


@dataclass(frozen=True)
class Tagger:
    """Everything compiled that tagging needs: made once by `streams.lexicons.load_tagger`, never changed."""

    version: str
    types: Types
    lexicons: Mapping[str, Lexicon]
    identify: Callable[[str], str]
    boilerplate: BoilerplateFinder


def enrich(article: Article, tagger: Tagger) -> Enriched:
    """The article with its boilerplate, developments, language, fingerprint and coverage. Never raises on an `Article`."""
    language = settle(article.language, article.body or article.headline, tagger.identify)
    boilerplate = tagger.boilerplate(article.body, language)
    lexicon = tagger.lexicons.get(language or "")
    developments = [] if lexicon is None else list(_developments(article, boilerplate, lexicon, tagger))
    coverage: Coverage = "boilerplate" if lexicon is None else "partial" if lexicon.coverage == "partial" else "full"
    return Enriched(
        **{name: getattr(article, name) for name in Article.__struct_fields__ if name != "language"},
        language=language,
        boilerplate=boilerplate,
        developments=developments,
        fingerprint=fingerprint(article, boilerplate),
        coverage=coverage,
        tagger=tagger.version,
    )


def reporting(body: str, boilerplate: Sequence[Boilerplate]) -> Iterator[tuple[int, int]]:
    """(start, end) of each line or part of a line that is not boilerplate."""
    spans = iter((*boilerplate, None))
    span = next(spans)
    for start, end in lines(body):
        while span is not None and span.end <= start:
            span = next(spans)
        while span is not None and span.start < end:
            if body[start : span.start].strip():
                yield start, span.start
            start = span.end
            if span.end > end:
                break
            span = next(spans)
        if start < end and body[start:end].strip():
            yield start, end


def fingerprint(article: Article, boilerplate: Sequence[Boilerplate]) -> str:
    """64 hex digits of BLAKE2b over the reporting in lower case with spaces folded: the same for a copy with other furniture."""
    text = " ".join(article.body[start:end] for start, end in reporting(article.body, boilerplate)) or article.headline
    return blake2b(" ".join(text.lower().split()).encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def development_id(article_id: str, kind: str, evidence: str) -> str:
    """32 hex digits of BLAKE2b over article id, type and evidence text."""
    return blake2b("\0".join((article_id, kind, evidence)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def sentences(field: str, text: str, parts: Sequence[tuple[int, int]], lexicon: Lexicon) -> Iterator[tuple[int, int, int, str]]:
    """(line, start, end, folded text) of each sentence in the parts of a field."""
    folded = fold(text)
    for line, (start, end) in enumerate(parts):
        for first, last in lexicon.tokenizer.sentences(folded, text, start, end):
            yield line, first, last, folded


def article_weight(masks: Sequence[int], lexicon: Lexicon) -> int:
    """What the whole article adds to each of its sentences, from -2 (it is about something else) to 2 (it is about a conflict).

    Guards count double: an article on another matter holds few words of war, one on a war hardly any of sport.
    """
    concepts = lexicon.concepts
    guards = sum(1 for mask in masks if mask & concepts.guards)
    balance = sum(1 for mask in masks if mask & concepts.weighted) - 3 * guards
    if balance < 0:
        return -2 if balance < -6 else -1 if balance < -2 else 0
    return 2 if balance > 12 else 1 if balance > 4 else 0


def _readings(article: Article, boilerplate: Sequence[Boilerplate], lexicon: Lexicon) -> Iterator[Reading]:
    """The sentences that may tell a development, marked; none where no word of the article can."""
    fields = [
        ("headline", article.headline, [(0, len(article.headline))] if article.headline.strip() else []),
        ("body", article.body, list(reporting(article.body, boilerplate))),
    ]
    known = lexicon.words
    all_masks = [
        mask
        for _, text, parts in fields
        for start, end in parts
        for word in lexicon.tokenizer.words(fold(text[start:end]))
        if (mask := known[word])
    ]
    if not any(mask & lexicon.trigger for mask in all_masks):
        return
    weight = article_weight(all_masks, lexicon)
    for field, text, parts in fields:
        for line, start, end, folded in sentences(field, text, parts, lexicon):
            sentence = lexicon.tokenizer.tokens(field, line, folded, start, end)
            if any(known[word] & lexicon.trigger for word in sentence.words):
                yield read(sentence, text, [0] * len(sentence.words), lexicon, weight)


def _developments(article: Article, boilerplate: Sequence[Boilerplate], lexicon: Lexicon, tagger: Tagger) -> Iterator[Development]:
    seen = set()
    for reading in _readings(article, boilerplate, lexicon):
        for found in find(reading, tagger.types, lexicon):
            development = _record(article, reading.sentence, found, tagger)
            if development.id not in seen:
                seen.add(development.id)
                yield development


def _record(article: Article, sentence: Sentence, found: Found, tagger: Tagger) -> Development:
    text = article.headline if sentence.field == "headline" else article.body
    first, last = _trim(sentence, found.first, found.last)
    evidence = sentence.slice(text, first, last)
    return Development(
        id=development_id(article.id, found.type, evidence),
        type=found.type,  # type: ignore[arg-type]
        family=tagger.types.families[found.type],  # type: ignore[arg-type]
        plover=tagger.types.plover[found.type],
        field=sentence.field,  # type: ignore[arg-type]
        start=sentence.starts[first],
        end=sentence.ends[last],
        text=evidence,
        rule=f"{found.entry} {found.rule}",
    )


def _trim(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """The tokens without the punctuation at their ends."""
    while first < last and not sentence.words[first][0].isalnum():
        first += 1
    while last > first and not sentence.words[last][-1].isalnum() and sentence.words[last] not in "%°€$£":
        last -= 1
    return first, last


def explain(article: Article, tagger: Tagger) -> list[SentenceTrace]:
    """What was considered in each sentence, in reading order, headline first."""
    language = settle(article.language, article.body or article.headline, tagger.identify)
    boilerplate = tagger.boilerplate(article.body, language)
    lexicon = tagger.lexicons.get(language or "")
    out = [
        SentenceTrace("body", span.start, span.end, article.body[span.start : span.end], skipped=f"boilerplate: {span.cls} ({span.rule})")
        for span in boilerplate
    ]
    if lexicon is None:
        fields = [("headline", article.headline, [(0, len(article.headline))]), ("body", article.body, list(reporting(article.body, boilerplate)))]
        out += [
            SentenceTrace(field, start, end, text[start:end], skipped=f"no development lexicon for {language}")
            for field, text, parts in fields
            for start, end in parts
            if text
        ]
    else:
        out += _traces(article, boilerplate, lexicon, tagger)
    return sorted(out, key=lambda trace: (trace.field == "body", trace.start))


def _traces(article: Article, boilerplate: Sequence[Boilerplate], lexicon: Lexicon, tagger: Tagger) -> Iterator[SentenceTrace]:
    readings = {(r.sentence.field, r.sentence.start): r for r in _readings(article, boilerplate, lexicon)}
    fields = [("headline", article.headline, [(0, len(article.headline))] if article.headline else [])]
    fields.append(("body", article.body, list(reporting(article.body, boilerplate))))
    for field, text, parts in fields:
        for _, start, end, _ in sentences(field, text, parts, lexicon):
            reading = readings.get((field, start))
            if reading is None:
                yield SentenceTrace(field, start, end, text[start:end], skipped="no word that can tell a development")
            else:
                yield _trace(article, text, reading, lexicon, tagger)


def _trace(article: Article, text: str, reading: Reading, lexicon: Lexicon, tagger: Tagger) -> SentenceTrace:
    sentence = reading.sentence
    stopped: list[tuple[str, int, str]] = []
    found = find(reading, tagger.types, lexicon, stopped)
    marks = []
    for i, mask in enumerate(reading.masks):
        if mask:
            entry = reading.phrases.get(i) or ", ".join(lexicon.entries(sentence.words[i]))
            marks.append(Mark(entry, " ".join(lexicon.concepts.of(mask)), sentence.starts[i], sentence.ends[i]))
    return SentenceTrace(
        sentence.field,
        sentence.start,
        sentence.end,
        text[sentence.start : sentence.end],
        marks=marks,
        developments=[_record(article, sentence, f, tagger) for f in found],
        stopped=[Stopped(rule, sentence.starts[at], sentence.ends[at], f"{reason} [weight {reading.weight}]") for rule, at, reason in stopped],
    )
