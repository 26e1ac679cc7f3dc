import gzip
import re

from yakuba.kernel.ui import stylesheet

FOLDER = stylesheet.HERE / "static" / "ui"


def test_our_own_css_and_js_stay_small():
    files = [path for path in FOLDER.rglob("*") if path.suffix in {".css", ".js"}]
    assert files
    assert sum(path.stat().st_size for path in files) < 80_000
    assert sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files) < 40_000


def test_nothing_is_loaded_from_elsewhere_or_evaluated():
    for path in FOLDER.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"https?:(?!//www\.w3\.org/2000/svg)|@import|url\(|data:|\beval\b|innerHTML", text
        ), path


def test_scripts_set_no_inline_styles():
    for path in FOLDER.glob("*.js"):
        assert not re.search(r"\.style\b|cssText|setAttribute\(\"style", path.read_text(encoding="utf-8")), (
            path
        )


def test_classes_in_templates_have_rules():
    """A class without a rule is a slip or a leftover; classes that scripts or dataclasses fill are listed by the stylesheet."""
    css = (FOLDER / "yakuba.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.([a-z][\w-]*)", css))
    # Plain hooks that need no look of their own.
    known |= {"flow", "portal", "plain", "current", "ahead", "built"}
    for path in (stylesheet.HERE / "templates").rglob("*.html"):
        # Template tags go first: what stands in quotes inside them is no class.
        plain = re.sub(r"{%.*?%}|{{.*?}}", " ", path.read_text(encoding="utf-8"))
        for value in re.findall(r'class="([^"]*)"', plain):
            assert set(value.split()) <= known, (path.name, set(value.split()) - known)
