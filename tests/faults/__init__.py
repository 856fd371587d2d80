"""Things that go wrong, on purpose: `python -m tests.faults` kills, cuts and starves brokers and workers under load and judges the rest.

`wires` makes the load, `injections` does the harm, `run` lets both meet, `oracle` says from the logs alone what must be there.
"""
