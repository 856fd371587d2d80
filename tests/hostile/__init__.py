"""Payloads made to hurt, and what may become of them: `python -m tests.hostile` (`make hostile`) runs them all, the tests here a few.

`damage`, `documents`, `texts` and `bombs` make payloads; `oracle` says by other means than ours what is wrong with one; `trial` runs one
through the agent; `overkafka` runs them through a worker; `fuzz` looks for more, by coverage.
"""
