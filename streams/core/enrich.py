"""The visible list of steps that turn an article into an enriched one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, partial
from hashlib import blake2b

from msgspec import structs

from streams.core import numbers
from streams.core.developments.find import find, read
from streams.core.fields import Note, Seen, Story, fill, follow, parties, where
from streams.core.language import settle
from streams.core.lexicon import Lexicon
from streams.core.place_names import PlaceMention
from streams.core.records import Article, Boilerplate, Coverage, Development, Enriched
from streams.core.signature import signature
from streams.core.tagger import Language, Tagger
from streams.core.text import Sentence, fold, lines
from streams.core.trace import Candidate, Mark, Rival, SentenceTrace, Stopped

GROUPS = frozenset({"group", "alliance", "agency", "ngo", "court"})
"""Their names are no places, though there may be a town of that name ("Hamas")."""
_NONE: frozenset[str] = frozenset()
FIRST_YEAR, LAST_YEAR = "1800", "1989"
"""Years between speak of history: what people died of then is no news now."""


def enrich(article: Article, tagger: Tagger) -> Enriched:
    """The article with its boilerplate, developments, language, fingerprint and coverage. Never raises on an `Article`."""
    language = settle(article.language, article.body or article.headline, tagger.identify)
    furniture = tagger.furniture.find(article.body, language, article.headline)
    own = tagger.languages.get(language or "")
    developments = [] if own is None else _developments(article, furniture, own, tagger)
    coverage: Coverage = "boilerplate" if own is None else "partial" if own.lexicon.coverage == "partial" else "full"
    return Enriched(
        **{name: getattr(article, name) for name in Article.__struct_fields__ if name != "language"},
        language=language,
        boilerplate=furniture,
        developments=developments,
        fingerprint=fingerprint(text := body_text(article, furniture)),
        signature=signature(text) if developments else "",
        coverage=coverage,
        tagger=tagger.version,
    )


def reporting(body: str, furniture: Sequence[Boilerplate]) -> Iterator[tuple[int, int]]:
    """(start, end) of each line or part of a line that is not boilerplate."""
    spans = iter((*furniture, None))
    span = next(spans)
    for start, end in lines(body):
        while span is not None and span.end <= start:
            span = next(spans)
        while span is not None and span.start < end:
            if any(map(str.isalnum, body[start : span.start])):  # what is left between two labels is a bar
                yield start, span.start
            start = span.end
            if span.end > end:
                break
            span = next(spans)
        if start < end and any(map(str.isalnum, body[start:end])):
            yield start, end


def reporting_text(article: Enriched) -> str:
    """Headline and body without the boilerplate, a paragraph a line."""
    paragraphs: dict[int, str] = {}
    for start, end in reporting(article.body, article.boilerplate):
        line = article.body.rfind("\n", 0, start)
        part = article.body[start:end].strip()
        paragraphs[line] = f"{paragraphs[line]} {part}" if line in paragraphs else part
    return "\n".join([article.headline] * bool(article.headline.strip()) + list(paragraphs.values()))


def body_text(article: Article, furniture: Sequence[Boilerplate]) -> str:
    """The body without the boilerplate; where it has none, the headline."""
    return " ".join(article.body[start:end] for start, end in reporting(article.body, furniture)) or article.headline


def fingerprint(text: str) -> str:
    """64 hex digits of BLAKE2b over the reporting in lower case with spaces folded: the same for a copy with other furniture."""
    return blake2b(" ".join(text.lower().split()).encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


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
    balance = 0
    for mask in masks:
        if mask & concepts.weighted:
            balance += -2 if mask & concepts.guards else 1
    if balance < 0:
        return -2 if balance < -6 else -1 if balance < -2 else 0
    return 2 if balance > 12 else 1 if balance > 4 else 0


def _seen(article: Article, furniture: Sequence[Boilerplate], own: Language, tagger: Tagger) -> Iterator[Seen]:
    """The sentences that may tell a development, with all that is recognised in them; none where no word of the article can."""
    lexicon = own.lexicon
    known = lexicon.words
    cut = []
    for field, text, parts in _fields(article, furniture):
        for line, start, end, folded in sentences(field, text, parts, lexicon):
            words = lexicon.tokenizer.words(folded, start, end)
            cut.append((field, text, line, start, end, folded, words, [known[word] for word in words]))
    trigger = lexicon.trigger
    telling = [any(mask & trigger for mask in masks) for *_, masks in cut]
    if not any(telling):
        return
    weight = article_weight([mask for *_, masks in cut for mask in masks if mask], lexicon)
    weight += not tagger.types.subjects.isdisjoint(article.subjects)
    for number, (tells, (field, text, line, start, end, folded, words, _)) in enumerate(zip(telling, cut, strict=True)):
        if tells:
            sentence = lexicon.tokenizer.sentence(field, line, folded, start, end, words)
            one = _look(article, sentence, text, weight, own, tagger)
            if number and cut[number - 1][:3] == (field, text, line):
                one.earlier = cache(partial(_names, own, tagger, *cut[number - 1][:-1]))
            yield one


def _names(
    own: Language, tagger: Tagger, field: str, text: str, line: int, start: int, end: int, folded: str, words: list[str]
) -> list[PlaceMention]:
    """The places that a sentence names of which nothing else is looked at."""
    sentence = own.lexicon.tokenizer.sentence(field, line, folded, start, end, words)
    return tagger.places.find(sentence, text, own.lexicon.code)


def _fields(article: Article, furniture: Sequence[Boilerplate]) -> list[tuple[str, str, list[tuple[int, int]]]]:
    """(name, text, parts to read) of headline and body."""
    headline = [(0, len(article.headline))] if article.headline.strip() else []
    return [("headline", article.headline, headline), ("body", article.body, list(reporting(article.body, furniture)))]


def _look(article: Article, sentence: Sentence, text: str, weight: int, own: Language, tagger: Tagger) -> Seen:
    bit = own.lexicon.concepts.bit
    code = own.lexicon.code
    day = article.published.date().isoformat() if article.published else ""
    masks = [0] * len(sentence.words)
    actors = tagger.actors.find(sentence, text, code, day)
    for mention in actors:
        group = mention.kind == "group"
        acts = 0 if mention.kind == "people" and not mention.code else bit["ACTOR"]  # "people", "villagers": who they are is not told
        for i in range(mention.first, mention.last + 1):
            masks[i] |= acts | (bit["GROUP"] if group else bit["STATE"] if mention.code else 0)
    named = {i for m in actors if m.kind in GROUPS for i in range(m.first, m.last + 1)}
    months = own.lexicon.grammar.get("month_names", _NONE)
    named |= {i for i, word in enumerate(sentence.words) if word in months}
    places = [place for place in tagger.places.find(sentence, text, code) if place.first not in named]
    for place in places:
        if not place.guessed:
            for i in range(place.first, place.last + 1):
                masks[i] |= bit["PLACE"]
    theatres = tagger.types.theatres
    for place in places:
        if tagger.places.likely(place) in theatres:
            for i in range(place.first, place.last + 1):
                masks[i] |= bit["THEATRE"]
    counts = numbers.find_with_articles(sentence, own.numbers) if own.numbers else []
    for count in counts:
        if not count.article:
            for i in range(count.first, count.last + 1):
                masks[i] |= bit["NUMBER"]
    for i in _years_past(sentence.words, masks):
        masks[i] |= bit["HISTORY"]
    named_parties = len({m.code for m in actors if m.code})
    return Seen(read(sentence, text, masks, own.lexicon, weight + (named_parties > 1)), actors, places, counts)


def _years_past(words: Sequence[str], masks: Sequence[int]) -> Iterator[int]:
    """The tokens that are years of wars that ended: four digits that count nothing."""
    for i, word in enumerate(words):
        if len(word) == 4 and word.isdecimal() and FIRST_YEAR <= word <= LAST_YEAR and not any(masks[i + 1 : i + 2]):
            yield i


def _story(article: Article, seen: Sequence[Seen], own: Language, tagger: Tagger) -> Story:
    countries = Counter(m.code for s in seen for m in s.actors if m.code in tagger.places.states)
    places = [m for s in seen for m in s.places]
    countries.update(tagger.places.countries(places))
    bases = tagger.places.bases
    countries.update(bases[m.code] for s in seen for m in s.actors if m.code in bases)
    groups = Counter(m.code for s in seen for m in s.actors if m.kind == "group" and m.code)
    top = tuple(code for code, _ in countries.most_common(2))
    return Story(article, own, tagger, countries, top, places, next((code for code, _ in groups.most_common(1)), ""))


def _developments(
    article: Article, furniture: Sequence[Boilerplate], own: Language, tagger: Tagger, notes: list[Note] | None = None
) -> list[Development]:
    """The developments in reading order, each id once. What the headline tells and the body tells again is told by the body."""
    seen = list(_seen(article, furniture, own, tagger))
    story = _story(article, seen, own, tagger)
    found = {d.id: d for one in seen for d in fill(story, one, find(follow(story, one), tagger.types, own.lexicon), notes)}
    told = {d.type for d in found.values() if d.field == "body"}
    return [d for d in found.values() if d.field == "body" or d.type not in told]


def explain(article: Article, tagger: Tagger) -> list[SentenceTrace]:
    """What was considered in each sentence, in reading order, headline first; what the body tells again stands there alone."""
    language = settle(article.language, article.body or article.headline, tagger.identify)
    furniture = tagger.furniture.find(article.body, language, article.headline)
    own = tagger.languages.get(language or "")
    out = [
        SentenceTrace("body", span.start, span.end, article.body[span.start : span.end], skipped=f"boilerplate: {span.cls} ({span.rule})")
        for span in furniture
    ]
    if own is None:
        out += [
            SentenceTrace(field, start, end, text[start:end], skipped=f"no development lexicon for {language}")
            for field, text, parts in _fields(article, furniture)
            for start, end in parts
        ]
    else:
        out += _traces(article, furniture, own, tagger)
    told = {d.type for trace in out if trace.field == "body" for d in trace.developments}
    for number, trace in enumerate(out):
        if trace.field == "headline":
            out[number] = structs.replace(trace, developments=[d for d in trace.developments if d.type not in told])
    return sorted(out, key=lambda trace: (trace.field == "body", trace.start))


def _traces(article: Article, furniture: Sequence[Boilerplate], own: Language, tagger: Tagger) -> Iterator[SentenceTrace]:
    seen = list(_seen(article, furniture, own, tagger))
    story = _story(article, seen, own, tagger)
    read_ = {(s.reading.sentence.field, s.reading.sentence.start): s for s in seen}
    for field, text, parts in _fields(article, furniture):
        for _, start, end, _ in sentences(field, text, parts, own.lexicon):
            one = read_.get((field, start))
            if one is None:
                yield SentenceTrace(field, start, end, text[start:end], skipped="no word that can tell a development")
            else:
                yield _trace(text, one, story)


def _trace(text: str, seen: Seen, story: Story) -> SentenceTrace:
    lexicon = story.language.lexicon
    reading = seen.reading
    sentence = reading.sentence
    stopped: list[tuple[str, int, str]] = []
    found = find(follow(story, seen), story.tagger.types, lexicon, stopped)
    marks = []
    for i, mask in enumerate(reading.masks):
        if mask:
            entry = reading.phrases.get(i) or ", ".join(lexicon.entries(sentence.words[i]))
            marks.append(Mark(entry, " ".join(lexicon.concepts.of(mask)), sentence.starts[i], sentence.ends[i]))
    notes: list[Note] = []
    developments = list(fill(story, seen, found, notes))
    return SentenceTrace(
        sentence.field,
        sentence.start,
        sentence.end,
        text[sentence.start : sentence.end],
        marks=marks,
        developments=developments,
        candidates=list(_candidates(seen, developments)),
        rivals=[rival for note in notes for rival in _rivals(note)],
        stopped=[Stopped(rule, sentence.starts[at], sentence.ends[at], f"{why} [weight {reading.weight}]") for rule, at, why in stopped],
    )


def _rivals(note: Note) -> Iterator[Rival]:
    """What was weighed for the place and the parties of a development."""
    yield from where.rivals(note.scene, note.places)
    if note.parties is not None:
        yield from parties.rivals(note.scene, note.parties)


def weighed(article: Article, tagger: Tagger) -> list[Note]:
    """What was weighed for the developments of an article, in reading order: what the weights are fitted to."""
    notes: list[Note] = []
    language = settle(article.language, article.body or article.headline, tagger.identify)
    own = tagger.languages.get(language or "")
    if own is not None:
        furniture = tagger.furniture.find(article.body, language, article.headline)
        _developments(article, furniture, own, tagger, notes)
    return notes


def _candidates(seen: Seen, developments: Sequence[Development]) -> Iterator[Candidate]:
    """Whom and what the sentence names, with the fields that took it."""
    if not developments:
        return
    sentence = seen.reading.sentence
    named: list[tuple[str, int, int, tuple[str, ...]]]
    named = [(m.code or "?", m.first, m.last, ("actor", "target", "source")) for m in seen.actors]
    named += [(m.name, m.first, m.last, ("place",)) for m in seen.places]
    for value, first, last, fields in sorted(named, key=lambda n: n[1:3]):
        start, end = sentence.starts[first], sentence.ends[last]
        taken = [
            f"{name} of {d.type}"
            for d in developments
            for name in fields
            if any(a < end and start < b for a, b in d.spans.get(name, ()))  # type: ignore[call-overload]
        ]
        yield Candidate(value, start, end, taken)
