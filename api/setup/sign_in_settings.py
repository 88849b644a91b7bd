"""How people sign in to a record: by the city's directory, behind a proxy that has signed them in, or here.

=======================  =============  ================================================================
variable                 default        what it is
=======================  =============  ================================================================
LOCAL_SIGN_IN            yes            names with passwords, and passkeys; no: only what stands below
SECOND_FACTOR_OF_STAFF   no             who holds a role of the office needs a passkey, or a code of an
                                        authenticator app beside the password
INVITATION_DAYS          7              an invitation can be used for so many days
ACCESS_LOG_DAYS          400            lines of the access log stay for so many days
OIDC_ISSUER              none           the OpenID provider, as it calls itself
OIDC_CLIENT_ID           none           what this service is called there
OIDC_CLIENT_SECRET       none           its secret there
OIDC_LABEL               the issuer     what the button says: サインイン（…）
OIDC_SCOPE               openid         what is asked for
                         profile email
OIDC_CLAIM               preferred_     the claim that names the account
                         username
OIDC_DOMAIN              none           what follows @ in that claim, and is cut off; others are refused
OIDC_CREATE_ACCOUNTS     no             whoever has no account yet gets one, without any role
OIDC_PROVIDERS           none           several of them: ``entra keycloak``, each with the variables
                                        above, ``OIDC_ENTRA_ISSUER``, ``OIDC_KEYCLOAK_ISSUER`` …
TRUSTED_HEADER           none           the header in which a proxy says who has signed in there
TRUSTED_HEADER_PROXY     none           the addresses of that proxy, and of nobody else
=======================  =============  ================================================================

Read with the other settings (api/setup/config.py).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from environs import Env
from marshmallow.validate import Range

Unusable = Callable[..., Exception]
"""Makes the refusal of a setting: ``name``, ``why``, ``why_en``."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class OidcProvider:
    """An OpenID provider that people sign in with. ``name`` stands in addresses."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    scope: str = "openid profile email"
    claim: str = "preferred_username"
    domain: str | None = None
    create_accounts: bool = False


@dataclass(frozen=True)
class TrustedHeader:
    """The header that one proxy sets to who has signed in there, and the networks which that proxy is."""

    name: str
    proxies: tuple[str, ...]

    def believes(self, address: str | None) -> bool:
        """Whether what came from this address came from the proxy."""
        try:
            ip = ipaddress.ip_address(address or "")
        except ValueError:
            return False
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        return any(ip in ipaddress.ip_network(proxy, strict=False) for proxy in self.proxies)


@dataclass(frozen=True)
class SignInSettings:
    """How people sign in to one record."""

    local: bool = True
    second_factor_of_staff: bool = False
    invitation_days: int = 7
    access_log_days: int = 400
    providers: tuple[OidcProvider, ...] = ()
    header: TrustedHeader | None = None

    def provider(self, name: str) -> OidcProvider | None:
        return next((provider for provider in self.providers if provider.name == name), None)

    def masked(self) -> dict[str, Any]:
        """Every setting by its variable's name, with secrets masked."""
        shown: dict[str, Any] = {
            "LOCAL_SIGN_IN": self.local,
            "SECOND_FACTOR_OF_STAFF": self.second_factor_of_staff,
            "INVITATION_DAYS": self.invitation_days,
            "ACCESS_LOG_DAYS": self.access_log_days,
            "OIDC_PROVIDERS": " ".join(provider.name for provider in self.providers) or None,
            "TRUSTED_HEADER": self.header.name if self.header else None,
            "TRUSTED_HEADER_PROXY": " ".join(self.header.proxies) if self.header else None,
        }
        for provider in self.providers:
            values = vars(provider) | {"client_secret": "***" if provider.client_secret else None}
            own = {name: value for name, value in values.items() if name != "name"}
            shown |= {f"{_prefix(provider.name)}{name.upper()}": value for name, value in own.items()}
        return shown


