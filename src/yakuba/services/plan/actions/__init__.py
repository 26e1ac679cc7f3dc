"""The only writers of plans: taking documents in, correcting, publishing."""

from yakuba.services.plan.actions.editing import (
    CorrectField,
    CorrectRows,
    RowChange,
    correct_field,
    correct_rows,
)
from yakuba.services.plan.actions.importing import (
    ImportDocument,
    ReceiveFile,
    RecordReading,
    Refusal,
    commit_import,
    discard_import,
    import_document,
    receive_file,
    record_reading,
    refuse_import,
    start_reading,
)
from yakuba.services.plan.actions.publishing import (
    PublishEdition,
    WithdrawEdition,
    publish_edition,
    withdraw_edition,
)

__all__ = [
    "CorrectField",
    "CorrectRows",
    "ImportDocument",
    "PublishEdition",
    "ReceiveFile",
    "RecordReading",
    "Refusal",
    "RowChange",
    "WithdrawEdition",
    "commit_import",
    "correct_field",
    "correct_rows",
    "discard_import",
    "import_document",
    "publish_edition",
    "receive_file",
    "record_reading",
    "refuse_import",
    "start_reading",
    "withdraw_edition",
]
