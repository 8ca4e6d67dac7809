"""The console's style guide: every component of the shell on a few pages, for tests alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

from flask import Blueprint, flash, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from hosting.console.area import area as console_area
from hosting.console.differences import compare
from hosting.console.forms import BaseForm, FilterForm
from hosting.console.lists import Listing
from hosting.console.palette import Destination, add_source
from hosting.console.viewer import Workplace
from hosting.directory.area import area as directory_area
from hosting.runtime.areas import Area, MenuEntry
from hosting.runtime.errors import (
    Conflict,
    Forbidden,
    Invalid,
    LimitReached,
    NotFound,
    Problem,
    Unavailable,
)
from hosting.runtime.guards import open_to_all
from hosting.runtime.runtime import Runtime
from hosting.runtime.settings import Settings

in_tests = open_to_all(reason="stands in tests only")
blueprint = Blueprint(
    "guide", __name__, template_folder=str(Path(__file__).parent / "guide_pages"), url_prefix="/t"
)

TITLES = (
    "关于印发《清河县优化营商环境若干措施》的通知",
    "清河县人民政府办公室关于2024年国庆节放假安排的通知",
    "县长主持召开第23次常务会议",
    "《清河县城乡居民基本医疗保险实施细则》政策解读",
    "关于公开征求《清河县国土空间总体规划（2021—2035年）》意见的公告",
    "清河县2024年第三季度城区饮用水水源水质状况报告",
)
STATES = (
    ("待初审", "info", "review"),
    ("已发布", "good", "published"),
    ("草稿", "neutral", "draft"),
    ("已退回", "bad", "return"),
    ("定时发布", "warn", "scheduled"),
    ("已撤稿", "neutral", "withdraw"),
)


class GuideViewer:
    """A county's editor who also works for a department."""

    signed_in = True
    name = "李晓芸"
    login = "lixiaoyun"
    sign_out_address = "/t/river/signed-out"

    @property
    def language(self) -> str | None:
        return session.get("language")

    def may(self, permission: str) -> bool:
        return permission != "nobody"

    def workplaces(self) -> Sequence[Workplace]:
        return (
            Workplace("river", "清河县人民政府"),
            Workplace("hill", "市教育局"),
            Workplace("", "全市"),
        )

    def keep_language(self, locale: str) -> None:
        session["language"] = locale


class NoticeForm(BaseForm):
    title = StringField(
        "标题", [InputRequired(), Length(max=80)], description="与文件标题一致，不加书名号。"
    )
    column = SelectField(
        "栏目",
        choices=[
            SelectChoice("1", "通知公告", optgroup="政务公开"),
            SelectChoice("2", "政策文件", optgroup="政务公开"),
            SelectChoice("3", "意见征集", optgroup="互动交流"),
        ],
    )
    kind = RadioField("公开方式", choices={"all": "主动公开", "ask": "依申请公开"}, default="all")
    audience = SelectMultipleField("适用对象", choices={"p": "个人", "c": "企业"})
    summary = TextAreaField("摘要", description="一两句话，列表和搜索结果中显示。")
    formed_on = DateField("成文日期", [InputRequired()])
    password = PasswordField("口令")
    file = FileField("附件")
    pinned = BooleanField("在栏目首位显示")
    body = TextAreaField("正文")


class NoticeFilters(FilterForm):
    q = StringField("查找标题")
    state = SelectField("状态", choices={"": "全部", "live": "已发布", "draft": "草稿"})


class ReasonForm(BaseForm):
    reason = TextAreaField("理由", [InputRequired()])


@blueprint.before_app_request
def sign_in() -> None:
    if request.path.startswith("/t/river") or request.headers.get("X-Signed-In"):
        g.viewer = GuideViewer()
    if request.path.startswith("/t/river"):
        g.tenant = SimpleNamespace(code="river", name="清河县人民政府")


def titles(query: str) -> Iterator[Destination]:
    for number, title in enumerate(TITLES):
        if query in title:
            yield Destination(title, f"/t/river/list?q={number}", "稿件", note="通知公告")


add_source(blueprint, titles)


@blueprint.get("/<tenant:code>/guide")
@in_tests
def parts(code: str) -> ResponseReturnValue:
    flash("已保存为草稿，尚未提交初审。", "good")
    return render_template(
        "guide/parts.html",
        states=STATES,
        instant=datetime(2024, 9, 30, 1, 5, tzinfo=UTC),
        day=date(2024, 9, 27),
        paragraphs=compare(BEFORE, AFTER),
        steps=STEPS,
    )


@blueprint.route("/<tenant:code>/form", methods=["GET", "POST"])
@in_tests
def notice(code: str) -> ResponseReturnValue:
    form = NoticeForm()
    if form.validate_on_submit():
        if form.title.data == "重名":
            form.refuse(
                Invalid("taken", "不行", problems=[Problem("title", "taken", "已有同名稿件")])
            )
            return render_template("guide/form.html", form=form), 422
        flash("已保存。", "good")
        return redirect("/t/river/list", 303)
    status = 422 if form.is_submitted() else 200
    return render_template("guide/form.html", form=form), status


