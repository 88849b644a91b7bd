"""To an OpenID provider and back. The way there is a link, not a form: a policy that keeps forms here would
not let it go anywhere else. The way back is one address for every language, which the provider knows."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from api.access import access_log, steps
from api.access.accounts import Account
from api.access.delays import network_of
from api.access.identities import Identities
from api.access.rates import Rate, seconds_to_wait
from api.http.addresses import public_url
from api.http.language import in_language, language
from api.setup.one_moment import living
from api.setup.sign_in_settings import OidcProvider
from api.setup.store import record_settings, record_store
from api.signing_in import oidc_client
from api.signing_in.opening import keep_problem, open_session
from api.signing_in.page import STEP_SPENT, local_path
from domain.values.refusal import Refusal

FAILURES = Rate("directory", 20, 3_600)
"""Lines of the access log about one network's refused answers of a provider."""

blueprint = Blueprint("oidc", __name__, url_prefix="/signin/oidc")
coming_back = Blueprint("oidc_back", __name__, url_prefix="/signin/oidc")


@blueprint.get("/<name>")
def go(name: str) -> Response:
    """Go to the provider."""
    provider = _provider(name)
    try:
        address, step = oidc_client.begin(provider, _redirect_uri(provider))
    except Refusal as refused:
        return _say(refused, language())
    after = local_path(request.args.get("next"))
    steps.begin("oidc", {**step, "after": after, "language": language()})
    answer = redirect(address, 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@coming_back.get("/<name>/callback")
def come_back(name: str) -> Response:
    """Come back from the provider, with its answer about who has signed in there."""
    provider = _provider(name)
    step = steps.take("oidc")
    if step is None or step["provider"] != name:
        return _say(STEP_SPENT(), "ja" if step is None else step["language"])
    try:
        claims = oidc_client.finish(provider, step, request.args.to_dict(), _redirect_uri(provider))
        account = _account(provider, claims)
    except Refusal as refused:
        network = f"network {network_of(request.remote_addr)}"
        if not seconds_to_wait(FAILURES, network):
            access_log.sign_in_refused(refused.code, "Account.sign_in_by_directory")
        return _say(refused, step["language"])
    how = "Account.sign_in_by_directory"
    return open_session(account, step["after"], "oidc", how, step["language"])


def _account(provider: OidcProvider, claims: dict[str, object]) -> Account:
    identities = Identities(record_store().engine, reading=living)
    account, made = identities.account_of(provider, claims)
    if made:
        access_log.account_changed("ACCOUNT_ADDED", account, "Account.sign_in_by_directory")
    return account


def _say(refused: Refusal, tag: str) -> Response:
    """On the sign-in page, in the language in which it was begun."""
    keep_problem(refused.code, {name: str(value) for name, value in refused.params.items()})
    answer = redirect(in_language(tag, "/signin"), 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _provider(name: str) -> OidcProvider:
    provider = record_settings().sign_in.provider(name)
    if provider is None:
        raise NotFound
    return provider


def _redirect_uri(provider: OidcProvider) -> str:
    return f"{public_url()}/signin/oidc/{provider.name}/callback"
