"""Every page and every answer that can be reached from the home page, as digests: to compare two versions.

    python -m tests.support.every_answer read http://127.0.0.1:8000 answers/ [--token TOKEN]
    python -m tests.support.every_answer compare before/ after/

``read`` follows every address of the service that stands in a page or in an answer, in both languages, and
keeps each body as a file. ``compare`` lists the addresses whose status or body differ, and ends with 1 if
there is one. Serve both versions from copies of one record with one SECRET_KEY, on one day: then only what
the code says otherwise differs.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import httpx

STARTS = ("/", "/en", "/api/v1", "/api/openapi.json", "/-/versions.json")
MOST = 20_000
"""Addresses looked at in one reading."""

_IN_HTML = re.compile(r"""(?:href|src|action)="([^"]+)\"""")
_IN_JSON = re.compile(r'"(/[^"\s{}]*)"')
_OF_THE_MOMENT = re.compile(
    rb'name="(?:csrf_token|key|draft)" value="[^"]*"|&#34;challenge&#34;: &#34;[^&]*&#34;'
)
"""What differs between two answers of one version."""


def read(base: str, token: str | None = None) -> Iterator[tuple[str, int, bytes]]:
    """Each address with its status and its body, in the order in which it was found."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(base_url=base, headers=headers, timeout=120) as client:
        waiting = deque([*STARTS, *_described(client)])
        seen = set(waiting)
        while waiting and len(seen) < MOST:
            address = waiting.popleft()
            answer = client.get(address)
            yield address, answer.status_code, _OF_THE_MOMENT.sub(b"", answer.content)
            for found in _addresses(base, address, answer):
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)


def _described(client: httpx.Client) -> list[str]:
    """The reads of the API's description that take no parameter in their path."""
    described = client.get("/api/openapi.json")
    paths = described.json()["paths"] if described.status_code == httpx.codes.OK else {}
    return [path for path, operations in paths.items() if "get" in operations and "{" not in path]


def _addresses(base: str, address: str, answer: httpx.Response) -> Iterator[str]:
    if answer.status_code >= httpx.codes.BAD_REQUEST:
        return
    pattern = _IN_HTML if "html" in answer.headers.get("Content-Type", "") else _IN_JSON
    for found in pattern.findall(answer.text):
        whole = urldefrag(urljoin(base + address, found.replace("&amp;", "&")))[0]
        if whole.startswith(base + "/") and "/sign-" not in whole and "known_on" not in whole:
            yield whole.removeprefix(base)


def keep(base: str, folder: Path, token: str | None) -> int:
    """Read everything into a folder: an index, and each body under its digest."""
    folder.mkdir(parents=True, exist_ok=True)
    index: dict[str, tuple[int, str]] = {}
    for address, status, body in read(base, token):
        digest = hashlib.sha256(body).hexdigest() if status < httpx.codes.BAD_REQUEST else ""
        index[address] = status, digest
        if digest:
            (folder / digest).write_bytes(body)
    (folder / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=0), encoding="utf-8")
    return len(index)


def compare(before: Path, after: Path) -> list[str]:
    """The addresses that one version answers otherwise than the other."""
    old, new = (json.loads((folder / "index.json").read_text(encoding="utf-8")) for folder in (before, after))
    return [
        f"{address}: {old.get(address, '-')} → {new.get(address, '-')}"
        for address in [*old, *(address for address in new if address not in old)]
        if old.get(address) != new.get(address)
    ]


def main() -> int:
    """0: read, or nothing differs; 1: something differs; 2: wrong usage."""
    match sys.argv[1:]:
        case ["read", base, folder, *rest]:
            token = rest[1] if rest[:1] == ["--token"] else None
            print(f"{keep(base.rstrip('/'), Path(folder), token)} addresses read into {folder}")
            return 0
        case ["compare", before, after]:
            differing = compare(Path(before), Path(after))
            print("\n".join(differing) or "no difference")
            return 1 if differing else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
