"""Screenshots for docs/images/: ``python -m tests.support.browsing.screenshots``.

The history's own pages, and one matter of a fictional record, at 390 and 1280 pixels.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.sample.record import make_sample
from projections.registry import open_store
from projections.tables.durable import SETTING
from tests.support.browsing.browser import find_chromium, running_browser
from tests.support.server import running_server

ROOT = Path(__file__).parents[3]
IMAGES = ROOT / "docs" / "images"
WIDTHS = (390, 1280)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        history = f"sqlite:///{folder}/history.db"
        store = open_store(history)
        store.create()
        import_history(store.application, read_history(KANAZAWA))
        store.close()
        shoot(
            history,
            {
                "home": "/",
                "actions": "/actions",
                "study": "/study",
                "study-en": "/en/study",
                "search": "/search?q=協働",
                "past": "/timeline?in_force_on=2007-06-01",
                "question": "/questions/P8",
            },
        )
        sample = f"sqlite:///{folder}/sample.db"
        store = open_store(sample)
        store.create()
        made = make_sample(store.application, meetings=16, seed=5)
        with store.engine.begin() as connection:
            connection.execute(SETTING.insert().values(name="fictional", value="yes"))
        store.close()
        shoot(
            sample,
            {
                "matter": f"/matters/{made.matters[0]}",
                "sheet": "/sheets/sheet-r1-fair",
                "participation": "/participation",
            },
        )


def shoot(url: str, pages: dict[str, str]) -> None:
    """Take each page at each width; the whole page, not only what fits a window."""
    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium found")
    with running_server(url, create=False) as base, running_browser(executable) as browser:
        for name, path in pages.items():
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 900})
                page.goto(base + path)
                page.screenshot(path=IMAGES / f"{name}-{width}.png", full_page=True)
                page.close()


if __name__ == "__main__":
    main()
