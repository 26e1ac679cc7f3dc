"""Citizens' passwords: Django's validators and hashers. Hashing is slow on purpose, so it is done before a transaction begins."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator, validate_password
from django.core.exceptions import ValidationError

from yakuba.kernel.actions import Problem
from yakuba.services.identity.models import Citizen

_LIKE = UserAttributeSimilarityValidator(user_attributes=("mail", "name", "kana"))


def encoded(password: str, of: Citizen) -> str:
    """The hash of an acceptable password. Raises :class:`Problem` that says what is wrong with it."""
    try:
        validate_password(password)
        _LIKE.validate(password, of)  # type: ignore[arg-type]  # it reads the named attributes of any model
    except ValidationError as refused:
        raise Problem("password", " ".join(refused.messages), field="wanted") from refused
    return make_password(password)
