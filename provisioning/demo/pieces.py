"""What the sample municipality publishes: official texts, and what its offices write."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from provisioning.demo.municipality import FOLDER, TenantPlan

_LAWS_FROM = "国家法律法规数据库"
_CHINESE_DAY = "{0.year}年{0.month}月{0.day}日"


@dataclass(frozen=True)
class Piece:
    """One item to be written; `key` is its own for ever, `text` is for `prose.to_html`.

    `service` names the wanted service of the home page that it is the guide to; `original` is the
    key of the piece that it is a translation of, `is_english` says how it is set.
    """

    key: str
    column: str
    title: str
    text: str
    day: date
    source: str
    author: str = ""
    doc_number: str = ""
    index_no: str = ""
    issuing_body: str = ""
    theme_class: str = ""
    validity: str = ""
    formed_date: date | None = None
    effective_date: date | None = None
    attachments: tuple[str, ...] = ()
    service: str = ""
    original: str = ""
    is_english: bool = False


class Day:
    """A day in a text: `{date}` as people write it, `{date:+15}` fifteen days later."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __format__(self, spec: str) -> str:
        return _CHINESE_DAY.format(self.day + timedelta(days=int(spec or 0)))


def pieces_of(tenant: TenantPlan, today: date) -> list[Piece]:
    """All pieces of a tenant, the oldest first; what its offices write is dated back from today."""
    pieces = [*_laws(tenant), *_standing(tenant, today), *_own(tenant, today)]
    return sorted(pieces, key=lambda piece: (piece.day, piece.key))


def _laws(tenant: TenantPlan) -> Iterator[Piece]:
    with gzip.open(FOLDER / "texts" / f"{tenant.code}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield _law(json.loads(line))


def _law(row: dict[str, Any]) -> Piece:
    history = "".join(f"（{line}）\n\n" for line in row["history"])
    return Piece(
        key=row["id"],
        column=row["column"],
        title=row["title"],
        text=history + row["text"],
        day=date.fromisoformat(row["date"]),
        source=_LAWS_FROM,
        doc_number=row["doc_number"] or "",
        issuing_body=row["issuing_body"],
        theme_class=row["kind"],
        effective_date=_day(row["effective_date"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _standing(tenant: TenantPlan, today: date) -> Iterator[Piece]:
    for entry in _entries("standing"):
        if tenant.kind in entry["kinds"]:
            yield _written(entry, tenant, today)


def _own(tenant: TenantPlan, today: date) -> Iterator[Piece]:
    for entry in _entries(tenant.code):
        yield _written(entry, tenant, today)


def _entries(name: str) -> list[dict[str, Any]]:
    table = tomllib.loads((FOLDER / "written" / f"{name}.toml").read_text(encoding="utf-8"))
    entries: list[dict[str, Any]] = table["item"]
    return entries


def _written(entry: dict[str, Any], tenant: TenantPlan, today: date) -> Piece:
    day = _day_of(entry, today)
    places: dict[str, object] = {
        **tenant.facts,
        "date": Day(day),
        "year": day.year,
        "last_year": day.year - 1,
    }

    def filled(key: str) -> str:
        return str(entry.get(key, "")).format_map(places)

    number = filled("doc_number")
    office = tenant.facts["office"]
    return Piece(
        key=f"{tenant.code}-{entry['id']}",
        column=entry["column"],
        title=filled("title"),
        text=filled("body"),
        day=day,
        source=filled("source") or office,
        author=filled("author"),
        doc_number=number,
        index_no=filled("index_no"),
        issuing_body=_issuer(number, tenant),
        theme_class=filled("theme"),
        validity=str(entry.get("validity", "有效" if number else "")),
        formed_date=day if number else None,
        attachments=tuple(entry.get("attachments", ())),
        service=str(entry.get("service", "")),
    )


def english_pieces_of(tenant: TenantPlan, today: date) -> list[Piece]:
    """What stands on a tenant's English site, the oldest first: mostly translations."""
    if tenant.english is None:
        return []
    originals = {each.key: each for each in (*_standing(tenant, today), *_own(tenant, today))}
    found = [_english(each, tenant, originals, today) for each in _entries(f"{tenant.code}.en")]
    return sorted(found, key=lambda piece: (piece.day, piece.key))


def _english(
    entry: dict[str, Any], tenant: TenantPlan, originals: dict[str, Piece], today: date
) -> Piece:
    assert tenant.english is not None
    key = f"{tenant.code}-{entry['of']}" if "of" in entry else ""
    day = originals[key].day if key else _day_of(entry, today)
    places = {**tenant.facts, "date": f"{day.day} {day:%B} {day.year}", "last_year": day.year - 1}
    return Piece(
        key=f"{tenant.code}-en-{entry['id']}",
        column=entry["column"],
        title=entry["title"],
        text=str(entry["body"]).format_map(places),
        day=day,
        source=tenant.english.name,
        doc_number=originals[key].doc_number if key else "",
        original=key,
        is_english=True,
    )


def _day_of(entry: dict[str, Any], today: date) -> date:
    """So many days ago, or on the last such day of the year: annual reports have their season."""
    if "days_ago" in entry:
        return today - timedelta(days=entry["days_ago"])
    month, day = map(int, entry["on"].split("-"))
    this_year = date(today.year, month, day)
    return this_year if this_year < today else date(today.year - 1, month, day)


def _issuer(number: str, tenant: TenantPlan) -> str:
    """Documents of the office bear 办 in their number, others are the organisation's own."""
    if not number:
        return ""
    return tenant.facts["office"] if "办发" in number else tenant.name
