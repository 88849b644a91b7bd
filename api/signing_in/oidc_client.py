"""What an OpenID provider says about who has signed in there: the code flow with PKCE (OpenID Connect Core
3.1, RFC 7636), by Authlib over httpx.

Every answer is held against what was asked: the state, the issuer (RFC 9207 too, where the provider knows
it), the signature by a key that the provider publishes, issuer, audience, times and nonce of the ID token. A
code that is used again is refused by the provider, and its state by us.
"""

from __future__ import annotations

import secrets
import threading
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.integrations.base_client import OAuthError
from authlib.oauth2 import OAuth2Error
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.sign_in_settings import OidcProvider
from domain.values.refusal import Refusal

with warnings.catch_warnings():
    # It would rather be used with httpx's successor. Both are the same to it.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import OAuth2Client

log = structlog.get_logger("kyodo")

OIDC_UNAVAILABLE = declare(
    503,
    "OIDC_UNAVAILABLE",
    ja="認証基盤「{label}」に、いまはつながりません。",
    en="The directory “{label}” cannot be reached at the moment.",
    rule=rules_of_service.DIRECTORY,
    next_ja="少し待ってから、もう一度お試しください。続くときは管理者に知らせてください。",
    next_en="Wait a moment and try again. If it goes on, tell the administrator.",
)
OIDC_REFUSED = declare(
    403,
    "OIDC_REFUSED",
    ja="認証基盤「{label}」からの返事を受け入れられませんでした。",
    en="The answer of the directory “{label}” was not accepted.",
    rule=rules_of_service.DIRECTORY,
    next_ja="サインインのページから、もう一度始めてください。続くときは、時刻を添えて管理者に知らせてください。",
    next_en="Begin again from the sign-in page. If it goes on, tell the administrator when it was.",
)

ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY = 60
"""Seconds by which the clocks of the two may differ."""
KNOWN_FOR = 3_600.0
"""Seconds for which what a provider publishes about itself is believed."""
ASKED_AGAIN_AFTER = 30.0
"""Seconds before keys are asked for anew because one is missing: nobody makes us ask on and on."""
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class _Known:
    """What a provider has published: its addresses, its keys, and when it was asked."""

    metadata: dict[str, Any]
    asked_at: float
    keys: KeySet | None = None
    keys_asked_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


_known: dict[str, _Known] = {}


def begin(provider: OidcProvider, redirect_uri: str) -> tuple[str, dict[str, str]]:
    """The address at the provider to go to, and what has to be kept until the browser comes back."""
    metadata = _metadata(provider)
    step = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24)}
    step["verifier"] = secrets.token_urlsafe(48)
    with _client(provider, metadata, redirect_uri) as client:
        address, _ = client.create_authorization_url(
            metadata["authorization_endpoint"],
            state=step["state"],
            code_verifier=step["verifier"],
            nonce=step["nonce"],
        )
    return str(address), step | {"provider": provider.name}


def finish(
    provider: OidcProvider, step: Mapping[str, str], answer: Mapping[str, str], redirect_uri: str
) -> dict[str, Any]:
    """The claims of the ID token about who has signed in. Refuses ``OIDC_REFUSED``, ``OIDC_UNAVAILABLE``."""
    metadata = _metadata(provider)
    _check_answer(provider, metadata, step, answer)
    try:
        with _client(provider, metadata, redirect_uri) as client:
            token = client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=answer["code"],
                code_verifier=step["verifier"],
                redirect_uri=redirect_uri,
            )
    except httpx.HTTPError as error:
        raise _unavailable(provider, error) from None
    except (OAuthError, OAuth2Error, ValueError) as error:
        raise _refused(provider, f"token: {getattr(error, 'error', type(error).__name__)}") from None
    if not isinstance(token, Mapping) or not isinstance(token.get("id_token"), str):
        raise _refused(provider, "no ID token")
    try:
        return _claims(provider, metadata, token, step["nonce"])
    except (JoseError, ValueError, TypeError) as error:
        raise _refused(provider, f"ID token: {error}") from None


