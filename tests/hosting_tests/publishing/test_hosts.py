"""The links under which servers find sites agree with the directory."""

from __future__ import annotations

from collections.abc import Callable

from hosting.directory.models import Domain, Site, Tenant
from hosting.directory.operations import bind_host, release_host, set_state
from hosting.publishing.files import Files
from hosting.publishing.hosts import bind_hosts, host_findings
from hosting.publishing.tree import PublicFolder
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain
from parts.platform import Place


def links(runtime: Runtime) -> dict[str, str]:
    """Every host and where its link leads."""
    folder = PublicFolder(runtime.settings.home).hosts
    return {path.name: str(path.readlink()) for path in sorted(folder.iterdir())}


def tenant_of(session: object, place: Place) -> Tenant:
    found = session.get(Tenant, place.tenant_id)  # type: ignore[attr-defined]
    assert isinstance(found, Tenant)
    return found


def test_every_host_of_the_directory_leads_to_its_site(
    press_runtime: Runtime, river: Place, hill: Place
) -> None:
    bind_hosts(press_runtime)

    assert links(press_runtime) == {
        river.host: f"../sites/{river.site_id}/current",
        hill.host: f"../sites/{hill.site_id}/current",
    }
    folder = PublicFolder(press_runtime.settings.home)
    assert (folder.hosts / river.host).resolve() == folder.site(river.site_id).tree(1)


class Overtaken(Files):
    """Files of a publisher whom somebody overtakes between making a link aside and its rename."""

    def __init__(self, overtake: Callable[[], object]) -> None:
        self._overtake = overtake

    def link(self, target: str, path: str) -> None:
        super().link(target, path)
        self._overtake()


def test_hosts_are_bound_while_the_sites_first_tree_is_being_made(
    press_runtime: Runtime, river: Place, hill: Place
) -> None:
    folder = PublicFolder(press_runtime.settings.home).site(river.site_id)

    folder.prepare(Overtaken(lambda: bind_hosts(press_runtime)), 2)

    assert folder.current_number() == 2
    bind_hosts(press_runtime)
    assert folder.current_number() == 2
    assert links(press_runtime)[river.host] == f"../sites/{river.site_id}/current"


def test_a_host_that_is_bound_or_released_follows_without_a_restart(
    press_runtime: Runtime, river: Place, hill: Place
) -> None:
    with press_runtime.platform_session(reason="test") as session:
        site = session.get(Site, (river.tenant_id, river.site_id))
        assert site is not None
        bind_host(session, site, "river.gov.cn", is_main=False)
    drain(press_runtime)
    assert links(press_runtime)["river.gov.cn"] == f"../sites/{river.site_id}/current"

    with press_runtime.platform_session(reason="test") as session:
        release_host(session, tenant_of(session, river), "river.gov.cn")
    drain(press_runtime)
    assert "river.gov.cn" not in links(press_runtime)


def test_a_suspended_tenants_hosts_show_a_notice_until_it_is_resumed(
    press_runtime: Runtime, river: Place, hill: Place
) -> None:
    bind_hosts(press_runtime)
    shown = []
    for state in ("suspended", "open", "closed"):
        with press_runtime.platform_session(reason="test") as session:
            set_state(session, tenant_of(session, river), state)
        drain(press_runtime)
        shown.append(links(press_runtime)[river.host])
        assert links(press_runtime)[hill.host] == f"../sites/{hill.site_id}/current"

    assert shown == [
        "../notices/suspended",
        f"../sites/{river.site_id}/current",
        "../notices/closed",
    ]


def test_links_that_nobody_ordered_are_removed(press_runtime: Runtime, river: Place) -> None:
    bind_hosts(press_runtime)
    hosts = PublicFolder(press_runtime.settings.home).hosts
    (hosts / "stolen.gov.cn").symlink_to(f"../sites/{river.site_id}/current")
    (hosts / river.host).unlink()
    (hosts / river.host).symlink_to("/etc")

    bound = bind_hosts(press_runtime)

    assert bound.removed == ["stolen.gov.cn"]
    assert links(press_runtime)[river.host] == f"../sites/{river.site_id}/current"


def test_a_folder_in_a_links_place_is_set_aside(press_runtime: Runtime, river: Place) -> None:
    hosts = PublicFolder(press_runtime.settings.home).hosts
    for name in (river.host, "phishing.example"):
        (hosts / name).mkdir(parents=True)
        (hosts / name / "index.html").write_text("假冒")

    assert {(f.problem, f.path) for f in host_findings(press_runtime)} == {
        ("altered", f"/hosts/{river.host}"),
        ("foreign", "/hosts/phishing.example"),
        ("missing", "/hosts/www.hill.gov.cn"),
    }
    bind_hosts(press_runtime)

    assert host_findings(press_runtime) == []
    assert links(press_runtime)[river.host] == f"../sites/{river.site_id}/current"
    kept = (press_runtime.settings.home / "quarantine").rglob("index.html")
    assert sorted(path.parent.name for path in kept) == ["phishing.example", river.host]


def test_a_host_name_that_is_a_path_never_becomes_one(press_runtime: Runtime, river: Place) -> None:
    with press_runtime.platform_session(reason="test") as session:
        for host in ("../../escape", ".hidden", "a/b"):
            session.add(Domain(host=host, for_tenant_id=river.tenant_id, site_id=river.site_id))

    bind_hosts(press_runtime)

    assert all("/" not in host and not host.startswith(".") for host in links(press_runtime))
    assert not (press_runtime.settings.home / "escape").exists()
