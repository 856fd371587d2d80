"""How Latin alphabets write Ukrainian, Russian and Arabic place names, when the gazetteer is compiled."""

from __future__ import annotations

import re

_UK_ONLY, _RU_ONLY = re.compile("[іїєґ]", re.I), re.compile("[ыэъё]", re.I)
_SHARED = "а a б b в v г g д d з z к k л l м m н n о o п p р r с s т t ф f"


def _table(pairs: str, base: str = _SHARED) -> dict[str, str]:
    cells = (base + " " + pairs).split()
    return {letter: "" if sound == "-" else sound for letter, sound in zip(cells[::2], cells[1::2], strict=True)}


_UK = {
    # Ukraine's own romanisation of 2010, which English follows; Italian also writes what scholars do, here without diacritics
    "en": _table("г h ґ g е e є ie ж zh и y і i ї i й i у u х kh ц ts ч ch ш sh щ shch ь - ю iu я ia ' -"),
    "fr": _table("г h ґ g е e є ie ж j и y і i ї ï й ï у ou х kh ц ts ч tch ш ch щ chtch ь - ю iou я ia ' -"),
    "de": _table("в w г h ґ g е e є je ж sch з s и y і i ї ji й j у u х ch ц z ч tsch ш sch щ schtsch ь - ю ju я ja ' -"),
    "it": _table("г h ґ g е e є je ж z и y і i ї ji й j у u х ch ц c ч c ш s щ sc ь - ю ju я ja ' -"),
    "es": _table("г h ґ g е e є ie ж zh и i і i ї i й i у u х j ц ts ч ch ш sh щ shch ь - ю iu я ia ' -"),
}
_RU = {
    "en": _table("е e ж zh и i й y у u х kh ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю yu я ya ё yo"),
    "fr": _table("е e ж j и i й ï у ou х kh ц ts ч tch ш ch щ chtch ъ - ы y ь - э e ю iou я ia ё io"),
    "de": _table("в w е e ж sch з s и i й j у u х ch ц z ч tsch ш sch щ schtsch ъ - ы y ь - э e ю ju я ja ё jo"),
    "it": _table("е e ж z и i й j у u х ch ц c ч c ш s щ sc ъ - ы y ь - э e ю ju я ja ё jo"),
    "es": _table("е e ж zh и i й i у u х j ц ts ч ch ш sh щ shch ъ - ы i ь - э e ю iu я ia ё io"),
}
_ENDINGS = {
    "en": (("yy", "y"), ("iy", "y")),
    "fr": (("yï", "y"), ("iï", "i"), ("dj", "dj"), ("zg", "zgu")),
    "de": (("yj", "y"), ("ij", "i")),
    "it": (("yj", "yj"),),
    "es": (("ii", "i"), ("ll", "l")),
}


def latin(name: str) -> set[str]:
    """A Cyrillic name as English, French, German, Italian and Spanish write it, from Ukrainian and from Russian letters."""
    tables = [_UK] * (not _RU_ONLY.search(name)) + [_RU] * (not _UK_ONLY.search(name))
    out = set()
    for sounds in tables:
        for language, table in sounds.items():
            spelt = "".join(table.get(letter, letter) for letter in name.lower().replace("’", "'").replace("ʼ", "'"))
            if spelt.isascii() or language == "fr":
                out.add(spelt)
                out.update(spelt[: -len(old)] + new for old, new in _ENDINGS[language] if spelt.endswith(old))
                if language == "en":
                    out.add(spelt.replace("ie", "ye").replace("ia", "ya").replace("iu", "yu"))
                if language == "fr":
                    out.add(re.sub("(?<=[aeiouy])s(?=[aeiouy])", "ss", spelt))
                if language == "es":
                    out.add(spelt.replace("ll", "l"))
    return out


_ARABIC = {
    "fr": (("sh", "ch"), ("ou", "u"), ("u", "ou"), ("j", "dj")),
    "de": (("sh", "sch"), ("kh", "ch"), ("j", "dsch"), ("y", "j"), ("z", "s"), ("w", "w")),
    "es": (("kh", "j"),),
}


def respell(name: str) -> set[str]:
    """An Arabic name in its English spelling as French, German and Spanish write it, without the article too."""
    spelt = {name}
    for changes in _ARABIC.values():
        other = name.lower()
        for old, new in changes:
            other = other.replace(old, new)
        spelt.add(other)
    return spelt