@blueprint.get("/<tenant:code>/list")
@in_tests
def notices(code: str) -> ResponseReturnValue:
    filters = NoticeFilters()
    listing = Listing.read(sorts=("-date", "title"), size=20)
    total = 0 if filters.values().get("q") == "没有" else 3_127
    rows = [
        SimpleNamespace(
            title=TITLES[n % 6],
            state=STATES[n % 6],
            at=datetime(2024, 9, 30, 1, n, tzinfo=UTC),
            n=n,
        )
        for n in range(20)
    ]
    paging = listing.of(total)
    return render_template("guide/list.html", filters=filters, paging=paging, rows=rows)


@blueprint.route("/<tenant:code>/withdrawal", methods=["GET", "POST"])
@in_tests
def withdrawal(code: str) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate_on_submit():
        flash("已撤稿。", "good")
        return redirect("/t/river/list", 303)
    page = render_template(
        "console/confirm.html",
        title="撤下这篇稿件？",
        form=form,
        consequences=["原地址将显示“内容已撤下”。", "列表、搜索和其他单位的转载同时撤下。"],
        label="撤稿",
        cancel="/t/river/list",
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/<tenant:code>/work/<int:done>")
@in_tests
def work(code: str, done: int) -> ResponseReturnValue:
    return render_template("guide/work.html", done=done)


@blueprint.post("/<tenant:code>/images")
@in_tests
def image(code: str) -> ResponseReturnValue:
    return {"location": "/static/console/0/mark.svg", "size": len(request.files["file"].read())}


@blueprint.post("/<tenant:code>/signed-out")
@in_tests
def signed_out(code: str) -> ResponseReturnValue:
    return redirect("/t/plain", 303)


@blueprint.get("/plain")
@in_tests
def plain() -> ResponseReturnValue:
    return render_template("guide/plain.html", form=NoticeForm())


@blueprint.get("/<tenant:code>/refused/<kind>")
@in_tests
def refused(code: str, kind: str) -> ResponseReturnValue:
    raise {
        "403": Forbidden("role_missing", "审发由审发人办理，您是编辑。"),
        "404": NotFound("no_such_item", "没有这篇稿件"),
        "409": Conflict("changed_meanwhile", "内容刚刚被他人改动。"),
        "422": Invalid(
            "wrong_lines",
            "文件中有 {count} 行不能导入：",
            count=2,
            problems=[
                Problem("line 3", "no_title", "第 {line} 行没有标题", {"line": 3}),
                Problem("line 9", "bad_date", "第 {line} 行日期有误", {"line": 9}),
            ],
        ),
        "429": LimitReached("too_many_attempts", "连续输错口令次数过多。"),
        "503": Unavailable("database_away", "数据库暂时不可用。"),
    }[kind]


BEFORE = """各乡镇人民政府，县政府各部门：
现将有关事项通知如下。
一、申报时间为2024年9月1日至9月30日。
二、申报材料一式三份，报县发展和改革局。
三、逾期不予受理。
附件：申报表。
联系电话：0312-1234567。
（此件公开发布）"""
AFTER = """各乡镇人民政府，县政府各部门：
现将有关事项通知如下。
一、申报时间为2024年9月1日至10月15日。
二、申报材料一式两份，报县行政审批局。
附件：申报表。
联系电话：0312-1234567。
（此件公开发布）
清河县人民政府办公室"""
STEPS = (
    {
        "title": "提交",
        "state": "done",
        "who": "信息员 王强",
        "at": datetime(2024, 9, 27, 1, 0, tzinfo=UTC),
    },
    {
        "title": "初审",
        "state": "refused",
        "who": "初审 赵敏",
        "at": datetime(2024, 9, 27, 3, 20, tzinfo=UTC),
        "text": "第二条的受理单位已调整，请核实后再报。",
    },
    {"title": "审核", "state": "current", "who": "审核 孙立"},
    {"title": "审发", "state": "waiting"},
)

guide_area = Area(
    name="guide",
    needs=("console",),
    console=(blueprint,),
    menu=(
        MenuEntry("待办", "guide.parts", "any", "work", "inbox", 10),
        MenuEntry("稿件", "guide.notices", "any", "content", "documents", 20),
        MenuEntry("栏目", "guide.notice", "any", "content", "tree", 30),
        MenuEntry("图片与附件", "guide.withdrawal", "any", "content", "image", 40),
        MenuEntry("不给看的", "guide.withdrawal", "nobody", "content", "lock", 41),
        MenuEntry("全市的", "guide.plain", "any", "city", "landmark", 10, platform=True),
        MenuEntry("修改口令", "guide.plain", "", "account", "key", 10),
    ),
)


def guide_runtime(settings: Settings) -> Runtime:
    """A platform composed of the shell and the guide alone."""
    return Runtime.open(settings, (directory_area, console_area, guide_area))
