"""What identity holds, as subjects of actions and of the trail. Their titles name nobody."""

from yakuba.kernel.actions import register_subject
from yakuba.services.identity.models import Citizen, ExternalIdentity, MailCode, SignInAttempt

register_subject("citizen", "市民の利用者", Citizen)
register_subject("external_identity", "外部の本人確認", ExternalIdentity)
register_subject("mail_code", "メールの確認コード", MailCode)
register_subject("sign_in_attempt", "本人確認の往復", SignInAttempt)
