"""How a banner and days of mourning are set and ended: the same steps in other words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hosting.console.forms import BaseForm
from hosting.console.language import say
from hosting.console.saving import confirmation, save
from hosting.runtime import web
from hosting.runtime.errors import Conflict, NotFound, Refusal
from hosting.runtime.language import N_
from hosting.security.guards import current_actor
from tenants.content.models import DRAFT
from tenants.review.operations.discard import discard_draft
from tenants.review.operations.withdraw import withdraw
from tenants.workspace.blueprint import asked_site
from tenants.workspace.forms.banner import DiscardForm, EndingForm, TimesForm, filled
from tenants.workspace.operations import write_banner
from tenants.workspace.presenters.states import STATES
from tenants.workspace.queries.banners import BannerState, banner_state, standing_banner

_SEE_OTHER = 303
_HAND_IN = "submit"


@dataclass(frozen=True)
class Overhead:
    """One of the two, with its form, its page and its words (msgids)."""

    is_grey: bool
    form: type[TimesForm]
    template: str
    edit: str
    saved: str
    handed_in: str
    ended: str
    ending: Callable[[str], str]
    consequences: Sequence[str]
    end_label: str
    discarding: str
    stays: str
    discarded: str

    def _state(self) -> BannerState:
        return banner_state(web.session(), asked_site().id, is_grey=self.is_grey)

    def show(self) -> str:
        """The form, with what was written last."""
        state = self._state()
        zone = web.current_runtime().settings.zone
        data = filled(state.facts, digest=state.digest, zone=zone) if state.facts else {}
        return self._form(self.form(formdata=None, data=data))

    def save(self) -> ResponseReturnValue:
        """Write what was typed, and hand it in where that was asked for."""
        form = self.form()
        if not form.validate():
            return self._form(form), 422
        try:
            written = write_banner(
                web.session(),
                asked_site(),
                facts=form.facts(web.current_runtime().settings.zone),
                expected_digest=form.digest.data or "",
                hand_in=request.form.get("next") == _HAND_IN,
                by=current_actor(),
            )
        except NotFound:
            raise
        except Refusal as refusal:
            web.read_again()
            form.refuse(refusal)
            form.digest.data = self._state().digest
            return self._form(form), refusal.status
        is_draft = written.state == DRAFT
        flash(say(self.saved if is_draft else self.handed_in), "good")
        return redirect(url_for(self.edit if is_draft else "workspace.banners"), _SEE_OTHER)

    def _form(self, form: TimesForm) -> str:
        state = self._state()
        badge = STATES[state.open.state] if state.open else None
        return render_template(self.template, form=form, state=state, badge=badge)

    def ask_ending(self) -> str:
        """Ask why it ends before its time."""
        return self._ask_ending(EndingForm(formdata=None))

    def end(self) -> ResponseReturnValue:
        """Take it from the public."""
        form = EndingForm()

        def write() -> ResponseReturnValue:
            stands = standing_banner(web.session(), asked_site().id, is_grey=self.is_grey)
            reason = form.reason.data or ""
            withdraw(web.session(), stands.edition.item_id, reason=reason, by=current_actor())
            return _back(self.ended)

        return save(form, write, lambda: self._ask_ending(form))

    def ask_discarding(self) -> str:
        """Ask before what was written is given up."""
        return self._ask_discarding(DiscardForm(formdata=None, digest=self._state().digest))

    def discard(self) -> ResponseReturnValue:
        """Give up what was written; what readers see stays."""
        form = DiscardForm()

        def write() -> ResponseReturnValue:
            matter = self._state().matter
            if matter is None:
                raise Conflict("no_draft", N_("没有可放弃的修改"))
            digest = form.digest.data or ""
            discard_draft(web.session(), matter.id, expected_digest=digest, by=current_actor())
            return _back(self.discarded)

        return save(form, write, lambda: self._ask_discarding(form))

    def _ask_ending(self, form: EndingForm) -> str:
        live = self._state().live
        title = self.ending(live.edition.title if live else "—")
        return _ask(form, title, self.consequences, self.end_label, "withdraw")

    def _ask_discarding(self, form: DiscardForm) -> str:
        return _ask(form, say(self.discarding), (self.stays,), N_("放弃"), "delete")


def _back(words: str) -> ResponseReturnValue:
    flash(say(words), "good")
    return redirect(url_for("workspace.banners"), _SEE_OTHER)


def _ask(form: BaseForm, title: str, consequences: Sequence[str], label: str, icon: str) -> str:
    said, back = [say(each) for each in consequences], url_for("workspace.banners")
    return confirmation(form, title, said, say(label), back, icon=icon)
