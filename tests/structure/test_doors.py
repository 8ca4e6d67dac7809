"""Where the platform talks to other machines, and that nothing read is ever run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from parts.house import Source, sources

# Who may ask another machine by HTTP, and why it is not the fetcher that does it.
ASKS = {
    "hosting.security.fetching": "the one door for addresses that users give",
    "hosting.security.openid": "the operator's own identity provider",
    "hosting.directory.asking": "our own gateway, named by the operator",
}
CLIENTS = {"requests", "urllib3", "httpx", "aiohttp", "http.client", "urllib.request", "ftplib"}

# Formats whose reading runs what was written, and functions that run text.
RUNS = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "cloudpickle"}
RUNNING_CALLS = {"eval", "exec", "yaml.load", "yaml.unsafe_load", "os.system", "os.popen"}


def imported(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def is_of(name: str, modules: set[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in modules)


def test_addresses_are_fetched_by_one_door_alone() -> None:
    asking = {
        source.module
        for source in sources()
        if any(is_of(name, CLIENTS) for name in imported(source))
    }

    assert asking - ASKS.keys() == set(), "fetch what users name by hosting.security.fetching"
    assert ASKS.keys() - asking == set(), "listed, but it asks nobody"


def test_nothing_that_is_read_is_run() -> None:
    found = [
        f"{source.module}: {name}"
        for source in sources()
        for name in imported(source)
        if is_of(name, RUNS)
    ]
    found += [
        source.at(node)
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in RUNNING_CALLS
    ]

    assert found == []
