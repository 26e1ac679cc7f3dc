"""What the outbox holds, as subjects of actions."""

from yakuba.kernel.actions import register_subject
from yakuba.kernel.outbox.models import OutboxMessage

register_subject("outbox_message", "送り出し", OutboxMessage, title=lambda message: message.handler)
