"""The configuration: read once, secrets masked, unsafe settings refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from api.setup.config import Config
from domain.values.refusal import Refusal

NAMES = (
    "DATABASE_URL",
    "HOST",
    "PORT",
    "PUBLIC_URL",
    "SECRET_KEY",
    "MAX_BODY",
    "SESSION_COOKIE_SECURE",
    "MAX_ATTACHMENT",
    "TRUSTED_PROXIES",
    "FOLLOWERS",
    "VIEWS_OUTDATED",
    "LC_ALL",
)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """None of the settings, and a folder of the test's own to run in."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


def test_without_an_environment_the_record_is_under_var() -> None:
    config = Config.read()
    assert config == Config()
    assert (config.database_url, config.address) == ("sqlite:///var/kyodo.db", "http://127.0.0.1:8000")
    assert config.max_body == 1_048_576


def test_the_environment_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://kyodo:geheim@db/record")
    monkeypatch.setenv("PUBLIC_URL", "https://kyodo.example.jp/")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    config = Config.read()
    assert config.database_url == "postgresql://kyodo:geheim@db/record"
    assert config.address == "https://kyodo.example.jp"
    assert config.session_cookie_secure is True
    assert config.language == "en"


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://kyodo:geheim@db/record")
    monkeypatch.setenv("SECRET_KEY", "sehr geheim")
    config = Config.read()
    assert "geheim" not in str(config.masked())
    assert "sehr geheim" not in repr(config)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTGRES_ENABLE_DB_FUNCTIONS", "yes"),
        ("DATABASE_URL", "mysql://db/record"),
        ("DATABASE_URL", "var/kyodo.db"),
        ("PORT", "http"),
        ("PORT", "8000.5"),
        ("MAX_BODY", "1MB"),
        ("MAX_ATTACHMENT", "20M"),
        ("SESSION_COOKIE_SECURE", "perhaps"),
        ("TRUSTED_PROXIES", "one"),
        ("FOLLOWERS", "-1"),
        ("FOLLOWERS", "1001"),
        ("VIEWS_OUTDATED", "sometimes"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as caught:
        Config.read()
    assert caught.value.code == "CONFIG_UNUSABLE"
    assert f"設定 {name} は" in caught.value.sentence("ja")
    assert f"The setting {name} cannot" in caught.value.sentence("en")
    assert caught.value.sentence("en").isascii() or value in caught.value.sentence("en")


def test_every_setting_that_cannot_be_read_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PORT", "abc"), ("FOLLOWERS", "1001"), ("VIEWS_OUTDATED", "perhaps")):
        monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as caught:
        Config.read()
    names, held = "PORT, FOLLOWERS, VIEWS_OUTDATED", "「abc」「1001」「perhaps」"
    assert caught.value.sentence("ja") == f"設定 {names} は使えません（{held}は読み取れない値です）。"
    assert "PORT, FOLLOWERS, VIEWS_OUTDATED cannot be used" in caught.value.sentence("en")


def test_the_signing_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first, second = Config().signing_key(), Config().signing_key()
    (kept,) = (tmp_path / "var").iterdir()
    assert first == second == kept.read_text()
    assert len(first) == 64
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
