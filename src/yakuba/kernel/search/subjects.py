"""Rows of the index as subjects; they are never acted on by themselves."""

from yakuba.kernel.actions import register_subject
from yakuba.kernel.search.models import DeskRow, PublicRow

register_subject("search_public_row", "検索の行（公開）", PublicRow)
register_subject("search_desk_row", "検索の行（庁内）", DeskRow)
