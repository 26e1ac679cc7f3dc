"""What an office answers about an initiative and a year, by the form or by the sheet; questions answered, evidence added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypedDict
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from yakuba.engines.approval.queries.holding import person_of
from yakuba.engines.rounds.models import Item, Round
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Problem, Problems, Stale, action
from yakuba.kernel.fields import INTERNAL, Invalid, JsonValue, spec_of
from yakuba.kernel.files import store as files
from yakuba.kernel.text.my_number import hide
from yakuba.services.plan import labels
from yakuba.services.plan import queries as plan
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.models.year import (
    NEXT_ACTIONS,
    SELF_RATINGS,
    Answered,
    Evidence,
    Review,
    ReviewActual,
)
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import access, queries

RETENTION: Final = "plan_source"
_MOST_EVIDENCE: Final = 20
_WORDS: Final = ("raw", "evidence", "next_target")
_KEYS: Final = ("raw", "status", "as_of", "numerator", "denominator", "evidence", "next_target")
"""What is answered of an indicator."""


@dataclass(frozen=True)
class SaveReview:
    """An office's answer.

    ``actuals``: of each indicator its ``place``, and as text ``raw``, ``status``, ``as_of``, ``numerator``, ``denominator``,
    ``evidence`` and ``next_target``; an indicator that is not named keeps what it has.
    """

    result: Annotated[str, fields.prose(label="取組の結果", classification=INTERNAL, max_length=4000)] = ""
    progress: Annotated[
        str, fields.text(label="進捗状況", classification=INTERNAL, max_length=60, required=False)
    ] = ""
    progress_reason: Annotated[
        str, fields.prose(label="遅れ・変更の理由", classification=INTERNAL, max_length=2000)
    ] = ""
    self_rating: Annotated[
        str, fields.choice(SELF_RATINGS, label="自己評価", classification=INTERNAL, required=False)
    ] = ""
    next_action: Annotated[
        str, fields.choice(NEXT_ACTIONS, label="来年度の方針", classification=INTERNAL, required=False)
    ] = ""
    next_reason: Annotated[
        str, fields.prose(label="方針の理由", classification=INTERNAL, max_length=2000)
    ] = ""
    merge_into: Annotated[
        str, fields.text(label="統合先", classification=INTERNAL, max_length=40, required=False)
    ] = ""
    actuals: Annotated[  # Any: JSON
        list[dict[str, Any]],  # Any: JSON
        fields.document(label="実績値", classification=INTERNAL),
    ] = field(default_factory=list)


class ReviewRow(TypedDict):
    """One review of a sheet: its id, its version when it went out, and what changed, by the keys of :class:`SaveReview`."""

    review: str
    version: int
    value: dict[str, JsonValue]


@dataclass(frozen=True)
class SaveReviews:
    """The reviews that a sheet changes: all of them or none."""

    rows: Annotated[list[ReviewRow], fields.document(label="変更", classification=INTERNAL, required=True)]


@dataclass(frozen=True)
class AnswerQuestion:
    """A question that stays as it is, and why; ``mark`` names the facts that were asked about."""

    code: Annotated[str, fields.text(label="問いの種類", classification=INTERNAL, max_length=40)]
    about: Annotated[str, fields.text(label="項目", classification=INTERNAL, max_length=120)]
    mark: Annotated[str, fields.text(label="印", classification=INTERNAL, max_length=16)]
    reason: Annotated[
        str,
        fields.prose(label="このままでよい理由", classification=INTERNAL, max_length=1000, required=True),
    ]


@dataclass(frozen=True)
class AddEvidence:
    """A file that was kept already (``sha256``), its name, and what it shows."""

    sha256: Annotated[str, fields.text(label="ファイルの印", classification=INTERNAL, max_length=64)]
    name: Annotated[str, fields.text(label="ファイルの名前", classification=INTERNAL, max_length=255)]
    about: Annotated[
        str, fields.text(label="説明", classification=INTERNAL, max_length=300, required=False)
    ] = ""


@dataclass(frozen=True)
class RemoveEvidence:
    """Which of the files goes (its id)."""

    evidence: Annotated[str, fields.text(label="資料", classification=INTERNAL, max_length=40)]


def item_of(review: Review) -> Round:
    """What is locked before a review: its round, as whoever moves its item does."""
    return review.item.round


def open_reviews(ctx: Context, round_: Round, items: Sequence[Item]) -> None:
    """The sheets of a round's items, when it opens; inside the action that opens it."""
    edition = queries.edition_of(round_)
    Review.unscoped.bulk_create(
        [
            Review(
                municipality_id=ctx.municipality.id,
                item=one,
                initiative=one.subject,
                edition=edition,
                year=round_.year,
                phase="final" if round_.phase == "final" else "provisional",
            )
            for one in items
        ],
        batch_size=200,
    )


