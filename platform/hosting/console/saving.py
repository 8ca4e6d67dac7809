"""Doing what a form asks, and asking again where that is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from hosting.console.forms import BaseForm
from hosting.runtime import web
from hosting.runtime.errors import NotFound, Refusal


def save(
    form: BaseForm, write: Callable[[], ResponseReturnValue], show: Callable[[], str]
) -> ResponseReturnValue:
    """What `write` answers; the form again, each problem at its field, where that is refused.

    Before it is shown again everything is read anew. What is not there stays NotFound.
    """
    status = 422
    if form.validate():
        try:
            return write()
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    web.read_again()
    return show(), status


def confirmation(
    form: BaseForm,
    title: str,
    consequences: Sequence[str],
    label: str,
    cancel: str,
    *,
    icon: str,
    tone: str = "danger",
) -> str:
    """The page before what cannot be undone: the question, what follows, and the way back."""
    return render_template(
        "console/confirm.html",
        title=title,
        form=form,
        consequences=consequences,
        label=label,
        cancel=cancel,
        icon=icon,
        tone=tone,
    )
