"""`newsroom lexicon`: for the people who extend a language."""

from __future__ import annotations

from collections import Counter

import click

from streams.cli import errors, view
from streams.cli.terminal import stdout


@click.group(short_help="Look into the lexicons, check them, try a sentence.")
def lexicon() -> None:
    """Look into the lexicons, check them, try a sentence. How a language is added: docs/adding-a-language.md"""


@lexicon.command(epilog="Example: newsroom lexicon stats fr")
@click.argument("language", required=False)
def stats(language: str | None) -> None:
    """Count entries, patterns and forms: by language, or by concept for one LANGUAGE."""
    from rich.table import Table

    from streams.lexicons import load_tagger

    languages = load_tagger().languages
    if language is None:
        rows = Table("language", "coverage", "entries", "patterns", "forms", "phrases", box=None, pad_edge=False)
        for code, own in languages.items():
            counted = own.lexicon
            numbers = (len(counted.patterns), sum(counted.patterns.values()), len(counted.words), counted.phrase_count)
            rows.add_row(code, counted.coverage, *map(str, numbers))
    else:
        if language not in languages:
            raise errors.Failure(f"no development lexicon for {language!r}; there are: {', '.join(languages)}", errors.USAGE)
        rows = Table("concept", "entries", "patterns", box=None, pad_edge=False)
        found = languages[language].lexicon.patterns
        entries = Counter(entry.split("/")[1] for entry in found)
        for concept in entries:
            rows.add_row(concept, str(entries[concept]), str(sum(n for e, n in found.items() if e.split("/")[1] == concept)))
    stdout().print(rows)


@lexicon.command(epilog="Example: newsroom lexicon check fr de")
@click.argument("languages", nargs=-1, metavar="[LANGUAGE ...]")
def check(languages: tuple[str, ...]) -> None:
    """Run every example of every entry through the tagger, and say which compiled lexicons are stale. Exit 1 if anything is wrong."""
    from streams.lexicons import load_tagger
    from streams.lexicons.compile import compile_language, encode
    from streams.lexicons.compile import languages as known
    from streams.lexicons.examples import examples, failure
    from streams.lexicons.source import ROOT, LexiconError

    tagger = load_tagger()
    wrong = count = 0
    for language in languages or known():
        if language not in known():
            raise errors.Failure(f"no {language}/concepts.yml among the lexicons; there are: {', '.join(known())}", errors.USAGE)
        try:
            if (ROOT / language / "compiled.json").read_bytes() != encode(compile_language(language)):
                wrong += 1
                click.echo(f"{language}/compiled.json is stale: make lexicons")
        except ImportError as error:
            click.echo(f"{language}: not recompiled ({error.name} is not here: pip install 'newsroom-streams[lexicon]')", err=True)
        except LexiconError as error:
            raise errors.Failure(str(error), errors.REFUSED) from error
        for example in examples(language):
            count += 1
            if (what := failure(example, tagger)) is not None:
                wrong += 1
                click.echo(f"{what}\n    {example.sentence}")
    click.echo(f"{count} examples, {wrong} wrong")
    if wrong:
        raise click.exceptions.Exit(errors.REFUSED)


@lexicon.command("try", epilog="Example: newsroom lexicon try --language fr \"L'artillerie a pilonné la ville.\"")
@click.argument("sentence")
@click.option("--language", help="BCP 47 tag; else it is found.")
def try_(sentence: str, language: str | None) -> None:
    """Show what the tagger sees in a SENTENCE: what was recognised, what fired by which rule, what stopped the rest."""
    from streams.core.enrich import explain
    from streams.core.records import Article
    from streams.lexicons import load_tagger

    console = stdout()
    for trace in explain(Article(id="try", body=sentence, language=language), load_tagger()):
        console.print(view.explanation(trace))
