"""What a person or an import says of an edition, checked, and the digest that signatures cover."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from hosting.runtime.errors import Problem
from hosting.runtime.language import N_

VALIDITIES = ("", "有效", "失效", "废止", "修改")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LENGTHS = {
    "title": 200,
    "subtitle": 200,
    "summary": 500,
    "keywords": 200,
    "source_name": 100,
    "author": 100,
    "doc_number": 80,
    "index_no": 80,
    "issuing_body": 200,
    "theme_class": 80,
    "original_date_source": 200,
}


@dataclass(frozen=True)
class Attachment:
    """A file to be offered below the text, under a name for readers."""

    asset_id: int
    name: str


@dataclass(frozen=True)
class EditionFacts:
    """All that a reader can see of an edition and all that decides where and when."""

    title: str
    column_id: int
    body_html: str = ""
    subtitle: str = ""
    summary: str = ""
    keywords: str = ""
    source_name: str = ""
    source_url: str = ""
    author: str = ""
    original_date: date | None = None
    original_date_source: str = ""
    publish_at: datetime | None = None
    doc_number: str = ""
    index_no: str = ""
    issuing_body: str = ""
    theme_class: str = ""
    validity: str = ""
    formed_date: date | None = None
    effective_date: date | None = None
    # When it is taken from the public again, and the last day on which it is in force (有效期至).
    withdraw_at: datetime | None = None
    valid_until: date | None = None
    # Names of attachments that the source promised and no longer has; the page says so.
    lost_attachments: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    extra_column_ids: tuple[int, ...] = ()
    # The item of the tenant's main site of which it is a translation.
    translation_of_id: int | None = None

    @property
    def column_ids(self) -> tuple[int, ...]:
        """The home column, then the others in which it is shown."""
        return (self.column_id, *self.extra_column_ids)


ROW_FIELDS = tuple(
    each.name
    for each in fields(EditionFacts)
    if each.name not in ("attachments", "extra_column_ids", "lost_attachments", "translation_of_id")
)
"""The facts that are columns of the edition's own row."""


def problems_of(facts: EditionFacts, *, prefix: str = "") -> list[Problem]:
    """All that is wrong with an edition's facts; fields are named with the prefix."""
    problems: list[Problem] = []

    def refuse(field: str, code: str, message: str, **said: object) -> None:
        problems.append(Problem(prefix + field, code, message, said))

    if not facts.title.strip():
        refuse("title", "title_missing", N_("请填写标题"))
    for field, limit in _LENGTHS.items():
        value = getattr(facts, field)
        if len(value) > limit:
            refuse(
                field,
                "too_long",
                N_("不得超过 {limit} 个字，现有 {length} 个"),
                limit=limit,
                length=len(value),
            )
        if _CONTROL.search(value):
            refuse(field, "control_characters", N_("含有不可见的控制字符，请删除后重试"))
    if facts.original_date and not facts.original_date_source.strip():
        refuse("original_date_source", "date_source_missing", N_("填写原始日期时须注明日期出处"))
    if facts.source_url and urlsplit(facts.source_url).scheme not in ("http", "https"):
        refuse("source_url", "wrong_address", N_("来源网址应以 http:// 或 https:// 开头"))
    if facts.validity not in VALIDITIES:
        refuse("validity", "wrong_validity", N_("有效性只能是有效、失效、废止或修改"))
    return [*problems, *_problems_of_times(facts, prefix)]


def _problems_of_times(facts: EditionFacts, prefix: str) -> list[Problem]:
    """What is wrong with when it goes out, comes down and ends."""
    wrong = [name for name in _TIMES if not _is_in_our_times(getattr(facts, name))]
    if wrong:
        return [Problem(prefix + name, "wrong_year", _WRONG_YEAR) for name in wrong]
    problems = []
    if facts.publish_at and facts.withdraw_at and facts.withdraw_at <= facts.publish_at:
        problems.append(Problem(prefix + "withdraw_at", "withdrawn_before_published", _TOO_EARLY))
    if facts.effective_date and facts.valid_until and facts.valid_until < facts.effective_date:
        problems.append(Problem(prefix + "valid_until", "ends_before_effect", _ENDS_TOO_EARLY))
    return problems


def _is_in_our_times(when: date | None) -> bool:
    """Whether it is a year that every clock and database here can reckon with, or nothing."""
    return when is None or when.year in range(1900, 3000)


_TIMES = ("publish_at", "withdraw_at", "valid_until")
_WRONG_YEAR = N_("年份应在 1900 至 2999 之间")
_TOO_EARLY = N_("撤下时间应晚于定时发布的时间")
_ENDS_TOO_EARLY = N_("有效期的最后一天不得早于施行日期")

_FIELDS = fields(EditionFacts)
# Facts that came later: where nothing is said of them an edition keeps the digest that was signed
# before they were known.
_LATER = ("withdraw_at", "valid_until", "translation_of_id")


def digest_of(facts: EditionFacts, *, attachments: list[tuple[str, str]], images: list[str]) -> str:
    """The digest a signature covers, "sha256:<hex>".

    `attachments` are (name, digest of the bytes) in order, `images` digests in the text's order.
    """
    # Not asdict(): it copies every value deeply, and this runs for each page that is rendered.
    said: dict[str, object] = {field.name: getattr(facts, field.name) for field in _FIELDS}
    for name in _LATER:
        if said[name] is None:
            del said[name]
    said["attachments"] = attachments
    said["images"] = images
    said["extra_column_ids"] = sorted(facts.extra_column_ids)
    return _digest(said)


def column_digest(column_id: int, name: str, facts: Mapping[str, object]) -> str:
    """The digest that signatures of an edition of a column cover, "sha256:<hex>"."""
    return _digest({"column_id": column_id, "name": name, **facts})


def banner_digest(
    title: str,
    facts: Mapping[str, object],
    publish_at: datetime | None,
    withdraw_at: datetime | None,
) -> str:
    """The digest that signatures of an edition of a banner cover, "sha256:<hex>"."""
    times = {"publish_at": publish_at, "withdraw_at": withdraw_at}
    return _digest({"banner": title, **facts, **times})


def _digest(said: Mapping[str, object]) -> str:
    text = json.dumps(
        said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot stand in a digest")
