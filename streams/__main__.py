"""`python -m streams` is `newsroom`. What a command does belongs in `streams.cli`."""

from streams.cli.root import newsroom


def main() -> None:
    """Run the command line of this process and end it with the command's exit code."""
    newsroom(prog_name="newsroom")


if __name__ == "__main__":
    main()
