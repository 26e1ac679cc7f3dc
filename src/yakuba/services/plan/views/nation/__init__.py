"""The public pages across all municipalities (全国の情報化推進計画)."""
