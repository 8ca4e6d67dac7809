"""Write the next revision of the schema: what the models have and the last revision has not.

    .venv/bin/python tools/new_revision.py "add the digest of a release" [--only tenants.review]

Compares in a new SQLite database; read what it wrote before you keep it. `--only` takes in the
tables of one room alone.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table

from hosting.runtime.areas import load_areas
from hosting.runtime.database import database_url, open_engine
from hosting.runtime.records import Base
from hosting.runtime.schema import schema_folder
from hosting.runtime.settings import Settings


def next_number(config: Config) -> str:
    """`0008` after `0007`."""
    head = ScriptDirectory.from_config(config).get_current_head()
    return f"{int(head or 0) + 1:04d}"


def tables_of(room: str) -> Callable[..., bool]:
    """A filter that takes tables whose class stands in this room, with all that belongs to them."""
    modules = {str(m.local_table.description): m.class_.__module__ for m in Base.registry.mappers}

    def included(thing: Any, name: str, kind: str, *_: Any) -> bool:
        table = name if kind == "table" else getattr(thing, "table", None)
        table_name = table.name if isinstance(table, Table) else str(table)
        return f"{modules.get(table_name, '')}.".startswith(room)

    return included


def write(connection: Connection, message: str, room: str) -> list[Path]:
    """The files that were written."""
    config = Config()
    config.set_main_option("script_location", str(schema_folder()))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("truncate_slug_length", "60")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if room:
        config.attributes["include_object"] = tables_of(room)
    made = command.revision(config, message, autogenerate=True, rev_id=next_number(config))
    return [Path(each.path) for each in (made if isinstance(made, list) else [made]) if each]


def tidy(path: Path) -> None:
    """Formatted, without Alembic's remarks and unused imports."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ###" not in line), encoding="utf-8")
    ruff = str(Path(sys.executable).with_name("ruff"))
    subprocess.run([ruff, "format", "--quiet", str(path)], check=True)
    subprocess.run([ruff, "check", "--quiet", "--fix", str(path)], check=True)


def main() -> None:
    """Write one revision, formatted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message", type=lambda text: re.sub(r"\.$", "", text))
    parser.add_argument("--only", default="", metavar="ROOM")
    options = parser.parse_args()
    load_areas()
    with tempfile.TemporaryDirectory() as home:
        engine = open_engine(database_url(Settings(home=Path(home))))
        with engine.begin() as connection:
            written = write(connection, options.message, options.only)
        engine.dispose()
    for path in written:
        tidy(path)
        print(path)


if __name__ == "__main__":
    main()
