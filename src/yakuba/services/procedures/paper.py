"""The legal paper: what was handed in, printed as its form, with the stamp of its registration.

A filing is printed from the version of the procedure that it was made under, so that it looks the same after the procedure changed.
Photographs stand small on pages of their own behind the form; other files are named, and bound behind it in a day's bundle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.casework.models import CHANNELS, Case
from yakuba.kernel import pdf
from yakuba.kernel.actions import Context, MunicipalityRef
from yakuba.kernel.dates import format_date, format_moment, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.text.codes import grouped
from yakuba.kernel.town.models import AUTHORITIES
from yakuba.services.procedures.definition import showing
from yakuba.services.procedures.definition.forms import FileShown
from yakuba.services.procedures.definition.kinds import kind_of
from yakuba.services.procedures.definition.kinds.base import Filled
from yakuba.services.procedures.definition.model import Definition, Question, said
from yakuba.services.procedures.filings import queries
from yakuba.services.procedures.filings.shown import files_by_answer
from yakuba.services.procedures.models import Attachment, Filing
from yakuba.services.procedures.published.queries import definition_of

#: Kinds of files that a form can show: what we made anew from what was sent.
PICTURES: Final[Mapping[str, str]] = {"image/jpeg": "jpg", "image/png": "png"}
#: A table of more columns is read line by line instead.
_MOST_COLUMNS: Final = 5
#: Bytes of pictures on one paper; the rest is named only.
_MOST_PICTURES: Final = 60 * 1024 * 1024

#: One sheet: form number and stamp at the top, addressee, date and applicant, then the answers in ruled rows.
_SHEET: Final = """
#set page(numbering: none)
#let sheet(one, index) = [
  #counter(page).update(1)
  #set page(footer: context align(center, text(size: 8.5pt)[#one.short　#counter(page).display() / #counter(page).at(label("end-" + str(index))).first()]))
  #grid(columns: (1fr, auto), align: (left + top, right + top),
    text(size: 9pt)[#one.form_number],
    rect(stroke: 0.9pt + rgb("#b3261e"), inset: (x: 9pt, y: 6pt))[#set text(size: 9pt, fill: rgb("#8c1d18")); #set par(leading: 0.5em); #set align(center)
      #one.stamp_title \\ #text(size: 10.5pt)[#one.stamp_date] \\ #one.stamp_number])
  #v(0.5em)
  #align(center)[#heading(level: 1, outlined: true)[#one.title]]
  #v(0.3em)
  #align(right)[#one.arrived]
  #one.addressee
  #v(0.4em)
  #align(right)[#block(width: 64%)[#set align(left); #set par(leading: 0.6em)
    #for party in one.parties [
      #grid(columns: (18%, 20%, 1fr), row-gutter: 0.65em,
        ..party.lines.enumerate().map(((at, line)) => (if at == 0 { party.label } else { "" }, text(size: 9pt, fill: luma(70))[#line.label], line.value)).flatten())
      #v(0.3em)
    ]]]
  #if one.sentence != "" [#v(0.2em)#one.sentence]
  #for section in one.sections [
    #heading(level: 2)[#section.title]
    #if section.rows.len() > 0 {
      table(columns: (30%, 1fr), fill: (x, y) => if x == 0 { luma(244) },
        table.header([#one.item], [#one.content]),
        ..section.rows.map(row => (row.label, row.value)).flatten())
    }
    #for group in section.groups [
      #block(below: 0.6em)[#text(size: 9.5pt)[#group.title]]
      #set text(size: 9pt)
      #table(columns: (auto,) + (1fr,) * (group.heads.len() - 1), fill: (x, y) => if y == 0 { luma(244) },
        table.header(..group.heads.map(head => [#head])),
        ..group.rows.flatten().map(cell => [#cell]))
    ]
    #for line in section.consents [
      #block(below: 0.5em)[#grid(columns: (1.4em, 1fr), box(width: 0.9em, height: 0.9em, stroke: 0.6pt, align(center + horizon, text(size: 8pt)[#line.mark])), line.text)]
    ]
  ]
  #if one.files.len() > 0 [
    #heading(level: 2)[#one.files_title]
    #list(..one.files)
  ]
  #v(0.6em)
  #set text(size: 8.5pt, fill: luma(60))
  #for line in one.foot [#line \\ ]
  #if one.pictures.len() > 0 [
    #pagebreak()
    #heading(level: 2)[#one.pictures_title]
    #grid(columns: (1fr, 1fr), gutter: 8mm,
      ..one.pictures.map(picture => figure(image("/" + picture.file, alt: picture.label, width: 100%, height: 95mm, fit: "contain"),
        caption: text(size: 9pt)[#picture.label], numbering: none, supplement: none)))
  ]
  #metadata(none)#label("end-" + str(index))
]
#for (index, one) in data.sheets.enumerate() [
  #if index > 0 { pagebreak() }
  #sheet(one, index)
]
"""


def of_cases(ctx: Context, cases: Sequence[Case]) -> bytes:
    """The filings of cases as one PDF, each on its own sheets, in the order given. The caller has asked for permission."""
    with translation.override("ja"):
        gathered = Pictures()
        sheets: list[JsonValue] = [
            _sheet(ctx.municipality, case, queries.of_case(case), gathered) for case in cases
        ]
        title = cases[0].title if len(cases) == 1 else _("受け付けた書類")
        return pdf.render(_SHEET, title=title, data={"sheets": sheets}, pictures=gathered.found)


@dataclass
class Pictures:
    """The pictures of one paper, by the names under which its source shows them."""

    found: dict[str, bytes] = field(default_factory=dict)
    size: int = 0

    def add(self, one: Attachment) -> str:
        """The name of a picture; empty for a file that is none, that is gone, or where there are too many."""
        ending = PICTURES.get(one.file.content_type)
        if ending is None or not one.file.made_by_us or self.size + one.file.size > _MOST_PICTURES:
            return ""
        try:
            with files.open(one.file) as stream:
                data = stream.read()
        except FileNotFoundError:
            return ""
        name = f"p{len(self.found)}.{ending}"
        self.found[name] = data
        self.size += len(data)
        return name


def addressee(municipality: MunicipalityRef, authority: str) -> str:
    """To whom an application is addressed: みほん市長, みほん市教育委員会."""
    if authority == "mayor":
        return f"{municipality.name}長"
    return f"{municipality.name}{dict(AUTHORITIES)[authority]}"


def _sheet(
    municipality: MunicipalityRef, case: Case, filing: Filing, gathered: Pictures
) -> dict[str, JsonValue]:
    definition = definition_of(filing.publication_id)
    attached = queries.attachments(filing)
    names = files_by_answer(attached)
    asked = {question.key: said(question.label) for question in definition.questions()}
    pictures: list[JsonValue] = [
        {"file": name, "label": f"{asked.get(one.question, '') or _('受け取った紙')}（{one.file.name}）"}
        for one in attached
        if (name := gathered.add(one))
    ]
    title = definition.form_title or said(definition.title)
    return {
        "form_number": definition.form_number,
        "stamp_title": _("収受"),
        "stamp_number": case.number,
        "stamp_date": format_date(japan_date(case.registered_at)),
        "title": title,
        "short": f"{case.number}　{title}",
        "arrived": format_date(japan_date(filing.arrived_at)),
        "addressee": _("（あて先）%(name)s") % {"name": addressee(municipality, definition.authority)},
        "parties": _parties(definition, filing),
        "sentence": _sentence(definition),
        "item": _("項目"),
        "content": _("記入内容"),
        "sections": _sections(definition, filing, names),
        "files_title": _("添付書類"),
        "files": [one.file.name for one in attached],
        "foot": _foot(case, filing),
        "pictures": pictures,
        "pictures_title": _("添付された写真"),
    }


def _parties(definition: Definition, filing: Filing) -> list[JsonValue]:
    """Applicant, person concerned and agent, each with what is known of them."""
    parties = showing.parties(definition, filing.answers)
    found: list[JsonValue] = []
    for key, label in (("applicant", _("申請者")), ("person", _("対象者")), ("agent", _("代理人"))):
        one = parties.get(key)
        if one is None or not (one.name or one.organisation):
            continue
        facts = [
            (_("住所"), one.address),
            (_("団体名"), one.organisation),
            (_("フリガナ"), one.kana),
            (_("氏名"), one.name),
            (_("電話"), one.phone),
        ]
        lines: list[JsonValue] = [{"label": name, "value": value} for name, value in facts if value]
        found.append({"label": label, "lines": lines})
    return found


def _sentence(definition: Definition) -> str:
    """What is asked for, and on which ground, in the words of a form."""
    words = {
        "application": _("申請します"),
        "subsidy": _("申請します"),
        "notification": _("届け出ます"),
        "request": _("請求します"),
        "inquiry": _("照会します"),
        "booking": _("申し込みます"),
    }
    rule = next((one for one in definition.grounds if one.kind != "none"), None)
    ground = _("%(ground)sの規定により、") % {"ground": f"{rule.name}{rule.article}"} if rule else ""
    return _("%(ground)s次のとおり%(asks)s。") % {"ground": ground, "asks": words[definition.kind]}


def _sections(definition: Definition, filing: Filing, names: Mapping[str, FileShown]) -> list[JsonValue]:
    """Pages of the form: rows of label and answer, groups as tables of their own, consents with their mark."""
    found: list[JsonValue] = []
    for section in showing.shown(definition, filing.answers, files=names):
        rows: list[JsonValue] = []
        groups: list[JsonValue] = []
        consents: list[JsonValue] = []
        for line in section.lines:
            question = definition.by_key[line.key]
            table = _table(question, filing.answers.get(line.key), names)
            if table is not None:
                groups.append(table)
            elif question.kind == "consent":
                consents.append({"mark": "✓" if filing.answers.get(line.key) else "", "text": line.label})
            else:
                rows.append({"label": line.label, "value": "\n".join(line.lines)})
        found.append({"title": section.title, "rows": rows, "groups": groups, "consents": consents})
    return found


def _table(
    question: Question, value: JsonValue, names: Mapping[str, FileShown]
) -> dict[str, JsonValue] | None:
    """A repeating group as a table; None for anything else, and for one that is too wide for a page."""
    if question.kind != "group" or not isinstance(value, list) or len(question.questions) > _MOST_COLUMNS:
        return None
    filled = Filled(files=names)
    rows: list[JsonValue] = [
        [str(number), *(_cell(inner, row, filled) for inner in question.questions)]
        for number, row in enumerate(value, start=1)
        if isinstance(row, Mapping)
    ]
    heads: list[JsonValue] = [_("番号"), *(said(inner.label) for inner in question.questions)]
    return {"title": said(question.label), "heads": heads, "rows": rows}


def _cell(question: Question, row: Mapping[str, JsonValue], filled: Filled) -> str:
    value = row.get(question.key)
    return "" if value is None else "\n".join(kind_of(question).lines(question, value, filled))


def _foot(case: Case, filing: Filing) -> list[JsonValue]:
    found: list[JsonValue] = [
        _("到達 %(at)s（%(channel)s）")
        % {"at": format_moment(filing.arrived_at), "channel": dict(CHANNELS)[case.channel]}
    ]
    if filing.receipt:
        found.append(_("受付番号 %(receipt)s") % {"receipt": grouped(filing.receipt)})
    return found
