"""The build script: when a notebook runs again, what is stored of it, which files it touches."""

import os
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from book import build, execution, pages
from paperlib.claims.headlines import judge_headlines, readme_table


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in small: one notebook, one module, one data file, one lock file."""
    shared = ("paperlib/prices/series.py", "data/prices/x.csv", "requirements.lock", "_toc.yml")
    for name in (*shared, "mine.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before\n")
    cell = new_code_cell("1 + 1", id="a", execution_count=1)
    cell.outputs = [
        new_output("stream", name="stdout", text="one\n"),
        new_output("stream", name="stdout", text="two\n"),
        new_output("execute_result", {"text/plain": "<Axes at 0x7f04b2bcba50>"}, execution_count=1),
    ]
    cell.metadata["execution"] = {"iopub.status.busy": "2026-01-01T00:00:00Z"}
    notebook = new_notebook(
        cells=[cell], metadata={"language_info": {"name": "python", "version": "3.11.7"}}
    )
    nbformat.write(notebook, tmp_path / "a.ipynb")
    return tmp_path


def key(project: Path, prices: str = "") -> str:
    return execution.notebook_key(project / "a.ipynb", execution.inputs_key(project, prices))


def edit(project: Path, **changes: object) -> None:
    notebook = nbformat.read(project / "a.ipynb", 4)
    notebook.cells[0].update(changes)
    nbformat.write(notebook, project / "a.ipynb")


@pytest.mark.parametrize(
    "name", ["paperlib/prices/series.py", "data/prices/x.csv", "requirements.lock", "_toc.yml"]
)
def test_a_change_in_an_input_changes_the_key(project: Path, name: str) -> None:
    before = key(project)
    (project / name).write_text("after\n")
    assert key(project) != before


def test_a_new_or_renamed_input_changes_the_key(project: Path) -> None:
    before = key(project)
    (project / "data" / "new.csv").write_text("")
    added = key(project)
    (project / "data" / "new.csv").rename(project / "data" / "old.csv")
    assert len({before, added, key(project)}) == 3


def test_a_download_changes_the_key_only_if_it_is_used(project: Path) -> None:
    before = key(project)
    download = project / "data" / "downloads" / "NFLX.csv"
    download.parent.mkdir()
    download.write_text("prices\n")
    assert key(project) == before
    used = key(project, str(download))
    download.write_text("other prices\n")
    assert len({before, used, key(project, str(download))}) == 3


def test_a_change_in_a_cell_changes_the_key(project: Path) -> None:
    before = key(project)
    edit(project, source="1 + 2")
    assert key(project) != before


def test_outputs_and_times_do_not_change_the_key(project: Path) -> None:
    before = key(project)
    edit(project, outputs=[], execution_count=None, metadata={"execution": {}})
    assert key(project) == before


def test_the_users_prices_change_the_key_by_name_and_content(project: Path) -> None:
    mine = project / "mine.csv"
    moved = project / "elsewhere" / "mine.csv"
    moved.parent.mkdir()
    moved.write_text(mine.read_text())
    renamed = project / "yours.csv"  # the chapter on prices prints the name
    renamed.write_text(mine.read_text())
    bundled, own, other = key(project), key(project, str(mine)), key(project, "AAPL")
    assert len({bundled, own, other}) == 3
    assert key(project, str(moved)) == own
    assert key(project, str(renamed)) != own
    mine.write_text("after\n")
    assert key(project, str(mine)) != own


def test_normalising_drops_what_varies_and_is_idempotent(project: Path) -> None:
    once = execution.normalise(nbformat.read(project / "a.ipynb", 4))
    assert [output.output_type for output in once.cells[0].outputs] == ["stream", "execute_result"]
    assert once.cells[0].outputs[0].text == "one\ntwo\n"
    assert once.cells[0].outputs[1].data == {"text/plain": "<Axes>"}
    assert "execution" not in once.cells[0].metadata and "language_info" not in once.metadata
    content = execution.to_bytes(once)
    (project / "a.ipynb").write_bytes(content)
    assert execution.to_bytes(execution.normalise(nbformat.read(project / "a.ipynb", 4))) == content


def test_staging_touches_only_what_changed(tmp_path: Path) -> None:
    pages.sync({"a/same": b"1", "a/new": b"1", "gone": b"1"}, tmp_path)
    for path in tmp_path.rglob("*"):
        os.utime(path, (0, 0))
    pages.sync({"a/same": b"1", "a/new": b"2"}, tmp_path)
    assert (tmp_path / "a" / "same").stat().st_mtime == 0
    assert (tmp_path / "a" / "new").stat().st_mtime > 0
    assert (tmp_path / "a" / "new").read_bytes() == b"2"
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("changed", ["_build/stage/page.md", "book/pages.py", "requirements.lock"])
def test_the_site_is_built_anew_whenever_something_it_follows_from_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """Also if another builder staged the change, or a build was stopped."""
    for name in ("_build/stage/page.md", "book/pages.py", "requirements.lock"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before\n")
    built = []

    def build(builder: str, folder: str) -> Path:
        (tmp_path / "_build" / folder).mkdir()
        built.append(builder)
        return tmp_path / "_build" / folder

    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(pages, "stage", lambda: None)
    monkeypatch.setattr(pages, "run_sphinx", build)
    monkeypatch.setattr(pages, "cut_icon_fonts", lambda site: None)
    pages.build_site()
    pages.build_site()
    assert built == ["html"]
    (tmp_path / changed).write_text("after\n")
    pages.build_site()
    assert built == ["html"] * 2


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("owner/name", "https://github.com/owner/name"),
        ("https://github.com/owner/name.git", "https://github.com/owner/name"),
        ("git@github.com:owner/na.me.git", "https://github.com/owner/na.me"),
    ],
)
def test_the_repository_is_named_in_any_usual_way(
    given: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPOSITORY", given)
    assert pages.repository()["repository_url"] == url


def test_no_repository_is_invented(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.delenv("REPOSITORY", raising=False)
    assert pages.repository() == {}
    monkeypatch.setenv("REPOSITORY", "https://example.org/owner/name")
    with pytest.raises(execution.Hindrance, match="owner/name"):
        pages.repository()


def test_only_an_own_repository_gives_its_address_and_branch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for command in ("init -q -b trial", "remote add origin https://github.com/owner/name.git"):
        subprocess.run(["git", "-C", str(tmp_path), *command.split()], check=True)
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.delenv("REPOSITORY", raising=False)
    own = {"repository_url": "https://github.com/owner/name", "repository_branch": "trial"}
    for root, found in ((tmp_path, own), (inside, {})):
        monkeypatch.setattr(pages, "ROOT", root)
        assert pages.repository() == found
    monkeypatch.setenv("REPOSITORY", "other/name")
    assert pages.repository() == {"repository_url": "https://github.com/other/name"}


def test_a_bad_price_file_is_told_of_once_and_nothing_is_lost(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = project / "_build" / "executed"
    done.mkdir(parents=True)
    (done / "a.ipynb").write_text("finished before")
    monkeypatch.setattr(execution, "ROOT", project)
    (project / "_toc.yml").write_text("root: index\n")
    monkeypatch.setenv("PRICES", "missing.csv")
    with pytest.raises(execution.Hindrance, match=r"^missing\.csv: no such file\. Give a price"):
        execution.execute()
    assert (done / "a.ipynb").read_text() == "finished before"


def test_what_was_edited_while_it_ran_is_not_overwritten(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its outputs are of another text; those of the other chapters are stored."""
    for module in (execution, build):
        monkeypatch.setattr(module, "ROOT", project)
    pages = "".join(f"  - file: notebooks/{name}\n" for name in "ab")
    (project / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{pages}")
    done = project / "_build" / "executed"
    done.mkdir(parents=True)
    (project / "notebooks").mkdir(exist_ok=True)
    for name, typed in (("a", "1 + 1"), ("b", "1 + 2")):
        for folder, source in ((project / "notebooks", typed), (done, "1 + 1")):
            cell = new_code_cell(source, id="a", execution_count=1)
            if folder == done:
                cell.outputs = [new_output("stream", name="stdout", text="new\n")]
            nbformat.write(new_notebook(cells=[cell]), folder / f"{name}.ipynb")
    edited = (project / "notebooks" / "b.ipynb").read_bytes()
    with pytest.raises(execution.Hindrance, match=r"^notebooks/b\.ipynb changed .* make notebooks"):
        build.store_chapters()
    assert "new" in (project / "notebooks" / "a.ipynb").read_text("utf-8")
    assert (project / "notebooks" / "b.ipynb").read_bytes() == edited


def test_the_readmes_figure_is_the_chapters() -> None:
    notebook, name = build.README_FIGURE
    stored = nbformat.read(build.ROOT / "notebooks" / notebook, 4)
    shown = (build.ROOT / "book" / "_static" / "headline.svg").read_text()
    assert shown == build.figure(stored, name)
    with pytest.raises(execution.Hindrance, match="no executed figure is called 'fig-none'"):
        build.figure(stored, "fig-none")


def test_the_readme_says_what_the_results_say() -> None:
    readme = (build.ROOT / "README.md").read_text(encoding="utf-8")
    assert build.put_headlines(readme, readme_table()) == readme
    shown = readme.split(build.HEADLINES)[1].splitlines()[2:]
    assert len(shown) == 10
    for line, row in zip(judge_headlines(), shown, strict=True):
        assert row == f"| {line.claim} | {line.paper} | {line.here} | *{line.verdict}* |"


def test_a_readme_without_its_marks_is_refused() -> None:
    with pytest.raises(execution.Hindrance, match=r"README\.md: .* must stand in it twice"):
        build.put_headlines("# Title", "| table |")


def test_launch_buttons_need_a_repository(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPOSITORY", "owner/name")
    theme = pages.settings()["html_theme_options"]
    assert theme["repository_url"] == "https://github.com/owner/name"
    assert theme["launch_buttons"]["binderhub_url"] == "https://mybinder.org"
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.delenv("REPOSITORY")
    assert "html_theme_options" not in pages.settings()
    assert "give REPOSITORY=owner/name" in capsys.readouterr().out


def test_jupyterlab_keeps_its_files_in_the_project(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nenv\n")
    python.chmod(0o755)
    command = ["make", "--silent", "--old-file=.venv/ready", "lab", f"BIN={tmp_path}"]
    said = subprocess.run(command, cwd=build.ROOT, capture_output=True, text=True, check=True)
    places = dict(line.split("=", 1) for line in said.stdout.splitlines() if "=" in line)
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        assert Path(places[name]).is_relative_to(build.ROOT / "_build"), name
