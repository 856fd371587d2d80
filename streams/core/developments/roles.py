"""Who did it and to whom: the actor and target of a development, from the mentions around its trigger (codebook, rulings 7, 15, 25, 26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from streams.core.actors import ActorMention
from streams.core.developments.find import Found, Reading
from streams.core.lexicon import Lexicon

SPEECH = frozenset({"accusation", "demand", "threat"})
"""Whoever is named first says it: the subject stands before what it speaks of."""
MUTUAL = frozenset({"talks", "ceasefire"})
"""All parties in `actor`."""
LONE = frozenset({"withdrawal", "exercise", "mobilization", "coup", "deployment"})
"""No target, or only one that a preposition names."""
SUFFERED = frozenset({"casualties", "displacement", "detention", "abduction", "release"})
"""The subject of an intransitive or passive form is who suffers it."""
HELD = frozenset({"detention", "abduction", "release"})
"""An army, a government or a group before the verb holds or frees; who is held stands in the passive."""
FELT = frozenset(
    {
        *("air_strike", "shelling", "drone_strike", "bombing", "cbrn_attack", "infrastructure_damage", "attack_on_civilians", "casualties"),
        *("capture", "advance", "incursion", "siege", "displacement", "abduction", "aid", "protest", "detention", "release"),
    }
)
"""Where the text names no target, it is the country of the place (rulings 7 and 15)."""
ARMED = frozenset({"air_strike", "shelling", "drone_strike", "bombing", "infrastructure_damage"})
"""Whose weapon it is, did it."""
WEAPONS = ("DRONE", "MISSILE", "ARTILLERY", "AIRCRAFT", "AIRBOMB")
BODIES = frozenset({"army", "security", "government", "leader", "group", "alliance", "court", "agency"})
"""Who acts, where a noun of action is theirs; a state or a town is rather acted on ("the bombing of Ukraine")."""
_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Sides:
    agents: list[ActorMention]
    """Whom the grammar marks as acting: "par", an adjective on the trigger, the instrumental."""
    patients: list[ActorMention]
    """Whom a preposition, a passive or a case marks as acted on."""
    left: list[ActorMention]
    right: list[ActorMention]


def codes(mentions: Sequence[ActorMention]) -> list[str]:
    """The codes of mentions, each once, in reading order."""
    return list(dict.fromkeys(m.code for m in mentions if m.code))


def roles(
    found: Found, reading: Reading, mentions: Sequence[ActorMention], speaker: str | None, lexicon: Lexicon
) -> tuple[list[str], list[str]]:
    """(actor, target) as codes.

    `mentions` are those of the sentence that are not its speakers; `speaker` is the code of who reports it, and acts where
    nobody else does ("l'armée dit avoir abattu").
    """
    clauses = reading.clauses
    low, high = clauses.bounds(clauses.segment, found.first, found.last)
    near = [m for m in mentions if low <= m.first and m.last <= high]
    if found.type in MUTUAL:
        parties = _between(found, near, reading, lexicon) or codes(near) or codes(mentions)
        return [speaker, *parties] if speaker and len(parties) == 1 and speaker not in parties else parties, []
    if found.type == "coup":
        armed = [m for m in near if m.kind in ("army", "security", "group")]
        return codes(armed)[:1], codes([m for m in near if m not in armed and len(m.code) == 3])[:1]
    if found.type == "protest":
        return [], []
    fought = found.type == "clash" and reading.masks[found.trigger] & lexicon.concepts.bit["CLASH"]
    if fought and len(parties := codes(near)) > 1 and not _directed(found, reading, near, lexicon):
        return parties[:3], []
    sides = _sides(found, reading, near, speaker, lexicon)
    group = [m for m in (*sides.agents, *sides.patients, *sides.right) if m.kind == "group"]
    if found.type == "capture" and group and sides.left and sides.left[-1].kind == "capital":  # "Kabul fell to the Taliban"
        return codes(group)[:1], [sides.left[-1].code]
    actor, target = _assign(found, sides, _acts_on_somebody(found, reading, lexicon), reading, lexicon)
    if not actor and speaker and found.type not in SUFFERED:
        actor = [speaker]
    if found.type in LONE:
        return actor or target[:1], []
    return actor[:3], [code for code in target if code not in actor][:3]


def _between(found: Found, near: Sequence[ActorMention], reading: Reading, lexicon: Lexicon) -> list[str]:
    """The parties behind "between", if there are two: who stands before it is their host."""
    with_ = lexicon.grammar.get("with", _NONE)
    at = next((i for i in range(found.trigger, found.last + 1) if reading.sentence.words[i] in with_), None)
    after = codes([m for m in near if at is not None and m.first > at])
    return after if len(after) == 2 else []


def _directed(found: Found, reading: Reading, near: Sequence[ActorMention], lexicon: Lexicon) -> bool:
    """Whether one side falls upon the other: the trigger between them, and no "with"."""
    words, trigger = reading.sentence.words, found.trigger
    if any(m.first > trigger and m.kind in BODIES and _of(m, found, reading, lexicon) for m in near):  # "an ambush of Hezbollah"
        return True
    if not any(m.last < trigger for m in near):
        return False
    after = [m for m in near if m.first > trigger]
    return bool(after) and lexicon.grammar.get("with", _NONE).isdisjoint(words[trigger : after[0].first])


def _acts_on_somebody(found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether those who suffer stand behind the trigger, so that who stands before it acts ("killed 13 workers")."""
    bit = lexicon.concepts.bit
    if not reading.masks[found.trigger] & (bit["KILL"] | bit["MASSACRE"] | bit["GUNFIRE"] | bit["ARREST"] | bit["FREE"] | bit["WOUND"]):
        return False
    if not lexicon.grammar.get("by", _NONE).isdisjoint(reading.sentence.words[found.trigger + 1 : found.trigger + 4]):
        return False
    victims = lexicon.concepts.mask(("PEOPLE", "CIVILIAN", "FORCE", "POLICE", "NUMBER", "CAPTIVE", "SUSPECT", "ARMED", "RANK"))
    return any(mask & victims for mask in reading.masks[found.trigger + 1 : found.trigger + 5])


