"""The settings of the process and of the record: read once, secrets masked, unsafe ones refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from api.setup.config import ProcessSettings, RecordSettings, masked, read_settings
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
    process, record = read_settings()
    assert (process, record) == (ProcessSettings(), RecordSettings())
    assert (record.database_url, process.local_url) == ("sqlite:///var/kyodo.db", "http://127.0.0.1:8000")
    assert (record.public_url, process.max_body) == (None, 1_048_576)


def test_the_environment_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://kyodo:geheim@db/record")
    monkeypatch.setenv("PUBLIC_URL", "https://kyodo.example.jp/")
    monkeypatch.setenv("HOST", "::1")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    process, record = read_settings()
    assert record.database_url == "postgresql://kyodo:geheim@db/record"
    assert record.public_url == "https://kyodo.example.jp"
    assert record.session_cookie_secure is True
    assert (process.language, process.local_url) == ("en", "http://[::1]:8000")


def test_a_setting_belongs_to_the_process_or_to_the_record_and_not_to_both() -> None:
    assert vars(ProcessSettings()).keys().isdisjoint(vars(RecordSettings()).keys())


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://kyodo:geheim@db/record")
    monkeypatch.setenv("SECRET_KEY", "sehr geheim")
    process, record = read_settings()
    assert "geheim" not in str(masked(process, record))
    assert "sehr geheim" not in repr(record)


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
        ("FOLLOWERS", "1000001"),
        ("VIEWS_OUTDATED", "sometimes"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as caught:
        read_settings()
    assert caught.value.code == "CONFIG_UNUSABLE"
    assert f"設定 {name} は" in caught.value.sentence("ja")
    assert f"The setting {name} cannot" in caught.value.sentence("en")
    assert caught.value.sentence("en").isascii() or value in caught.value.sentence("en")


def test_every_setting_that_cannot_be_read_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PORT", "abc"), ("FOLLOWERS", "1000001"), ("VIEWS_OUTDATED", "perhaps")):
        monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as caught:
        read_settings()
    names, held = "PORT, FOLLOWERS, VIEWS_OUTDATED", "「abc」「1000001」「perhaps」"
    assert caught.value.sentence("ja") == f"設定 {names} は使えません（{held}は読み取れない値です）。"
    assert "PORT, FOLLOWERS, VIEWS_OUTDATED cannot be used" in caught.value.sentence("en")


def test_the_signing_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first, second = RecordSettings().signing_key(), RecordSettings().signing_key()
    (kept,) = (tmp_path / "var").iterdir()
    assert first == second == kept.read_text()
    assert len(first) == 64
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


# ------------------------------------------------------------------------------------- signing in


OIDC = {
    "PUBLIC_URL": "https://kyodo.example.jp",
    "OIDC_ISSUER": "https://login.example.jp/realms/city",
    "OIDC_CLIENT_ID": "kyodo",
    "OIDC_CLIENT_SECRET": "sehr geheim",
}


def test_one_directory_or_several_and_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OIDC.items():
        monkeypatch.setenv(name, value)
    process, record = read_settings()
    (one,) = record.sign_in.providers
    assert (one.name, one.label, one.claim) == ("oidc", "login.example.jp", "preferred_username")
    shown = masked(process, record)
    assert shown["OIDC_CLIENT_ID"] == "kyodo" and shown["SECOND_FACTOR_OF_STAFF"] is False
    assert "sehr geheim" not in str(shown) + repr(record)
    for name, value in (
        ("OIDC_PROVIDERS", "entra, ad-fs"),
        ("OIDC_ENTRA_ISSUER", "https://entra.example/v2.0"),
        ("OIDC_ENTRA_CLIENT_ID", "a"),
        ("OIDC_AD_FS_ISSUER", "https://adfs.example/adfs"),
        ("OIDC_AD_FS_CLIENT_ID", "b"),
        ("OIDC_AD_FS_DOMAIN", "@City.example.jp"),
        ("TRUSTED_HEADER", "X-Remote-User"),
        ("TRUSTED_HEADER_PROXY", "10.0.0.5 10.1.0.0/24"),
    ):
        monkeypatch.setenv(name, value)
    _, record = read_settings()
    assert [provider.client_id for provider in record.sign_in.providers] == ["a", "b"]
    assert record.sign_in.providers[1].domain == "city.example.jp"
    header = record.sign_in.header
    assert header is not None
    believed = [header.believes(a) for a in ("10.0.0.5", "::ffff:10.1.0.9", "10.0.0.6", "", None, "x")]
    assert believed == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("OIDC_ISSUER", "http://login.example.jp", "OIDC_ISSUER"),
        ("OIDC_CLIENT_ID", "", "OIDC_CLIENT_ID"),
        ("PUBLIC_URL", "", "PUBLIC_URL"),
        ("OIDC_PROVIDERS", "Entra/1", "OIDC_PROVIDERS"),
        ("OIDC_PROVIDERS", "entra", "OIDC_ENTRA_ISSUER"),
        ("TRUSTED_HEADER", "X-Remote-User", "TRUSTED_HEADER_PROXY"),
        ("TRUSTED_HEADER_PROXY", "10.0.0.5", "TRUSTED_HEADER"),
        ("SECOND_FACTOR_OF_STAFF", "perhaps", "SECOND_FACTOR_OF_STAFF"),
        ("INVITATION_DAYS", "0", "INVITATION_DAYS"),
    ],
)
def test_signing_in_that_cannot_be_set_up_so_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str
) -> None:
    for variable, usual in OIDC.items():
        monkeypatch.setenv(variable, usual)
    monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as caught:
        read_settings()
    assert caught.value.code == "CONFIG_UNUSABLE" and f"設定 {named} は" in caught.value.sentence("ja")
