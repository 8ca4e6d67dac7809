"""What the platform says no to, by its stable code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hosting.runtime.errors import Refusal


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The block must be refused with this code."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code
