"""Imported by each Python that is started with this folder on its path: its wall clock is as many seconds off as the file FAKED_CLOCK says.

In Python, and not by a library under it: that fakes the waits of threads too, and the thread of the heartbeats starves.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import time_machine

_LOOK_SECONDS = 0.2


class _Clock:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._off = 0
        self._travel: time_machine.travel | None = None

    def look(self) -> None:
        """Be as far off as the file says now."""
        try:
            off = int(self._file.read_text())
        except ValueError:  # it is being written
            return
        if off != self._off:
            if self._travel is not None:
                self._travel.stop()
            self._off = off
            self._travel = time_machine.travel(time.time() + off, tick=True)  # by the true clock: the last travel is over
            self._travel.start()

    def follow(self) -> None:
        """Look again and again."""
        while True:
            time.sleep(_LOOK_SECONDS)
            self.look()


if "FAKED_CLOCK" in os.environ:
    _clock = _Clock(Path(os.environ["FAKED_CLOCK"]))
    _clock.look()
    threading.Thread(target=_clock.follow, daemon=True).start()
