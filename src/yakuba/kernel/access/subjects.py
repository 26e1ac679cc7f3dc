"""What access holds, as subjects of actions and of the trail."""

from yakuba.kernel.access.models import AccountRole, RoleGrant, StaffAccount
from yakuba.kernel.actions import register_subject

register_subject("staff_account", "利用者", StaffAccount)
register_subject("role_grant", "役割の付与", RoleGrant)
register_subject("account_role", "管理の役割", AccountRole)
