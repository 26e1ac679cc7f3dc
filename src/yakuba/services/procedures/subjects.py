"""What the procedures room holds, as subjects of actions, trail and search. Titles name no person."""

from yakuba.kernel.actions import register_subject
from yakuba.services.procedures.models import (
    Attachment,
    Bundle,
    EarlierAnswer,
    Filing,
    FilingRevision,
    Filling,
    Happening,
    InventoryCount,
    InventoryRow,
    InventorySpan,
    Offer,
    Procedure,
    Release,
    Reply,
    Reuse,
    Submission,
    Upload,
    Webhook,
)

register_subject("procedure", "手続", Procedure)
register_subject("inventory_row", "手続台帳の行", InventoryRow)
register_subject("inventory_span", "オンラインだった期間", InventorySpan)
register_subject("inventory_count", "年度の件数", InventoryCount)
register_subject("filing", "提出されたもの", Filing)
register_subject("filing_revision", "提出内容の版", FilingRevision)
register_subject("filing_attachment", "添付", Attachment)
register_subject("filing_bundle", "束ねた書類", Bundle)
register_subject("webhook", "引渡し先", Webhook)
register_subject("offer", "受付中の手続", Offer)
register_subject("filling", "記入中のもの", Filling)
register_subject("upload", "受け取ったファイル", Upload)
register_subject("submission", "提出", Submission)
register_subject("release", "申請者へのお知らせ", Release)
register_subject("reply", "申請者からの返事", Reply)
register_subject("earlier_answer", "前の答え", EarlierAnswer)
register_subject("reuse", "前の答えの利用", Reuse)
register_subject("happening", "手続の出来事", Happening)
