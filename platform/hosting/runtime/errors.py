"""The closed family of refusals: what a caller may be told, and how each edge answers it.

Operations raise these; only the three edges (web, jobs, command line) turn them into a status, an
exit code or a retry.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

_A_MINUTE = 60


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input: where (`field`, "line 12", "hosts[0]"), what, and the facts.

    `message` is a gettext msgid with `{fact}` places.
    """

    field: str
    code: str
    message: str
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)


class Refusal(Exception):
    """Something a caller asked for that is not done; nothing of it has happened.

    `code` is stable and snake_case, `message` a gettext msgid with `{fact}` places.
    """

    status: ClassVar[int]
    exit_code: ClassVar[int] = 2
    retry: ClassVar[bool] = False

    def __init__(
        self, code: str, message: str, *, problems: list[Problem] | None = None, **facts: Any
    ) -> None:
        super().__init__(code, message, facts)
        self.code = code
        self.message = message
        self.facts = facts
        self.problems = problems or []

    @property
    def retry_after_seconds(self) -> int:
        """When trying again may help; 0: never. A refusal that knows better says it as a fact."""
        return int(self.facts.get("retry_after_seconds", _A_MINUTE)) if self.retry else 0

    def __str__(self) -> str:
        lines = [self.message.format_map(_Lenient(self.facts))]
        lines += [f"{p.field}: {p.message.format_map(_Lenient(p.facts))}" for p in self.problems]
        return "\n".join(lines)


class Invalid(Refusal):
    """The input is wrong; `problems` lists everything that is, not only the first."""

    status = 422


class NotFound(Refusal):
    """There is no such thing, or it is another tenant's: callers cannot tell which (law 7)."""

    status = 404


class Forbidden(Refusal):
    """It exists and may be seen, but this person may not do this to it."""

    status = 403


class Conflict(Refusal):
    """It was changed meanwhile, exists already, or is in the wrong state."""

    status = 409


class LimitReached(Refusal):
    """Too often, too many or too large; later or smaller it would do."""

    status = 429
    exit_code = 3
    retry = True


class Unavailable(Refusal):
    """A part that is needed does not answer; nothing is wrong with the request."""

    status = 503
    exit_code = 3
    retry = True


class _Lenient(dict[str, Any]):
    """Leave a `{place}` standing when its fact is missing: a message must never fail to show."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
