"""Coverage-guided fuzzing of the targets, by atheris: `python -m tests.hostile.fuzz [TARGET ...] [--seconds 60] [--keep]` (`make fuzz`).

Each target runs in a process of its own for its share of the seconds, from the committed corpus and the honest wires on. What it finds
lies in .cache/fuzz; `--keep` writes the shortest to tests/hostile/corpus, which a plain test runs again.
Exit code 1 when an input failed; it is added to the corpus then, and a report shows where.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
FOUND = ROOT / ".cache" / "fuzz"
NAMES = ("readers", "json", "markup", "tagger", "shown")
_LONGEST = {"readers": 4_096, "json": 2_048, "markup": 1_024, "tagger": 300, "shown": 500}
"""Bytes of an input: what a fuzzer changes in longer ones is mostly the same again."""
_SLOWEST_SECONDS = 20
_SEEDS, _SHORT = 80, 160
"""Honest lines that the tagger's inputs begin with, and their bytes at most."""
_MARKUP = [b"<p title='>'>a</p>b<br/>&eacute;&#0;&#x110000;", b"<script>a</script><!-- b --!>c<![CDATA[d", b"<svg><style></svg><head/>a"]
_LONGEST_KEPT = 600
"""Bytes of an input that is committed."""
_MOST_KEPT = 150


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join(NAMES)} (default all)")
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together (default 60)")
    parser.add_argument("--keep", action="store_true", help="write what was found to tests/hostile/corpus")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options, passed_on = parser.parse_known_args()
    targets = options.targets or NAMES
    if options.inside:
        _fuzz(targets[0], passed_on)
    failed = [target for target in targets if not _run(target, max(1, options.seconds // len(targets)))]
    for target in targets if options.keep or failed else ():
        _keep(target)
    if failed:
        sys.exit(f"inputs failed: {', '.join(failed)}; they are in tests/hostile/corpus now: pytest tests/hostile/test_corpus.py")


def _fuzz(target: str, options: Sequence[str]) -> None:
    """Fuzzes in this process, which ends with it."""
    import atheris  # an extra of its own

    with atheris.instrument_imports(include=["streams"]):
        from tests.hostile.targets import TARGETS
    atheris.Setup([sys.argv[0], *options], TARGETS[target])
    atheris.Fuzz()


def _command(target: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "tests.hostile.fuzz", target, "--inside", *options]


def _run(target: str, seconds: int) -> bool:
    """Fuzzes a target in a process of its own; whether nothing failed."""
    corpus = _seeded(target)
    words = FOUND / "words"
    words.write_text("".join(f'"{word}"\n' for word in _words()))
    limits = [
        f"-max_total_time={seconds}",
        f"-max_len={_LONGEST[target]}",
        f"-timeout={_SLOWEST_SECONDS}",
        "-rss_limit_mb=3000",
        f"-dict={words}",
    ]
    done = subprocess.run(
        _command(target, *limits, f"-artifact_prefix={FOUND}/{target}-", "-print_final_stats=1", str(corpus)), cwd=ROOT, capture_output=True
    )
    log = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    runs = [line.split()[-1] for line in log.splitlines() if line.startswith("stat::number_of_executed_units")]
    print(f"{target}: {runs[0] if runs else '?'} runs in {seconds} s, {len(list(corpus.iterdir()))} inputs", flush=True)
    if done.returncode:
        print(log[-3_000:])
    return done.returncode == 0


def _seeded(target: str) -> Path:
    """The directory of a target's inputs, with the committed ones and the honest wires in it."""
    from tests.hostile.targets import LANGUAGES, kept
    from tests.hostile.wires import documents, named

    corpus = FOUND / target
    corpus.mkdir(parents=True, exist_ok=True)
    honest = [json.dumps(named(document, Random(1)), ensure_ascii=False).encode() for document in documents()]
    lines = [line.encode() for document in documents() for line in str(document.get("body", "")).split("\n")]
    told = [bytes([number % len(LANGUAGES)]) + line for number, line in enumerate(lines) if len(line) < _SHORT]
    seeds = {"readers": honest, "json": honest[:5], "markup": _MARKUP, "tagger": told[:_SEEDS], "shown": told[:5]}
    for value in (*kept(target), *seeds[target]):
        (corpus / hashlib.sha1(value).hexdigest()).write_bytes(value)
    return corpus


def _words() -> Sequence[str]:
    """What byte-wise mutation finds slowly: the names of fields, and signs that mean something to a reader."""
    from streams.wire.ninjs import v1, v2, v3
    from tests.hostile.documents import FIELDS

    names = {*FIELDS, *v1.NAMES, *v2.NAMES, *v3.NAMES}
    signs = (
        "<p>",
        "</p>",
        "<script>",
        "<!--",
        "&#x",
        "\\\\ud83d",
        "\\\\u0000",
        "NaN",
        "1e999",
        "null",
        "Kharkiv",
        "killed",
        "said",
        "Read also:",
    )
    return [*sorted(names), *signs]


def _keep(target: str) -> None:
    """The shortest inputs that reached code that no other did, and those that failed, committed to be."""
    from tests.hostile.targets import keep, kept

    failed = [path.read_bytes() for kind in ("crash", "timeout", "oom") for path in FOUND.glob(f"{target}-{kind}-*")]
    found = sorted((path.read_bytes() for path in (FOUND / target).iterdir()), key=lambda value: (len(value), value))
    short = [value for value in found if len(value) <= _LONGEST_KEPT][:_MOST_KEPT]
    keep(target, iter([*kept(target), *failed] if failed else [*short, *kept(target)]))
    print(f"{target}: {len(short)} inputs kept, {len(failed)} of failures")


if __name__ == "__main__":
    main()
