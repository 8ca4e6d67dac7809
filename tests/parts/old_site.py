"""A small old site as counties still have them: GBK, tables, show.asp?id=, and what befell it.

All pages bear the site's name as their title; nothing has a class name worth learning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HOST = "www.qhz.gov.cn"
INJECTED = "https://cdn.bad-host.top/js/kb.js"

_PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00"
    b"IEND\xaeB`\x82"
)
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Article:
    """One article of the old site."""

    number: int
    title: str
    date: str
    source: str
    body: str
    column: str


ARTICLES = (
    Article(
        1,
        "关于做好2009年防汛工作的通知",
        "2009-05-11 09:30",
        "镇政府办公室",
        "<p>　　各村民委员会：汛期将至，为确保人民群众生命财产安全，现就有关事项通知如下。</p>"
        "<p>　　一、落实责任。各村要明确防汛责任人，实行二十四小时值班。</p>"
        "<p>　　二、备足物资。联系电话：13800138000。</p>"
        '<p>附件：<a href="uploadfile/2009/fangxun.pdf">防汛预案.pdf</a></p>',
        "通知公告",
    ),
    Article(
        2,
        "清河镇召开春季农业生产会议",
        "2009-03-02 16:05",
        "党政办",
        '<p align="center"><img src="uploadfile/2009/hui.png" width="400"></p>'
        "<p>　　3月2日，清河镇召开春季农业生产会议，镇长朱镕江主持会议，部署春耕备耕工作。</p>"
        '<p>　　会议学习了<a href="show.asp?id=1">防汛通知</a>和'
        '<a href="show.asp?id=99">已删除的文件</a>。</p>',
        "工作动态",
    ),
    Article(
        3,
        "清河镇人民政府机构职能",
        "2008-11-20 10:00",
        "党政办",
        "<table border=1><tr><td>科室</td><td>职能</td></tr>"
        "<tr><td>党政办</td><td>文秘、信访</td></tr>"
        "<tr><td>财政所</td><td>预算、决算</td></tr><tr><td>农业站</td><td>农技推广</td></tr></table>",
        "机构概况",
    ),
    Article(
        4,
        "清河镇农村低保对象公示",
        "2010-01-15 08:00",
        "民政办",
        "<p>　　经村民评议、张榜公布，现将2010年第一批农村低保对象予以公示，"
        "张三，身份证号11010519491231002X。如有异议请于七日内向民政办反映。</p>"
        '<div style="display:none"><a href="http://casino.example/">娱乐城</a></div>',
        "通知公告",
    ),
    Article(
        5,
        "图片：清河新貌",
        "2010-06-01 00:00",
        "",
        '<p align="center"><img src="uploadfile/2010/gone.jpg"></p>',
        "工作动态",
    ),
    Article(
        6,
        "关于调整办公时间的通知",
        "2010-07-01 08:30",
        "镇政府办公室",
        "<p>　　根据上级要求，自2010年7月1日起，办公时间调整为上午八时至十二时，"
        "下午三时至六时，请相互转告。</p>"
        '<p><img src="file:///C:/Documents/wps1.png"></p>',
        "通知公告",
    ),
)
COLUMNS = {"通知公告": 1, "工作动态": 2, "机构概况": 3}

_PAGE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>清河镇人民政府网</title>
<link href="css/style.css" rel="stylesheet" type="text/css">{head}</head>
<body bgcolor="#FFFFFF"><table width="780" align="center"><tr><td>清河镇人民政府</td></tr></table>
<table width="780" align="center"><tr><td><a href="index.asp">首页</a></td>
<td><a href="list.asp?cid=1">通知公告</a></td><td><a href="list.asp?cid=2">工作动态</a></td>
<td><a href="list.asp?cid=3">机构概况</a></td></tr></table>
{main}
<table width="780" align="center"><tr>
<td>主办：清河镇人民政府　电话：0771-{phone}　邮编：530022</td></tr></table>
{foot}</body></html>"""
_ARTICLE = """<table width="780" align="center"><tr><td>您现在的位置：<a href="index.asp">首页</a>
&gt;&gt; <a href="list.asp?cid={cid}">{column}</a> &gt;&gt; 正文</td></tr></table>
<table width="780" align="center">
<tr><td align="center"><font size="4"><b>{title}</b></font></td></tr>
<tr><td align="center">发布时间：{date}　　来源：{source}　　点击数：{clicks}</td></tr>
<tr><td>{body}</td></tr>
<tr><td align="right">【<a href="javascript:window.print()">打印</a>】
【<a href="javascript:close()">关闭</a>】</td></tr>
</table>"""
_ROW = """<tr><td>·<a href="show.asp?id={number}" title="{title}">{short}</a></td>
<td>[{day}]</td></tr>"""


def build_old_site(folder: Path, articles: Sequence[Article] = ARTICLES) -> Path:
    """Write the mirror as wget leaves it, into a folder named after the host; returns that."""
    root = folder / HOST
    for place in ("css", "uploadfile/2009", "images"):
        (root / place).mkdir(parents=True, exist_ok=True)
    for article in articles:
        _write(root / f"show.asp?id={article.number}", _page(_article(article)))
    for name, number in COLUMNS.items():
        listed = [one for one in articles if one.column == name]
        _write(root / f"list.asp?cid={number}", _page(_list(name, listed)))
    _write(root / "index.asp", _home(articles))
    _write(root / "css/style.css", "body{background:url(../images/bg.gif)}")
    (root / "uploadfile/2009/hui.png").write_bytes(_PNG)
    (root / "uploadfile/2009/fangxun.pdf").write_bytes(_PDF)
    return root


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("gb18030", "replace"))


def _page(main: str, *, head: str = "", foot: str = "", phone: str = "5863258") -> str:
    return _PAGE.format(main=main, head=head, foot=foot, phone=phone)


def _article(article: Article) -> str:
    facts = vars(article) | {"cid": COLUMNS[article.column], "clicks": article.number * 37}
    return _ARTICLE.format(**facts)


def _list(name: str, articles: list[Article]) -> str:
    rows = "".join(_row(one) for one in articles)
    trail = f'您现在的位置：<a href="index.asp">首页</a> &gt;&gt; {name} &gt;&gt; 列表'
    return f"<table><tr><td>{trail}</td></tr></table><table>{rows}</table>"


def _row(article: Article) -> str:
    short = article.title if len(article.title) < 12 else article.title[:10] + "..."
    facts = vars(article) | {"short": short, "day": article.date[:10]}
    return _ROW.format(**facts)


def _home(articles: Sequence[Article]) -> str:
    rows = "".join(_row(one) for one in articles)
    hidden = "".join(f'<a href="http://spam{n}.example/">彩票网{n}<a>' for n in range(5))
    return _page(
        f"<table>{rows}</table>",
        head=f'<script src="/js/kb.js"></script><script src="{INJECTED}"></script>',
        foot=f'<div style="position:absolute;left:-5000px">{hidden}</div>',
        phone="58632588",
    )
