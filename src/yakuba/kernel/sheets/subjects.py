"""A staged import as a subject of actions and of the trail."""

from yakuba.kernel.actions import register_subject
from yakuba.kernel.sheets.models import StagingBatch

register_subject("staging_batch", "取り込みの準備", StagingBatch)
