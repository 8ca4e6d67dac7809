"""Small old sites as two widespread systems made them; what they share with any is their faults.

`listed_by_script`: UTF-8, lists in script elements, columns named on every page, documents handed
out by a program. `documents_by_law`: GBK, tables, documents below a table of their own, file names
with dates, lists of two pages that only a script turns.
"""

from __future__ import annotations

import itertools
from pathlib import Path

SCRIPT_HOST, LAW_HOST = "www.abc.gov.cn", "www.def.gov.cn"
PER_COLUMN = 12
SCRIPT_COLUMNS = {"1001": ("新闻中心", "政务要闻"), "1002": ("政府信息公开", "人事信息")}
LAW_COLUMNS = {"xwzx/tzgg": ("新闻中心", "通知公告"), "zwgk/gwgg": ("政务公开", "政府文件")}
_WORDS = "农村公路养护管理防汛抗旱安全生产乡村振兴基层医疗城乡教育项目建设督查调研招商引资水利林业"
_SENTENCE = "各乡镇要把{word}摆在重要位置，明确责任分工，细化工作措施，按时报送进展情况。"


def _title(number: int) -> str:
    start = number * 2 % (len(_WORDS) - 6)
    return f"关于做好{_WORDS[start : start + 6]}第{number}期工作的通知"


def _text(number: int) -> str:
    lines = (_SENTENCE.format(word=_WORDS[(number + i) % 30 :][:4]) for i in range(1 + number % 4))
    return "".join(f"<p>　　{line}</p>" for line in lines)


def _write(folder: Path, name: str, text: str, charset: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(charset))


def listed_by_script(folder: Path) -> Path:
    """Build the first kind; the folder that is its mirror."""
    root = folder / SCRIPT_HOST
    numbers = itertools.count(101)
    home = []
    for column, (above, name) in SCRIPT_COLUMNS.items():
        trail = (
            '<div class="bc">当前位置：<a href="/index.html">首页</a> &gt; '
            f'<a href="#">{above}</a> &gt; <a href="/col/col{column}/index.html">{name}</a></div>'
        )
        records = []
        for day, number in enumerate(itertools.islice(numbers, PER_COLUMN), 1):
            path, title = f"/art/2019/3/{day}/art_{column}_{number}.html", _title(number)
            line = f'<li><a href="{path}" title="{title}">{title[:8]}...</a>'
            records.append(f"{line}<b>2019-03-{day:02d}</b></li>")
            text = _text(number)
            if day == 3:
                handed = "/module/download/downfile.jsp?classid=0&amp;filename=a1.doc"
                text += f'<p><a href="{handed}">名单</a></p>'
            page = (
                f'{trail}<table id="article"><tr><td class="title">{title}</td></tr>'
                f"<tr><td>发布日期：2019-03-{day:02d} 09:30 来源：县府办 浏览次数：</td></tr>"
                f'<tr><td><div id="zoom">{text}</div></td></tr></table>'
            )
            _write(root, path[1:], _framed(title, name, page), "utf-8")
        home += records[:5]
        data = "".join(f"<record><![CDATA[\n{one}]]></record>" for one in records)
        data = f"<datastore><recordset>{data}</recordset></datastore>"
        listing = f'{trail}<script type="text/xml">{data}</script>'
        _write(root, f"col/col{column}/index.html", _framed(name, name, listing), "utf-8")
    _write(root, "index.html", _framed("某县人民政府", "", "".join(home)), "utf-8")
    return root


def _framed(title: str, column: str, inner: str) -> str:
    menu = "".join(
        f'<a href="/col/col{one}/index.html">{names[1]}</a>'
        for one, names in SCRIPT_COLUMNS.items()
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="ColumnName" content="{column}"></head><body><div class="top">'
        f'<a href="/index.html">首页</a>{menu}</div>{inner}'
        '<div class="footer">主办：某县人民政府办公室 网站标识码：3300000000</div></body></html>'
    )


def documents_by_law(folder: Path) -> Path:
    """Build the second kind; the folder that is its mirror."""
    root = folder / LAW_HOST
    numbers = itertools.count(4001)
    home = []
    for path, (above, name) in LAW_COLUMNS.items():
        lines = []
        for day, number in enumerate(itertools.islice(numbers, PER_COLUMN), 1):
            file, title = f"201005/t201005{day:02d}_{number}.htm", _title(number)
            lines.append(
                f'<tr><td>·<a href="./{file}">{title[:9]}...</a></td>'
                f"<td>(2010-05-{day:02d})</td></tr>"
            )
            home.append(f'<tr><td><a href="./{path}/{file}">{title}</a></td></tr>')
            head = _law_table(number, day) if path == "zwgk/gwgg" else ""
            line = "" if head else f"<tr><td>日期：2010-05-{day:02d}　来源：区政府办</td></tr>"
            page = (
                f"{_law_trail('../', above, name)}{head}<table><tr><td class=bt>{title}</td>"
                f"</tr>{line}<tr><td><div class=TRS_Editor>{_text(number)}</div></td></tr></table>"
            )
            _write(root, f"{path}/{file}", _law_framed(title, "../../../", page), "gb18030")
        for turn, half in enumerate((lines[:6], lines[6:])):
            listing = (
                f"{_law_trail('./', above, name)}<table width=720>{''.join(half)}</table>"
                f'<script>createPageHTML(2, {turn}, "index", "htm");</script>'
            )
            file = f"{path}/index{'_1' if turn else ''}.htm"
            _write(root, file, _law_framed(name, "../../", listing), "gb18030")
    table = f"<table>{''.join(home)}</table>"
    _write(root, "index.htm", _law_framed("首页", "./", table), "gb18030")
    return root


def _law_table(number: int, day: int) -> str:
    return (
        f"<table border=1><tr><td>索 引 号：</td><td>00001/2010-{number}</td><td>发文机关：</td>"
        f"<td>区政府办公室</td></tr><tr><td>文　　号：</td><td>区政发〔2010〕{day}号</td>"
        f"<td>发布日期：</td>"
        f"<td>2010年5月{day}日</td></tr><tr><td>有效性：</td><td>已废止</td></tr></table>"
    )


def _law_trail(up: str, above: str, name: str) -> str:
    return (
        f'<table><tr><td>当前位置：<a href="{up}../../">首页</a>&gt;'
        f'<a href="{up}../">{above}</a>&gt;'
        f'<a href="{up}">{name}</a></td></tr></table>'
    )


def _law_framed(title: str, up: str, inner: str) -> str:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        f"<title>{title}_某区政府网</title></head><body><table><tr><td class=nav>"
        f'<a href="{up}index.htm">首页</a>|<a href="{up}xwzx/tzgg/">通知公告</a>|'
        f'<a href="{up}zwgk/gwgg/index.htm">政府文件</a></td></tr></table>{inner}'
        "<table><tr><td>某区人民政府 版权所有　某区信息中心 承办</td></tr></table></body></html>"
    )
