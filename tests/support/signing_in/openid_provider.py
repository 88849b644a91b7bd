"""An OpenID provider, small and real: discovery, authorization, the token endpoint with PKCE, and
its keys, over HTTP on a port of its own. Whoever comes to it is signed in as ``person``; what it says can be
bent, to see that it is not believed."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

CLIENT_ID, CLIENT_SECRET = "kyodo", "a secret between the two"
Claims = dict[str, Any]


class OpenIdProvider:
    """One provider: its keys, who is signed in there, and the codes that it has given out."""

    def __init__(self) -> None:
        self.issuer = ""
        self.keys: dict[str, RSAKey | ECKey] = {
            "RS256": RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"}),
            "ES256": ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"}),
        }
        self.algorithm = "RS256"
        self.person: Claims = {"sub": "s-1", "preferred_username": "yamada"}
        self.bend: Callable[[Claims], Claims] = dict
        """What it says in an ID token, made of what is true."""
        self.signs_with: RSAKey | ECKey | None = None
        self.codes: dict[str, dict[str, str]] = {}
        self.refused: list[str] = []
        """Why it refused requests at its token endpoint."""

    def app(self) -> Flask:
        made = Flask("openid-provider")
        made.add_url_rule("/.well-known/openid-configuration", view_func=self.discovery)
        made.add_url_rule("/keys", view_func=self.jwks)
        made.add_url_rule("/authorize", view_func=self.authorize)
        made.add_url_rule("/token", view_func=self.token, methods=["POST"])
        return made

    def discovery(self) -> Response:
        return jsonify(
            issuer=self.issuer,
            authorization_endpoint=f"{self.issuer}/authorize",
            token_endpoint=f"{self.issuer}/token",
            jwks_uri=f"{self.issuer}/keys",
            response_types_supported=["code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=list(self.keys),
            token_endpoint_auth_methods_supported=["client_secret_basic"],
            code_challenge_methods_supported=["S256"],
            authorization_response_iss_parameter_supported=True,
        )

    def jwks(self) -> Response:
        return jsonify(keys=[key.as_dict(private=False) for key in self.keys.values()])

    def authorize(self) -> Response:
        """Send the browser back with a code. Whoever it is has signed in here before."""
        asked = request.args
        assert asked["client_id"] == CLIENT_ID and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        names = ("redirect_uri", "code_challenge", "nonce")
        self.codes[code] = {name: asked[name] for name in names}
        answer = {"code": code, "state": asked["state"], "iss": self.issuer}
        return redirect(f"{asked['redirect_uri']}?{urlencode(answer)}")

    def token(self) -> tuple[Response, int] | Response:
        """An ID token for a code, once, for whoever knows the secret and what the challenge was made of."""
        form, known = request.form, self.codes.pop(request.form.get("code", ""), None)
        who = request.authorization
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if who is None or (who.username, who.password) != (CLIENT_ID, CLIENT_SECRET):
            return self._refuse("invalid_client")
        if known is None or form.get("redirect_uri") != known["redirect_uri"]:
            return self._refuse("invalid_grant")
        if challenge != known["code_challenge"]:
            return self._refuse("invalid_grant")
        now = int(time.time())
        true = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": known["nonce"]}
        key = self.keys[self.algorithm]
        header = {"alg": self.algorithm, "kid": key.kid}
        signed = jwt.encode(header, self.bend({**true, **self.person}), self.signs_with or key)
        return jsonify(access_token="opaque", token_type="Bearer", expires_in=300, id_token=signed)

    def _refuse(self, error: str) -> tuple[Response, int]:
        self.refused.append(error)
        return jsonify(error=error), 400


@contextmanager
def running_provider() -> Iterator[OpenIdProvider]:
    """A provider that answers on a port of its own, in a thread."""
    provider = OpenIdProvider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
