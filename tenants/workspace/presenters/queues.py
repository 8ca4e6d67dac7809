"""The queue of a stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hosting.security.actor import Actor
from tenants.workspace.presenters.desk import WaitingLine, waiting_line
from tenants.workspace.presenters.states import STAGES
from tenants.workspace.presenters.trees import names
from tenants.workspace.queries.desk import StageQueue


@dataclass(frozen=True)
class QueueView:
    """What waits at a stage."""

    label: str
    lines: Sequence[WaitingLine]


def queue_view(found: StageQueue, actor: Actor) -> QueueView:
    """A queue in words."""
    columns = names(found.columns)
    return QueueView(
        label=STAGES[found.stage],
        lines=[waiting_line(each, columns, actor) for each in found.waiting],
    )
