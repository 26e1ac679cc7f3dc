"""The only writers of plans: taking documents in, correcting, publishing."""

from yakuba.services.plan.actions.editing import (
    ConfirmField,
    CorrectField,
    CorrectRows,
    RowChange,
    confirm_field,
    correct_field,
    correct_rows,
)
from yakuba.services.plan.actions.importing import (
    CommitImport,
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
from yakuba.services.plan.actions.offices import LinkOffice, link_office
from yakuba.services.plan.actions.publishing import (
    PublishEdition,
    WithdrawEdition,
    publish_edition,
    withdraw_edition,
)

__all__ = [
    "CommitImport",
    "ConfirmField",
    "CorrectField",
    "CorrectRows",
    "ImportDocument",
    "LinkOffice",
    "PublishEdition",
    "ReceiveFile",
    "RecordReading",
    "Refusal",
    "RowChange",
    "WithdrawEdition",
    "commit_import",
    "confirm_field",
    "correct_field",
    "correct_rows",
    "discard_import",
    "import_document",
    "link_office",
    "publish_edition",
    "receive_file",
    "record_reading",
    "refuse_import",
    "start_reading",
    "withdraw_edition",
]
