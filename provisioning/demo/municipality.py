"""Who is in the sample municipality: its tenants, their facts, its people."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from provisioning.onboarding.opening import Opening
from provisioning.sites.opening import SiteOpening

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class SubsitePlan:
    """A township's subsite, below the county's column /xz/."""

    slug: str
    name: str
    short_name: str
    description: str

    @property
    def path(self) -> str:
        """Where it lies in the county's site."""
        return f"/xz/{self.slug}/"


@dataclass(frozen=True)
class EnglishPlan:
    """A tenant's site in English; `notice` tells its readers that it is a sample."""

    name: str
    short_name: str
    host: str
    notice: str

    @property
    def opening(self) -> SiteOpening:
        """How it is opened."""
        return SiteOpening("en", self.name, (self.host,), self.short_name)


@dataclass(frozen=True)
class TenantPlan:
    """A tenant of the sample; `facts` fill the places in its texts."""

    code: str
    name: str
    short_name: str
    kind: str
    host: str
    marks: dict[str, str]
    facts: dict[str, str]
    subsites: tuple[SubsitePlan, ...]
    english: EnglishPlan | None = None

    @property
    def opening(self) -> Opening:
        """How it is opened."""
        return Opening(
            code=self.code,
            name=self.name,
            short_name=self.short_name,
            kind=self.kind,
            hosts=(self.host,),
            site_facts=self.marks,
        )

    @property
    def contact(self) -> dict[str, str]:
        """What the site's footer names."""
        return {key: self.facts[key] for key in ("address", "postcode", "phone", "email")}


@dataclass(frozen=True)
class PersonPlan:
    """Somebody who works there: `tenant` "" on the platform, `column` "" in the whole tenant."""

    login: str
    name: str
    role: str
    tenant: str = ""
    column: str = ""


@dataclass(frozen=True)
class Municipality:
    """The sample municipality; `notice` tells readers that it is one."""

    notice: str
    tenants: tuple[TenantPlan, ...]
    people: tuple[PersonPlan, ...]

    def people_of(self, code: str) -> dict[str, PersonPlan]:
        """Those who hold a role in a whole tenant, by role."""
        return {p.role: p for p in self.people if p.tenant == code and not p.column}


_MARKS = ("site_id_code", "icp_number", "police_number", "sponsor", "operator")


@cache
def municipality() -> Municipality:
    """The sample municipality as its file has it."""
    table = tomllib.loads((FOLDER / "municipality.toml").read_text(encoding="utf-8"))
    tenants = tuple(_tenant(entry) for entry in table["tenant"])
    return Municipality(table["notice"], tenants, tuple(_people(table, tenants)))


def _tenant(entry: dict[str, Any]) -> TenantPlan:
    return TenantPlan(
        code=entry["code"],
        name=entry["name"],
        short_name=entry["short_name"],
        kind=entry["kind"],
        host=entry["host"],
        marks={key: entry[key] for key in _MARKS},
        facts={"name": entry["name"], "short_name": entry["short_name"], **entry["facts"]},
        subsites=tuple(SubsitePlan(**each) for each in entry.get("subsite", [])),
        english=EnglishPlan(**entry["english"]) if "english" in entry else None,
    )


def _people(table: dict[str, Any], tenants: tuple[TenantPlan, ...]) -> list[PersonPlan]:
    people = [
        PersonPlan(entry["login"], entry["title"], entry["role"])
        for entry in table["platform_account"]
    ]
    for tenant in tenants:
        people += [
            PersonPlan(
                entry["login"].format(code=tenant.code),
                f"{tenant.short_name}{entry['title']}",
                entry["role"],
                tenant.code,
            )
            for entry in table["account"]
        ]
        people += [
            PersonPlan(
                entry["login"].format(slug=subsite.slug),
                f"{subsite.short_name}{entry['title']}",
                entry["role"],
                tenant.code,
                subsite.path,
            )
            for subsite in tenant.subsites
            for entry in table["subsite_account"]
        ]
    return people
