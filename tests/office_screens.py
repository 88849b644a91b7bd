"""Every screen of the office in a real Chromium: ``python -m tests.office_screens``.

From the desk, a matter, a meeting and a member's page on, over the record of one real (fictional) year, links
are followed; of every kind of screen some are opened, in both languages, at 390, 820 and 1280 pixels.
Told: how many, what axe finds, what is wider than its window, what the console complains about, and with
``--vnu vnu.jar`` what the Nu HTML checker says of the HTML. Ends with 1 if there is anything.

``--pictures`` writes those of PICTURES into docs/images/.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from api.access.accounts import Accounts
from api.serve.app import create_app
from api.setup.config import RecordSettings
from projections.registry import open_store
from tests.support.browsing.browser import WCAG_22_AA, axe_violations, find_chromium, running_browser
from tests.support.server import running_server
from tests.support.stories.year.record import make_the_year

IMAGES = Path(__file__).parents[1] / "docs" / "images"
WIDTHS = (390, 820, 1280)
EACH, EACH_FORM = 2, 1
"""Addresses opened of each endpoint, and of each form that is derived from a command."""
PASSWORD = "only for looking at screens"
WITHIN = ("/desk", "/my", "/papers")
STARTS = {"clerk": ("/desk", "/desk/matters/matter-desk", "/desk/meetings/meeting-7"), "member": ("/my",)}
PICTURES = {
    "desk": "/desk",
    "matter-office": "/desk/matters/matter-fund",
    "city-answer": "/desk/matters/matter-fund/city",
    "form": "/desk/matters/matter-centre/attach-evidence",
    "my": "/my",
}


class Looked:
    """What was opened, and what is wrong."""

    def __init__(self, base: str, keep: Path | None):
        self.base, self.keep = base, keep
        self.addresses: dict[str, str] = {}
        self.opened: dict[str, list[str]] = defaultdict(list)
        self.faults: list[str] = []
        self.checked = 0

    def endpoint(self, path: str) -> str | None:
        """What kind of screen an address is; None if it is none of the office's."""
        adapter = APP.url_map.bind("localhost")
        plain = path.removeprefix("/en")
        if not plain.startswith(WITHIN):
            return None
        try:
            name, arguments = adapter.match(urlsplit(plain).path, method="GET")
        except Exception:
            return None
        command = arguments.get("command")  # a form of its own for each command
        return f"{name} {command}" if command else str(name)

    def look(self, window: Page, path: str) -> Iterator[str]:
        """Open an address in every width; the addresses that it leads to."""
        complaints: list[str] = []

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error":
                complaints.append(message.text)

        window.on("console", heard)
        answer = window.goto(self.base + path)
        status = answer.status if answer is not None else 0
        kind = answer.headers.get("content-type", "") if answer is not None else ""
        if status >= 500 or status == 404:
            self.faults.append(f"{path}: {status}")
        if "text/html" in kind:
            for width in WIDTHS:
                window.set_viewport_size({"width": width, "height": 900})
                self.checked += 1
                for violation in axe_violations(window, [*WCAG_22_AA, "best-practice"]):
                    self.faults.append(f"{path} at {width}: {violation['rule']} {violation['elements'][:2]}")
                wide = window.evaluate("document.documentElement.scrollWidth - innerWidth")
                if wide > 0:
                    self.faults.append(f"{path} at {width}: {wide} pixels wider than the window")
            if self.keep is not None and answer is not None:
                name = f"{len(self.addresses)}.html"
                (self.keep / name).write_text(answer.text(), encoding="utf-8")
                self.addresses[name] = path
            yield from window.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
        self.faults += [f"{path}: {text}" for text in complaints if "40" not in text]
        window.remove_listener("console", heard)

    def walk(self, context: BrowserContext, starts: tuple[str, ...]) -> None:
        """Follow links from ``starts``, so many of each kind of screen."""
        window = context.new_page()
        ahead, seen = list(starts), set(starts)
        while ahead:
            path = ahead.pop(0)
            kind = self.endpoint(path)
            if kind is None or len(self.opened[kind]) >= (EACH_FORM if " " in kind else EACH):
                continue
            self.opened[kind].append(path)
            try:
                links = list(self.look(window, path))
            except Exception as error:  # a download is no page
                if "Download is starting" not in str(error):
                    self.faults.append(f"{path}: {error}")
                continue
            for link in links:
                address = urldefrag(urljoin(self.base, link)).url
                if address.startswith(self.base):
                    path = address.removeprefix(self.base)
                    if path not in seen:
                        seen.add(path)
                        ahead.append(path)


def nu(jar: str, folder: Path, addresses: dict[str, str]) -> list[str]:
    """What the Nu HTML checker says of the pages that lie in ``folder``, by their addresses."""
    command = ["java", "-jar", jar, "--format", "gnu", "--skip-non-html", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    lines = [line.strip() for line in done.stderr.decode().splitlines() if line.strip()]
    if done.returncode not in (0, 1) or (done.returncode and not lines):
        return [f"the HTML checker ended with {done.returncode}"]
    faults = []
    for line in lines:
        name, _, what = line.rpartition("/")[2].partition(":")
        faults.append(f"{addresses.get(name.strip(chr(34)), name)}: {what}")
    return faults


def signed_in(browser: Browser, base: str, login: str) -> BrowserContext:
    """A browser in which somebody has signed in."""
    context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo")
    window = context.new_page()
    window.goto(f"{base}/signin")
    window.fill("input[name=username]", login)
    window.fill("input[name=password]", PASSWORD)
    window.click("main form button[type=submit]")
    window.close()
    return context


def shoot(context: BrowserContext, base: str, names: list[str]) -> None:
    window = context.new_page()
    for name in names:
        for width in WIDTHS:
            window.set_viewport_size({"width": width, "height": 900})
            window.goto(base + PICTURES[name])
            window.screenshot(path=IMAGES / f"office-{name}-{width}.png", full_page=True)


APP = create_app(RecordSettings(secret_key="only for its map of addresses"))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--vnu", help="the jar of the Nu HTML checker")
    wanted = parser.parse_args()
    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium found")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/year.db"
        make_the_year(url)
        store = open_store(url)
        Accounts(store.engine).add("clerk", ["SEC"], "p-clerk", PASSWORD)
        Accounts(store.engine).add("member", ["MEM"], "p-03", PASSWORD)
        store.close()
        with running_server(url, create=False) as base, running_browser(executable) as browser:
            pages = Path(folder) / "pages"
            pages.mkdir()
            looked = Looked(base, pages if wanted.vnu else None)
            for login, starts in STARTS.items():
                context = signed_in(browser, base, login)
                if wanted.pictures:
                    shoot(context, base, ["my"] if login == "member" else [n for n in PICTURES if n != "my"])
                    continue
                for prefix in ("", "/en"):
                    looked.opened.clear()
                    looked.walk(context, tuple(prefix + start for start in starts))
                    kinds, screens = len(looked.opened), sum(map(len, looked.opened.values()))
                    print(f"{login}{prefix or '/ja'}: {screens} addresses of {kinds} kinds of screen")
            if wanted.vnu:
                looked.faults += nu(wanted.vnu, pages, looked.addresses)
                print(f"{len(looked.addresses)} pages read by the HTML checker")
            print(f"{looked.checked} looked at, {len(looked.faults)} faults")
            for fault in looked.faults:
                print("  ", fault)
            return 1 if looked.faults else 0


if __name__ == "__main__":
    sys.exit(main())
