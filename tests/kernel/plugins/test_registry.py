import sys

import pytest

from yakuba.kernel.plugins import DuplicatePluginError, Registry, UnknownPluginError


class Channel:
    def __init__(self, name: str, messages: list[str] | None = None) -> None:
        self.name = name
        self.messages = messages

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def check_config(self) -> list[str]:
        if self.messages is None:
            raise RuntimeError("no config")
        return self.messages


@pytest.fixture
def channels() -> Registry[Channel]:
    return Registry("channel")


def test_plugins_come_in_registered_order(channels):
    for key in ("mail", "fax", "line"):
        made = Channel(key, [])
        assert channels.register(key, made) is made
        assert channels.get(key) is made
    assert list(channels) == ["mail", "fax", "line"]
    assert [plugin.name for plugin in channels.values()] == ["mail", "fax", "line"]
    assert [(key, plugin.name) for key, plugin in channels.items()] == [(k, k) for k in channels]
    assert len(channels) == 3
    assert "fax" in channels
    assert "pigeon" not in channels


def test_register_decorates_and_returns_what_it_decorated():
    rules: Registry[object] = Registry("rule")

    @rules.register("first")
    def first() -> int:
        return 1

    @rules.register("second")
    class Second:
        pass

    assert first() == 1
    assert rules.get("first") is first
    assert rules.get("second") is Second


def test_a_key_is_taken_once(channels):
    first = channels.register("mail", Channel("one", []))
    with pytest.raises(DuplicatePluginError, match=r"channel: 「mail」は登録済み.*<one>"):
        channels.register("mail", Channel("two", []))
    with pytest.raises(DuplicatePluginError):
        channels.register("mail")(Channel("three", []))
    assert channels.get("mail") is first


def test_a_key_is_not_empty(channels):
    with pytest.raises(ValueError, match="空です"):
        channels.register("", Channel("x", []))


def test_an_unknown_key_is_told_the_known_ones(channels):
    with pytest.raises(LookupError, match="登録済み: なし"):
        channels.get("mail")
    channels.register("mail", Channel("mail", []))
    channels.register("fax", Channel("fax", []))
    with pytest.raises(
        UnknownPluginError, match="channel: 「pigeon」は登録されていません。登録済み: mail、fax"
    ):
        channels.get("pigeon")


def test_an_empty_registry_is_not_false(channels):
    assert channels
    assert len(channels) == 0


def test_registering_while_iterating_does_not_disturb(channels):
    channels.register("mail", Channel("mail", []))
    for key in channels:
        channels.register(key + "2", Channel("more", []))
    assert list(channels) == ["mail", "mail2"]


def test_checks_report_by_key_and_none_hides_another(channels):
    channels.register("fine", Channel("fine", []))
    channels.register("broken", Channel("broken"))
    channels.register("open", Channel("open", ["ホストがありません。"]))
    assert channels.check() == {
        "broken": ["設定を確かめられません: RuntimeError: no config"],
        "open": ["ホストがありません。"],
    }


def test_checks_pass_over_plugins_without_one_and_over_classes():
    registry: Registry[object] = Registry("rule")
    registry.register("function", len)
    registry.register("class", Channel)
    assert registry.check() == {}


def test_load_imports_modules_in_order_and_once(tmp_path, monkeypatch, channels):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "yakuba_test_loaded", [], raising=False)
    for name in ("yakuba_test_b", "yakuba_test_a"):
        (tmp_path / f"{name}.py").write_text("import sys\nsys.yakuba_test_loaded.append(__name__)\n")
    try:
        channels.load(["yakuba_test_b", "yakuba_test_a"])
        channels.load(["yakuba_test_b"])
        assert sys.yakuba_test_loaded == ["yakuba_test_b", "yakuba_test_a"]
    finally:
        for name in ("yakuba_test_b", "yakuba_test_a"):
            sys.modules.pop(name, None)


def test_load_says_which_path_of_which_registry_failed(channels):
    with pytest.raises(ImportError, match=r"channel: プラグイン「yakuba_no_such\.plugin」を読み込めません"):
        channels.load(["yakuba_no_such.plugin"])


def test_temporarily_replaces_and_puts_back(channels):
    first = channels.register("mail", Channel("first", []))
    other = Channel("other", [])
    with channels.temporarily("mail", other), channels.temporarily("fax", other):
        assert channels.get("mail") is other
        assert list(channels) == ["mail", "fax"]
    assert list(channels) == ["mail"]
    assert channels.get("mail") is first
