"""Types of development that share a ruling of the codebook."""

from __future__ import annotations

SPEECH = frozenset({"accusation", "demand", "threat"})
"""Acts of saying: the speaker acts (ruling 1), and they have no place (ruling 23)."""
FELT = frozenset(
    {
        *("air_strike", "shelling", "drone_strike", "bombing", "cbrn_attack", "infrastructure_damage", "attack_on_civilians", "casualties"),
        *("capture", "advance", "incursion", "siege", "displacement", "abduction", "aid", "protest", "detention", "release"),
    }
)
"""What happens on somebody's land and to the people there: it goes on where it began, so it may share a date told before."""
RESULTS = frozenset({"casualties", "infrastructure_damage"})
"""What an act leads to: told after it where one clause tells both."""
AGREED = frozenset({"ceasefire", "sanction", "arms_transfer", "talks", "exercise", "cyberattack", "release"})
"""Parties meet or deal for it in a place that what is told next has nothing to do with."""
