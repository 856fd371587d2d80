"""What a subscription is told of an incident: `follow` for each new record of it, `tick` when time has passed or subscriptions changed.

`match` says what a subscription asks for, `when` how long a message waits, `changes` what is new since the last one, `headline` says it
in words, `life` joins them. The words are data (`streams.lexicons.load_phrases`). Publishing and storing are not for this package.
"""

from streams.core.alerts.headline import headline
from streams.core.alerts.life import due, follow, tick
from streams.core.alerts.match import matches
from streams.core.alerts.records import Phrases, Thread, Watch, decode, encode
from streams.core.alerts.when import known_zone

__all__ = ["Phrases", "Thread", "Watch", "decode", "due", "encode", "follow", "headline", "known_zone", "matches", "tick"]
