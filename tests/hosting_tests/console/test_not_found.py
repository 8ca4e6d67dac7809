"""What is missing and what is another tenant's look the same to the last byte (law 7)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hosting.console.not_found import BODY, HEADERS

MISSING = (
    "/nothing",
    "/t/river/refused/404",
    "/t/river/nothing",
    "/static/console/0/none.css",
    "/static/nobody/0/console.js",
    "/static/console/0/../area.py",
)


@pytest.mark.parametrize("address", MISSING)
def test_the_answer_is_the_constant_one(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status == "404 Not Found"
    assert answer.data == BODY
    assert tuple(answer.headers.items()) == HEADERS


def test_nothing_of_a_session_shows_in_it(client: FlaskClient) -> None:
    client.post("/t/river/form", data={})
    client.get("/t/river/guide", headers={"Cookie": "jiyue-form=broken"})

    answer = client.get("/t/river/refused/404", headers={"Accept-Language": "en"})

    assert tuple(answer.headers.items()) == HEADERS


def test_a_head_request_has_the_same_headers_and_no_body(client: FlaskClient) -> None:
    answer = client.head("/nothing")

    assert answer.data == b""
    assert tuple(answer.headers.items()) == HEADERS


def test_it_says_in_both_languages_what_to_do() -> None:
    text = BODY.decode()

    assert "请核对地址" in text
    assert 'lang="en"' in text
    assert "nonce" not in text
