"""One thing found, and the closed list of what can be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hosting.runtime.language import N_, text


class Severity(StrEnum):
    """critical: hostile, never carried over; error: content lost or exposed; warning; note."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITIES = tuple(Severity)


@dataclass(frozen=True)
class FindingKind:
    """How bad it is, what it is called, and what to do; msgids."""

    severity: Severity
    name: str
    advice: str


@dataclass(frozen=True)
class Finding:
    """`address` is the (first) page it is on, `target` what it is about, `evidence` the proof.

    `shared` things are the same wherever they stand (a script, a missing picture): found again,
    they are one finding. `pages` are all pages it is on, in order; `facts` hold what evidence
    samples.
    """

    code: str
    address: str
    target: str = ""
    evidence: str = ""
    shared: bool = False
    pages: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> FindingKind:
        return KINDS[self.code]

    @property
    def severity(self) -> Severity:
        return self.kind.severity

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity.value,
            "name": text(self.kind.name),
            "address": self.address,
            "target": self.target,
            "evidence": self.evidence,
            "pages": list(self.pages or (self.address,)),
            "advice": text(self.kind.advice),
            "facts": dict(self.facts),
        }


_C, _E, _W, _N = SEVERITIES

_DROPPED = N_("不会迁入；请核查老网站服务器，并关闭老网站或清除该内容")
_CHECK_DATE = N_("请对照原始文件核实日期，迁移前更正或写明依据")
_LOST = N_("请向老网站主办单位索取文件补传；迁入后相应链接会改为文字并列入清单")
_SEE = N_("请人工查看")

