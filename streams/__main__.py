"""`python -m streams` is `newsroom`: run a command and end with its exit code. What a command does belongs in `streams.cli`."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from typing import NoReturn

import click

from streams.cli import errors
from streams.cli.root import newsroom


def main() -> NoReturn:
    """Run the command line of this process; a Ctrl-C and a reader that went away end it without a word."""
    try:
        code = newsroom.main(prog_name="newsroom", standalone_mode=False) or 0
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = errors.INTERRUPTED
    except BrokenPipeError:
        code = errors.BROKEN_PIPE
        _close_quietly()
    except Exception:
        traceback.print_exc()
        code = errors.INTERNAL
    sys.exit(code)


def _close_quietly() -> None:
    """Python flushes standard output once more when it ends: let that go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
