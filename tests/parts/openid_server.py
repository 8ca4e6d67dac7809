"""A throw-away identity provider (Canaille) on a loopback port; run by its own Python.

    python -P openid_server.py PORT REDIRECT_ADDRESS DATABASE_FILE

Knows two people, `han` and `li`, and one client, the platform.
"""

from __future__ import annotations

import secrets
import sys

from canaille import create_app
from canaille.app import models
from canaille.oidc import provider as oidc
from joserfc.jwk import RSAKey

PASSWORD = "correct horse battery staple"
CLIENT_ID = "jiyue"
CLIENT_SECRET = "a secret between the two"


def main(port: int, redirect_address: str, database: str) -> None:
    """Serve until ended."""
    # Its own access tokens are equal when two are asked for in one second, which its table refuses.
    oidc.generate_access_token = lambda *_a, **_k: secrets.token_urlsafe(48)
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    app = create_app(
        config={
            "SECRET_KEY": "of a server that lives for a test",
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "sql", "JAVASCRIPT": False, "HTMX": False},
            # Its store in memory gives out any code for any other.
            "CANAILLE_SQL": {"DATABASE_URI": f"sqlite:///{database}"},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
        }
    )
    with app.app_context():
        for login in ("han", "li"):
            app.backend.save(_person(login))
        client = _client(redirect_address)
        app.backend.save(client)
        client.audience = [client]
        app.backend.save(client)
    app.run("127.0.0.1", port, threaded=True)


def _person(login: str) -> object:
    return models.User(
        formatted_name=login,
        family_name=login,
        user_name=login,
        emails=[f"{login}@example.org"],
        password=PASSWORD,
    )


def _client(redirect_address: str) -> models.Client:
    return models.Client(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_name="Jiyue",
        client_uri="http://console.localhost:8000",
        redirect_uris=[redirect_address],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "profile"],
        token_endpoint_auth_method="client_secret_basic",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
