"""How a log line is written: one event, one line, nothing in it that a terminal would obey.

What people send ends up in logs: paths, names, answers of other servers. A line feed in it would
make a second event that never happened, an escape sequence would hide one (ASVS 5.0, 16.4.1).
"""

from __future__ import annotations

import logging
import re

# Controls of both sets, line and paragraph separators, marks that turn writing around or are not
# seen, halves of characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Of what is longer the beginning says what happened and the end, with an exception, why.
_HEAD, _TAIL = 4_000, 12_000


def spelled(text: str, kept: str = "") -> str:
    r"""The text with what is not seen spelled out (`\n`, `\x1b`), but for those `kept`."""
    return _UNSEEN.sub(lambda found: found[0] if found[0] in kept else _escape(found[0]), text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _shortened(line: str) -> str:
    left_out = len(line) - _HEAD - _TAIL
    if left_out <= 0:
        return line
    return f"{line[:_HEAD]} … {left_out} … {line[-_TAIL:]}"


class OneLine(logging.Formatter):
    """An event on one line, with its traceback behind it."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        """The line, without an end."""
        return _shortened(spelled(super().format(record)))


def write_log_lines(level: int = logging.WARNING) -> None:
    """Let this process log to stderr, where nothing else has been arranged."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.basicConfig(level=level, handlers=[handler])
