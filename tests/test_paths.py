"""The project's folders are where the project's own files stand."""

from __future__ import annotations

from paperlib.paths import BUILD, DATA, ROOT


def test_the_root_is_the_folder_of_the_project():
    assert (ROOT / "pyproject.toml").is_file()
    assert (ROOT / "tests" / "test_paths.py").samefile(__file__)


def test_what_is_committed_and_what_can_be_made_again_are_kept_apart():
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert (DATA.parent, BUILD.parent) == (ROOT, ROOT)
    assert (DATA / "claims.yaml").is_file()
    assert f"{BUILD.name}/" in ignored
    assert f"{DATA.name}/" not in ignored
