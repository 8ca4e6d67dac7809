"""One line of an import: its shape, and all that is wrong with it.

`{external_id, old_address, title, body_html, date, date_source, source, source_url, author,
subtitle, summary, keywords, attachments: [{name, path}], doc_number, index_no, issuing_body,
formed_date, effective_date, valid_until, validity, theme_class}`; only external_id and title are
required. `valid_until` is the last day in force. Times to go out and come down are not taken in.
`date` is the original date, YYYY-MM-DD; attachment paths are relative to the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hosting.runtime.errors import Invalid, Problem
from hosting.runtime.language import N_
from hosting.security.html import check
from tenants.content.facts import EditionFacts, problems_of

_TEXTS = {
    "title": "title",
    "subtitle": "subtitle",
    "summary": "summary",
    "keywords": "keywords",
    "body_html": "body_html",
    "source": "source_name",
    "source_url": "source_url",
    "author": "author",
    "doc_number": "doc_number",
    "index_no": "index_no",
    "issuing_body": "issuing_body",
    "theme_class": "theme_class",
    "validity": "validity",
    "date_source": "original_date_source",
}
_DATES = {
    "date": "original_date",
    "formed_date": "formed_date",
    "effective_date": "effective_date",
    "valid_until": "valid_until",
}
_OTHERS = ("external_id", "old_address", "attachments")
DEFAULT_DATE_SOURCE = "导入文件"


@dataclass(frozen=True)
class ImportLine:
    """A checked line: `facts` without attachments, whose files are named by `attachments`."""

    number: int
    external_id: str
    old_address: str
    facts: EditionFacts
    attachments: tuple[tuple[str, Path], ...] = ()

    @property
    def where(self) -> str:
        """How reports name it."""
        return f"第 {self.number} 行"


LineCheck = Callable[[ImportLine], Iterable[Problem]]
"""What else can be wrong with a line, for whoever knows more than its shape."""


@dataclass
class Checked:
    """What the check of a whole file found."""

    lines: int = 0
    problems: list[Problem] = field(default_factory=list)


def read_lines(path: Path, column_id: int) -> Iterator[ImportLine]:
    """The lines of a file that `check_file` has passed, in order."""
    with path.open(encoding="utf-8-sig") as file:
        for number, text in enumerate(file, 1):
            if text.strip():
                problems: list[Problem] = []
                line = _read(number, text, path.parent, column_id, problems)
                if line is None:
                    raise refused(problems)
                yield line


def check_file(path: Path, column_id: int, *also: LineCheck) -> int:
    """How many lines a file has; Invalid with every problem of every line, and what to do.

    Nothing is taken from a file that has any problem.
    """
    checked = Checked()
    seen: dict[str, int] = {}
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, text in enumerate(file, 1):
                if text.strip():
                    checked.lines += 1
                    line = _check_line(number, text, path.parent, column_id, checked, seen)
                    checked.problems += [p for each in also if line for p in each(line)]
    except UnicodeDecodeError as error:
        problem = Problem(path.name, "not_utf8", N_("文件应为 UTF-8 编码，请转换后重试"))
        raise refused([*checked.problems, problem]) from error
    if checked.problems:
        raise refused(checked.problems)
    return checked.lines


def _check_line(
    number: int, text: str, folder: Path, column_id: int, checked: Checked, seen: dict[str, int]
) -> ImportLine | None:
    line = _read(number, text, folder, column_id, checked.problems)
    if line is None:
        return None
    try:
        check(line.facts.body_html)
    except Invalid as refusal:
        where = f"{line.where} body_html"
        checked.problems.append(Problem(where, refusal.code, refusal.message, refusal.facts))
    if line.external_id in seen:
        first = seen[line.external_id]
        checked.problems.append(
            Problem(
                f"第 {number} 行 external_id",
                "duplicate_external_id",
                N_("与第 {first} 行重复"),
                {"first": first},
            )
        )
    seen[line.external_id] = number
    return line


def refused(problems: list[Problem]) -> Invalid:
    """What is said of a file with problems."""
    return Invalid("wrong_import_file", N_("导入文件有误，一条也没有导入："), problems=problems)


def _read(
    number: int, text: str, folder: Path, column_id: int, problems: list[Problem]
) -> ImportLine | None:
    where = f"第 {number} 行"
    try:
        said = json.loads(text)
    except ValueError as error:
        reason = {"reason": str(error)}
        problems.append(Problem(where, "not_json", N_("不是完整的 JSON：{reason}"), reason))
        return None
    if not isinstance(said, dict):
        problems.append(Problem(where, "not_an_object", N_("每行应为一个 JSON 对象")))
        return None
    found = _shape_problems(said, where)
    facts = None if found else _facts(said, column_id, where, found)
    attachments = [] if found else _attachments(said, folder, where, found)
    if facts is not None:
        found += problems_of(facts, prefix=f"{where} ")
    problems += found
    if found or facts is None:
        return None
    return ImportLine(
        number,
        said["external_id"],
        said.get("old_address") or "",
        facts,
        tuple(attachments),
    )


def _shape_problems(said: dict[str, Any], where: str) -> list[Problem]:
    problems = [
        Problem(f"{where} {name}", "unknown_field", N_("没有这个字段"))
        for name in said
        if name not in (*_TEXTS, *_DATES, *_OTHERS)
    ]
    problems += [
        Problem(f"{where} {name}", "not_text", N_("应为文本"))
        for name in (*_TEXTS, *_DATES, "external_id", "old_address")
        if not isinstance(said.get(name, ""), str | None)
    ]
    if not said.get("external_id"):
        problems.append(Problem(f"{where} external_id", "missing_external_id", N_("缺少外部编号")))
    return problems


def _facts(
    said: dict[str, Any], column_id: int, where: str, problems: list[Problem]
) -> EditionFacts | None:
    values: dict[str, Any] = {ours: said.get(name) or "" for name, ours in _TEXTS.items()}
    for name, ours in _DATES.items():
        values[ours] = _date(said.get(name), f"{where} {name}", problems)
    if values["original_date"] is not None:
        source = values["source_name"] or DEFAULT_DATE_SOURCE
        values["original_date_source"] = values["original_date_source"] or source
    return None if problems else EditionFacts(column_id=column_id, **values)


def _date(text: str | None, where: str, problems: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        problems.append(
            Problem(where, "wrong_date", N_("日期应为 YYYY-MM-DD，现为“{value}”"), {"value": text})
        )
        return None


def _attachments(
    said: dict[str, Any], folder: Path, where: str, problems: list[Problem]
) -> list[tuple[str, Path]]:
    """(name for readers, file) of each; files lie in the import file's folder or below it."""
    files: list[tuple[str, Path]] = []
    for place, each in enumerate(said.get("attachments") or []):
        spot = f"{where} attachments[{place}]"
        path = each.get("path") if isinstance(each, dict) else each
        if not isinstance(path, str) or not path:
            problems.append(
                Problem(spot, "wrong_attachment", N_("应为文件路径，或含 name 和 path 的对象"))
            )
            continue
        file = (folder / path).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            problems.append(
                Problem(spot, "attachment_missing", N_("找不到附件“{path}”"), {"path": path})
            )
            continue
        name = each.get("name") if isinstance(each, dict) else None
        files.append((name or file.name, file))
    return files