ONE = "oidc"
"""The name of the provider where there is one, and it was given none."""


def read_sign_in(env: Env, public_url: str | None, unusable: Unusable) -> SignInSettings:
    """How people sign in, as the environment says."""
    usual = SignInSettings
    named = [name for name in re.split(r"[\s,]+", env.str("OIDC_PROVIDERS", "").lower()) if name]
    if not named and env.str("OIDC_ISSUER", ""):
        named = [ONE]
    for name in named:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", name):
            why, why_en = f"「{name}」は英小文字・数字・ハイフンの名前ではありません", f"“{name}” is no name"
            raise unusable(name="OIDC_PROVIDERS", why=why, why_en=why_en)
    if named and public_url is None:
        why, why_en = "OIDC には記録の公開アドレスが要ります", "OIDC needs the address of the record"
        raise unusable(name="PUBLIC_URL", why=why, why_en=why_en)
    return SignInSettings(
        local=env.bool("LOCAL_SIGN_IN", usual.local),
        second_factor_of_staff=env.bool("SECOND_FACTOR_OF_STAFF", usual.second_factor_of_staff),
        invitation_days=env.int("INVITATION_DAYS", usual.invitation_days, validate=Range(1, 60)),
        access_log_days=env.int("ACCESS_LOG_DAYS", usual.access_log_days, validate=Range(1, 36_500)),
        providers=tuple(_provider(env, name, unusable) for name in dict.fromkeys(named)),
        header=_header(env, unusable),
    )


def _prefix(name: str) -> str:
    return "OIDC_" if name == ONE else f"OIDC_{name.upper().replace('-', '_')}_"


def _provider(env: Env, name: str, unusable: Unusable) -> OidcProvider:
    prefix, usual = _prefix(name), OidcProvider
    issuer, client_id = env.str(f"{prefix}ISSUER", ""), env.str(f"{prefix}CLIENT_ID", "")
    address = urlsplit(issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _LOOPBACK):
        why, why_en = "https:// で始まるアドレスです", "it begins with https://"
        raise unusable(name=f"{prefix}ISSUER", why=why, why_en=why_en)
    if not client_id:
        raise unusable(name=f"{prefix}CLIENT_ID", why="値がありません", why_en="it is empty")
    return OidcProvider(
        name=name,
        label=env.str(f"{prefix}LABEL", "") or address.netloc,
        issuer=issuer,
        client_id=client_id,
        client_secret=env.str(f"{prefix}CLIENT_SECRET", "") or None,
        scope=env.str(f"{prefix}SCOPE", usual.scope),
        claim=env.str(f"{prefix}CLAIM", usual.claim),
        domain=env.str(f"{prefix}DOMAIN", "").lower().removeprefix("@") or None,
        create_accounts=env.bool(f"{prefix}CREATE_ACCOUNTS", usual.create_accounts),
    )


def _header(env: Env, unusable: Unusable) -> TrustedHeader | None:
    name = env.str("TRUSTED_HEADER", "")
    proxies = [part for part in re.split(r"[\s,]+", env.str("TRUSTED_HEADER_PROXY", "")) if part]
    if bool(name) != bool(proxies):
        missing = "TRUSTED_HEADER_PROXY" if name else "TRUSTED_HEADER"
        why, why_en = "ヘッダーの名前と代理サーバーのアドレスは両方が要ります", "header and proxy go together"
        raise unusable(name=missing, why=why, why_en=why_en)
    if name and not re.fullmatch(r"[A-Za-z0-9-]{1,60}", name):
        raise unusable(
            name="TRUSTED_HEADER", why="ヘッダーの名前ではありません", why_en="it is no header's name"
        )
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            why, why_en = f"「{proxy}」はアドレスではありません", f"“{proxy}” is not an address"
            raise unusable(name="TRUSTED_HEADER_PROXY", why=why, why_en=why_en) from None
    return TrustedHeader(name, tuple(proxies)) if name else None
