"""What is built for others to install serves a record in an empty folder, with no checkout near it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.server import ROOT, free_port, running, settings_for

BUILT_FROM = ("domain", "projections", "api", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def pip(*arguments: str | Path) -> None:
    """Run pip with nothing from elsewhere: neither a registry nor what a developer has configured."""
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: a build leaves folders behind."""
    folder = tmp_path_factory.mktemp("wheel")
    skipped = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in BUILT_FROM:
        source, copy = ROOT / name, folder / "source" / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=skipped)
        else:
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(source, copy)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, folder / "source")
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The commands of an environment that has the wheel, and what it depends on from this environment. A .pth
    file there is not read as one here, so the checkout that is installed beside them is not found."""
    environment = wheel.parent / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True, timeout=60)
    python = environment / "bin" / "python"
    pip("--python", python, "install", "--no-index", "--no-deps", wheel)
    site = sysconfig.get_path("purelib", "venv", {"base": str(environment)})
    beside = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site, "dependencies.pth").write_text("\n".join(sorted(beside)) + "\n", encoding="utf-8")
    return environment / "bin"


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which everything is run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kyodo(installed: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What the installed ``kyodo`` answers, in English."""
    environment = settings_for("sqlite:///var/kyodo.db") | {"LC_ALL": "en_US.UTF-8"} | more
    command = [installed / "kyodo", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def served(installed: Path, folder: Path) -> Iterator[str]:
    """The address of ``kyodo serve --first-run`` with no setting but where to listen."""
    port = free_port()
    settings = {k: v for k, v in settings_for("").items() if k not in ("DATABASE_URL", "SECRET_KEY")}
    command = [str(installed / "kyodo"), "serve", "--first-run"]
    with running(command, port, settings | {"PORT": str(port)}, cwd=folder) as base:
        yield base


def test_the_wheel_holds_all_that_the_packages_read(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    there = {
        str(path.relative_to(ROOT))
        for package in ("domain", "projections", "api")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == there


@pytest.mark.slow
def test_the_installed_package_serves_a_record_in_an_empty_folder(installed: Path, nowhere: Path) -> None:
    with served(installed, nowhere) as base, httpx.Client(base_url=base, timeout=30) as visitor:
        home, timeline, ready = (visitor.get(path) for path in ("/", "/timeline", "/readyz"))
        assert home.status_code == timeline.status_code == 200
        assert "協働をすすめる市民会議" in timeline.text
        assert ready.json()["ready"] is True
        style = re.search(r'href="(/static/[^"]+\.css[^"]*)"', home.text)
        assert style and visitor.get(style[1]).headers["Content-Type"].startswith("text/css")
    assert {path.name for path in (nowhere / "var").iterdir()} >= {"kyodo.db", "secret-key"}


def test_its_code_is_that_of_the_package(installed: Path, nowhere: Path) -> None:
    where = "import api, domain, projections; print(api.__file__, domain.__file__, projections.__file__)"
    command = [installed / "python", "-c", where]
    told = subprocess.run(command, env=settings_for(""), capture_output=True, text=True, check=True)
    assert all(Path(file).is_relative_to(installed.parent) for file in told.stdout.split())


def test_its_command_line_explains_itself(installed: Path, nowhere: Path) -> None:
    helped = kyodo(installed, "--help")
    assert helped.returncode == 0
    assert "serve" in helped.stdout and "reference" in helped.stdout


def test_what_needs_a_checkout_says_so(installed: Path, nowhere: Path) -> None:
    refused = kyodo(installed, "reference")
    assert refused.returncode == 1
    assert refused.stderr.startswith("NO_CHECKOUT: ")
    assert "in a checkout" in refused.stderr
    assert not list(installed.parent.rglob("docs/reference"))
