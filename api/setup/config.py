"""The settings, in two objects: those of the process, and those of the record that it serves. Both are read
once at start, from the environment. No other module reads it.

Of the process:

=====================  =========================  ==========================================================
variable               default                    what it is
=====================  =========================  ==========================================================
HOST, PORT             127.0.0.1, 8000            where ``kyodo serve`` listens
MAX_BODY               1048576                    most bytes of a request's body
TRUSTED_PROXIES        0                          how many reverse proxies stand in front of the service
FOLLOWERS              2000                       how many requests may wait for new events in each worker
THREADS                4                          threads of each worker that answer readers; half as many
                                                  carry out commands
CONNECTIONS            4000                       how many connections each worker holds; who has said
                                                  least for longest makes room for a newcomer
HEAD_SECONDS           10                         a request's head is whole in so many seconds
BODY_SECONDS           10                         its body too, and a second longer for each LEAST_RATE bytes
WRITE_SECONDS          20                         a reader takes some of an answer in so many seconds
LEAST_RATE             1000                       bytes a second that a sender or a reader manages at least
FREE_BYTES             536870912                  /readyz and the log say when fewer bytes are free on a disk
NIGHTLY_HOUR           3                          from this hour in Japan on, once a day, what was kept long
                                                  enough goes and the record is checked; -1: never
VIEWS_OUTDATED         serve                      when a view is of older code than the service: serve it,
                                                  rebuild it before serving, or refuse to start
LC_ALL, LANG           ja                         the language of the command line: ja or en
=====================  =========================  ==========================================================

Of the record:

=====================  =========================  ==========================================================
variable               default                    what it is
=====================  =========================  ==========================================================
DATABASE_URL           sqlite:///var/kyodo.db     where the record is; postgresql://user:password@host/name
PUBLIC_URL             none                       the address people use, e.g. https://kyodo.example.jp; every
                                                  absolute address is made of it, and ids stand under it
SECRET_KEY             made in var/secret-key     signs sessions; the same for all workers
SESSION_COOKIE_SECURE  yes if PUBLIC_URL is https whether session cookies go over https only
SESSION_IDLE_MINUTES   30                         a session that is not used for so long ends
SESSION_HOURS          10                         a session ends after so long, used or not
ATTACHMENTS_URL        beside an SQLite record,   where the contents of documents are kept: a folder, or an
                       else var/attachments       address that fsspec knows, e.g. s3://bucket/prefix (with
                                                  s3fs installed, keys as for any S3 client, and the address
                                                  of another S3 service in FSSPEC_S3_ENDPOINT_URL)
MAX_ATTACHMENT         20971520                   most bytes of the content of a document
PAST_BYTES             1073741824                 most bytes of all files of past days together
PAST_AT_ONCE           1000                       so many events are folded for a past day while its reader
                                                  waits; for more the reader is told to ask again (202)
MAIL_…                 mail into a folder         how mail leaves the service (api/setup/mail_settings.py)
=====================  =========================  ==========================================================

How people sign in to it stands in api/setup/sign_in_settings.py.

A process serves one record today. What differs between two records of one city, or of two, is therefore asked
of the record's settings, which come with its store (``api/setup/store.py``), never of the application's.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

import sqlalchemy as sa
from environs import Env, EnvValidationError
from marshmallow.validate import OneOf, Range

from api.setup import rules_of_service
from api.setup.check_outcome import OutcomeFile
from api.setup.mail_settings import MailSettings, of_the_environment, what_is_wrong
from api.setup.sign_in_settings import SignInSettings, read_sign_in
from domain.values.refusal import Declared, Language, Refusal

Outdated = Literal["serve", "rebuild", "refuse"]
"""What is done when a view is of older code than the service."""

VAR = Path("var")
SECRET_FILE = VAR / "secret-key"

CONFIG_UNUSABLE = Declared(
    "CONFIG_UNUSABLE",
    ja="設定 {name} は使えません（{why}）。",
    en="The setting {name} cannot be used ({why_en}).",
    rule=rules_of_service.SETTING,
    next_ja="環境変数を直してから、もう一度起動してください。kyodo config で今の設定が見られます。",
    next_en="Mend the environment variable and start again. kyodo config shows the settings.",
    kind="invalid",
)


@dataclass(frozen=True)
class ProcessSettings:
    """What one process needs to serve, whichever record it serves."""

    host: str = "127.0.0.1"
    port: int = 8000
    max_body: int = 1 << 20
    trusted_proxies: int = 0
    followers: int = 2_000
    threads: int = 4
    connections: int = 4_000
    head_seconds: int = 10
    body_seconds: int = 10
    write_seconds: int = 20
    least_rate: int = 1_000
    free_bytes: int = 512 << 20
    nightly_hour: int = 3
    views_outdated: Outdated = "serve"
    language: Language = "ja"

    @property
    def bind_host(self) -> str:
        """The host as it stands in an address: an IPv6 one in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def local_url(self) -> str:
        """Where a browser on this machine finds the service."""
        return f"http://{self.bind_host}:{self.port}"