@action("plan.save_review", label="実績を書く", may=access.REVIEW, data=SaveReview, parent=item_of)
def save_review(ctx: Context, review: Review, data: SaveReview) -> Review:
    """Write an office's answer. Raises :class:`Problems` with the field of each thing that cannot be kept."""
    demand_open(review)
    form = form_of(review)
    _write(ctx, review, form, data, meanings(ctx, review.edition))
    return review


def demand_open(review: Review) -> None:
    """Raises :class:`Problem` while somebody else's step is next."""
    item = review.item
    if item.state == "open" and (item.round.state == "open" or item.sent_back):
        return
    raise Problem(
        "state",
        _("「%(item)s」は、いま書き直せません。入力を終えたものは「入力に戻す」か差戻しの後に直せます。")
        % {"item": review},
        found=item.state,
    )


def form_of(review: Review) -> Form:
    """The initiative as the plan has it. Raises :class:`Problem` where it was taken out of the edition."""
    row = Initiative.unscoped.filter(
        municipality=review.municipality_id, pk=review.initiative, edition=review.edition_id
    ).first()
    if row is None:
        raise Problem(
            "missing",
            _("「%(item)s」は、この版から外されました。事務局に確かめてください。") % {"item": review},
        )
    return plan.initiative_form(row)


def meanings(ctx: Context, edition: Edition) -> Mapping[str, str | None]:
    """What each progress word means that may be chosen."""
    return dict(queries.progress_choices(ctx, edition))


def _write(
    ctx: Context, review: Review, form: Form, data: SaveReview, known: Mapping[str, str | None]
) -> None:
    problems: list[Problem] = []
    word = data.progress.strip()
    # A plan in its first year has no words of its own yet: any that means something fixed is one.
    if word and word not in known and labels.meaning_of(word) is None:
        problems.append(
            Problem(
                "word",
                _("「進捗状況」は、一覧の言葉から選んでください。"),
                field="progress",
                found=word,
                expected="、".join(known),
            )
        )
    into = data.merge_into.strip() if data.next_action == "merge" else ""
    if into and not _mergeable(review, into):
        problems.append(
            Problem(
                "merge_into",
                _("統合先は、この版のほかの取組から選んでください。"),
                field="merge_into",
                found=into,
            )
        )
    wanted = [
        _actual(review, form, place, given, problems) for place, given in enumerate(_listed(data.actuals))
    ]
    # The public reads what is said here once it is decided.
    problems += [
        Problem(
            "my_number",
            _("個人番号（マイナンバー）と思われる12桁の数字があります。その数字を消してください。"),
            field=key,
        )
        for key in ("result", "progress_reason", "next_reason")
        if hide(getattr(data, key)) != getattr(data, key)
    ]
    if problems:
        raise Problems(problems)
    review.result, review.progress = data.result.strip(), word
    review.meaning = (known.get(word) or labels.meaning_of(word) or "") if word else ""
    review.progress_reason, review.self_rating = data.progress_reason.strip(), data.self_rating
    review.next_action, review.next_reason, review.merge_into = (
        data.next_action,
        data.next_reason.strip(),
        into,
    )
    review.written_at, review.written_by = ctx.now, ctx.actor.label[:200]
    _sign(ctx, review)
    review.save()
    _keep(review, [one for one in wanted if one is not None])
    ctx.note(actuals=[[one.name, one.raw, one.status] for one in wanted if one is not None])


