"""The registry itself: keys to plug-ins, in the order in which they were registered."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Generic, Protocol, TypeVar, overload, runtime_checkable

T = TypeVar("T")


class DuplicatePluginError(ValueError):
    """A key was registered twice."""


class UnknownPluginError(LookupError):
    """No plug-in has this key; the message names those that there are."""


@runtime_checkable
class _Checks(Protocol):
    def check_config(self) -> list[str]: ...


class Registry(Generic[T]):
    """Plug-ins of one kind by key; ``name`` (``channel``, ``sign-in`` …) stands in messages.

    Iterating gives the keys in registered order; ``items()`` gives keys with plug-ins.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._plugins: dict[str, T] = {}

    @overload
    def register(self, key: str, plugin: T) -> T: ...
    @overload
    def register(self, key: str) -> Callable[[T], T]: ...
    def register(self, key: str, plugin: T | None = None) -> T | Callable[[T], T]:
        """Add a plug-in and return it; without ``plugin`` return a decorator that does.

        Raises DuplicatePluginError for a key that is taken, and ValueError for an empty one.
        """
        if plugin is None:
            return lambda decorated: self.register(key, decorated)
        if not key:
            raise ValueError(f"{self.name}: プラグインのキーが空です。")
        if key in self._plugins:
            raise DuplicatePluginError(f"{self.name}: 「{key}」は登録済みです（{self._plugins[key]!r}）。")
        self._plugins[key] = plugin
        return plugin

    def get(self, key: str) -> T:
        """Return the plug-in with that key. Raises UnknownPluginError, which is a LookupError."""
        try:
            return self._plugins[key]
        except KeyError:
            known = "、".join(self._plugins) or "なし"
            raise UnknownPluginError(
                f"{self.name}: 「{key}」は登録されていません。登録済み: {known}"
            ) from None

    def __contains__(self, key: object) -> bool:
        return key in self._plugins

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._plugins))

    def __len__(self) -> int:
        return len(self._plugins)

    def __bool__(self) -> bool:
        # An empty registry is still a registry: `registry or default` must not replace it.
        return True

    def items(self) -> Iterator[tuple[str, T]]:
        """Return keys and plug-ins in registered order."""
        return iter(tuple(self._plugins.items()))

    def values(self) -> Iterator[T]:
        """Return the plug-ins in registered order."""
        return iter(tuple(self._plugins.values()))

    def load(self, paths: Iterable[str]) -> None:
        """Import modules by dotted path, in order, so that they register their plug-ins.

        A module that is imported already is not run again. Raises ImportError naming the registry and the path, from the cause.
        """
        for path in paths:
            try:
                import_module(path)
            except ImportError as error:
                raise ImportError(f"{self.name}: プラグイン「{path}」を読み込めません: {error}") from error

    def check(self) -> dict[str, list[str]]:
        """Ask every plug-in that has ``check_config`` and return its messages by key; no entry where all is well.

        A check that breaks is a message too, so that one plug-in cannot hide what the others say.
        """
        found: dict[str, list[str]] = {}
        for key, plugin in self.items():
            # A class that is registered as such has the method, but nothing to call it on.
            if isinstance(plugin, type) or not isinstance(plugin, _Checks):
                continue
            try:
                messages = plugin.check_config()
            except Exception as error:  # noqa: BLE001 - a foreign plug-in may raise anything
                messages = [f"設定を確かめられません: {type(error).__name__}: {error}"]
            if messages:
                found[key] = messages
        return found

    @contextmanager
    def temporarily(self, key: str, plugin: T) -> Iterator[T]:
        """Register a plug-in for what runs inside, replacing one with that key; for tests."""
        before = dict(self._plugins)
        self._plugins[key] = plugin
        try:
            yield plugin
        finally:
            self._plugins = before