@dataclass(frozen=True)
class RecordSettings:
    """What belongs to one record: where it is and where it is found, its keys, its files, its sign-in."""

    database_url: str = "sqlite:///var/kyodo.db"
    public_url: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_cookie_secure: bool = False
    session_idle_minutes: int = 30
    session_hours: int = 10
    attachments_url: str | None = field(default=None, repr=False)
    max_attachment: int = 20 << 20
    past_bytes: int = 1 << 30
    past_at_once: int = 1_000
    sign_in: SignInSettings = field(default=SignInSettings())
    mail: MailSettings = field(default=MailSettings())

    @property
    def attachments(self) -> str:
        """Where the contents of documents are kept: beside an SQLite record unless it is said otherwise."""
        return self.attachments_url if self.attachments_url is not None else str(self._beside / "attachments")

    @property
    def past_folder(self) -> Path:
        """Where files of the past are kept (projections/past/files.py); they can be removed at any time."""
        return self._beside / "past"

    @property
    def counters_file(self) -> Path:
        """Where counters that may be lost are kept beside an SQLite record (api/setup/counters.py)."""
        return self._beside / "counters.sqlite"

    @property
    def mail_folder(self) -> Path:
        """Where mails are laid where no server takes them."""
        return Path(self.mail.folder) if self.mail.folder is not None else self._beside / "mail"

    @property
    def deliver_lock(self) -> Path:
        """What the one process that sends mail holds."""
        return self._beside / "deliver.lock"

    @property
    def outcome_file(self) -> OutcomeFile:
        """Where is kept what the last check showed."""
        return OutcomeFile(self._beside / "check.json")

    @property
    def _beside(self) -> Path:
        """The folder of an SQLite record; for others the one of the service."""
        url = sa.make_url(self.database_url)
        beside = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
        return Path(str(url.database)).parent if beside else VAR

    def signing_key(self) -> str:
        """The key that signs sessions: as configured, else made once and kept under ``var/``."""
        return self.secret_key or _kept_key(SECRET_FILE)


def read_settings() -> tuple[ProcessSettings, RecordSettings]:
    """The settings in the environment. Refuses ``CONFIG_UNUSABLE``."""
    env = Env(eager=False)  # every setting is looked at before one is refused
    _refuse_unsafe_append(env)
    try:
        settings = _of_the_process(env), _of_the_record(env)
        env.seal()
    except EnvValidationError as wrong:
        raise _unreadable(list(wrong.error_messages)) from None
    if (wrong_mail := what_is_wrong(settings[1].mail)) is not None:
        name, why, why_en = wrong_mail
        raise CONFIG_UNUSABLE(name=name, why=why, why_en=why_en)
    return settings


def _of_the_process(env: Env) -> ProcessSettings:
    usual, outdated = ProcessSettings, OneOf(get_args(Outdated))
    return ProcessSettings(
        host=env.str("HOST", usual.host),
        port=env.int("PORT", usual.port),
        max_body=env.int("MAX_BODY", usual.max_body),
        trusted_proxies=env.int("TRUSTED_PROXIES", usual.trusted_proxies),
        followers=env.int("FOLLOWERS", usual.followers, validate=Range(0, 1_000_000)),
        threads=env.int("THREADS", usual.threads, validate=Range(1, 64)),
        connections=env.int("CONNECTIONS", usual.connections, validate=Range(16, 1_000_000)),
        head_seconds=env.int("HEAD_SECONDS", usual.head_seconds, validate=Range(1, 600)),
        body_seconds=env.int("BODY_SECONDS", usual.body_seconds, validate=Range(1, 600)),
        write_seconds=env.int("WRITE_SECONDS", usual.write_seconds, validate=Range(1, 600)),
        least_rate=env.int("LEAST_RATE", usual.least_rate, validate=Range(1, 1_000_000)),
        free_bytes=env.int("FREE_BYTES", usual.free_bytes, validate=Range(0)),
        nightly_hour=env.int("NIGHTLY_HOUR", usual.nightly_hour, validate=Range(-1, 23)),
        views_outdated=cast(Outdated, env.str("VIEWS_OUTDATED", usual.views_outdated, validate=outdated)),
        language=_language(env.str("LC_ALL", "") or env.str("LANG", "")),
    )


