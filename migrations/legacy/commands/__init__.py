"""`jiyue legacy …`: importing the modules puts their commands into the group."""

from migrations.legacy.commands import moving, planning
from migrations.legacy.commands.edges import legacy_group

__all__ = ["legacy_group", "moving", "planning"]
