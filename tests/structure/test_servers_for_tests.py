"""The throw-away servers answer, are empty, and hold the roles that production has."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

import boto3
import psycopg
import pytest
from redis import Redis

from parts.programs import free_port

if TYPE_CHECKING:
    from parts.browser import OpenPage
    from parts.gateway import StartNginx
    from parts.postgresql import Cluster, DatabaseUrls

ROLES = ("jiyue_owner", "jiyue_tenant", "jiyue_platform")


def connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


@pytest.mark.postgresql
def test_no_role_of_the_platform_is_above_row_level_security(postgresql_cluster: Cluster) -> None:
    with postgresql_cluster.connect() as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = ANY(%s)",
            [list(ROLES)],
        ).fetchall()

    assert sorted(row[0] for row in rows) == sorted(ROLES)
    assert all(not any(row[1:]) for row in rows)


@pytest.mark.postgresql
def test_only_the_owner_makes_tables_and_the_others_see_none_that_is_not_granted(
    postgresql_database: DatabaseUrls,
) -> None:
    with connected(postgresql_database.owner) as owner:
        owner.execute("CREATE TABLE thing (id bigint PRIMARY KEY)")

    for url in (postgresql_database.tenant, postgresql_database.platform):
        with connected(url) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE other (id bigint)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT * FROM thing")


@pytest.mark.postgresql
def test_a_database_made_of_a_template_has_its_tables(postgresql_cluster: Cluster) -> None:
    template = postgresql_cluster.create_database()
    with connected(template.owner) as owner:
        owner.execute("CREATE TABLE thing (id bigint PRIMARY KEY)")

    copy = postgresql_cluster.create_database(template)

    with connected(copy.owner) as connection:
        assert connection.execute("SELECT count(*) FROM thing").fetchone() == (0,)
    postgresql_cluster.drop_database(copy)
    postgresql_cluster.drop_database(template)


@pytest.mark.redis
def test_redis_starts_empty(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("key", "value")


@pytest.mark.storage
def test_the_s3_store_keeps_what_it_is_given(s3_url: str) -> None:
    bucket, endpoint = s3_url.removeprefix("s3://").split("?endpoint=")
    client = boto3.client("s3", endpoint_url=endpoint)

    client.put_object(Bucket=bucket, Key="1/abc", Body=b"content")

    assert client.get_object(Bucket=bucket, Key="1/abc")["Body"].read() == b"content"


@pytest.mark.gateway
def test_nginx_serves_by_a_given_configuration(start_nginx: StartNginx) -> None:
    port = free_port()
    server = f"server {{ listen 127.0.0.1:{port}; return 200 'here'; }}"
    start_nginx(f"pid nginx.pid; events {{ }} http {{ access_log off; {server} }}", port)
    connection = http.client.HTTPConnection("127.0.0.1", port)

    connection.request("GET", "/", headers={"Host": "www.yunxi.localhost"})

    assert connection.getresponse().read() == b"here"
    connection.close()


@pytest.mark.browser
def test_chromium_opens_a_page(open_page: OpenPage) -> None:
    page = open_page(width=360)

    page.goto("data:text/html;charset=utf-8,<title>云溪市人民政府</title>")

    assert page.title() == "云溪市人民政府"
    assert page.viewport_size == {"width": 360, "height": 900}
