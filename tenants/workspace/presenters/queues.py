"""The queue of a stage, with the ways to the others."""

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
    """What waits at a stage; `stages` are (stage, label, count) of all that this person signs."""

    stage: str
    label: str
    stages: Sequence[tuple[str, str, int]]
    lines: Sequence[WaitingLine]


def queues_view(found: StageQueue, actor: Actor) -> QueueView:
    """A queue in words."""
    columns = names(found.columns)
    return QueueView(
        stage=found.stage,
        label=STAGES[found.stage],
        stages=[(stage, STAGES[stage], count) for stage, count in found.counts.items()],
        lines=[waiting_line(each, columns, actor) for each in found.waiting],
    )
