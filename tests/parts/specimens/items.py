"""Documents and news as items."""

from __future__ import annotations

from dataclasses import replace

from parts.specimens.columns import COLUMN, DOCUMENTS, INTERPRETATION, NEWS_COLUMN
from parts.specimens.sites import CITY, PICTURE
from themes.contract import Attachment, CleanHtml, Document, ItemView, OriginalDate, RelatedGroup

DOCUMENT = Document(
    title="云溪市人民政府关于印发云溪市保障性住房建设管理办法的通知",
    index_no="00756812-2/2025-00046",
    theme_class="城乡建设、环境保护/住房保障",
    issuing_body="云溪市人民政府",
    formed_date="2025-04-03",
    doc_number="云政发〔2025〕6号",
    publish_date="2025-04-08",
    effective_date="2025-05-01",
    validity="valid",
    letterhead="云溪市人民政府文件",
)

DOCUMENT_BODY = CleanHtml(
    "<p>各县、区人民政府，市政府各部门，各直属机构：</p>"
    "<p>　　现将《云溪市保障性住房建设管理办法》印发给你们，请认真组织实施。</p>"
    '<p style="text-align:right">云溪市人民政府</p><p style="text-align:right">2025年4月3日</p>'
    '<p style="text-align:center"><strong>云溪市保障性住房建设管理办法</strong></p>'
    "<h2>第一章 总则</h2>"
    "<p>第一条 为了规范保障性住房的规划、建设、配售和管理，解决工薪收入群体的住房困难，根据有关"
    "法律、法规和国家关于规划建设保障性住房的规定，结合本市实际，制定本办法。</p>"
    "<p>第二条 本市行政区域内保障性住房的规划、建设、配售、使用、回购和监督管理，适用本办法。</p>"
    "<p>第三条 保障性住房工作坚持政府主导、市场参与、以需定建、保本微利、封闭管理的原则。</p>"
    "<p>第四条 市人民政府统一领导全市保障性住房工作。市住房城乡建设主管部门负责组织实施，发展改革、"
    "自然资源、财政、民政、人力资源社会保障等部门按照各自职责做好相关工作。</p>"
    "<h2>第二章 申请与配售</h2>"
    "<p>第五条 申请购买保障性住房，以家庭或者单身居民为单位，应当同时符合下列条件：</p>"
    "<p>（一）主申请人具有本市户籍，或者在本市连续缴纳社会保险满二十四个月；</p>"
    "<p>（二）申请人及其家庭成员在本市城镇规划区内无自有住房；</p>"
    "<p>（三）申请之日前五年内没有转让过本市住房。</p>"
    "<p>第六条 面积标准按照下表执行。</p>"
    "<table><thead><tr><th>家庭人口</th><th>建筑面积上限（平方米）</th><th>户型</th>"
    "<th>价格依据</th></tr></thead><tbody>"
    "<tr><td>1 人</td><td>60</td><td>一居室</td>"
    "<td>划拨土地成本、建安成本加不超过 5% 的利润</td></tr>"
    "<tr><td>2 至 3 人</td><td>90</td><td>两居室</td><td>同上</td></tr>"
    "<tr><td>4 人及以上</td><td>120</td><td>三居室</td><td>同上</td></tr></tbody></table>"
    "<h2>第三章 附则</h2>"
    "<p>第七条 本办法自2025年5月1日起施行，有效期五年。</p>"
)

NEWS_BODY = CleanHtml(
    "<p>4月11日，市长陈远舟主持召开市政府第四十六次常务会议，传达学习全国安全生产电视电话会议精神，"
    "研究部署防汛备汛、保障性住房建设、一季度经济运行等工作。</p>"
    "<p>会议指出，今年入汛较常年偏早，要坚持人民至上、生命至上，把各项准备工作做在前面。水利、应急、"
    "气象部门要加密会商研判，四月底前完成全市 216 座小型水库和 38 处山洪灾害重点村的隐患排查，"
    "逐一落实行政责任人、技术责任人和巡查责任人。</p>"
    '<figure><img src="/m/0f1e2d3c4b5a6978/xihe.jpg" alt="溪河解放桥段水位监测站" width="1280"'
    ' height="720">'
    "<figcaption>工作人员在溪河解放桥段检修水位监测设备。 周岚 摄</figcaption></figure>"
    "<p>会议审议并原则通过《云溪市保障性住房建设管理办法》。会议强调，要以需定建、稳慎推进，优先在轨道"
    "站点和产业园区周边选址，加强全过程质量监管，让工薪群体住得进、住得起、住得安心。</p>"
    "<blockquote><p>“房子建得好不好，住户说了算。每一个项目都要请未来的住户代表参加分户验收。”</p>"
    "</blockquote>"
    "<p>会议还研究了其他事项。</p>"
)

DOCUMENT_ITEM = ItemView(
    site=CITY,
    column=COLUMN,
    path="/art/2025/17/9q8d7km2x.html",
    title=DOCUMENT.title,
    pub_date="2025-04-08 17:30",
    source="云溪市人民政府办公室",
    body=DOCUMENT_BODY,
    keywords="保障性住房，配售，住房困难",
    summary="规范保障性住房的规划、建设、配售和管理，解决工薪收入群体的住房困难。",
    editor="梁青",
    document=DOCUMENT,
    attachments=(
        Attachment("云溪市保障性住房申请表.docx", "/m/5b4c3d2e1f00aabb/sqb.docx", "36 KB", "docx"),
        Attachment("云政发〔2025〕6号（正式版）.pdf", "/m/6b4c3d2e1f00aabb/6.pdf", "1.2 MB", "pdf"),
    ),
    related=(
        RelatedGroup("政策解读", INTERPRETATION.entries[:2]),
        RelatedGroup("相关文件", DOCUMENTS.entries[1:3]),
    ),
    register_number="云溪市 2025 年第 00213 号",
)

NEWS_ITEM = ItemView(
    site=CITY,
    column=NEWS_COLUMN,
    path="/art/2025/42/9q8d7kn0p.html",
    title="市政府召开第四十六次常务会议，研究防汛备汛和保障性住房建设等工作",
    subtitle="陈远舟主持并讲话",
    pub_date="2025-04-11 20:12",
    source="云溪日报",
    source_path="https://www.yunxidaily.example.com/2025/0411/1.html",
    author="林晓",
    editor="周岚",
    body=NEWS_BODY,
    keywords="常务会议，防汛，保障性住房",
    summary="会议研究部署防汛备汛、保障性住房建设、一季度经济运行等工作。",
    image=PICTURE,
    register_number="云溪市 2025 年第 00221 号",
)

OLD_ITEM = replace(
    DOCUMENT_ITEM,
    title="云溪市人民政府办公室关于公共租赁住房管理有关事项的通知",
    path="/art/2025/08/9q8d7kp1a.html",
    pub_date="2014-06-12 00:00",
    original=OriginalDate("2014-06-12", "云溪市政府公报 2014 年第 6 期"),
    published="2025-03-02 09:00",
    document=replace(
        DOCUMENT,
        title="云溪市人民政府办公室关于公共租赁住房管理有关事项的通知",
        doc_number="云政办〔2014〕51号",
        formed_date="2014-06-10",
        letterhead="",
        validity="repealed",
        validity_note="2025年4月3日由《云溪市保障性住房建设管理办法》（云政发〔2025〕6号）废止",
    ),
    attachments=(),
)
