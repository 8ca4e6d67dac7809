"""The old site of a proving ground's tenant: written, moved in, and every text of it a canary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from hosting.directory.queries import tenant_id_of
from hosting.runtime.areas import CanaryStep
from hosting.runtime.canaries import Canaries
from hosting.runtime.runtime import Runtime
from hosting.security.actor import Actor
from migrations.legacy.decisions import Decision
from migrations.legacy.operations.planning import decide_address
from migrations.legacy.queries import run_of
from migrations.legacy.sources.opening import open_source
from migrations.legacy.steps.check import check_plan
from migrations.legacy.steps.cutover import cut_over
from migrations.legacy.steps.plan import make_plan
from migrations.legacy.steps.run import run_move
from migrations.legacy.steps.verify import verify_move
from provisioning.canaries.people import people_of

_ARTICLES = 3
_PAGE = """<html><head><meta charset="utf-8"><title>{site}</title></head><body>
<table><tr><td><a href="index.htm">{site}</a> <a href="list.htm">{column}</a></td></tr></table>
{main}
<table><tr><td>{foot}</td></tr></table></body></html>"""
_ARTICLE = """<table><tr><td>您现在的位置：<a href="index.htm">首页</a> &gt;&gt;
<a href="list.htm">{column}</a> &gt;&gt; 正文</td></tr></table>
<table><tr><td align="center"><b>{title}</b></td></tr>
<tr><td align="center">发布时间：2009-05-1{place} 09:30　来源：{source}　作者：{author}</td></tr>
<tr><td><p>　　{body}，各单位要认真组织实施，确保各项工作落到实处，取得实效，现予公布。</p>
<p>附件：<a href="files/{file}">{attachment}.pdf</a> <a href="{dead}.htm">{dead}</a>
<a href="{lost}.doc">{lost}</a></p>
<div style="display:none"><a href="http://{hidden}.example/">{spam}</a></div></td></tr></table>"""
_ROW = """<tr><td>·<a href="show{place}.htm" title="{title}">{title}</a></td>
<td>[2009-05-1{place}]</td></tr>"""


def move_canaries(runtime: Runtime, canaries: Canaries) -> None:
    """Plan, decide, check, run, verify and cut over, as operations staff do."""
    tenant_id = tenant_id_of(runtime, canaries.code)
    with runtime.platform_session(reason="canaries", reading=True) as session:
        people = people_of(session, canaries)
    editor, issuer, name = people["editor"], people["issuer"], canaries.word("move")
    with TemporaryDirectory(prefix=canaries.word("source")) as folder:
        root = _write_site(Path(folder), canaries)
        source = open_source(str(root), host=root.name)
        make_plan(runtime, tenant_id, name=name, source=source, by=editor)
        _decide(runtime, tenant_id, canaries, by=editor)
        check_plan(runtime, tenant_id, name, by=editor)
        run_move(runtime, tenant_id, name, keep_unknown=False, by=editor)
        verify_move(runtime, tenant_id, name, by=editor)
    cut_over(runtime, tenant_id, name, proposed_by=editor, by=issuer)
    verify_move(runtime, tenant_id, name, by=editor)


def _decide(runtime: Runtime, tenant_id: int, canaries: Canaries, *, by: Actor) -> None:
    """One address that no rule decides as a person would want."""
    with runtime.tenant_session(tenant_id) as session:
        decide_address(
            session,
            run_of(session, canaries.word("move")),
            f"/{_form(canaries)}",
            decision=Decision.REDIRECT,
            destination=f"/{canaries.slug('slug', 1)}/",
            reason=canaries.word("decisionreason"),
            by=by,
        )


def _form(canaries: Canaries) -> str:
    return f"{canaries.word('form')}.htm"


def _write_site(folder: Path, canaries: Canaries) -> Path:
    """The old site as it was saved, in a folder that bears its host's name."""
    root = folder / f"{canaries.slug('oldhost')}.example"
    (root / "files").mkdir(parents=True)
    for name, text in _pages(canaries):
        (root / name).write_text(text, encoding="utf-8")
    for place in range(_ARTICLES):
        said = canaries.word("oldfilebody", place)
        data = f"%PDF-1.4\n1 0 obj\n<< /Title ({said}) >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
        (root / "files" / f"{canaries.word('oldfile', place)}.pdf").write_text(data)
    return root


def _pages(canaries: Canaries) -> Iterator[tuple[str, str]]:
    """(name, text) of each page."""
    rows = "".join(
        _ROW.format(place=place, title=canaries.word("oldtitle", place))
        for place in range(_ARTICLES)
    )
    listed = f"<table>{rows}</table>"
    trail = f'您现在的位置：<a href="index.htm">首页</a> &gt;&gt; {canaries.word("oldcolumn")}'
    yield "index.htm", _page(canaries, listed)
    yield "list.htm", _page(canaries, f"<p>{trail}</p>{listed}")
    for place in range(_ARTICLES):
        yield f"show{place}.htm", _page(canaries, _article(canaries, place))
    yield _form(canaries), _page(canaries, "<form><input name='q'></form>")


def _page(canaries: Canaries, main: str) -> str:
    return _PAGE.format(
        site=canaries.word("oldsite"),
        column=canaries.word("oldcolumn"),
        main=main,
        foot=canaries.word("oldfoot"),
    )


def _article(canaries: Canaries, place: int) -> str:
    words = {
        field: canaries.word(f"old{field}", place)
        for field in ("title", "source", "author", "body", "attachment", "dead", "lost", "spam")
    }
    return _ARTICLE.format(
        **words,
        place=place,
        column=canaries.word("oldcolumn"),
        file=f"{canaries.word('oldfile', place)}.pdf",
        hidden=canaries.slug("hidden", place),
    )


STEPS = (CanaryStep(10, move_canaries),)
