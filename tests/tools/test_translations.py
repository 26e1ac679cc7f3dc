"""Source strings are found in templates and code, and the check sees what is wrong with a .po file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import translations

TEMPLATE = """\
{% load i18n %}
  <h1>{% translate "計画" %}</h1> it's (odd) "quote {% translate '一覧' context "nav" %}
    {% blocktranslate trimmed count n=n %}
      {{ n }}件
      です{% plural %}{{ n }}件ずつ{% endblocktranslate %}
{% blocktranslate %}「{{ name }}」は
100%です{% endblocktranslate %}
<p>{{ x|default:_("なし") }} {% if a == _("甲") %}{% endif %}
"""
CODE = """\
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("名称 {n}")
B = pgettext("様式", "名称")
C = ngettext("%(n)d件", "%(n)d件の行", 3)
D = other("対象外")
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small source tree with one template and one module."""
    source = tmp_path / "src" / "yakuba"
    (source / "room" / "templates" / "room").mkdir(parents=True)
    (source / "room" / "templates" / "room" / "page.html").write_text(TEMPLATE, "utf-8")
    (source / "room" / "rules.py").write_text(CODE, "utf-8")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "SOURCE", source)
    monkeypatch.setattr(translations, "LOCALE", source / "locale")
    return source


def test_every_marked_string_is_found(tree: Path) -> None:
    assert set(translations.by_key(translations.source_catalog())) == {
        ("", "計画"),
        ("nav", "一覧"),
        ("", "%(n)s件 です"),
        ("", "「%(name)s」は\n100%%です"),
        ("", "なし"),
        ("", "甲"),
        ("", "名称 {n}"),
        ("様式", "名称"),
        ("", "%(n)d件"),
    }


def test_no_word_of_the_code_is_taken_for_a_text() -> None:
    found = [text for _context, text in translations.by_key(translations.source_catalog())]
    assert [text for text in found if text.isascii() and text.isalpha() and text.islower()] == []


def test_missing_english_fails_and_missing_easy_japanese_falls_back(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translations.update_all() == 0
    assert translations.check_all() == 1
    lines = capsys.readouterr().out.splitlines()
    assert "en: '計画' is not translated (src/yakuba/room/templates/room/page.html)" in lines
    assert not [line for line in lines if line.startswith("ja_Simple:")]


def test_complete_translations_pass_and_update_changes_nothing(tree: Path) -> None:
    translate_all()
    assert translations.check_all() == 0
    before = translations.po_path("en").read_bytes()
    translations.update_all()
    assert translations.po_path("en").read_bytes() == before


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_an_entry_whose_source_is_gone_is_obsolete(
    tree: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    translate_all()
    (tree / "room" / "rules.py").write_text(CODE.replace("名称 {n}", "見出し {n}"), "utf-8")
    assert translations.check_all() == 1
    assert f"{language}: '名称 {{n}}' is obsolete" in capsys.readouterr().out


def test_a_lost_placeholder_is_found(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translate_all()
    path = translations.po_path("en")
    path.write_text(path.read_text("utf-8").replace('msgstr "名称 {n}"', 'msgstr "Name {m}"'), "utf-8")
    assert translations.check_all() == 1
    assert "en: '名称 {n}' has other placeholders in 'Name {m}'" in capsys.readouterr().out


def translate_all() -> None:
    """Writes complete .po files in which each string translates to itself."""
    for language in translations.LANGUAGES:
        catalog = translations.source_catalog()
        for message in catalog:
            if message.id:
                message.string = message.id
        translations.write(language, catalog)
