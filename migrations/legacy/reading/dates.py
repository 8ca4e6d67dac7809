"""Dates as Chinese pages write them, and what says that a date is the date of publication."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, tzinfo

_DATE = (
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*(?:年|[-/.])\s*(?P<month>\d{1,2})\s*(?:月|[-/.])\s*"
    r"(?P<day>\d{1,2})(?!\d)\s*日?"
    r"(?:[\sT]*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})(?:\s*[:分]\s*(?P<second>\d{1,2}))?)?"
)
DATE = re.compile(_DATE)
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)")
# Words that stand before a date of publication; a page may show when it was changed too.
PUBLISHED = (
    r"(?:发布|发表|发稿|公开|公布|刊登|上网|上传|添加|录入|创建|生成|更新|编辑|提交|信息|文章|稿件)?"
    r"\s*(?:时\s?间|日\s?期|于)|Date|Time|Posted|Published"
)
_LABELLED = re.compile(rf"(?P<label>{PUBLISHED})\s*[:\]】]?\s*[\[【(]?\s*{_DATE}", re.IGNORECASE)
_BARE_DATE = re.sub(r"\?P<\w+>", "?:", _DATE)
_OUTER_FRONT = re.compile(rf"[\[(【\s]*{_BARE_DATE}[\])】\s]+")
_OUTER_BACK = re.compile(rf"\s+[\[(【]?\s*{_BARE_DATE}\s*[\])】]?$")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE = re.compile(
    r"(?P<year>[〇○零一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月"
    r"(?P<day>[一二三四五六七八九十]{1,3})日"
)


@dataclass(frozen=True)
class Dated:
    """A date as `written`, with the `label` before it; `exact` to the minute."""

    at: datetime
    written: str
    label: str = ""
    exact: bool = False


def labelled_date(text: str, zone: tzinfo) -> Dated | None:
    """The date with a word before it that says it is the date of publication.

    Where several dates are named, that of publication goes before a bare "date", and both before
    those of a change.
    """
    matches = (_dated(m, zone, squeeze_label(m["label"])) for m in _LABELLED.finditer(_plain(text)))
    return min((found for found in matches if found), key=_label_rank, default=None)


def _label_rank(found: Dated) -> int:
    if re.match(r"发[布表稿]|公[开布]|刊登|上网|Publish|Post", found.label):
        return 0
    return 2 if re.match(r"更新|修改|编辑|录入|创建|生成|添加", found.label) else 1


def first_date(text: str, zone: tzinfo) -> Dated | None:
    """The first date, whatever stands before it; Chinese numerals last."""
    plain = _plain(text)
    for match in DATE.finditer(plain):
        if (found := _dated(match, zone)) is not None:
            return found
    return chinese_date(plain, zone)


def chinese_date(text: str, zone: tzinfo) -> Dated | None:
    """二〇一八年七月六日, as documents are signed; the last one, where a text has several."""
    for match in reversed(list(_CHINESE.finditer(text))):
        year = match["year"].translate(_CHINESE_DIGITS)
        when = _moment(int(year), _numeral(match["month"]), _numeral(match["day"]), zone=zone)
        if when:
            return Dated(when, match[0])
    return None


def date_in_address(address: str, zone: tzinfo) -> Dated | None:
    """The date in an address: ``/20180706/``, ``t20180706_12.html``, ``/2018/07/06/``."""
    for pattern in (_COMPACT, DATE):
        for match in pattern.finditer(address.replace("_", " ")):
            if (found := _dated(match, zone)) is not None:
                return found
    return None


def has_date(text: str) -> bool:
    return DATE.search(_plain(text)) is not None


def without_dates(text: str) -> str:
    return DATE.sub(" ", _plain(text))


def without_outer_dates(text: str) -> str:
    """A list's line without the date before or behind its title; dates in the title stay."""
    plain = _plain(text)
    front = _OUTER_FRONT.match(plain)
    back = _OUTER_BACK.search(plain)
    kept = text[front.end() if front else 0 : back.start() if back else len(text)].strip()
    return kept or text


def squeeze_label(label: str) -> str:
    return re.sub(r"\s+", "", label)


def _plain(text: str) -> str:
    """Full-width digits and colons as ASCII ones, same length: positions stay."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFKC", c) if "！" <= c <= "～" else c for c in text)


def _dated(match: re.Match[str], zone: tzinfo, label: str = "") -> Dated | None:
    found = match.groupdict()
    names = ("year", "month", "day", "hour", "minute", "second")
    when = _moment(*(int(found.get(name) or 0) for name in names), zone=zone)
    written = match[0][len(match["label"]) :] if label else match[0]
    written = written.strip(" :[【(]】")
    return Dated(when, written, label, bool(found.get("minute"))) if when else None


def _moment(
    year: int,
    month: int,
    day: int,
    hour: int = 0,
    minute: int = 0,
    second: int = 0,
    *,
    zone: tzinfo,
) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _numeral(text: str) -> int:
    """十 to 三十一."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(text.translate(_CHINESE_DIGITS))
    return (int(tens.translate(_CHINESE_DIGITS)) if tens else 1) * 10 + (
        int(ones.translate(_CHINESE_DIGITS)) if ones else 0
    )
