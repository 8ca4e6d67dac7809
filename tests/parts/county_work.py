"""A county with work in every state, as its people would have left it on a Monday morning."""

from __future__ import annotations

from datetime import date, timedelta

from hosting.runtime.clock import now, today
from parts.platform import HILL, RIVER
from parts.workplace import PDF, Bench, picture
from tenants.content.facts import Attachment
from tenants.content.models import Edition
from tenants.media.models import Asset
from tenants.review.operations.accepting import (
    AcceptanceFacts,
    issue_acceptance,
    propose_acceptance,
)
from tenants.review.operations.signing import issue_urgently
from tenants.review.operations.withdraw import withdraw


def fill(bench: Bench) -> dict[str, Edition]:
    """Work in every state, by what it stands for."""
    soon, later = now() + timedelta(days=2), now() + timedelta(days=9)
    photo = bench.keep("县政府常务会议.png", picture())
    table = bench.keep("清河县2026年度惠企政策清单.pdf", PDF)
    made: dict[str, Edition] = {}
    made["draft"] = bench.write("清河县2026年冬季清洁取暖工作方案（征求意见稿）")
    made["mine"] = bench.write("柳林镇开展秋粮收购服务进村活动", "/llz/zwgk/", "contributor")
    returned = bench.hand_in(bench.write("关于县城区部分路段交通管制的通告"))
    bench.sign(returned, "first", "return", "管制起止时间与公安交管大队来函不一致，请核实后修改。")
    made["returned"] = returned
    made["first"] = bench.hand_in(
        bench.write("清河县人民政府办公室关于2026年元旦放假安排的通知", publish_at=soon)
    )
    bench.hand_in(bench.write("县长主持召开县政府第23次常务会议", "/zwdt/qhyw/"))
    made["second"] = bench.bring_to(
        bench.write("清河县城乡居民基本医疗保险实施细则解读", "/zwgk/zcjd/"), "first"
    )
    document = bench.write(
        "清河县人民政府关于印发《清河县优化营商环境若干措施》的通知",
        "/zwgk/zcwj/xzfwj/",
        body_html=_document(photo),
        summary="为持续优化营商环境，从市场准入、政务服务、要素保障等方面提出二十条措施。",
        keywords="营商环境、惠企政策、政务服务",
        source_name="清河县人民政府办公室",
        doc_number="清政发〔2026〕8号",
        issuing_body="清河县人民政府",
        index_no="11340000MB1234567X/2026-00031",
        theme_class="综合政务",
        formed_date=date(2026, 11, 3),
        effective_date=date(2026, 12, 1),
        validity="有效",
        valid_until=date(2031, 11, 30),
        attachments=(Attachment(table.id, "清河县2026年度惠企政策清单.pdf"),),
        extra_column_ids=(bench.columns["/tzgg/"].id,),
    )
    made["final"] = bench.bring_to(document, "first", "second")
    made["scheduled"] = bench.publish(
        bench.write(
            "清河县2026年第四季度饮用水水源水质状况报告",
            publish_at=later,
            withdraw_at=later + timedelta(days=90),
        )
    )
    for place, title in enumerate(_TITLES):
        made[f"published-{place}"] = bench.publish(
            bench.write(
                title,
                "/tzgg/",
                original_date=today() - timedelta(days=3 * place),
                original_date_source="县政府公报",
            )
        )
    made["live"] = made["published-0"]
    changed = bench.change(
        made["live"],
        body_html=(
            "<p>自2026年12月5日起，政务服务大厅实行“周末不打烊”，周六全天受理。</p>"
            '<p>咨询电话：<a href="https://www.river.gov.cn/lxwm/">0350-1234567</a>。</p>'
        ),
        summary="周六照常受理。",
    )
    made["revision"] = bench.bring_to(changed, "first")
    gone = bench.publish(bench.write("关于暂停办理不动产登记业务的公告"))
    withdraw(
        bench.session, gone.item_id, reason="办理时间有误，另行公告。", by=bench.actor("issuer")
    )
    made["withdrawn"] = gone
    urgent = bench.hand_in(bench.write("清河县发布暴雪橙色预警", "/zwdt/qhyw/"))
    bench.clear(urgent)
    issue_urgently(
        bench.session,
        urgent.id,
        digest=urgent.digest,
        reason="气象台发布暴雪橙色预警，须立即告知公众。",
        by=bench.actor("issuer"),
    )
    made["urgent"] = urgent
    made["banner"] = bench.publish(bench.banner("暴雪橙色预警", level="urgent", link="/tzgg/"))
    accept(bench)
    made["grey"] = bench.publish(bench.banner("全县哀悼日", level="grey"))
    return made


def accept(bench: Bench) -> None:
    """What the other office publishes: one column is carried here, one is proposed to be."""
    other = HILL if bench.office.place == RIVER else RIVER
    for number, column in enumerate(("/tzgg/", "/zwdt/qhyw/")):
        facts = AcceptanceFacts(other.tenant_id, bench.columns[column].id, number or None)
        made = propose_acceptance(bench.session, facts=facts, by=bench.actor("editor"))
        if number == 0:
            by = bench.actor("issuer")
            issue_acceptance(bench.session, made.id, digest=made.digest, by=by)


_TITLES = (
    "关于政务服务大厅实行延时服务的公告",
    "清河县2026年度拟新增城镇保障性住房名单公示",
    "关于公开征求《清河县国土空间总体规划（2021—2035年）》意见的公告",
    "清河县教育局关于2026年秋季学期义务教育阶段招生工作的通知",
    "清河县应急管理局关于开展冬春火灾防控工作的通知",
    "关于调整城区公交线路的公告",
)


def _document(photo: Asset) -> str:
    return (
        "<p>各乡镇人民政府，县政府各部门：</p>"
        '<p style="text-indent:2em">《清河县优化营商环境若干措施》已经县政府第23次常务会议'
        "研究同意，现印发给你们，请认真贯彻执行。</p>"
        "<h2>一、放宽市场准入</h2>"
        '<p style="text-indent:2em">全面落实市场准入负面清单制度，企业开办时间压缩至'
        "0.5个工作日以内。"
        '具体事项见<a href="https://www.river.gov.cn/zwgk/qd/">权责清单</a>。</p>'
        "<h2>二、要素保障</h2>"
        "<table><thead><tr><th>事项</th><th>责任单位</th><th>完成时限</th></tr></thead><tbody>"
        "<tr><td>用地审批</td><td>县自然资源局</td><td>2026年12月底</td></tr>"
        "<tr><td>用电报装</td><td>县供电公司</td><td>长期</td></tr></tbody></table>"
        f'<p><img src="{photo.path}" alt="县政府常务会议现场"></p>'
        '<p style="text-align:right">清河县人民政府</p>'
        '<p style="text-align:right">2026年11月3日</p>'
    )
