"""Addresses in messages lead to the portal's public address, or are not there."""

from yakuba.engines.delivery.links import absolute


def test_a_link_leads_somewhere_or_is_left_out(settings) -> None:
    settings.PORTAL_URL = "https://www.example.jp/"
    assert absolute("/990019/my/") == "https://www.example.jp/990019/my/"
    settings.PORTAL_URL = ""
    assert absolute("/990019/my/") == ""