def _assign(found: Found, sides: _Sides, acts: bool, reading: Reading, lexicon: Lexicon) -> tuple[list[str], list[str]]:
    agents, patients, right = codes(sides.agents), codes(sides.patients), codes(_beside(sides.right, reading, lexicon))
    left = codes(_beside(sides.left[::-1], reading, lexicon)[::-1])
    if "verb_last" in lexicon.grammar and not right and not agents and not patients:
        first = codes(_beside(sides.left, reading, lexicon))
        if first != left and (found.type not in SUFFERED or found.type in HELD):
            return first, left
    if acts and found.type in SUFFERED and left:
        return agents[:1] or left, patients[:1] or right
    if found.type == "casualties":
        killers = agents if agents and (left or right or patients) else []
        victims = patients or [c for c in [*right, *left, *agents] if c not in killers]
        return killers, victims[:1]
    if found.type in SPEECH and left:
        return codes(_beside(sides.left, reading, lexicon)), patients or right
    if agents:
        unit = reading.clauses.unit
        beside = codes([m for m in sides.left[-1:] if unit[m.last] == unit[found.trigger]])
        return codes(_beside(sides.agents, reading, lexicon)), patients or beside or right[:1]
    if patients:
        return left, patients
    if not left and found.type not in SUFFERED and sides.right and _is_subject(sides.right[0], lexicon):
        first = codes(_beside(sides.right, reading, lexicon))
        return first, [code for code in codes(sides.right) if code not in first][:1]
    if found.type in HELD and sides.left and sides.left[-1].kind in BODIES and not right:
        return left, []
    if found.type in SUFFERED and not (left and right):
        return [], [*left, *right][:1]
    return left, right


def _is_subject(m: ActorMention, lexicon: Lexicon) -> bool:
    """Whether who stands first behind the verb may act, as in German and the Slavic languages ("überrannten ukrainische Einheiten")."""
    return m.kind in BODIES and ("verb_last" in lexicon.grammar or "n" in m.cases)


def _beside(mentions: Sequence[ActorMention], reading: Reading, lexicon: Lexicon) -> list[ActorMention]:
    """The first mention and those that are joined to it: "Paris and London"."""
    out = list(mentions[:1])
    for mention in mentions[1:]:
        if not _joined(out[-1:], mention, reading, lexicon):
            break
        out.append(mention)
    return out


