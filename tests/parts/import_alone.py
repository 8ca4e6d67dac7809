"""A program: import each module named on stdin into an interpreter that has none of ours.

A new interpreter for each would load SQLAlchemy and Flask each time. So the libraries that our
modules need are loaded once, and a fork is made for each of ours. Prints what fails; exits 1 then.

    python -P import_alone.py hosting,tenants < names   # -P: this folder is not searched
"""

from __future__ import annotations

import importlib
import json
import os
import sys


def imports_alone(module: str) -> bool:
    """Import it in a copy of this process; whether that went well."""
    child = os.fork()
    if child == 0:
        try:
            importlib.import_module(module)
        # Whatever it is, it is this module's failure and not ours.
        except BaseException as error:  # noqa: BLE001
            print(f"{module}: {type(error).__name__}: {error}", flush=True)
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def libraries(modules: list[str], ours: tuple[str, ...]) -> list[str]:
    """What importing all of them brings in that is not ours."""
    reader, writer = os.pipe()

    def tell() -> None:
        os.close(reader)
        for module in modules:
            try_to_import(module)
        foreign = [n for n in sys.modules if n.split(".")[0] not in ours and n != "__main__"]
        with os.fdopen(writer, "w") as out:
            json.dump(foreign, out)

    child = os.fork()
    if child == 0:
        tell()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        names: list[str] = json.load(told)
    os.waitpid(child, 0)
    return names


def try_to_import(module: str) -> None:
    """Import it, whether or not that works: its own turn comes."""
    try:
        importlib.import_module(module)
    except BaseException:  # noqa: BLE001
        return


def main() -> int:
    """Import each alone, and say which cannot be."""
    ours = tuple(sys.argv[1].split(","))
    modules = sys.stdin.read().split()
    for name in libraries(modules, ours):
        try_to_import(name)
    loaded = [name for name in sys.modules if name.split(".")[0] in ours]
    assert loaded == [], f"not a clean start: {loaded}"
    failed = [name for name in modules if not imports_alone(name)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
