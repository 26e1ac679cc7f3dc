"""Numbers that people write down and type in again: receipts, secrets, codes. They cannot be guessed and are hard to misread."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final
from uuid import UUID

from django.utils.crypto import salted_hmac

from yakuba.kernel.text import codes

tidy, grouped = codes.tidy, codes.grouped

# Neither 0 and O, nor 1, I and L. 31 letters, a prime: the check letter finds every single slip and every two letters exchanged.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_LENGTH: Final = 12
SECRET_LENGTH: Final = 12
CODE_LENGTH: Final = 8
_RECEIPTS: Final = len(ALPHABET) ** (RECEIPT_LENGTH - 1)


def new_receipt() -> str:
    """A receipt number without its hyphens: eleven random letters (54 bits) and a check letter."""
    number, body = secrets.randbelow(_RECEIPTS), ""
    for _place in range(RECEIPT_LENGTH - 1):
        number, letter = divmod(number, len(ALPHABET))
        body += ALPHABET[letter]
    return body + check_letter(body)


def check_letter(body: str) -> str:
    """The letter that makes the sum of all letters, each times its place, a multiple of 31."""
    size = len(ALPHABET)
    total = sum(place * ALPHABET.index(letter) for place, letter in enumerate(body, start=1))
    # place * x ≡ -total (mod 31); a prime modulus has an inverse for every place.
    return ALPHABET[-total * pow(len(body) + 1, -1, size) % size]


def is_receipt(number: str) -> bool:
    """Whether a tidied number can be a receipt at all: a slip of the finger is told from a number that is not there."""
    return (
        len(number) == RECEIPT_LENGTH
        and all(letter in ALPHABET for letter in number)
        and check_letter(number[:-1]) == number[-1]
    )


def secret_of(submission: UUID) -> str:
    """The secret (確認番号) of a submission, without its hyphens.

    It is made from the installation's key and stored nowhere: so the acknowledgement can be shown again to the visit that sent it,
    after a double click or a dropped line, and to nobody who reads the database.
    """
    return _spelled(
        salted_hmac("procedures.secret", str(submission), algorithm="sha256").digest(), SECRET_LENGTH
    )


def proof(receipt: str, secret: str) -> str:
    """What the database keeps of a secret: a digest that goes with one receipt."""
    return hashlib.sha256(f"{receipt}:{secret}".encode()).hexdigest()


def new_token() -> str:
    """The part of a resume link that cannot be guessed: 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What the database keeps of a resume link."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_code() -> str:
    """The eight letters that are asked for when a resume link is opened."""
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))


def code_digest(token: str, code: str) -> str:
    """What the database keeps of the letters, bound to their link."""
    return hashlib.sha256(f"{token}:{code}".encode("utf-8", "replace")).hexdigest()


def _spelled(digest: bytes, length: int) -> str:
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
