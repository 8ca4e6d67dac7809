"""What the platform is made of, in one list each.

Whoever wants to see the whole composition reads AREAS; whoever extends the platform ships a
package with one more entry point in the group ``hosting.areas``. The two lists are literals: at
start the platform reads them from here and refuses to run when what is installed differs.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

# name -> "module:object". What takes part at run time; each declares one hosting.runtime Area.
AREAS: dict[str, str] = {
    "directory": "hosting.directory.area:area",
    "console": "hosting.console.area:area",
    "security": "hosting.security.area:area",
    "publishing": "hosting.publishing.area:area",
    "ops": "hosting.ops.area:area",
    "themes": "themes.area:area",
    "sites": "tenants.sites.area:area",
    "media": "tenants.media.area:area",
    "content": "tenants.content.area:area",
    "review": "tenants.review.area:area",
    "reposts": "tenants.reposts.area:area",
    "pages": "tenants.pages.area:area",
    "exchange": "tenants.exchange.area:area",
    "search": "tenants.search.area:area",
    "receipts": "tenants.receipts.area:area",
    "workspace": "tenants.workspace.area:area",
    "provisioning": "provisioning.area:area",
    "legacy": "migrations.legacy.area:area",
}

# name -> module of an Alembic folder (env.py, versions/).
SCHEMA: dict[str, str] = {
    "jiyue": "migrations.schema",
}

COMMANDS: dict[str, str] = {
    "jiyue": "hosting.runtime.command_line:main",
}

HERE = Path(__file__).resolve().parent

# `platform` is a source root and never a package: Python has a module of that name.
TOP_PACKAGES = ["tenants", "provisioning", "migrations", "themes"]


def entry_points(entries: dict[str, str]) -> list[str]:
    """The entries as setuptools writes them: ``name = module:object``."""
    return [f"{name} = {target}" for name, target in entries.items()]


def requirements(name: str) -> list[str]:
    """The direct pins of a requirements file, without its reasons."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    stated = (line.split("#")[0].strip() for line in lines)
    return [line for line in stated if line]


class BuildWithCatalogues(build_py):
    """Compiles what people read before it is packed, in wheels and editable installs alike."""

    def run(self) -> None:
        """Write a `.mo` beside each `.po`; only the latter is kept in the repository."""
        for folder in ("platform/hosting", *TOP_PACKAGES):
            for source in (HERE / folder).glob("**/LC_MESSAGES/*.po"):
                compile_catalogue(source)
        super().run()


def compile_catalogue(source: Path) -> None:
    """The binary form of one catalogue, next to it."""
    with source.open("rb") as readable, source.with_suffix(".mo").open("wb") as binary:
        write_mo(binary, read_po(readable, locale=source.parent.parent.name))


setup(
    name="jiyue",
    version="0.1.0",
    description="One municipal platform that hosts every government site of a city",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE", "NOTICE"],
    python_requires=">=3.11",
    install_requires=requirements("requirements.in"),
    package_dir={"hosting": "platform/hosting"},
    packages=[
        *find_packages("platform", include=["hosting", "hosting.*"]),
        *find_packages(".", include=[*TOP_PACKAGES, *(f"{name}.*" for name in TOP_PACKAGES)]),
    ],
    # Templates, static files, catalogues, blueprints, Alembic's versions: all lie inside.
    package_data={name: ["**/*"] for name in ("hosting", *TOP_PACKAGES)},
    exclude_package_data={"": ["**/__pycache__/*", "*.pyc"]},
    cmdclass={"build_py": BuildWithCatalogues},
    zip_safe=False,
    entry_points={
        "console_scripts": entry_points(COMMANDS),
        "hosting.areas": entry_points(AREAS),
        "hosting.schema": entry_points(SCHEMA),
    },
)
