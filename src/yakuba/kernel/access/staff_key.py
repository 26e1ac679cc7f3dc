"""How a program of the staff's is known to the HTTP API."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import APIKeyCookie

from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.sessions import admit


class Staff(APIKeyCookie):
    """The desk's session, with the second factor; writing asks for the CSRF token (`X-CSRFToken`)."""

    param_name = "yakuba_staff"

    def authenticate(self, request: HttpRequest, key: str | None) -> StaffAccount | None:
        admitted = admit(request)
        return admitted if isinstance(admitted, StaffAccount) else None
