"""How the ready procedures about dogs change the register, for offices that bind them (docs/intake-format.md)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from yakuba.engines.intake.ready import Ready, register_ready

_OWNER = {
    "owner_name": {"join": ["owner_name.family", "owner_name.given"], "with": "　"},
    "owner_kana": {"join": ["owner_name.family_kana", "owner_name.given_kana"], "with": "　"},
    "owner_address": {
        "join": [
            "owner_address.prefecture", "owner_address.city", "owner_address.town", "owner_address.number", "owner_address.building",
        ]
    },
    "owner_phone": "owner_phone",
}  # fmt: skip


def _at(question: str) -> dict[str, object]:
    """Where a dog is kept, from an answer that is an address."""
    parts = [f"{question}.{part}" for part in ("prefecture", "city", "town", "number", "building")]
    return {"kept_at": {"join": parts}, "town": f"{question}.town"}


#: 狂犬病予防法4条4項 (死亡・所在地その他の変更) and 5項 (譲受け).
CHANGE = {
    "format": "yakuba-intake/1",
    "find": {"answer": "tag", "field": "tag"},
    "branches": [
        {"when": {"what": ["died"]}, "do": "move", "step": "die", "day": "happened_on"},
        {"when": {"what": ["moved"]}, "do": "change", "day": "happened_on", "fields": _at("place")},
        {"when": {"what": ["owner"]}, "do": "change", "day": "happened_on", "fields": _OWNER},
        {
            "when": {"what": ["taken"]},
            "do": "change",
            "day": "happened_on",
            "fields": {**_OWNER, **_at("place"), "acquired_on": "happened_on"},
        },
    ],
}
_DOG = {
    "kind": {"is": "counter"},
    "registered_on": {"today": True},
    "name": "dog_name",
    "breed": "breed",
    "sex": "sex",
    "colour": "colour",
    "born": "born_on",
    "acquired_on": "got_on",
    "features": "marks",
    "chip": "chip_number",
    **_OWNER,
}
#: 狂犬病予防法4条1項.
REGISTRATION = {
    "format": "yakuba-intake/1",
    "branches": [
        {
            "when": {"same_place": ["false"]},
            "do": "add",
            "fields": {**_DOG, **_at("dog_address")},
        },
        {"do": "add", "fields": {**_DOG, **_at("owner_address")}},
    ],
}

register_ready(Ready("dog-change", "dog_registry", gettext_lazy("犬の死亡・所在地などの変更から"), CHANGE))
register_ready(Ready("dog-registration", "dog_registry", gettext_lazy("犬の登録の申請から"), REGISTRATION))