def _check_answer(
    provider: OidcProvider, metadata: dict[str, Any], step: Mapping[str, str], answer: Mapping[str, str]
) -> None:
    if not secrets.compare_digest(answer.get("state", "").encode(), step["state"].encode()):
        raise _refused(provider, "state")
    if "error" in answer:
        raise _refused(provider, f"error {answer['error'][:60]}")
    tells_issuer = metadata.get("authorization_response_iss_parameter_supported") is True
    if answer.get("iss", None if tells_issuer else provider.issuer) != provider.issuer:
        raise _refused(provider, "issuer of the answer")
    if not answer.get("code"):
        raise _refused(provider, "no code")


def _claims(
    provider: OidcProvider, metadata: dict[str, Any], token: Mapping[str, Any], nonce: str
) -> dict[str, Any]:
    try:
        read = jwt.decode(token["id_token"], _keys(provider, metadata), algorithms=list(ALGORITHMS))
    except (JoseError, ValueError):  # the provider may have changed its keys since
        keys = _keys(provider, metadata, anew=True)
        read = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
    claims = CodeIDToken(
        read.claims,
        read.header,
        options={
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
        },
        params={
            "nonce": nonce,
            "client_id": provider.client_id,
            "access_token": token.get("access_token"),
        },
    )
    claims.validate(leeway=LEEWAY)
    if not isinstance(claims["sub"], str) or not 1 <= len(claims["sub"]) <= 255:
        raise ValueError("sub")
    return dict(claims)


# ------------------------------------------------------------------------------- what it publishes


def _metadata(provider: OidcProvider) -> dict[str, Any]:
    """What the provider publishes about itself (OpenID Connect Discovery). It must call itself what we do."""
    known = _known.get(provider.issuer)
    if known is not None and time.monotonic() - known.asked_at < KNOWN_FOR:
        return known.metadata
    metadata = _fetch(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if metadata.get("issuer") != provider.issuer:
        raise _refused(provider, "issuer of the discovery")
    if not all(isinstance(metadata.get(name), str) for name in _NEEDED):
        raise _refused(provider, "discovery is not complete")
    _known[provider.issuer] = _Known(metadata, time.monotonic())
    return metadata


def _keys(provider: OidcProvider, metadata: dict[str, Any], *, anew: bool = False) -> KeySet:
    known = _known[provider.issuer]
    with known.lock:
        age = time.monotonic() - known.keys_asked_at
        if known.keys is None or age > KNOWN_FOR or (anew and age > ASKED_AGAIN_AFTER):
            published = _fetch(provider, metadata["jwks_uri"]).get("keys")
            usable = [key for key in published or () if _signs(key)]
            known.keys = KeySet.import_key_set({"keys": usable})
            known.keys_asked_at = time.monotonic()
        return known.keys


def _signs(key: Any) -> bool:
    return isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"


def forget() -> None:
    """Ask every provider anew what it publishes."""
    _known.clear()


def _fetch(provider: OidcProvider, address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=10, headers={"Accept": "application/json"})
        answer.raise_for_status()
        read = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise _unavailable(provider, error) from None
    if not isinstance(read, dict):
        raise _unavailable(provider, ValueError("not an object"))
    return read


def _client(provider: OidcProvider, metadata: dict[str, Any], redirect_uri: str) -> Any:
    offered = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    by_header = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
    return OAuth2Client(
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        token_endpoint_auth_method=by_header if provider.client_secret else "none",
        scope=provider.scope,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        timeout=10,
    )


def _unavailable(provider: OidcProvider, error: Exception) -> Refusal:
    log.error("directory unavailable", provider=provider.name, error=type(error).__name__)
    return OIDC_UNAVAILABLE(label=provider.label)


def _refused(provider: OidcProvider, why: str) -> Refusal:
    """What exactly did not hold stands in the log of the service: whoever tries it on learns nothing."""
    log.warning("answer of the directory refused", provider=provider.name, why=why[:200])
    return OIDC_REFUSED(label=provider.label)
