"""`python -m bench [NAME …]`."""

from __future__ import annotations

import sys

from bench import (
    building,
    emergency,
    fairness,
    hosts,
    importing,
    large,
    opening,
    reading,
    reposting,
    saving,
    signing,
    walls,
)

ALL = {
    "reading": reading.run,
    "opening": opening.run,
    "signing": signing.run,
    "importing": importing.run,
    "saving": saving.run,
    "building": building.run,
    "large": large.run,
    "emergency": emergency.run,
    "walls": walls.run,
    "fairness": fairness.run,
    "hosts": hosts.run,
    "reposting": reposting.run,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, all without names; 2 for an unknown name."""
    if unknown := [name for name in names if name not in ALL]:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(ALL)}")
        return 2
    for name in names or ALL:
        print(f"== {name}", flush=True)
        for line in ALL[name]():
            print(line, flush=True)
    return 0


sys.exit(main(sys.argv[1:]))
