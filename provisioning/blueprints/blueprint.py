"""A blueprint as data: the columns, home page, services and texts a new site starts with."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class ColumnPlan:
    """A column to be made. `path` is "/a/b/"; its parent "/a/" stands earlier in the blueprint."""

    path: str
    name: str
    description: str
    keywords: tuple[str, ...]
    column_type: str
    update_class: str

    @property
    def slug(self) -> str:
        """The last part of the path."""
        return self.path.strip("/").rsplit("/", 1)[-1]

    @property
    def parent_path(self) -> str | None:
        """The path of the column above, None at the top."""
        above, _, _ = self.path.strip("/").rpartition("/")
        return f"/{above}/" if above else None

    @property
    def depth(self) -> int:
        """1 for a top column."""
        return self.path.count("/") - 1


@dataclass(frozen=True)
class HomeBlock:
    """A block of the home page, in the order it stands; `items` is how many it shows."""

    kind: str
    title: str
    columns: tuple[str, ...]
    items: int


@dataclass(frozen=True)
class ServiceLink:
    """One of the wanted services on the home page; `address` is a path of the site itself."""

    name: str
    icon: str
    audience: str
    address: str


@dataclass(frozen=True)
class Blueprint:
    """What a kind of site starts with; `code` is the file's name without its ending."""

    code: str
    kind: str
    title: str
    theme: str
    texts: dict[str, str]
    columns: tuple[ColumnPlan, ...]
    subsite_columns: tuple[ColumnPlan, ...]
    home: tuple[HomeBlock, ...]
    services: tuple[ServiceLink, ...]

    def named(self, *, name: str, short_name: str) -> Blueprint:
        """The blueprint with an organisation's names in every place of its texts."""
        facts = {"name": name, "short_name": short_name}
        return replace(
            self,
            texts={key: text.format_map(facts) for key, text in self.texts.items()},
            columns=tuple(_named(column, facts) for column in self.columns),
        )

    def subsite(self, *, name: str, short_name: str) -> tuple[ColumnPlan, ...]:
        """The columns of a subsite, with the names of the organisation it belongs to."""
        facts = {"name": name, "short_name": short_name}
        return tuple(_named(column, facts) for column in self.subsite_columns)


def _named(column: ColumnPlan, facts: dict[str, str]) -> ColumnPlan:
    return replace(
        column,
        name=column.name.format_map(facts),
        description=column.description.format_map(facts),
    )
