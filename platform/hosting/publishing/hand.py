"""One of the processes that render a whole site (`crew`); ends when nobody asks any more."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import IO, Any

from hosting.publishing.aside import AsideTree, Rendered
from hosting.publishing.blobs import open_store
from hosting.publishing.files import Files
from hosting.publishing.lock import SiteLock
from hosting.publishing.manifest.asking import open_signer
from hosting.publishing.plan_file import facts_of_line
from hosting.publishing.press import Press, Report
from hosting.runtime.environment import read_settings
from hosting.runtime.log_lines import write_log_lines
from hosting.runtime.runtime import Runtime


def main(order: dict[str, Any]) -> None:
    """Compose the platform, then render what is asked for on stdin."""
    write_log_lines()
    runtime = Runtime.open(read_settings())
    serve(runtime, order, sys.stdin, sys.stdout)
    runtime.close()


def serve(runtime: Runtime, order: dict[str, Any], asks: Iterable[str], told: IO[str]) -> None:
    """Render the batches that are asked for, one after another."""
    files = Files()
    press = Press(
        runtime,
        order["tenant_id"],
        order["site_id"],
        files,
        open_store(runtime.settings, files),
        open_signer(runtime.settings),
        SiteLock(order["lock"]),
        Report(),
    )
    tree = AsideTree(press, order["tree"], order["design_id"])
    for line in asks:
        told.write(json.dumps(_facts(tree.render(json.loads(line)))) + "\n")
        told.flush()


def _facts(rendered: Rendered) -> dict[str, Any]:
    return {
        "done": rendered.done,
        "failures": rendered.failures,
        "lines": [facts_of_line(line) for line in rendered.lines],
        "written": rendered.written,
    }


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
