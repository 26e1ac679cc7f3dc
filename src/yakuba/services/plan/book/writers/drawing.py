"""Bars as they are drawn on paper: one dark tone with its outline and its number, so that a print without colours says the same."""

from __future__ import annotations

from typing import Final

from yakuba.kernel import pdf
from yakuba.kernel.fields import JsonValue
from yakuba.services.plan.book.blocks import Bars

#: `bars-of(one)` draws what :func:`drawn` gives; `k` is how much larger than usual the type is.
BARS: Final = r"""
#let bars-of(one) = figure(alt: one.alt, kind: image, supplement: none, caption: none, {
  set text(size: 9pt * k)
  set par(justify: false, leading: 0.5em)
  block(width: 100%, inset: (y: 2mm), {
    for bar in one.bars {
      grid(columns: (46mm * k, 1fr), column-gutter: 3mm, align: (right + horizon, left + horizon), bar.label, {
        box(width: 86% * bar.share, height: 5.2mm * k, fill: luma(85), stroke: 0.6pt + luma(20), baseline: 30%)
        h(2mm)
        strong(bar.number)
      })
      v(1.6mm, weak: true)
    }
  })
})
"""


def drawn(bars: Bars) -> JsonValue:
    """Bars as the source reads them, each a share of the longest."""
    most = max((n for _label, n in bars.bars), default=0) or 1
    found: list[JsonValue] = [
        {"label": label, "number": f"{n:,}", "share": round(n / most, 4)} for label, n in bars.bars
    ]
    return {"is": "bars", "alt": bars.alt, "bars": found}


def png(bars: Bars, width: float) -> bytes:
    """The bars as a picture of so many millimetres, for a Word document."""
    source = f"#let k = 1\n{BARS}#block(width: {width:g}mm, bars-of(data.bars))"
    return pdf.picture(source, data={"bars": drawn(bars)})
