"""The sheet as a PDF: the map in its frame, the legend as a table, north, scale bar, coordinates, terms and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yakuba.kernel import pdf
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import JsonValue
from yakuba.services.maps.printing.drawing import Drawn, Picture
from yakuba.services.maps.printing.sheet import BOTTOM, MARGIN, PANEL, Sheet

_GROUND: Final = "ground.jpg"
_BAR_PARTS: Final = 4

_SOURCE: Final = """
#set page(paper: data.paper, flipped: data.across, margin: (x: %(margin)dmm, top: %(margin)dmm, bottom: %(bottom)dmm), footer-descent: 3mm)
#set text(size: 8.5pt)
#set par(leading: 0.5em, spacing: 0.6em, justify: false)
#set table(inset: 2.5pt)
#show heading.where(level: 1): set block(above: 0mm, below: 2mm)
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set block(above: 2.5mm, below: 1.5mm)
#show heading.where(level: 2): set text(size: 9.5pt)
#show figure: set block(spacing: 0mm)
#let tick(one) = {
  let text = text(size: 5.5pt, box(fill: white.transparentize(20%%), inset: 0.4mm, one.text))
  if one.edge == "bottom" { place(top + left, dx: one.at * 1mm, dy: (data.height - 3.2) * 1mm, text) }
  else { place(top + left, dx: 0.5mm, dy: one.at * 1mm, rotate(-90deg, reflow: true, text)) }
}
#let map = figure(alt: data.alt, box(width: data.width * 1mm, height: data.height * 1mm, {
  if data.ground { place(top + left, image("/%(ground)s", width: data.width * 1mm, height: data.height * 1mm, alt: data.ground_alt)) }
  place(top + left, image(bytes(data.map), format: "svg", width: data.width * 1mm, height: data.height * 1mm, alt: data.alt))
  for one in data.names { place(top + left, dx: one.x * 1mm, dy: one.y * 1mm, text(size: 6pt, box(fill: white.transparentize(25%%), one.text))) }
  for one in data.ticks { tick(one) }
}))
#let scale = grid(columns: (auto, auto), column-gutter: 4mm, align: bottom,
  image(bytes(data.north), format: "svg", height: 14mm, alt: data.north_alt),
  [#text(size: 11pt, weight: "bold")[#data.scale] #v(1mm)
   #box(width: data.bar_width * 1mm + 12mm, height: 7mm, {
     place(top + left, dy: 4mm, image(bytes(data.bar), format: "svg", width: data.bar_width * 1mm, height: 1.6mm, alt: data.bar_alt))
     for one in data.bar_labels { place(top + left, dx: one.at * 1mm, text(size: 6.5pt, one.text)) }
   })])
