"""The operations' part in the platform."""

from __future__ import annotations

from hosting.ops.commands import demo, init, serve, signer, worker
from hosting.ops.gateway.commands import gateway
from hosting.runtime.areas import Area

area = Area(
    name="ops",
    needs=("publishing", "security"),
    commands=(init, demo, serve, worker, signer, gateway),
)
