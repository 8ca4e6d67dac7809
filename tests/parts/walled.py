"""Rows behind the wall: each tenant has one column, called as the tenant's code."""

from __future__ import annotations

from typing import Any

import pytest

from hosting.runtime.runtime import Runtime
from parts.platform import Place
from tenants.sites.models import Column


def column_of(place: Place, **facts: Any) -> Column:
    """A tenant's column, not yet in a session."""
    facts = {"id": place.site_id + 5, "name": place.code, "slug": "a", "path": "/a/"} | facts
    return Column(site_id=place.site_id, **facts)


@pytest.fixture
def columns(each_runtime: Runtime, river: Place, hill: Place) -> Runtime:
    """Both tenants' columns, on each database."""
    for place in (river, hill):
        with each_runtime.tenant_session(place.tenant_id) as session:
            session.add(column_of(place))
    return each_runtime
