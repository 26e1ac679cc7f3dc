"""What goes in and out as subjects of the trail, named by their file and never by what stands in it."""

from yakuba.engines.ledger.models import Batch, LetterRun, Matching, Staged
from yakuba.kernel.actions import register_subject

register_subject("ledger_batch", "台帳への取り込み", Batch, title=lambda batch: batch.name)
register_subject("ledger_staged", "取り込みの行", Staged)
register_subject("ledger_matching", "取り込みの列の対応", Matching)
register_subject("ledger_letters", "台帳の印刷", LetterRun)
