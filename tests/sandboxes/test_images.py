"""An image is named by its content and offers languages that exist."""

from pathlib import Path

from sandboxes import images, languages


def test_every_family_offers_languages_that_exist() -> None:
    found = images.discover()
    assert "python" in found
    for image in found.values():
        assert image.languages
        assert image.languages <= set(languages.discover())


def test_the_same_content_gives_the_same_tag_and_a_changed_file_another(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('FROM scratch\nLABEL reward-server.languages="c cpp"\n')
    first, again = images._describe(tmp_path), images._describe(tmp_path)
    (tmp_path / "extra").write_text("x")
    changed = images._describe(tmp_path)
    assert first == again
    assert first.languages == {"c", "cpp"}
    assert changed.tag != first.tag
