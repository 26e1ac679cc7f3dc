"""Which column of a table means which field of a book. What is not clear by its words is asked once, and kept for the same heads."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Ledger
from yakuba.engines.ledger.exchange.drawing import HEAD
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import specs_of_book, typed_specs
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import INTERNAL, PERSONAL, Spec
from yakuba.kernel.fields.kinds import Choice
from yakuba.kernel.sheets.table import ID, VERSION, Column, field_spec
from yakuba.kernel.text import fold

NUMBER: Final = "number"
#: Two columns that together say where something is; the batch says in which system.
NORTH, EAST = "place.north", "place.east"
#: A shape in a file for maps, in the system of the batch.
SHAPE: Final = "place.shape"
_OWN: Final = {
    ID: ("id", "ID（変えない）"),
    VERSION: ("version", "更新番号", "更新番号（変えない）", "版"),
}
_COORDINATES: Final = {
    SHAPE: (HEAD,),
    NORTH: ("緯度", "北緯", "latitude", "lat", "X座標", "X", "y_lat"),
    EAST: ("経度", "東経", "longitude", "lon", "lng", "long", "Y座標", "Y", "x_lon"),
}
_LABELS: Final = {
    ID: gettext_lazy("ID（書き出した表）"),
    VERSION: gettext_lazy("更新番号（書き出した表）"),
    NORTH: gettext_lazy("緯度 または 平面直角のX（北）"),
    EAST: gettext_lazy("経度 または 平面直角のY（東）"),
    SHAPE: gettext_lazy("位置（地図ファイルの図形）"),
}
#: The shortest beginning of a head by which a field is known.
_CUT: Final = 3
_SIGNS: Final = re.compile(r"[\s・／/:：.．,，、。*＊※_＿\-－‐]+")
_BRACKETS: Final = re.compile(r"[（(\[［【].*?[）)\]］】]")


def columns_of(
    ledger: Ledger[Entry], book: Book | None, *, personal: bool, changes: bool = True
) -> tuple[Column, ...]:
    """The columns of a book's table: number, states, then every field that may be read.

    What is only shown in a table that comes back (``changes``) is fixed: numbers, states (they move), and what follows from others.
    """
    number = field_spec(ledger.model, NUMBER, str(ledger.number_label))
    shown = [Column(NUMBER, replace(number, required=False), fixed=changes)]
    for chain in ledger.all_chains:
        spec = Spec(str(chain.label), INTERNAL, Choice(chain.all_states), required=False)
        shown.append(Column(chain.column, spec, fixed=changes))
    for name, spec in specs_of_book(ledger, book).items():
        if personal or spec.classification is not PERSONAL:
            shown.append(Column(name, spec, fixed=changes and name in ledger.derived))
    return tuple(shown)


def takeable(ledger: Ledger[Entry], columns: Sequence[Column]) -> dict[str, str]:
    """What a column of a table that comes in may mean: key → words.

    States are taken of new rows alone (entries that are here move by steps), and what follows from other fields only compared.
    """
    found = {column.key: column.label for column in columns}
    found |= {key: str(_LABELS[key]) for key in (ID, VERSION)}
    if ledger.placed:
        found |= {key: str(_LABELS[key]) for key in (NORTH, EAST, SHAPE)}
    return found


def known(ledger: Ledger[Entry], columns: Sequence[Column]) -> dict[str, str]:
    """Folded words → key: own heads first, then labels, keys, and labels without what stands in brackets."""
    found: dict[str, str] = {}
    allowed = takeable(ledger, columns)
    for key, words in (_OWN | (_COORDINATES if ledger.placed else {})).items():
        found |= {fold(word): key for word in words}
    mine = [column for column in columns if column.key in allowed]
    for column in mine:
        words = (column.key.removeprefix("more."), column.spec.label, column.label)
        found |= {fold(word): column.key for word in words}
    for key, aliases in ledger.aliases.items():
        for word in aliases:
            found.setdefault(fold(word), key)
    for column in mine:
        for word in (_BRACKETS.sub("", column.spec.label).strip(), plain(column.spec.label)):
            if word:
                found.setdefault(fold(word), column.key)
    return found


def plain(words: str) -> str:
    """A head as old tables shorten it: without brackets, blanks, signs and the の between two words (柱 種類 for 柱の種類)."""
    return _SIGNS.sub("", _BRACKETS.sub("", words)).replace("の", "")


def suggested(labels: Sequence[str], by_word: Mapping[str, str]) -> list[str]:
    """A key for each head, each key once, empty for what nothing is known of.

    A head is known by its whole words, without what stands in brackets, of two rows by its lower one, or, where a file cuts its heads
    (a Shapefile after ten bytes), by a beginning that only one field has. What is written in Japanese goes before keys.
    """
    found = [""] * len(labels)
    heads = sorted(enumerate(labels), key=lambda pair: pair[1].isascii())
    for form in (_whole, _closed, _without_brackets, plain, _lower):
        for at, label in heads:
            key = by_word.get(fold(form(label)), "")
            if key and not found[at] and key not in found:
                found[at] = key
    for at, label in heads:
        cut = fold(label)
        keys = {key for word, key in by_word.items() if word.startswith(cut)} if len(cut) >= _CUT else set()
        if len(keys) == 1 and not found[at] and not keys & set(found):
            found[at] = keys.pop()
    return found


def _whole(label: str) -> str:
    return label


def _closed(label: str) -> str:
    return label.replace(" ", "").replace("　", "")


def _without_brackets(label: str) -> str:
    return _BRACKETS.sub("", label).strip()


def _lower(label: str) -> str:
    return label.rsplit(" ", maxsplit=1)[-1] if " " in label else ""


def found_by(ledger: Ledger[Entry], columns: Sequence[str]) -> list[str]:
    """By what rows are found again, as far as the columns have it: own ids, the number, fields that tell doubles. Empty: all are new."""
    if ID in columns and VERSION in columns:
        return [ID]
    if NUMBER in columns:
        return [NUMBER]
    return next((list(one) for one in ledger.alike if set(one) <= set(columns)), [])


def ways(ledger: Ledger[Entry], columns: Sequence[str]) -> list[list[str]]:
    """The ways in which rows of such columns may be found again, the usual one first; always also none."""
    return [
        *([[ID]] if ID in columns and VERSION in columns else []),
        *([[NUMBER]] if NUMBER in columns else []),
        *(list(one) for one in ledger.alike if set(one) <= set(columns)),
        [],
    ]


def every_way(ledger: Ledger[Entry], columns: Sequence[str]) -> list[list[str]]:
    """The ways of :func:`ways`, and behind them those that some column is still missing for; none at all comes last."""
    open_now = ways(ledger, columns)
    later = [one for one in ([NUMBER], *(list(one) for one in ledger.alike)) if one not in open_now]
    return [*open_now[:-1], *later, []]


def lacking(ledger: Ledger[Entry], book: Book | None, columns: Sequence[str]) -> list[str]:
    """The labels of the fields that a new row has to say and no column does."""
    placed = NORTH in columns or SHAPE in columns
    return [
        str(spec.label)
        for name, spec in typed_specs(ledger, book).items()
        if spec.required and name not in columns and not (name == "place" and placed)
    ]


def demand(
    ledger: Ledger[Entry], allowed: Mapping[str, str], columns: Sequence[str], by: Sequence[str]
) -> None:
    """That a matching can be worked with. Raises :class:`Problem`."""
    taken = [key for key in columns if key]
    if not taken:
        raise Problem("columns", _("どの列を取り込むかを、1つ以上選んでください。"), field="columns")
    for key in taken:
        if key not in allowed:
            raise Problem(
                "column",
                _("「%s」という項目はありません。画面を開き直してください。") % key[:40],
                field="columns",
            )
        if taken.count(key) > 1:
            raise Problem(
                "twice",
                _("「%s」に、2つの列が当てられています。どちらか一方にしてください。") % allowed[key],
                field="columns",
                found=allowed[key],
            )
    if (NORTH in taken) != (EAST in taken):
        raise Problem("half", _("位置は、緯度と経度（またはXとY）の両方の列が要ります。"), field="columns")
    if sum(key in taken for key in (NORTH, SHAPE, "place")) > 1:
        raise Problem(
            "twice", _("位置に、2通りの列が当てられています。一方にしてください。"), field="columns"
        )
    if list(by) not in ways(ledger, columns):
        missing = [allowed[key] for key in by if key in allowed and key not in columns]
        raise Problem(
            "by",
            _("「%s」で突き合わせるには、その項目の列を上の表で選んでください。") % _("」「").join(missing)
            if missing
            else _("今ある行との突き合わせ方を選び直してください。"),
            field="by",
            expected="・".join(missing),
        )


def needs_system(columns: Sequence[str]) -> bool:
    """Whether the columns hold coordinates, of which a person says in which system they are."""
    return NORTH in columns or SHAPE in columns


def digest(labels: Sequence[str]) -> str:
    """Of the heads in their order: the same office sends the same table next month."""
    return hashlib.sha256(json.dumps([fold(one) for one in labels]).encode()).hexdigest()