def _joined(last: Sequence[ActorMention], mention: ActorMention, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether a coordinator or comma stands between two mentions, and hardly more."""
    if not last:
        return False
    low, high = sorted((last[0], mention), key=lambda m: m.first)
    between = reading.sentence.words[low.last + 1 : high.first]
    return 0 < len(between) < 4 and not (lexicon.grammar.get("coordinators", _NONE) | {","}).isdisjoint(between)


def _sides(found: Found, reading: Reading, near: Sequence[ActorMention], speaker: str | None, lexicon: Lexicon) -> _Sides:
    sides = _Sides([], [], [], [])
    passive = _passive(found, reading, lexicon)
    for m in near:
        before = m.last < found.trigger
        if _is_owner_struck(m, found, reading, lexicon):
            sides.patients.append(m)
        elif _is_agent(m, found, reading, lexicon):
            sides.agents.append(m)
        elif not before and _led(m, reading, lexicon, "against"):
            sides.patients.append(m)
        elif not _is_object(m, found, sides, speaker, lexicon) and _is_authors(m, found, sides, reading, lexicon):
            sides.agents.append(m)
        elif not before:
            sides.right.append(m)
        elif passive and not _owns(m, reading, lexicon, WEAPONS):
            sides.patients.append(m)
        else:
            sides.left.append(m)
    return sides


def _led(m: ActorMention, reading: Reading, lexicon: Lexicon, words: str) -> bool:
    """Whether one of the words of the grammar under that key stands shortly before a mention."""
    return not lexicon.grammar.get(words, _NONE).isdisjoint(reading.sentence.words[max(0, m.first - 3) : m.first])


def _is_owner_struck(m: ActorMention, found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """The owner of what is shot down; whose border is crossed."""
    if found.type == "interception":
        flying = lexicon.concepts.mask(("DRONE", "MISSILE"))
        launched = m.first > found.trigger and any(mask & flying for mask in reading.masks[found.trigger : m.first])
        return _owns(m, reading, lexicon, ("DRONE", "MISSILE")) or (launched and _led(m, reading, lexicon, "by"))
    return found.type == "incursion" and m.adjective and _owns(m, reading, lexicon, ("BORDER", "POSITION"))


def _is_agent(m: ActorMention, found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whom "by" or the instrumental case shows to act."""
    if m.last >= found.trigger and _led(m, reading, lexicon, "by"):
        return True
    weapon = m.first == m.last and reading.masks[m.first] & lexicon.concepts.mask(WEAPONS)  # "ракетами": with what, not by whom
    return "i" in m.cases and "n" not in m.cases and not weapon


def _is_object(m: ActorMention, found: Found, sides: _Sides, speaker: str | None, lexicon: Lexicon) -> bool:
    """Whether it stands behind the act of somebody else: "Ukraine shelled Russian positions"."""
    return m.first > found.trigger and bool(sides.left or speaker) and "adjective_first" in lexicon.grammar


def _is_authors(m: ActorMention, found: Found, sides: _Sides, reading: Reading, lexicon: Lexicon) -> bool:
    """Whose act or weapon it is: an adjective on the trigger or on one beside it, the owner of the weapon, a genitive."""
    if found.type in SUFFERED:
        return False
    if m.first <= found.trigger <= m.last and not sides.left:  # "L'artiglieria russa martella": the trigger is its own
        return True
    noun = m.first > 0 and reading.sentence.words[m.first - 1] in lexicon.grammar.get("articles", _NONE)  # "les Ukrainiens"
    if m.adjective and not noun and (-3 < found.trigger - m.first < 3 or _joined(sides.agents[-1:], m, reading, lexicon)):
        return True
    if found.type in ARMED and _owns(m, reading, lexicon, WEAPONS):
        return True
    return m.last >= found.trigger and m.kind in BODIES and _of(m, found, reading, lexicon)


def _of(m: ActorMention, found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether the mention is joined to the noun that tells the act: "Percée de l'armée", "атака боевиков"."""
    between = reading.sentence.words[found.trigger + 1 : m.first]
    of = lexicon.grammar.get("of", _NONE)
    if not of:
        return not between and "g" in m.cases
    return 0 < len(between) < 4 and between[0] in of and lexicon.grammar.get("articles", _NONE).issuperset(between[1:])


def _owns(m: ActorMention, reading: Reading, lexicon: Lexicon, things: Sequence[str]) -> bool:
    """Whether the mention says whose weapon stands beside it ("drones russes", "Russian drones")."""
    wanted = lexicon.concepts.mask(things)
    beside = [i for i in (m.first - 2, m.first - 1, m.first, m.last, m.last + 1, m.last + 2) if 0 <= i < len(reading.masks)]
    named = m.adjective or m.kind in ("people", "people_adjective") or m.first < m.last
    return named and any(reading.masks[i] & wanted for i in beside)


def _passive(found: Found, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether who stands before the trigger is acted on: "was hit", "wurde beschossen", a participle before "by"."""
    words = reading.sentence.words
    grammar = lexicon.grammar
    trigger = found.trigger
    if reading.masks[trigger] & lexicon.concepts.bit["FALL"]:
        return True
    low, high = reading.clauses.bounds(reading.clauses.segment, trigger, trigger)
    marks = grammar.get("passive", _NONE)
    reach = range(low, high) if "passive_frame" in grammar else range(max(low, trigger - 3), trigger)
    if words[trigger].endswith(tuple(grammar.get("progressive", ())) or ("\0",)):
        return False  # "are advancing"
    reflexive = grammar.get("reflexive", _NONE)
    if any(words[i] in marks and not (i and words[i - 1] in reflexive) for i in reach):
        return True
    if not grammar.get("by", _NONE).isdisjoint(words[trigger + 1 : trigger + 3]):
        return True
    return words[trigger].endswith(tuple(grammar.get("passive_endings", ())) or ("\0",))
