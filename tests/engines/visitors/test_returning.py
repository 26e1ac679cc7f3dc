"""After signing in one goes on inside the same municipality's portal, or nowhere."""

from __future__ import annotations

import pytest

from tests.world import Town
from yakuba.engines.visitors import methods
from yakuba.engines.visitors.returning import safe_return


@pytest.mark.parametrize(
    "address",
    ["/990019/", "/990019/my/", "/en/990019/apply/x/?step=2", "/ja-simple/990019/my/#top", "/990019/申請/"],
)
def test_paths_of_the_municipality(mihon: Town, address: str) -> None:
    assert safe_return(mihon.ctx("public"), address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "my/",
        "https://evil.example/990019/",
        "//evil.example/990019/",
        "/\\evil.example/990019/",
        "\\\\evil.example",
        "///990019/",
        "/990019//evil.example/",
        "/990019/../990027/",
        "/990019/%2e%2e/990027/",
        "/990019/./x",
        "/990027/my/",
        "/en/990027/my/",
        "/fr/990019/my/",
        "/990019/desk/",
        "/desk/sign-in/",
        "/",
        "/en/",
        "javascript:alert(1)",
        "/990019/\tx",
        "/990019/%0d%0aSet-Cookie:x",
        "/990019/%5cevil",
        "http:/990019/",
        " /990019/",
        "/990019/" + "x" * 500,
    ],
)
def test_everything_else_is_nowhere(mihon: Town, address: str) -> None:
    assert safe_return(mihon.ctx("public"), address) == ""


def test_the_page_for_choosing_gets_no_foreign_address(mihon: Town) -> None:
    ctx = mihon.ctx("public")
    assert methods.sign_in_url(ctx, "mail", "/990019/my/").endswith("?level=mail&next=%2F990019%2Fmy%2F")
    assert methods.sign_in_url(ctx, "mail", "//evil.example/").endswith("?level=mail")
