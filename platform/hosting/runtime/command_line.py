"""The command line: `jiyue`, assembled from the areas' commands.

Every command takes --json (one document on stdout, progress on stderr) and exits 0 done, 2 the
caller's mistake, 3 try later, 4 the check ran and found something, 1 a defect of ours.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import click

from hosting.runtime.areas import load_areas
from hosting.runtime.environment import read_settings, spoken_locale
from hosting.runtime.errors import Refusal
from hosting.runtime.language import N_, text
from hosting.runtime.log_lines import spelled
from hosting.runtime.runtime import Runtime
from hosting.runtime.worker import drain

P = ParamSpec("P")
_MOST_PROBLEMS = 20
"""So many are said one by one; all of them are in the document of --json."""

_MORE_PROBLEMS = N_("共 {count} 处，以上为前 {shown} 处；加 --json 可查看全部")

FOUND = 4
"""Exit code of a check that ran and found something."""


class _Areas(click.Group):
    """The commands of all installed areas, loaded when first asked for."""

    def _load(self) -> None:
        if self.commands:
            return
        for area in load_areas():
            for command in area.commands:
                self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command by its name."""
        self._load()
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Areas, context_settings={"help_option_names": ["-h", "--help"]})
def jiyue() -> None:
    """集约：一座城市的全部政府网站。"""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with the contract's code."""
    as_json = "--json" in (sys.argv[1:] if arguments is None else arguments)
    try:
        outcome = jiyue.main(arguments, prog_name="jiyue", standalone_mode=False)
    except Refusal as refusal:
        _tell(refusal, as_json=as_json)
        sys.exit(refusal.exit_code)
    except click.ClickException as mistake:
        mistake.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(2)
    sys.exit(outcome if isinstance(outcome, int) else 0)


def _tell(refusal: Refusal, *, as_json: bool) -> None:
    locale = spoken_locale()
    problems = [
        {"field": p.field, "code": p.code, "message": _sentence(p.message, locale, p.facts)}
        for p in refusal.problems
    ]
    message = _sentence(refusal.message, locale, refusal.facts)
    if as_json:
        click.echo(
            json.dumps(
                {"error": {"code": refusal.code, "message": message, "problems": problems}},
                ensure_ascii=False,
            )
        )
    click.echo(_for_terminals(message), err=True)
    for problem in problems[:_MOST_PROBLEMS]:
        click.echo(_for_terminals(f"  {problem['field']}: {problem['message']}"), err=True)
    if len(problems) > _MOST_PROBLEMS:
        more = text(_MORE_PROBLEMS, locale, count=len(problems), shown=_MOST_PROBLEMS)
        click.echo(more, err=True)


def _sentence(message: str, locale: str, facts: Mapping[str, Any]) -> str:
    return text(message, locale, **facts) if facts else text(message, locale)


def with_runtime(
    command: Callable[Concatenate[Runtime, P], Any],
) -> Callable[P, Any]:
    """Open the platform for a command (which gets it first), and close it afterwards.

    Adds --json and, for commands that cause jobs, see `draining`.
    """

    @wraps(command)
    def opened(*args: P.args, **options: P.kwargs) -> Any:
        runtime = Runtime.open(read_settings())
        try:
            runtime.require_home()
            return command(runtime, *args, **options)
        finally:
            runtime.close()

    return opened


json_option = click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出"))
"""Every command takes it as `as_json`."""

wait_option = click.option("--no-wait", is_flag=True, help=N_("不等由此产生的任务完成"))
"""Commands that cause jobs take it as `no_wait` and call `settle`."""


def settle(runtime: Runtime, *, no_wait: bool) -> None:
    """Do the jobs that the command caused, unless it was told not to wait."""
    if not no_wait:
        drain(runtime)


def answer(data: Any, *, as_json: bool, human: Callable[[Any], str] | None = None) -> None:
    """Print a command's result: one JSON document, or what `human` makes of it."""
    if as_json or human is None:
        click.echo(json.dumps(data, ensure_ascii=False, default=str, indent=None if as_json else 2))
    else:
        click.echo(_for_terminals(human(data)))


def _for_terminals(said: str) -> str:
    """Names of files and old pages are in it: a terminal must not obey what they hold."""
    return spelled(said, kept="\n\t")
