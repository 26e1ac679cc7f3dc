"""Translations by Babel alone, without the gettext tools.

Source strings are Japanese and stand in the code and the templates. ``en`` has every one of them; ``ja_Simple``
(やさしい日本語) holds those that differ and falls back to the source.

    translations.py compile   .po → .mo, at install
    translations.py check     fails on missing, unfinished or obsolete entries and on lost placeholders
    translations.py update    writes new source strings into the .po files and drops those that are gone
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "yakuba"
LOCALE = SOURCE / "locale"
COMPLETE = ("en",)  # every string is translated
PARTIAL = ("ja_Simple",)  # what is missing falls back to the source
LANGUAGES = (*COMPLETE, *PARTIAL)

Keyword = tuple[int | tuple[int, str], ...] | None
KEYWORDS: dict[str, Keyword] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w*)[^{}]*\}(?!\})|(%[sd])")

Key = tuple[str, str]  # context ("" for none), source string (the singular one)


def main() -> int:
    """Runs the command line; 1 when ``check`` found something."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("compile", "check", "update"))
    command = parser.parse_args().command
    if command == "compile":
        return compile_all()
    if command == "update":
        return update_all()
    return check_all()


# --- source strings -------------------------------------------------------------------------------------------


def source_catalog() -> Catalog:
    """Every marked string below ``src/yakuba``, with the files it stands in."""
    catalog = Catalog()
    for path in sorted(source_files()):
        for line, message, comments, context in strings_of(path):
            place = (path.relative_to(ROOT).as_posix(), line)
            catalog.add(message, locations=[place], auto_comments=comments, context=context)
    return catalog


def source_files() -> Iterator[Path]:
    """Python files, and what lies in folders named ``templates``; migrations carry no screen text."""
    for folder, below, names in os.walk(SOURCE):
        below[:] = [name for name in below if name not in ("__pycache__", "static", "migrations", "locale")]
        for name in names:
            path = Path(folder, name)
            if path.suffix == ".py" or "templates" in path.relative_to(SOURCE).parts:
                yield path


Found = tuple[int, str | tuple[str, ...], list[str], str | None]


def strings_of(path: Path) -> Iterator[Found]:
    """The marked strings of one file: line, message (singular and plural as a tuple), comments, context.

    Django turns a template into something like Python, one call per line with the rest blanked out. It is not
    Python as a whole (the blanks keep the template's indentation), so each line is read by itself.
    """
    if path.suffix == ".py":
        yield from calls(path.read_bytes())
        return
    text = templatize(path.read_text("utf-8"), origin=str(path.relative_to(ROOT)))
    comment: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("# Translators"):
            comment = [stripped.removeprefix("# ")]
        elif "(" in stripped:
            for _, message, _, context in calls(stripped.encode()):
                yield number, message, comment, context
            comment = []


def calls(source: bytes) -> Iterator[Found]:
    """The calls of :data:`KEYWORDS` in Python source."""
    yield from extract("python", io.BytesIO(source), KEYWORDS, ("Translators:",), {"encoding": "utf-8"})


# --- the .po files --------------------------------------------------------------------------------------------


def po_path(language: str) -> Path:
    """Where the translations of a language (as Django names its folder) are kept."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The translations of a language; an empty catalog when there is no file yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def write(language: str, catalog: Catalog) -> bool:
    """Writes the .po file, without dates and line numbers that would change with every run; was it changed?"""
    body = io.BytesIO()
    write_po(
        body,
        catalog,
        width=110,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    text = header.encode() + body.getvalue()
    path = po_path(language)
    if path.exists() and path.read_bytes() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return True


def compile_all() -> int:
    """Writes a .mo file beside each .po file."""
    for language in LANGUAGES:
        path = po_path(language)
        if not path.exists():
            continue
        buffer = io.BytesIO()
        write_mo(buffer, read(language))
        path.with_suffix(".mo").write_bytes(buffer.getvalue())
    return 0


def update_all() -> int:
    """Brings every .po file up to date with the source; new entries are empty."""
    source = source_catalog()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(source, no_fuzzy_matching=True)
        if language in PARTIAL:
            for message in list(catalog):
                if message.id and not is_translated(message):
                    catalog.delete(message.id, message.context)
        if write(language, catalog):
            print(f"{po_path(language).relative_to(ROOT)}: written")
    return 0


# --- checking -------------------------------------------------------------------------------------------------


def check_all() -> int:
    """Compares source and .po files; prints what is wrong and returns 1, or 0."""
    source = by_key(source_catalog())
    problems = [problem for language in LANGUAGES for problem in problems_of(language, source)]
    for problem in problems:
        print(problem)
    if problems:
        print("translations: `make messages` brings the .po files up to date", file=sys.stderr)
        return 1
    print(f"translations: {len(source)} source strings, {', '.join(LANGUAGES)} right")
    return 0


def problems_of(language: str, source: dict[Key, Message]) -> Iterator[str]:
    """What is wrong with the translations of one language."""
    translated = by_key(read(language))
    for key in sorted(source.keys() | translated.keys()):
        message, label = translated.get(key), f"{language}: {key[1]!r}"
        if key not in source:
            yield f"{label} is obsolete"
        elif message is None or not is_translated(message):
            if language in COMPLETE:
                yield f"{label} is not translated ({source[key].locations[0][0]})"
        elif message.fuzzy:
            yield f"{label} is marked fuzzy"
        else:
            wanted = placeholders(source[key].id)
            for text in texts(message.string):
                if not placeholders(text) <= wanted or (
                    isinstance(message.id, str) and placeholders(text) != wanted
                ):
                    yield f"{label} has other placeholders in {text!r}"


def by_key(catalog: Catalog) -> dict[Key, Message]:
    """The entries by context and source string, without the header."""
    return {(message.context or "", texts(message.id)[0]): message for message in catalog if message.id}


def texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """One string, singular and plural, or nothing."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def is_translated(message: Message) -> bool:
    """Has each form of the entry a translation?"""
    return bool(message.string) and all(texts(message.string))


def placeholders(value: str | tuple[str, ...] | list[str]) -> set[str]:
    """The names that are filled in: ``%(n)s``, ``{n}`` and bare ``%s``."""
    return {"".join(found) for text in texts(value) for found in PLACEHOLDER.findall(text)}


if __name__ == "__main__":
    sys.exit(main())
