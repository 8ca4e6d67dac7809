"""Opening a tenant from the county blueprint in a running platform, until its home page answers."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.stage import Stage, host_of, spread, stage, timed

_FEW, _MANY, _ROUNDS = 10, 200, 15


def run() -> Iterator[str]:
    """At 10 tenants and at 200; the ratio says whether size matters."""
    with stage() as platform:
        _fill(platform, 0, _FEW)
        few = [timed(lambda n=n: _open(platform, f"few{n}")) for n in range(_ROUNDS)]  # type: ignore[misc]  # bound per round
        yield f"at {_FEW} tenants: {spread(few)}"
        _fill(platform, _FEW + _ROUNDS, _MANY)
        many = [timed(lambda n=n: _open(platform, f"many{n}")) for n in range(_ROUNDS)]  # type: ignore[misc]  # bound per round
        yield f"at {_MANY} tenants: {spread(many)}"
        yield f"ratio {_MANY} : {_FEW} tenants = {median(many) / median(few):.2f} (at most 1.2)"


def _fill(platform: Stage, first: int, last: int) -> None:
    for number in range(first, last):
        _open(platform, f"t{number}")


def _open(platform: Stage, code: str) -> None:
    platform.open(code)
    platform.wait(host_of(code), "/")
