"""The form of a site's banner."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateTimeLocalField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from hosting.console.forms import BaseForm
from hosting.runtime.language import N_
from tenants.content.banners import BannerFacts
from tenants.sites.banners import (
    GREY,
    LEVELS,
    LINK_LENGTH,
    NOTICE,
    TEXT_LENGTH,
    TITLE_LENGTH,
    BannerWords,
)
from tenants.workspace.forms.instants import INSTANT_FORMS, instant, typed


class WordsForm(BaseForm):
    """What a banner says."""

    level = RadioField(
        N_("级别"),
        [InputRequired()],
        choices=LEVELS,
        default=NOTICE,
        description=N_("突发事件、红色预警用“紧急”，影响出行办事用“警示”，其余用“提示”"),
    )
    title = StringField(N_("标题"), [InputRequired(), Length(max=TITLE_LENGTH)])
    text = TextAreaField(
        N_("内容"),
        [Length(max=TEXT_LENGTH)],
        description=N_("一两句话说清怎么办，详情放在链接里"),
        render_kw={"rows": 2},
    )
    link = StringField(
        N_("链接"),
        [Length(max=LINK_LENGTH)],
        description=N_("本站路径（以 / 开头）或以 https:// 开头的网址；没有可留空"),
        render_kw={"inputmode": "url", "spellcheck": "false"},
    )

    def words(self) -> BannerWords:
        """What was typed."""
        return BannerWords(
            title=self.title.data or "",
            text=self.text.data or "",
            link=self.link.data or "",
            level=self.level.data or "",
        )


class TimesForm(BaseForm):
    """From when until when it stands over a site's pages."""

    publish_at = DateTimeLocalField(
        N_("生效时间"),
        [Optional()],
        format=INSTANT_FORMS,
        description=N_("留空则审发后立即生效"),
    )
    withdraw_at = DateTimeLocalField(
        N_("结束时间"),
        [InputRequired()],
        format=INSTANT_FORMS,
        description=N_("到时自动结束；事情未了可以再延长"),
    )
    # Of the edition the writer began with, so that nobody's words are lost.
    digest = HiddenField()

    def words(self) -> BannerWords:
        """What was typed of it; a subclass says."""
        raise NotImplementedError

    def facts(self, zone: ZoneInfo) -> BannerFacts:
        """What was typed."""
        begins = instant(self.publish_at.data, zone)
        return BannerFacts(self.words(), begins, instant(self.withdraw_at.data, zone))


class BannerForm(WordsForm, TimesForm):
    """What stands on top of every page of a site, and from when until when."""


class GreyscaleForm(TimesForm):
    """For whom or what a site turns grey, and from when until when."""

    title = StringField(
        N_("事由"),
        [InputRequired(), Length(max=TITLE_LENGTH)],
        description=N_("如“全国哀悼日”；审签和留存用，网页上不显示"),
    )

    def words(self) -> BannerWords:
        """What was typed: nothing that readers see."""
        return BannerWords(title=self.title.data or "", level=GREY)


def filled(facts: BannerFacts, *, digest: str, zone: ZoneInfo) -> dict[str, Any]:
    """The form's data for what a banner says."""
    words = facts.words
    return {
        "level": words.level,
        "title": words.title,
        "text": words.text,
        "link": words.link,
        "publish_at": typed(facts.publish_at, zone),
        "withdraw_at": typed(facts.withdraw_at, zone),
        "digest": digest,
    }


class DiscardForm(BaseForm):
    """Giving up what was written, as it was seen."""

    digest = HiddenField()


class EndingForm(BaseForm):
    """Ending it before its time."""

    reason = TextAreaField(
        N_("提前结束的原因"),
        [InputRequired(), Length(max=1000)],
        description=N_("原因将登记备案，不对外显示"),
        render_kw={"rows": 3},
    )
