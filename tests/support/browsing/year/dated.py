"""gunicorn as it serves the record, on a day that a file says: its settings, to be given by ``--config``.

The diary of the year says on which day each thing was written down, and what questions answer depends on it
(what was known by then, what was recorded late). So the server's clock is set: the record's, and the day that
screens call today. From the moment that is set, time goes on as ever. Sessions keep the true time.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.http import clock
from api.serve.gunicorn_settings import *  # noqa: F403  gunicorn reads the settings from here
from domain.recording.application import Application
from domain.values.calendar import day_in_japan

VARIABLE = "KYODO_TEST_CLOCK"


def set_clock(file: Path, moment: dt.datetime) -> None:
    """From now on it is this moment where the file is read."""
    text = f"{moment.isoformat()} {time.time()}"
    whole = file.with_suffix(".new")
    whole.write_text(text)
    whole.replace(file)


def now() -> dt.datetime:
    moment, set_at = Path(os.environ[VARIABLE]).read_text().split()
    return dt.datetime.fromisoformat(moment) + dt.timedelta(seconds=time.time() - float(set_at))


def _dated(made: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        self.clock = now

    return init


if VARIABLE in os.environ:  # the server's process, before the application is made
    clock.today = lambda: day_in_japan(now())
    Application.__init__ = _dated(Application.__init__)  # type: ignore[method-assign]
