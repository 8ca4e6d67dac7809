"""The city's identity provider, asked by OpenID Connect (authorization code with PKCE).

Authlib builds the addresses, keeps state, nonce and verifier in the form cookie, and checks the
token: signature, issuer, audience, nonce, time (OpenID Connect Core 3.1.3.7).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, session
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug import Response

from hosting.runtime.clock import now
from hosting.runtime.errors import Invalid, Unavailable
from hosting.runtime.language import N_
from hosting.runtime.settings import Settings

log = logging.getLogger(__name__)

Purpose = Literal["sign_in", "link", "proof"]

_NAME = "city"
_KEPT = "openid"
_TIMEOUT_SECONDS = 5
# How long ago somebody may have typed their password there to count as a proof here.
_FRESH_SECONDS = 120
# RFC 8176: what a provider says when it has asked for more than one factor.
_STRONG = frozenset({"mfa", "otp", "hwk", "swk", "sc", "fpt", "face"})
_SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})


@dataclass(frozen=True)
class Known:
    """Whom the provider has recognised; `method` is "openid_mfa" when it asked for two factors."""

    issuer: str
    subject: str
    claims: dict[str, Any]
    method: str


@dataclass(frozen=True)
class Return:
    """What somebody who comes back from the provider had left for."""

    purpose: Purpose
    address: str
    account_id: int


def init_openid(app: Flask, settings: Settings) -> None:
    """Let the console know the provider, where one is set; asks it nothing yet."""
    oauth = OAuth(app)
    app.extensions["jiyue_openid"] = oauth
    if not settings.openid_issuer:
        return
    oauth.register(
        name=_NAME,
        server_metadata_url=f"{settings.openid_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=settings.openid_client_id,
        client_secret=Path(settings.openid_client_secret_file).read_text(encoding="utf-8").strip(),
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT_SECONDS,
        },
    )


def go_there(
    settings: Settings, purpose: Purpose, *, back_to: str, address: str, account_id: int = 0
) -> Response:
    """The way to the provider; it sends people back to `back_to`, an address of ours.

    Raises Unavailable when the provider can't be asked where that is.
    """
    session[_KEPT] = {"purpose": purpose, "address": address, "account_id": str(account_id)}
    # Whoever proves who they are types their password anew, whatever is still open there.
    fresh: dict[str, Any] = {"prompt": "login", "max_age": 0} if purpose == "proof" else {}
    try:
        _require_own_issuer(settings)
        return cast("Response", _client().authorize_redirect(back_to, **fresh))
    except (RequestException, RuntimeError, ValueError) as error:
        raise _away(error) from error


def came_back(settings: Settings) -> tuple[Known, Return]:
    """Who came back, and what for.

    Raises Invalid when the provider says no or the answer isn't one to a question of this browser,
    Unavailable when the provider can't be reached.
    """
    kept = session.pop(_KEPT, None)
    try:
        _require_own_issuer(settings)
        token = _client().authorize_access_token()
    except RequestException as error:
        raise _away(error) from error
    except (AuthlibBaseError, JoseError, RuntimeError, ValueError) as error:
        log.warning("the identity provider's answer was refused: %s", error)
        raise _refused() from error
    claims = token.get("userinfo")
    if not kept or not claims or claims.get("iss") != settings.openid_issuer:
        raise _refused()
    answered = Return(kept["purpose"], kept["address"], int(kept["account_id"]))
    _require_fresh(answered, claims)
    strong = _STRONG & set(claims.get("amr") or ())
    method = "openid_mfa" if strong else "openid"
    return Known(settings.openid_issuer, str(claims["sub"]), dict(claims), method), answered


def _require_fresh(answered: Return, claims: dict[str, Any]) -> None:
    """A proof counts only when the provider says that it asked for the password just now."""
    if answered.purpose != "proof":
        return
    at = claims.get("auth_time")
    if not isinstance(at, int) or now().timestamp() - at > _FRESH_SECONDS:
        raise _refused()


def _require_own_issuer(settings: Settings) -> None:
    """Refuse metadata that names another issuer (OpenID Connect Discovery 4.3).

    Tokens without a signature, or with one by the shared secret, are refused whatever it offers.
    """
    metadata = _client().load_server_metadata()
    if metadata.get("issuer") != settings.openid_issuer:
        raise ValueError("the metadata names another issuer")
    offered = metadata.get("id_token_signing_alg_values_supported") or ()
    metadata["id_token_signing_alg_values_supported"] = sorted(_SIGNATURES & set(offered))


def _client() -> Any:
    client = current_app.extensions["jiyue_openid"].create_client(_NAME)
    if client is None:
        raise Invalid("no_openid", N_("本平台没有接入统一身份认证"))
    return client


def _away(error: Exception) -> Unavailable:
    log.warning("the identity provider cannot be asked: %s", type(error).__name__)
    return Unavailable("openid_away", N_("统一身份认证暂时无法使用，请用密码登录，或稍后再试"))


def _refused() -> Invalid:
    return Invalid("openid_refused", N_("统一身份认证没有通过，请重新登录"))
