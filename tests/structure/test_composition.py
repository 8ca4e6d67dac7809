"""setup.py lists what the platform consists of, and that is what is installed and shipped."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from parts.house import PACKAGES, ROOT, files

GROUPS = {"AREAS": "hosting.areas", "SCHEMA": "hosting.schema"}


def listed(name: str) -> dict[str, str]:
    """A list of setup.py as it stands there."""
    for node in ast.parse((ROOT / "setup.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == name:
            assert node.value is not None
            return dict(ast.literal_eval(node.value))
    raise AssertionError(f"setup.py has no {name}")


@pytest.mark.parametrize("name", GROUPS)
def test_what_setup_lists_is_what_is_installed(name: str) -> None:
    installed = {point.name: point.value for point in entry_points(group=GROUPS[name])}

    assert installed == listed(name), "run `make setup`"


def test_an_area_is_listed_under_its_own_name() -> None:
    names = {point.name: point.load().name for point in entry_points(group="hosting.areas")}

    assert names == {name: name for name in names}


def test_every_area_that_is_written_is_listed() -> None:
    written = {
        ".".join((package, *path.relative_to(folder).with_suffix("").parts)) + ":area"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("area.py")
    }

    assert written == set(listed("AREAS").values())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made of a copy of the project, so that nothing of an earlier build gets into it."""
    source = tmp_path_factory.mktemp("source")
    for path in files():
        target = source / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return next(folder.glob("jiyue-*.whl"))


@pytest.fixture(scope="module")
def fresh_install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel installed, and our libraries beside it."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    command += ["--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    # After the wheel's own packages; .pth files over there, our editable install, are not read.
    libraries = sysconfig.get_path("purelib")
    site = next((folder / "lib").glob("python*/site-packages"))
    (site / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    return folder / "bin"


def run(*command: str | Path, cwd: Path) -> str:
    """What a program prints, outside the checkout and with none of our settings."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JIYUE_", "PYTHON"))}
    answer = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    expected = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in files()
        # Files for git and editors are nothing to ship.
        if path.is_relative_to(folder) and not path.name.startswith(".")
    }

    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert expected - shipped == set()
    assert {name.split("/")[0] for name in shipped} == set(PACKAGES)


def test_the_installed_wheel_starts(fresh_install: Path, tmp_path: Path) -> None:
    where = run(
        fresh_install / "python",
        "-c",
        "import hosting, tenants; from hosting.directory.application import create_application;"
        " create_application(); print(hosting.__file__, tenants.__file__)",
        cwd=tmp_path,
    )

    assert "init" in run(fresh_install / "jiyue", "--help", cwd=tmp_path)
    assert all(Path(file).is_relative_to(fresh_install.parent) for file in where.split())


def test_the_editable_install_starts(tmp_path: Path) -> None:
    where = run(
        sys.executable,
        "-c",
        "import hosting; from hosting.directory.application import create_application;"
        " create_application(); print(hosting.__file__)",
        cwd=tmp_path,
    )

    assert "init" in run(Path(sys.executable).with_name("jiyue"), "--help", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(ROOT)