def _of_the_record(env: Env) -> RecordSettings:
    usual = RecordSettings
    public_url = env.str("PUBLIC_URL", "").rstrip("/") or None
    is_https = (public_url or "").startswith("https:")
    return RecordSettings(
        database_url=_database_url(env.str("DATABASE_URL", usual.database_url)),
        public_url=public_url,
        secret_key=env.str("SECRET_KEY", "") or None,
        session_cookie_secure=env.bool("SESSION_COOKIE_SECURE", is_https),
        session_idle_minutes=env.int(
            "SESSION_IDLE_MINUTES", usual.session_idle_minutes, validate=Range(1, 10_080)
        ),
        session_hours=env.int("SESSION_HOURS", usual.session_hours, validate=Range(1, 720)),
        attachments_url=env.str("ATTACHMENTS_URL", "") or None,
        max_attachment=env.int("MAX_ATTACHMENT", usual.max_attachment),
        past_bytes=env.int("PAST_BYTES", usual.past_bytes, validate=Range(1 << 20)),
        past_at_once=env.int("PAST_AT_ONCE", usual.past_at_once, validate=Range(0, 100_000)),
        sign_in=read_sign_in(env, public_url, CONFIG_UNUSABLE),
        mail=of_the_environment(env),
    )


def masked(process: ProcessSettings, record: RecordSettings) -> dict[str, str | int | bool | None]:
    """Every setting by its variable's name, with secrets masked."""
    shown = {name.upper(): value for name, value in {**vars(process), **vars(record)}.items()}
    url = sa.make_url(record.database_url)
    shown["DATABASE_URL"] = url.render_as_string(hide_password=True)
    shown["ATTACHMENTS_URL"] = re.sub(r"//[^/@]*@", "//***@", record.attachments)
    shown["LANG"] = shown.pop("LANGUAGE")
    del shown["SIGN_IN"]
    del shown["MAIL"]
    shown |= record.sign_in.masked() | record.mail.masked(record.mail_folder)
    shown["SECRET_KEY"] = "***" if record.secret_key else f"*** ({SECRET_FILE})"
    return shown


def _unreadable(names: list[str]) -> Refusal:
    """The refusal of settings that hold something else than their kind of value."""
    held = [os.environ[name] for name in names]
    return CONFIG_UNUSABLE(
        name=", ".join(names),
        why="".join(f"「{value}」" for value in held) + "は読み取れない値です",
        why_en=", ".join(f"“{value}”" for value in held) + " cannot be read as its value",
    )


def _refuse_unsafe_append(env: Env) -> None:
    """With database functions the library takes no table lock, and readers saw events out of order
    (engine.md, fact 7)."""
    name = "POSTGRES_ENABLE_DB_FUNCTIONS"
    if env.str(name, "").lower() not in ("", "n", "no", "f", "false", "off", "0"):
        why, why_en = "追記の順序が保証されません", "appends would lose their order"
        raise CONFIG_UNUSABLE(name=name, why=why, why_en=why_en)


def _database_url(text: str) -> str:
    """The address with its scheme as SQLAlchemy spells it. Refuses what is neither of the two databases."""
    text = text.replace("postgres://", "postgresql://", 1) if text.startswith("postgres://") else text
    try:
        backend = sa.make_url(text).get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        why, why_en = (
            "sqlite:/// か postgresql:// で始まるアドレスです",
            "it begins with sqlite:/// or postgresql://",
        )
        raise CONFIG_UNUSABLE(name="DATABASE_URL", why=why, why_en=why_en)
    return text


def _language(locale: str) -> Language:
    """Japanese, unless the locale names another language (C and POSIX name none)."""
    name = locale.partition(".")[0]
    return "ja" if name in ("", "C", "POSIX") or name.startswith("ja") else "en"


def _kept_key(path: Path) -> str:
    """The key in this file, made if there is none. Two workers starting at once get the same key: the file
    appears whole, by a link, and only the first link succeeds."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