#let legend = [== #data.words.legend
#table(columns: (auto, 1fr, auto), stroke: 0.3pt, align: (center + horizon, left + horizon, right + horizon),
  table.header([#data.words.sign], [#data.words.meaning], [#data.words.count]),
  ..data.layers.map(layer => (
    ..if layer.named { (table.cell(colspan: 3, strong(layer.label)),) },
    ..layer.lines.map(one => (image(bytes(one.sign), format: "svg", height: 3.4mm, alt: one.word), [#one.word], [#one.count]))
  )).flatten())]
#let about = [== #data.words.about
#for one in data.notes [#par(text(weight: "bold")[#one])]
#for one in data.about [#par[#one]]]
= #data.title
#if data.across {
  grid(columns: (data.width * 1mm, %(panel)dmm), column-gutter: 4mm, map, [#scale #about #legend])
} else {
  map
  v(2mm)
  grid(columns: (2fr, 3fr), column-gutter: 5mm, [#scale #about], legend)
}
"""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said on a sheet besides the map: ``by`` is whoever printed it, empty on public sheets; ``ground`` whose pictures lie below."""

    title: str
    municipality: str
    day: dt.date
    by: str = ""
    ground: str = ""


def document(sheet: Sheet, picture: Picture, words: Words, ground: bytes | None = None) -> bytes:
    """The PDF. ``ground`` is a JPEG the size of the map. Raises :class:`~yakuba.kernel.pdf.PrintError`."""
    width, height = sheet.size
    step, easts, norths = sheet.grid()
    bar = sheet.bar()
    bar_width = bar / sheet.metres
    data: dict[str, JsonValue] = {
        "paper": sheet.paper,
        "across": sheet.across,
        "width": width,
        "height": height,
        "title": words.title,
        "map": picture.svg(sheet),
        "alt": _alt(sheet, picture),
        "ground": ground is not None,
        "ground_alt": _("背景の画像（%s）") % (words.ground or words.municipality),
        "ticks": [*_bottom(sheet, easts), *_left(sheet, norths)],
        "names": [
            {"x": one.x, "y": one.y, "text": one.text}
            for one in (picture.names.placed if picture.names else ())
        ],
        "north": _north(sheet),
        "north_alt": _("方位。上が座標北、矢印が真北です。"),
        "scale": _("縮尺 1:%s") % f"{sheet.scale:,}",
        "bar": _bar(bar_width),
        "bar_width": bar_width,
        "bar_alt": _("縮尺の目盛。全体で%s") % _length(bar),
        "bar_labels": [
            {"at": bar_width * part / _BAR_PARTS, "text": _length(bar * part / _BAR_PARTS)}
            for part in (0, 2, 4)
        ],
        "words": {
            "legend": _("凡例"),
            "sign": _("記号"),
            "meaning": _("意味"),
            "count": _("件数"),
            "about": _("この図について"),
        },
        "layers": [_layer(one) for one in picture.layers],
        "notes": [*_notes(picture)],
        "about": [*_about(sheet, picture, words, step)],
    }
    source = _SOURCE % {"margin": MARGIN, "bottom": BOTTOM, "panel": PANEL, "ground": _GROUND}
    pictures = {_GROUND: ground} if ground is not None else None
    return pdf.render(source, title=words.title, data=data, pictures=pictures)


def _layer(drawn: Drawn) -> JsonValue:
    return {
        "label": drawn.layer.label,
        "named": len(drawn.lines) > 1,
        "lines": [
            {"sign": line.sign(), "word": line.look.word, "count": f"{line.count:,}"} for line in drawn.lines
        ],
    }


def _notes(picture: Picture) -> list[JsonValue]:
    """What is missing on the sheet."""
    crowded = picture.names.crowded if picture.names else 0
    unnamed = ngettext(
        "ほかの名前と重なるため、%(n)s件の名前を書いていません。",
        "ほかの名前と重なるため、%(n)s件の名前を書いていません。",
        crowded,
    ) % {"n": f"{crowded:,}"}
    return [
        *([unnamed] if crowded else []),
        *(
            ngettext(
                "「%(layer)s」は多すぎるため、この範囲の約%(n)s件を省いています。",
                "「%(layer)s」は多すぎるため、この範囲の約%(n)s件を省いています。",
                one.missing,
            )
            % {"layer": one.layer.label, "n": f"{one.missing:,}"}
            for one in picture.layers
            if one.missing
        ),
    ]


def _about(sheet: Sheet, picture: Picture, words: Words, step: int) -> list[JsonValue]:
    turned = sheet.convergence()
    said = [
        _("%(system)s（EPSG:%(epsg)d）。十字は%(step)sごと、X（北）・Y（東）の座標値。")
        % {"system": sheet.system.label, "epsg": sheet.system.epsg, "step": _length(step)},
        _("上は座標北。真北は%(side)sへ%(degrees).2f度。")
        % {"side": _("右") if turned >= 0 else _("左"), "degrees": abs(turned)},
        _("%(day)s現在。この図は証明ではありません。正確な位置や範囲は、担当課に確かめてください。")
        % {"day": format_date(words.day)},
    ]
    for one in picture.layers:
        credit = " ".join(part for part in (one.layer.attribution, one.layer.terms) if part.strip())
        if credit:
            said.append(_("%(layer)s：%(credit)s") % {"layer": one.layer.label, "credit": credit})
    if words.ground:
        said.append(_("背景：%s") % words.ground)
    made = _("作成：%s") % words.municipality
    return [*said, f"{made} {words.by}".strip()]


def _alt(sheet: Sheet, picture: Picture) -> str:
    counted = "、".join(
        _("%(layer)s %(n)s件") % {"layer": one.layer.label, "n": f"{one.count:,}"} for one in picture.layers
    )
    return _("北緯%(lat).5f度・東経%(lon).5f度を中心とする縮尺1:%(scale)sの地図。%(counted)s。") % {
        "lat": sheet.lat,
        "lon": sheet.lon,
        "scale": f"{sheet.scale:,}",
        "counted": counted,
    }


def _bottom(sheet: Sheet, easts: Sequence[int]) -> list[JsonValue]:
    """Eastings along the lower edge, where there is room before the corner."""
    places = sheet.on_paper(np.array([[one, 0.0] for one in easts]).reshape(-1, 2))[:, 0]
    return [
        {"edge": "bottom", "at": float(at) + 0.4, "text": f"Y={_number(one)}"}
        for one, at in zip(easts, places, strict=True)
        if 6 < at < sheet.size[0] - 20
    ]


def _left(sheet: Sheet, norths: Sequence[int]) -> list[JsonValue]:
    places = sheet.on_paper(np.array([[0.0, one] for one in norths]).reshape(-1, 2))[:, 1]
    return [
        {"edge": "left", "at": float(at) + 0.4, "text": f"X={_number(one)}"}
        for one, at in zip(norths, places, strict=True)
        if 2 < at < sheet.size[1] - 24
    ]


def _number(metres: int) -> str:
    return f"{metres:,}".replace("-", "−") + "m"


def _length(metres: float) -> str:
    return f"{metres / 1000:,g}km" if metres >= 1000 else f"{metres:g}m"


def _north(sheet: Sheet) -> str:
    """An arrow to true north on a stroke to the system's north."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 28">'
        '<path d="M10 6V27" stroke="#1a1a1a" stroke-width="0.6"/>'
        f'<g transform="rotate({sheet.convergence():.3f} 10 17)"><path d="M10 6L14.5 26L10 22L5.5 26Z" fill="none" stroke="#1a1a1a" stroke-width="0.8" stroke-linejoin="round"/>'
        '<path d="M10 6L10 22L5.5 26Z" fill="#1a1a1a"/></g>'
        '<path d="M7.5 5V0.6L12.5 5V0.6" fill="none" stroke="#1a1a1a" stroke-width="1"/></svg>'
    )


def _bar(width: float) -> str:
    part = width / _BAR_PARTS
    filled = "".join(
        f'<path d="M{part * n:.4f} 0H{part * (n + 1):.4f}V1.6H{part * n:.4f}Z" fill="#1a1a1a"/>'
        for n in range(0, _BAR_PARTS, 2)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.4f} 1.6">{filled}'
        f'<path d="M0 0H{width:.4f}V1.6H0Z" fill="none" stroke="#1a1a1a" stroke-width="0.2"/></svg>'
    )
