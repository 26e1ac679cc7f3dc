"""Bundles as subjects of the trail. Files are named by their ids alone: names of scans tell of persons."""

from yakuba.engines.ledger.models import Bundle, BundleItem
from yakuba.kernel.actions import register_subject

register_subject("ledger_bundle", "まとめて付ける写真・文書", Bundle)
register_subject("ledger_bundle_item", "まとめて付けるファイル", BundleItem)
