"""What the town holds, as subjects of actions and of the trail."""

from yakuba.kernel.actions import register_subject
from yakuba.kernel.town.models import (
    Assignment,
    Municipality,
    Office,
    OfficeName,
    OfficeSuccession,
    Person,
    Post,
)
from yakuba.kernel.town.queries import latest_name

register_subject("municipality", "自治体", Municipality)
register_subject("office", "所属", Office, title=latest_name)
register_subject("office_name", "所属の名称", OfficeName)
register_subject("office_succession", "所属の承継", OfficeSuccession)
register_subject("person", "職員", Person)
register_subject("post", "職", Post)
register_subject(
    "assignment",
    "発令",
    Assignment,
    title=lambda assignment: f"{assignment.person.name} {assignment.post.title}",
)