def _sign(ctx: Context, review: Review) -> None:
    """Note who writes at an answer: he will not be the one who confirms or accepts it."""
    person = person_of(ctx)
    if person is not None:
        review.writers = sorted({*review.writers, str(person.pk)})


def _mergeable(review: Review, into: str) -> bool:
    try:
        key = UUID(into)
    except ValueError:
        return False
    return key != review.initiative and Initiative.unscoped.filter(edition=review.edition_id, pk=key).exists()


def _listed(given: object) -> list[Mapping[str, JsonValue]]:
    """The given figures. Raises :class:`Problem` for anything that is no list of objects."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise Problem("shape", _("実績値は、指標ごとの一覧にしてください。"), field="actuals")
    return given


def _actual(
    review: Review, form: Form, nth: int, given: Mapping[str, JsonValue], problems: list[Problem]
) -> ReviewActual | None:
    """The figure as it is from now on, unsaved; each thing that cannot be kept goes to ``problems``."""
    place = given.get("place")
    here = f"actuals[{place if isinstance(place, int) else nth}]"
    if not isinstance(place, int) or not 0 <= place < len(form["indicators"]):
        problems.append(Problem("place", _("この取組にない指標です。"), field=here, found=str(place)))
        return None
    made = ReviewActual(
        municipality_id=review.municipality_id,
        review=review,
        position=place,
        name=form["indicators"][place]["name"],
    )
    for key in _KEYS:
        spec = spec_of(ReviewActual._meta.get_field(key))
        if spec is None or spec.kind is None:
            raise LookupError(key)
        text = str(given.get(key) or "").strip()
        if not text:
            setattr(made, key, "" if key in (*_WORDS, "status") else None)
            continue
        try:
            setattr(made, key, spec.kind.parse(text))
        except Invalid as invalid:
            problems.append(Problem.of(f"{here}.{key}", spec.label, invalid))
    if made.denominator is not None and not made.denominator:
        problems.append(Problem("zero", _("分母は0にできません。"), field=f"{here}.denominator", found="0"))
    return made


def _keep(review: Review, wanted: Sequence[ReviewActual]) -> None:
    """Put figures in the place of those of the same indicators; empty ones only go."""
    ReviewActual.unscoped.filter(review=review, position__in=[one.position for one in wanted]).delete()
    ReviewActual.unscoped.bulk_create([one for one in wanted if any(getattr(one, key) for key in _KEYS)])


@action("plan.save_reviews", label="実績の表を取り込む", may=access.REVIEW_MANY, data=SaveReviews)
def save_reviews(ctx: Context, round_: Round, data: SaveReviews) -> Round:
    """Write what a sheet changes. Raises :class:`Problems`, each with the row's review and the field: ``<id>.result``.

    Raises :class:`Denied`, naming them, for rows that this actor does not answer for.
    """
    rows = {row["review"]: row for row in data.rows}
    found = {
        str(one.pk): one
        for one in Review.unscoped.select_for_update(of=("self",))
        .select_related("item", "item__round", "edition", "edition__plan")
        .filter(municipality=ctx.municipality.id, item__round=round_, pk__in=_keys(rows))
        .order_by("pk")
    }
    mine = set(Review.unscoped.filter(access.REVIEW.q(ctx), item__round=round_).values_list("pk", flat=True))
    foreign = [str(one) for one in found.values() if one.pk not in mine]
    if foreign:
        raise Denied(_("%(items)sの実績を書く権限がありません。") % {"items": "、".join(foreign[:10])})
    problems: list[Problem] = [
        Problem("missing", _("この照会にない行です。"), field=key) for key in rows if key not in found
    ]
    known = meanings(ctx, queries.edition_of(round_))
    told = {str(one.review.pk): one for one in queries.wholes(found.values(), beside=False)}
    for key, review in found.items():
        row = rows[key]
        try:
            if review.version != row["version"]:
                raise Stale(review.version, row["version"])
            demand_open(review)
            value = save_review.read_json(merged(told[key], row["value"]))
            _write(ctx, review, told[key].form or form_of(review), value, known)
            review.version += 1
            review.save(update_fields=["version"])
        except Problems as several:
            problems += [_under(key, one) for one in several.problems]
        except Problem as problem:
            problems.append(_under(key, problem))
    if problems:
        raise Problems(problems)
    ctx.note(reviews=[str(one) for one in found.values()])
    return round_


def merged(whole: queries.Whole, changed: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What a review says, with what a sheet changes of it, as :class:`SaveReview` is read."""
    review = whole.review
    keys = (
        *("result", "progress", "progress_reason", "self_rating"),
        *("next_action", "next_reason", "merge_into"),
    )
    said = {key: getattr(review, key) for key in keys} | dict(changed)
    return {key: value for key, value in said.items() if value not in ("", None)}


