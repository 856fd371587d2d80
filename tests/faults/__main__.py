"""`python -m tests.faults`: all parts, or one; a table of what was done and what it cost; exit code 1 if anything is lost or wrong."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from functools import partial
from math import ceil
from pathlib import Path

from tests.faults.injections import PARTS
from tests.faults.run import Result, Run, by_kind
from tests.live.harness import Unavailable

_SHOWN = 10
_KINDS = ("stalled", "lost", "wrong", "leaked", "missing cancellation", "repeat with other bytes")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults", description=__doc__, epilog=_parts(), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS, action="append", help="only this one; may be given again (default: all)")
    parser.add_argument("--seed", type=int, default=1, help="of load and faults: the same seed harms in the same order (default 1)")
    parser.add_argument("--articles", type=int, default=30_000, help="messages on the wire, over all parts (default 30000)")
    parser.add_argument("--faults", type=int, default=200, help="faults, over all parts (default 200)")
    parser.add_argument("--dump", type=Path, metavar="DIR", help="where to write all topics and logs of a part in which something is wrong")
    options = parser.parse_args()
    parts = options.part or list(PARTS)
    weights = {part: sum(PARTS[part].faults.values()) for part in parts}
    results = []
    try:
        for part in parts:
            share = weights[part] / sum(weights.values())
            run = Run(part, options.seed, ceil(options.articles * share), ceil(options.faults * share), options.dump)
            results.append(run.go(partial(_say, part)))
            _print_part(results[-1])
    except Unavailable as error:
        sys.exit(f"the faults need Apache Kafka: {error}")
    _print_kinds(results)
    sys.exit(any(result.faults for result in results))


def _say(part: str, line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {part}: {line}", file=sys.stderr, flush=True)


def _parts() -> str:
    return "parts:\n" + "\n".join(f"  {name}: {', '.join(part.faults)}" for name, part in PARTS.items())


def _print_part(result: Result) -> None:
    kinds = Counter(fault.partition(":")[0] for fault in result.faults)
    done = f"{result.messages} messages, {len(result.injected)} faults, {result.seconds:.0f} s, seed {result.seed}"
    print(f"\n{result.part}: {done}: {', '.join(f'{kind} {kinds[kind]}' for kind in _KINDS)}")
    print(f"  repeats: {', '.join(f'{topic} {count}' for topic, count in result.repeats.items())}; exits: {dict(result.exits)}")
    for fault in result.faults[:_SHOWN]:
        print(f"  {fault}")
    if result.faults:
        options = f"--part {result.part} --seed {result.seed} --articles {result.messages} --faults {len(result.injected)}"
        print(f"  again: python -m tests.faults {options} --dump .cache/faults")
    sys.stdout.flush()


def _print_kinds(results: list[Result]) -> None:
    print("\n| fault | times | longest time without a record, s |\n|---|---:|---:|")
    for name, injected in by_kind(results).items():
        print(f"| {name} | {len(injected)} | {max(one.longest_pause for one in injected):.1f} |")
    total = sum(len(result.injected) for result in results)
    print(f"\n{total} faults, {sum(r.messages for r in results)} messages, {sum(r.seconds for r in results) / 60:.1f} minutes")


if __name__ == "__main__":
    main()
