"""The tables that are not views: what cannot be made again from the log.

They are made, and changed, by numbered migrations (projections/migrations); what stands here is what those
come to, which a test compares. The log itself is described in projections/engine/log.py.

One story: every table that cannot be made again, with what each column is for.
"""

from __future__ import annotations

import sqlalchemy as sa

DURABLE = sa.MetaData()

COMMAND_KEY = sa.Table(
    "command_key",
    DURABLE,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
)
"""Commands already done, by idempotency key, with the receipt they got."""

CLAIM = sa.Table(
    "claim",
    DURABLE,
    sa.Column("claim", sa.Text, primary_key=True),
    sa.Column("stream", sa.Text, nullable=False),
)
"""Names taken once in the whole record, e.g. document numbers."""

VAULT = sa.Table(
    "vault",
    DURABLE,
    sa.Column("party_id", sa.Text, primary_key=True),
    sa.Column("personal", sa.Text, nullable=False),
)
"""Personal data by party id, as JSON. The only place where people's names are; a row can be deleted."""

SNAPSHOT = sa.Table(
    "snapshot",
    DURABLE,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
)
"""What long streams have come to, so that a command need not read them whole; made by the code with this
fingerprint. Disposable: it may be emptied at any time."""

VIEW_BUILD = sa.Table(
    "view_build",
    DURABLE,
    sa.Column("view", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("built_at", sa.Text, nullable=False),
    sa.Column("built_by", sa.Text, nullable=False),
)
"""The certificate of each view's last build: of which code, up to which position, with which digest. As long
as its code has not been rebuilt, the live tables are of the code that this says."""

VIEW_CERTIFICATE = sa.Table(
    "view_certificate",
    DURABLE,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("view", sa.Text, nullable=False, index=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("events", sa.BigInteger, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("rate", sa.Float, nullable=False),
    sa.Column("swapped_at", sa.BigInteger, nullable=False),
    sa.Column("lock_ms", sa.Float, nullable=False),
    sa.Column("tables", sa.Text, nullable=False),
    sa.Column("built_at", sa.Text, nullable=False),
    sa.Column("built_by", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What every rebuild has proved: the digest of the view at ``position``; how long the view took (seconds) and
how fast the log was folded (events a second); at which position the tables were swapped in, and how long
appends had to wait for it (milliseconds)."""

VIEW_RUN = sa.Table(
    "view_run",
    DURABLE,
    sa.Column("generation", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("views", sa.Text, nullable=False),
    sa.Column("phase", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("head", sa.BigInteger, nullable=False),
    sa.Column("started_at", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Text, nullable=False),
    sa.Column("built_by", sa.Text, nullable=False),
)
"""The rebuild that is under way (one row, or none), and how far it is."""

VIEW_HELD = sa.Table(
    "view_held",
    DURABLE,
    sa.Column("view", sa.Text, primary_key=True),
    sa.Column("since", sa.BigInteger, nullable=False),
)
"""Views of older code whose tables cannot be written by the running code: up to which position they were."""

ACCOUNT = sa.Table(
    "account",
    DURABLE,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("password_hash", sa.Text),
    sa.Column("party_id", sa.Text),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("disabled", sa.BigInteger, nullable=False, server_default="0"),
)
"""Who may sign in, with which roles (JSON list)."""

TOKEN = sa.Table(
    "token",
    DURABLE,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("label", sa.Text),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text),
    sa.Column("used_at", sa.Text),
    sa.Column("outlives_password", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("scope", sa.Text),
)
"""Bearer tokens, one-time sign-in links and invitations, by the SHA-256 of the secret. One without an end has
ended. ``scope``: what it may be used for, names between spaces; null: everything that its account may.
``outlives_password`` is asked for no more: every token ends with the password of its account."""

SESSION = sa.Table(
    "session",
    DURABLE,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False, index=True),
    sa.Column("opened_at", sa.Text, nullable=False),
    sa.Column("seen_at", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False),
    sa.Column("browser", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False, server_default="password"),
)
"""Who is signed in on pages, by the SHA-256 of the secret in the cookie. A session that has ended has no row.
``browser``: what the browser calls itself, so that its owner knows it again; no address is kept.
``method``: how they signed in (api/access/methods.py)."""

PASSKEY = sa.Table(
    "passkey",
    DURABLE,
    sa.Column("credential_id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False, index=True),
    sa.Column("public_key", sa.Text, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("used_at", sa.Text),
)
"""Passkeys of accounts, by id; id and public key in base64url. A private key never leaves its device."""

TOTP = sa.Table(
    "totp",
    DURABLE,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("confirmed_at", sa.Text),
    sa.Column("last_step", sa.BigInteger, nullable=False, server_default="0"),
)
"""The authenticator app of an account (RFC 6238): its secret, encrypted with the record's key, so that a copy
of the record makes no codes; the time step of the code that was used last, so that each is good once."""

RECOVERY_CODE = sa.Table(
    "recovery_code",
    DURABLE,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False, index=True),
    sa.Column("created_at", sa.Text, nullable=False),
)
"""Codes on paper for whoever has lost their second factor, by their SHA-256. One that was used has no row."""

IDENTITY = sa.Table(
    "identity",
    DURABLE,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False, index=True),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("used_at", sa.Text, nullable=False),
)
"""Whom an OpenID provider knows as which account: by issuer and subject, which are never given to another
person, whatever becomes of user names."""

ACCESS_LOG = sa.Table(
    "access_log",
    DURABLE,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False, index=True),
    sa.Column("account_id", sa.Text),
    sa.Column("party_id", sa.Text),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("entity", sa.Text),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What was refused, who signed in and out, what became of accounts and tokens, and which closed documents
were read by whom: codes and ids, no names, no addresses, nothing that was sent. Old lines are removed
(``kyodo access-log --prune-before``)."""

SETTING = sa.Table(
    "setting",
    DURABLE,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
"""Facts about this record as a whole, e.g. that it is fictional."""
FICTIONAL = "fictional"
"""The setting of a made-up record."""

RECORD = sa.Table(
    "record",
    DURABLE,
    sa.Column("one", sa.BigInteger, sa.CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
    sa.Column("record_id", sa.Text, nullable=False),
    sa.Column("identified_at", sa.Text, nullable=False),
    sa.Column("software", sa.Text, nullable=False),
)
"""The record itself, in its one row: its id (a UUID, given once and for ever), since when it has it, and the
version of the software that brought its tables to where they are."""

EVENT_FORMAT = sa.Table(
    "event_format",
    DURABLE,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("class_version", sa.BigInteger, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False, index=True),
    sa.Column("software", sa.Text, nullable=False),
)
"""Of each event, by its name in the log, the newest shape that the record holds: since which position, and of
which version the software was that wrote it first."""

RULES_EDITION = sa.Table(
    "rules_edition",
    DURABLE,
    sa.Column("edition", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("software", sa.Text, nullable=False),
)
"""Each edition of the rules that was in force: since the event at which position, and under which version of
the software (domain/rules/edition.py)."""

MAIL = sa.Table(
    "mail",
    DURABLE,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("leave", sa.Text),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("not_before", sa.Text, nullable=False, index=True),
    sa.Column("attempts", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("last_error", sa.Text),
    sa.Column("sent_at", sa.Text),
    sa.Column("given_up_at", sa.Text),
    sqlite_autoincrement=True,
)
"""The outbox: every mail once, by its key. ``leave``: the address by which one leaves with one click. What a
mail said goes when it is sent, its row after a month (api/mail/outbox.py)."""

TELLING = sa.Table(
    "telling",
    DURABLE,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("address", sa.Text),
    sa.Column("confirmed_at", sa.Text),
    sa.Column("rhythm", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("leave", sa.Text, nullable=False),
    sa.Column("told_position", sa.BigInteger, nullable=False),
    sa.Column("told_on", sa.Text),
    sa.Column("calendar_digest", sa.Text, unique=True),
    sa.Column("calendar_made_at", sa.Text),
)
"""How each account is told what concerns it: where to, how often, in which language, and up to which event it
was told (``told_position``, the cursor of its digests). ``leave``: what the links by which one leaves are
signed over, and another after each that was used; ``calendar_digest``: the SHA-256 of the secret in the
address of the account's calendar."""

SUBMISSION = sa.Table(
    "submission",
    DURABLE,
    sa.Column("submission_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("about", sa.Text),
    sa.Column("page", sa.Text),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("residence", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False),
    sa.Column("confirmed_at", sa.Text),
    sa.Column("settled_at", sa.Text),
    sa.Column("settled_by", sa.Text),
    sa.Column("outcome", sa.Text),
)
"""What citizens sent in by a form, beside the record until a clerk has looked (api/submissions): ``state``
unconfirmed, waiting, taken_in or set_aside. ``outcome``: what it became, or why it was set aside. Rows go
when their time is over; what was taken in goes into the record and its vault, and its text from here."""

OFFICE_DRAFT = sa.Table(
    "office_draft",
    DURABLE,
    sa.Column("draft_id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False, index=True),
    sa.Column("bodies", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("thing", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("saved_at", sa.Text, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False, index=True),
)
"""What somebody typed in the office and has not recorded (api/office/desk/drafts.py): whose it is, and with
whose colleagues it is shared (``bodies``: JSON list of councils and groups). ``kind`` and ``thing``: which
form, on what; ``address``: where it goes on; ``content``: JSON. Rows go when they expire, or when it is
recorded."""

OFFICE_DRAFT_OPEN = sa.Table(
    "office_draft_open",
    DURABLE,
    sa.Column("draft_id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("opened_at", sa.Text, nullable=False),
)
"""Who had a draft open, and when last."""

MEETING_REPLY = sa.Table(
    "meeting_reply",
    DURABLE,
    sa.Column("meeting_id", sa.Text, primary_key=True),
    sa.Column("appointment_id", sa.Text, primary_key=True),
    sa.Column("reply", sa.Text, nullable=False),
    sa.Column("replied_at", sa.Text, nullable=False),
)
"""What a member answered to the notice of a meeting: ``present``, ``online`` or ``absent``. An answer is no
fact of the meeting; that somebody sent word of being absent is one, and stands in the record as well."""

PENDING_SHEET = sa.Table(
    "pending_sheet",
    DURABLE,
    sa.Column("sheet_id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("book", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False, index=True),
)
"""Tables and minutes that somebody pasted or sent and has not recorded yet (api/office/tables): ``content``
as it came, ``book`` as it was read (JSON), ``state`` what was chosen and mended since (JSON). They hold
names: a row goes when it is recorded, discarded, or has lain for two weeks."""

SHEET_LINK = sa.Table(
    "sheet_link",
    DURABLE,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("sheet_id", sa.Text, nullable=False, index=True),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False),
    sa.Column("opened_at", sa.Text),
    sa.Column("browser", sa.Text, unique=True),
    sa.Column("ended_at", sa.Text),
)
"""One-time links by which the citizens' side of an evaluation sheet writes without an account, by the SHA-256
of their secret (api/access/sheet_links.py). ``browser``: the SHA-256 of the secret that the browser holds
which opened it. Nothing here says whether that side has submitted anything."""


def built(connection: sa.Connection) -> dict[str, tuple[int, str]]:
    """Of each view that was ever built: the version and the fingerprint of the code of its live tables."""
    rows = connection.execute(sa.select(VIEW_BUILD.c.view, VIEW_BUILD.c.version, VIEW_BUILD.c.fingerprint))
    return {row.view: (row.version, row.fingerprint) for row in rows}
