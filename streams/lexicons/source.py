"""Reads the YAML that lexicons are written in: only `true` and `false` are booleans, so that "no", "on" and "off" stay words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent
"""Where the lexicons are."""


class LexiconError(ValueError):
    """A fault in a lexicon source; the message names the file, the entry and the cure."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def read(path: Path) -> Any:
    """A YAML file as plain data; an empty file is an empty mapping. Raises `LexiconError` naming file and line."""
    try:
        return yaml.load(path.read_bytes(), Loader=_Loader) or {}
    except yaml.YAMLError as error:
        raise LexiconError(f"{path.relative_to(ROOT)}: not YAML: {error}") from error