KINDS: dict[str, FindingKind] = {
    "injected_script": FindingKind(_C, N_("注入的外站脚本"), _DROPPED),
    "injected_script_copy": FindingKind(_C, N_("与注入脚本同名的本站脚本"), _DROPPED),
    "hostile_script": FindingKind(_C, N_("可疑的脚本代码"), _DROPPED),
    "hidden_links": FindingKind(_C, N_("隐藏的外链（暗链）"), _DROPPED),
    "hidden_frame": FindingKind(_C, N_("隐藏的框架页"), _DROPPED),
    "hostile_file": FindingKind(_C, N_("文件中夹带程序代码"), _DROPPED),
    "spam_words": FindingKind(_C, N_("疑似博彩、色情等垃圾信息"), _DROPPED),
    "sent_abroad": FindingKind(_C, N_("页面自动跳转到外站"), _DROPPED),
    "foreign_frame": FindingKind(_E, N_("嵌入外站页面"), N_("不会迁入；需要时改为链接")),
    "foreign_form": FindingKind(_E, N_("表单提交到外站"), N_("不会迁入")),
    "id_number": FindingKind(_E, N_("正文含身份证号码"), N_("迁移前请遮盖或删除个人信息")),
    "empty_body": FindingKind(
        _E, N_("正文为空"), N_("请核对原文是否由脚本或附件显示，决定保留还是舍弃")
    ),
    "missing_file": FindingKind(_E, N_("附件缺失"), _LOST),
    "missing_image": FindingKind(_E, N_("图片缺失"), _LOST),
    "mojibake": FindingKind(_E, N_("文字乱码"), N_("请取原始文件重新读取")),
    "unreadable": FindingKind(_E, N_("文件无法读取"), _SEE),
    "outside": FindingKind(
        _E, N_("链接指向来源文件夹之外"), N_("没有读取；请把文件放进来源文件夹")
    ),
    "special": FindingKind(_E, N_("不是普通文件"), N_("没有读取")),
    "too_large": FindingKind(_E, N_("文件过大"), N_("没有读取；请另行上传")),
    "too_complex": FindingKind(_E, N_("页面结构异常庞大"), N_("没有读取；请人工处理")),
    "same_address": FindingKind(_W, N_("两个文件对应同一网址"), _SEE),
    "date_future": FindingKind(_E, N_("发布日期在将来"), _CHECK_DATE),
    "date_out_of_order": FindingKind(_E, N_("发布日期与编号顺序矛盾"), _CHECK_DATE),
    "date_before_content": FindingKind(_E, N_("发布日期早于文中日期"), _CHECK_DATE),
    "date_doubtful": FindingKind(_E, N_("发布日期不可信"), _CHECK_DATE),
    "date_missing": FindingKind(_W, N_("没有发布日期"), _CHECK_DATE),
    "date_conflict": FindingKind(_N, N_("各处日期不一致"), _CHECK_DATE),
    "title_empty": FindingKind(_W, N_("没有标题"), N_("请补写标题")),
    "title_coded": FindingKind(
        _W, N_("标题或描述用数字实体书写"), N_("多为篡改痕迹；已按文字还原")
    ),
    "meta_foreign": FindingKind(_W, N_("关键词、描述与本站无关"), _DROPPED),
    "contact_differs": FindingKind(_W, N_("首页的联系信息与其他页面不同"), N_("请核实哪一个正确")),
    "mobile_number": FindingKind(_W, N_("正文含手机号码"), N_("请确认是否公开的办公联系方式")),
    "broken_link": FindingKind(_W, N_("断链"), N_("迁入后去掉链接，保留文字")),
    "dead_link": FindingKind(
        _W, N_("空链接"), N_("迁入后去掉链接，保留文字；链接原指向何处已无从得知")
    ),
    "listed_without_page": FindingKind(_W, N_("列表中有、页面没有的文章"), _LOST),
    "missing_style": FindingKind(_N, N_("样式缺失"), N_("不影响迁移")),
    "missing_script": FindingKind(_N, N_("脚本缺失"), N_("不影响迁移；老网站脚本一律不迁入")),
    "stale_reference": FindingKind(_N, N_("编辑器留下的旧引用已失效"), N_("不影响迁移")),
    "file_moved": FindingKind(_N, N_("文件在另一位置找到"), N_("已按同名文件迁入")),
    "case_differs": FindingKind(_N, N_("链接大小写与文件不符"), N_("已按文件迁入")),
    "local_path": FindingKind(_W, N_("指向个人电脑的路径"), _LOST),
    "inner_network": FindingKind(_W, N_("指向内部网络的地址"), N_("不会迁入")),
    "third_party_script": FindingKind(_N, N_("第三方服务脚本"), N_("不会迁入")),
    "frame": FindingKind(_N, N_("框架页"), N_("不会迁入")),
    "inline_handler": FindingKind(_N, N_("内嵌事件代码"), N_("不会迁入")),
    "plugin": FindingKind(_W, N_("需要已停用插件的内容"), N_("请提供可替代的文件")),
    "meta_refresh": FindingKind(_N, N_("跳转页"), N_("旧网址将跳转到原来的目标")),
    "wrong_charset": FindingKind(_N, N_("编码标注错误"), N_("已按实际编码读取")),
    "hidden_text": FindingKind(_W, N_("正文中隐藏的文字"), N_("不会迁入")),
    "duplicate_home": FindingKind(_N, N_("首页的其他版本"), N_("旧网址将跳转到首页")),
    "duplicate_article": FindingKind(_N, N_("内容重复的文章"), N_("请决定是否只保留一篇")),
    "home_missing": FindingKind(_W, N_("来源中没有首页"), _SEE),
    "empty_list": FindingKind(_N, N_("空白栏目"), N_("请决定是否保留栏目")),
    "orphan": FindingKind(_N, N_("没有页面链接到的文章"), N_("照常迁入；请确认是否曾公开")),
    "unlisted": FindingKind(_N, N_("栏目列表中没有列出的文章"), N_("照常迁入；请确认是否曾公开")),
    "login_address": FindingKind(
        _W, N_("登录、注册或后台地址"), N_("不会迁入；请确认老网站后台已关闭")
    ),
    "name_differs": FindingKind(_N, N_("同一栏目有不同写法"), N_("已按最常用的写法")),
    "unknown_page": FindingKind(
        _W, N_("无法判断类型的页面"), N_("请逐一决定：作为文章、栏目，或舍弃")
    ),
}
