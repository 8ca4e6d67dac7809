"""The form that takes files."""

from __future__ import annotations

from wtforms import FileField, MultipleFileField

from hosting.console.forms import BaseForm
from hosting.runtime.language import N_


class UploadForm(BaseForm):
    """Files for the library."""

    files = MultipleFileField(N_("选择文件"))


class EditorUploadForm(BaseForm):
    """One file that the editor sends while one writes."""

    file = FileField(N_("文件"))
