"""Blueprints: what a new site starts with, and what a wrong file is told."""

from pathlib import Path

import pytest

from hosting.runtime.errors import Invalid, NotFound
from provisioning.blueprints.loader import FOLDER, blueprint, blueprint_codes, read_blueprint

# 《政府网站发展指引》 part 4 and article 20 of 《政府信息公开条例》: no site without these.
REQUIRED_TYPES = {
    "portal": {"概况信息", "数据开放"},
    "county": {"概况信息"},
    "department": set(),
}
REQUIRED_OF_ALL = {
    "机构职能",
    "负责人信息",
    "工作动态",
    "政策文件",
    "政策解读",
    "回应关切",
    "信息公开指南",
    "信息公开目录",
    "信息公开年报",
    "依申请公开",
    "数据发布",
    "办事服务",
    "咨询投诉",
    "征集调查",
    "在线访谈",
}


@pytest.fixture
def written(tmp_path: Path):
    """Write the county blueprint with one text put in place of another, return its path."""

    def write(old: str, new: str) -> Path:
        text = (FOLDER / "county.toml").read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "county.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("code", ["portal", "county", "department"])
def test_each_kind_of_site_has_the_columns_the_guideline_demands(code: str) -> None:
    types = {column.column_type for column in blueprint(code).columns}

    assert types >= REQUIRED_OF_ALL | REQUIRED_TYPES[code]


@pytest.mark.parametrize("code", ["portal", "county", "department"])
def test_each_blueprint_fills_a_home_page_with_ten_services(code: str) -> None:
    plan = blueprint(code)

    assert plan.kind == code
    assert len(plan.services) == 10
    assert {"services", "focus", "news", "notices", "policies", "interaction"} <= {
        block.kind for block in plan.home
    }


def test_counties_bring_columns_for_township_subsites() -> None:
    columns = blueprint("county").subsite(name="柳林镇人民政府", short_name="柳林镇")

    assert {column.column_type for column in columns} >= {"概况信息", "工作动态", "办事服务"}
    assert columns[0].name == "柳林镇概况"


def test_names_of_the_organisation_stand_in_names_and_descriptions() -> None:
    plan = blueprint("county").named(name="清河县人民政府", short_name="清河县")

    assert plan.columns[0].name == "走进清河县"
    assert not any("{" in column.name + column.description for column in plan.columns)
    assert not any("{" in text for text in plan.texts.values())


def test_an_unknown_blueprint_names_those_that_exist() -> None:
    with pytest.raises(NotFound) as refusal:
        blueprint("vilage")

    assert refusal.value.code == "blueprint_unknown"
    assert all(code in str(refusal.value) for code in blueprint_codes())


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ('path = "/xw/yw/"', 'path = "/xw/要闻/"', "bad_path", "/xw/要闻/ path"),
        ('path = "/xw/yw/"', 'path = "/news/yw/"', "parent_missing", "/news/yw/ path"),
        ('path = "/gk/zrdl/"', 'path = "/gk/xzqh/"', "duplicate_path", "/gk/xzqh/ path"),
        ('type = "概况信息"', 'type = "概况"', "not_in_vocabulary", "/gk/ type"),
        ('update = "news"', 'update = "weekly"', "not_in_vocabulary", "/xw/ update"),
        ('name = "走进{short_name}"', 'name = "走进{town}"', "unknown_place", "/gk/ name"),
        ('name = "走进{short_name}"', 'nmae = "走进"', "unknown_key", "column[1] nmae"),
        ('name = "走进{short_name}"', "name = 7", "wrong_type", "column[1] name"),
        ('name = "走进{short_name}"', 'name = ""', "empty", "column[1] name"),
        ('columns = ["/xz/"]', 'columns = ["/xiang/"]', "column_unknown", "home[10] columns"),
        ('block = "services"', 'block = "carousel"', "not_in_vocabulary", "home[1] block"),
        ("items = 5", "items = 500", "out_of_range", "home[2] items"),
        ('address = "/bsfw/bm/"', 'address = "/nowhere/"', "column_unknown", "service[10] address"),
        ('icon = "security"', 'icon = "shield"', "not_in_vocabulary", "service[1] icon"),
        ('theme = "county"', 'theme = "village"', "not_in_vocabulary", "theme"),
        ('slogan = "', 'motto = "', "not_in_vocabulary", "texts"),
        ('kind = "county"', 'kind = "village"', "not_in_vocabulary", "kind"),
        ('kind = "county"', "kind = county", "toml_unreadable", "county.toml"),
    ],
)
def test_a_wrong_blueprint_is_refused_naming_file_and_key(
    written, old: str, new: str, code: str, where: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        read_blueprint(written(old, new))

    problems = [p for p in refusal.value.problems if p.code == code]
    assert problems, refusal.value
    assert "county.toml" in problems[0].field
    assert problems[0].field.endswith(where)


def test_all_problems_of_a_file_are_told_at_once(written) -> None:
    path = written('type = "概况信息"', 'type = "概况"')
    text = path.read_text(encoding="utf-8").replace('update = "news"', 'update = "weekly"')
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Invalid) as refusal:
        read_blueprint(path)

    assert len(refusal.value.problems) > 1
    assert refusal.value.code == "blueprint_invalid"
