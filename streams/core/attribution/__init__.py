"""Who says so, and whether it is reported, claimed, confirmed, denied or expected (codebook, rulings 1 to 3, 11, 16, 20).

`speech` finds the words of saying and who speaks, `reach` tells which part of the sentence they cover, `naming` what to call the speaker,
`status` what follows for a development.
"""

from streams.core.attribution.speech import Speaker, callers, speakers
from streams.core.attribution.status import denials, settle, to_come

__all__ = ["Speaker", "callers", "denials", "settle", "speakers", "to_come"]
