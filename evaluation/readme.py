"""Puts a table where a file wants it."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def write(path: Path, name: str, text: str) -> None:
    """Puts the text between the marks `<!-- name -->` and `<!-- /name -->` of the file; ends the process where there are none."""
    marks = rf"(?s)(<!-- {name} -->\n).*?(<!-- /{name} -->)"
    new, count = re.subn(marks, lambda m: f"{m[1]}{text}\n{m[2]}", path.read_text(encoding="utf-8"))
    if not count:
        sys.exit(f"{path}: no line <!-- {name} --> to write to; add it and <!-- /{name} -->")
    path.write_text(new, encoding="utf-8")
