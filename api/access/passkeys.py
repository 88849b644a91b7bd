"""Passkeys (WebAuthn): a key on somebody's device, opened there by finger, face or PIN.

A passkey is two factors at once (what one has, and what opens it), needs no user name, and works at this
address alone: a page that looks like ours gets nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import request
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.access import steps
from api.access.accounts import Account, Accounts, Clock, Connect, utc_now
from api.setup.store import record_settings
from projections.tables.durable import PASSKEY

NAME = "Kyodo Record"
MOST = 20
"""Passkeys of one account."""


@dataclass(frozen=True)
class Passkey:
    """A passkey as its owner sees it."""

    credential_id: str
    label: str
    created_at: str
    used_at: str | None


class Passkeys:
    """The passkeys of one record's accounts; ``clock`` and ``reading`` as of Accounts."""

    def __init__(self, engine: sa.Engine, clock: Clock = utc_now, reading: Connect | None = None):
        self.engine = engine
        self.clock = clock
        self.accounts = Accounts(engine, clock, reading)
        self.reading = self.accounts.reading

    def of(self, account: Account) -> list[Passkey]:
        """The passkeys of an account, the oldest first."""
        own = sa.select(PASSKEY).where(PASSKEY.c.account_id == account.account_id)
        with self.reading() as connection:
            rows = connection.execute(own.order_by(PASSKEY.c.created_at, PASSKEY.c.credential_id))
            return [Passkey(r.credential_id, r.label, r.created_at, r.used_at) for r in rows]

    # -- made

    def to_make(self, account: Account) -> str:
        """What the browser is asked for a new passkey, as JSON. It has ten minutes."""
        options = generate_registration_options(
            rp_id=_host(),
            rp_name=NAME,
            user_id=account.account_id.encode(),
            user_name=account.login,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(base64url_to_bytes(known.credential_id))
                for known in self.of(account)
            ],
        )
        challenge = bytes_to_base64url(options.challenge)
        steps.begin("new-passkey", {"challenge": challenge, "account": account.account_id})
        return options_to_json(options)

    def make(self, account: Account, answer: str, label: str) -> bool:
        """Keep the passkey that the browser made; False for an answer that is none to what was asked."""
        step = steps.take("new-passkey")
        if step is None or step["account"] != account.account_id or len(self.of(account)) >= MOST:
            return False
        try:
            made = verify_registration_response(
                credential=_read(answer),
                expected_challenge=base64url_to_bytes(step["challenge"]),
                expected_rp_id=_host(),
                expected_origin=_origin(),
                require_user_verification=True,
            )
            row = {
                "credential_id": bytes_to_base64url(made.credential_id),
                "account_id": account.account_id,
                "public_key": bytes_to_base64url(made.credential_public_key),
                "sign_count": made.sign_count,
                "label": label[:80],
                "created_at": self._now(),
            }
            with self.engine.begin() as connection:
                connection.execute(sa.insert(PASSKEY).values(row))
        except (WebAuthnException, ValueError, sa.exc.IntegrityError):
            return False
        return True

    # -- used

    def to_use(self) -> str:
        """What the browser is asked to sign in with a passkey, as JSON. It has ten minutes."""
        options = generate_authentication_options(
            rp_id=_host(), user_verification=UserVerificationRequirement.REQUIRED
        )
        steps.begin("passkey", {"challenge": bytes_to_base64url(options.challenge)})
        return options_to_json(options)

    def account_of(self, answer: str) -> Account | None:
        """The account whose passkey answered what was asked; None for anything else."""
        step = steps.take("passkey")
        try:
            credential = _read(answer)
            chosen = sa.select(PASSKEY).where(PASSKEY.c.credential_id == str(credential.get("id")))
            with self.reading() as connection:
                row = connection.execute(chosen).one_or_none()
            if step is None or row is None:
                return None
            used = verify_authentication_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(step["challenge"]),
                expected_rp_id=_host(),
                expected_origin=_origin(),
                credential_public_key=base64url_to_bytes(row.public_key),
                credential_current_sign_count=row.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            return None
        noted = sa.update(PASSKEY).where(PASSKEY.c.credential_id == row.credential_id)
        with self.engine.begin() as connection:
            connection.execute(noted.values(sign_count=used.new_sign_count, used_at=self._now()))
        account = self.accounts.with_id(row.account_id)
        return account if account and not account.disabled else None

    def remove(self, account: Account, credential_id: str | None = None) -> int:
        """Forget one of an account's own passkeys, or all of them; how many there were."""
        own = sa.delete(PASSKEY).where(PASSKEY.c.account_id == account.account_id)
        if credential_id is not None:
            own = own.where(PASSKEY.c.credential_id == credential_id)
        with self.engine.begin() as connection:
            return connection.execute(own).rowcount

    def _now(self) -> str:
        return self.clock().isoformat(timespec="seconds")


def _read(answer: str) -> dict[str, Any]:
    """The browser's answer. Raises ValueError for what is none."""
    read = json.loads(answer[:100_000] or "null")
    if not isinstance(read, dict):
        raise ValueError("no credential")
    return read


def _origin() -> str:
    """Where the pages are: the record's own address; without one, where this request came to."""
    public = urlsplit(record_settings().public_url or request.host_url)
    return f"{public.scheme}://{public.netloc}"


def _host() -> str:
    return urlsplit(_origin()).hostname or ""
