"""Everything here belongs to one visitor and is nobody else's business, not the staff's either."""

from yakuba.engines.visitors.access import VISITOR, OwnedByVisitor
from yakuba.kernel.actions import viewed_by
from yakuba.services.identity.models import Citizen, ExternalIdentity, MailCode, SignInAttempt

VIEW_CITIZEN = viewed_by(
    OwnedByVisitor("identity.view_citizen", Citizen, VISITOR, visit_path="", citizen_path="pk")
)
VIEW_EXTERNAL = viewed_by(OwnedByVisitor("identity.view_external", ExternalIdentity, VISITOR, visit_path=""))
VIEW_CODE = viewed_by(OwnedByVisitor("identity.view_code", MailCode, VISITOR, citizen_path=""))
VIEW_ATTEMPT = viewed_by(OwnedByVisitor("identity.view_attempt", SignInAttempt, VISITOR, citizen_path=""))

# Whoever has a visit may begin to show who they are; what they began is theirs alone.
SIGN_IN = OwnedByVisitor("identity.sign_in", Citizen, VISITOR, visit_path="", citizen_path="pk")
CODE = OwnedByVisitor("identity.code", MailCode, VISITOR, citizen_path="")
ATTEMPT = OwnedByVisitor("identity.attempt", SignInAttempt, VISITOR, citizen_path="")
KEEP_ACCOUNT = OwnedByVisitor("identity.keep_account", Citizen, VISITOR, visit_path="", citizen_path="pk")
