"""Bring the English catalogues up to date with the Chinese messages in the source.

Writes `<package>/translations/en/LC_MESSAGES/messages.po` and its compiled form, and lists what has
no English sentence yet. With --check it writes nothing. Exits 4 when something is missing.
Files carry no dates and no line numbers, so that they change when messages do.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("platform/hosting", "themes", "tenants", "provisioning", "migrations")
KEYWORDS = {"_": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
HEADER = r"""msgid ""
msgstr ""
"Language: en\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


def extracted(package: str) -> Catalog:
    """The messages marked in a package, in the order of their files and lines."""
    with (ROOT / "tools" / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    catalogue = Catalog()
    for _, _, message, _, _ in extract_from_dir(
        ROOT / package, method_map=methods, options_map=options, keywords=KEYWORDS
    ):
        catalogue.add(message)
    return catalogue


def catalogue_path(package: str) -> Path:
    """Where a package's English sentences are kept."""
    return ROOT / package / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def kept(package: str) -> Catalog:
    """The English catalogue as it is; empty where there is none yet."""
    path = catalogue_path(package)
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as readable:
        return read_po(readable, locale="en")


def updated(package: str) -> Catalog:
    """The English catalogue with what is new, without what is gone."""
    catalogue = kept(package)
    catalogue.update(extracted(package), no_fuzzy_matching=True)
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """Messages without an English sentence."""
    return [
        str(each.id) for each in catalogue if each.id and not (each.string and all(each.string))
    ]


def write(package: str, catalogue: Catalog) -> None:
    """Write the catalogue and its compiled form."""
    body = BytesIO()
    write_po(body, catalogue, no_location=True, omit_header=True, ignore_obsolete=True, width=100)
    path = catalogue_path(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEADER.encode() + body.getvalue())
    with path.with_suffix(".mo").open("wb") as binary:
        write_mo(binary, kept(package))


def main(arguments: list[str]) -> int:
    """Update every package's catalogue, or only look with --check."""
    missing = 0
    for package in PACKAGES:
        catalogue = updated(package)
        if "--check" not in arguments:
            write(package, catalogue)
        for message in untranslated(catalogue):
            print(f"{package}: {message}")
            missing += 1
    print(f"{missing} messages have no English sentence", file=sys.stderr)
    return 4 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
