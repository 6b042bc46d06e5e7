"""What is below /docs is found by its name, and nothing else is."""

from pathlib import Path

import pytest

from chalicelib import errors
from chalicelib.api import texts
from chalicelib.reference import files, pages

API = "https://api.example.com/api"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nowhere: None) -> Path:
    """A folder with three pages, and a secret beside it."""
    (tmp_path / "made" / "docs" / "problems").mkdir(parents=True)
    for name in ("docs/index.html", "docs/problems/index.html", "docs/problems/stale.html", "docs/a.0123456789.css"):
        (tmp_path / "made" / name).write_text(f"{name} of {files.API}")
    (tmp_path / "secret.txt").write_text("no")
    monkeypatch.setattr(files, "PLACE", tmp_path / "made")
    files.text.cache_clear()
    return tmp_path


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("docs", "docs/index.html"),
        ("docs/problems", "docs/problems/index.html"),
        ("docs/problems/stale", "docs/problems/stale.html"),
        ("docs/a.0123456789.css", "docs/a.0123456789.css"),
    ],
)
def test_a_page_is_found_and_knows_where_it_is(path: str, name: str) -> None:
    assert pages.page_at(path, API).text == f"{name} of {API}"


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    "path",
    [
        "",
        "docs/none",
        "../secret.txt",
        "docs/../../secret.txt",
        "docs/",
        "docs//problems",
        "/etc/passwd",
        "docs/%2e",
        "DOCS",
    ],
)
def test_what_is_no_page_is_not_there(path: str) -> None:
    with pytest.raises(errors.NotFound):
        pages.page_at(path, API)


@pytest.mark.usefixtures("made")
def test_only_what_has_a_digest_in_its_name_is_kept_for_ever() -> None:
    assert pages.page_at("docs/a.0123456789.css", API).cache == texts.FOREVER
    assert pages.page_at("docs", API).cache == texts.KEPT


@pytest.mark.usefixtures("made")
def test_only_the_page_of_operations_runs_scripts() -> None:
    assert "script-src 'self'" in pages.page_at("docs", API).policy
    assert pages.page_at("docs/problems/stale", API).policy == pages.POLICY
    assert "default-src 'none'" in pages.POLICY