def _keys(rows: Iterable[str]) -> list[UUID]:
    found = []
    for key in rows:
        try:
            found.append(UUID(key))
        except ValueError:
            continue  # told as a row that the round does not have
    return found


def _under(key: str, problem: Problem) -> Problem:
    problem.field = f"{key}.{problem.field}" if problem.field else key
    return problem


@action(
    "plan.answer_question", label="このままでよい", may=access.REVIEW, data=AnswerQuestion, parent=item_of
)
def answer_question(ctx: Context, review: Review, data: AnswerQuestion) -> Review:
    """Answer a question that a rule asked. Raises :class:`Problem` where it is not asked (any more)."""
    demand_open(review)
    (whole,) = queries.wholes([review], ctx=ctx)
    for one in whole.questions:
        if (one.code, one.about, one.mark) == (data.code, data.about, data.mark):
            break
    else:
        raise Problem(
            "gone", _("この問いは、内容が変わったため、もう聞かれていません。画面を開き直してください。")
        )
    if one not in whole.unanswered:
        raise Problem("answered", _("この問いには、もう答えがあります。"))
    Answered.unscoped.create(
        municipality_id=ctx.municipality.id,
        review=review,
        code=one.code,
        about=one.about,
        mark=one.mark,
        question=one.text,
        reason=data.reason.strip(),
        answered_at=ctx.now,
        answered_by=ctx.actor.label[:200],
    )
    _sign(ctx, review)
    review.save(update_fields=["writers"])
    ctx.note(question=one.text)
    ctx.because(data.reason)
    return review


@action("plan.add_evidence", label="根拠の資料を加える", may=access.REVIEW, data=AddEvidence, parent=item_of)
def add_evidence(ctx: Context, review: Review, data: AddEvidence) -> Review:
    """Keep a file beside a review. Raises :class:`Problem` where there are too many, or where the file is gone."""
    demand_open(review)
    there = Evidence.unscoped.filter(review=review)
    if there.count() >= _MOST_EVIDENCE:
        raise Problem(
            "too_many",
            _("資料は%(most)d件までです。") % {"most": _MOST_EVIDENCE},
            field="file",
            expected=str(_MOST_EVIDENCE),
        )
    last = there.aggregate(last=Max("position"))["last"]
    stored = files.refer(ctx, data.sha256, data.name, retention_class=RETENTION)
    Evidence.unscoped.create(
        municipality_id=ctx.municipality.id,
        review=review,
        position=0 if last is None else last + 1,
        file=stored,
        about=data.about.strip(),
        added_at=ctx.now,
        added_by=ctx.actor.label[:200],
    )
    ctx.note(file=stored.name)
    return review


@action(
    "plan.remove_evidence", label="根拠の資料を外す", may=access.REVIEW, data=RemoveEvidence, parent=item_of
)
def remove_evidence(ctx: Context, review: Review, data: RemoveEvidence) -> Review:
    """Take a file away from a review, and out of the store. Raises :class:`Problem` where it is not there."""
    demand_open(review)
    found = (
        Evidence.unscoped.select_related("file").filter(review=review, pk__in=_keys([data.evidence])).first()
    )
    if found is None:
        raise Problem("missing", _("この資料は、もうありません。"), field="evidence")
    stored = found.file
    ctx.note(file=stored.name)
    Evidence.unscoped.filter(pk=found.pk).delete()
    files.forget(ctx, stored)
    return review
