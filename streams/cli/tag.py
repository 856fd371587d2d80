"""`newsroom tag` and `newsroom explain`: the tagger without Kafka."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from streams.cli import errors, inputs, view
from streams.cli.terminal import safe, safe_json, stdout
from streams.codec import Rejected, decode_article, encode
from streams.core.records import Article

_EXAMPLE = '{"id": "1", "published": "2026-01-22T14:10:00Z", "headline": "Drone strike on El Obeid kills 19, medics say"}'


class _Articles:
    """The articles of an input; what cannot be read is named on standard error and counted."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self.refused = 0

    def __iter__(self) -> Iterator[Article]:
        for payload in inputs.payloads(self._paths):
            try:
                yield decode_article(payload.data)
            except Rejected as error:
                self.refused += 1
                click.echo(f"newsroom: {payload.where}: {safe(str(error))}", err=True)

    def end(self) -> None:
        """Exit 1 if anything was refused."""
        if self.refused:
            raise click.exceptions.Exit(errors.REFUSED)


@click.command(
    short_help="Tag articles without Kafka.",
    epilog=f"\b\nExamples: newsroom tag articles.jsonl > tagged.jsonl\n          newsroom tag --reading articles.jsonl | wc -w\n"
    f"          echo '{_EXAMPLE}' | newsroom tag --pretty -",
)
@click.argument("paths", type=inputs.PATH, metavar="FILE|DIR|- ...", nargs=-1, required=True)
@click.option("--pretty", "form", flag_value="pretty", help="To look at: boilerplate dimmed and named, developments marked and listed.")
@click.option("--reading", "form", flag_value="reading", help="The reporting alone, a paragraph a line, an empty line after each article.")
def tag(paths: tuple[str, ...], form: str | None) -> None:
    """Tag articles without Kafka: JSON in any wire format in, tagged records as JSON lines out.

    FILE holds one article, or one a line as .jsonl, .ndjson and standard input (-) always do. What cannot be read is named on
    standard error with its file, line and reason; the rest is tagged, and the exit code is 1.
    """
    from streams.core.enrich import enrich, reporting_text
    from streams.lexicons import load_tagger

    articles = _Articles(paths)
    tagger = load_tagger()
    console = stdout()
    for article in articles:
        enriched = enrich(article, tagger)
        if form == "pretty":
            console.print(view.article(enriched))
        elif form == "reading":
            click.echo("\n".join(map(safe, reporting_text(enriched).split("\n"))) + "\n")
        else:
            click.echo(safe_json(encode(enriched)))
    articles.end()


@click.command(
    short_help="Show why the tagger said what it said.",
    epilog="\b\nExamples: newsroom explain story.json\n          newsroom explain --json articles.jsonl | jq '.stopped'",
)
@click.argument("paths", type=inputs.PATH, metavar="FILE|DIR|- ...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a sentence.")
def explain(paths: tuple[str, ...], as_json: bool) -> None:
    """Show, sentence by sentence, what the tagger recognised, what fired by which rule, and what stopped the rest.

    FILE holds one article, or one a line as .jsonl, .ndjson and standard input (-) always do.
    """
    from streams.core.enrich import explain as trace
    from streams.lexicons import load_tagger

    articles = _Articles(paths)
    tagger = load_tagger()
    console = stdout()
    for article in articles:
        if not as_json:
            console.print(view.title(article))
        for sentence in trace(article, tagger):
            if as_json:
                click.echo(safe_json(encode(sentence)))
            else:
                console.print(view.explanation(sentence))
    articles.end()
