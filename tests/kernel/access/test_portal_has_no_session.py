from __future__ import annotations

import pytest

from tests.signin import sign_in


@pytest.mark.parametrize("path", ["/style", "/990019/"])
def test_public_pages_read_no_session_and_set_no_cookie(client, admin, path):
    sign_in(client, admin)
    answer = client.get(path)
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "kanri" not in answer.content.decode()
