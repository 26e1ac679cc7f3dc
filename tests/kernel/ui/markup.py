"""Checks of drawn HTML that every page has to pass: balanced, unique ids, nothing inline, nothing from elsewhere."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
ADDRESSES = {"href", "src", "action", "formaction", "poster", "srcset", "xlink:href"}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self._attributes(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self._attributes(tag, attrs)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:] or 'nothing'} at {self.getpos()}")
        else:
            self.open.pop()

    def handle_data(self, data):
        self.text += data

    def _attributes(self, tag, attrs):
        names = [name for name, _value in attrs]
        self.tags.append((tag, dict(attrs)))
        self.faults += [f"<{tag}> has {name} twice" for name in set(names) if names.count(name) > 1]
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.faults.append(f"<{tag} {name}> is inline")
            if (
                name in ADDRESSES
                and value
                and (value.startswith("//") or ":" in value.split("/")[0].split("?")[0])
            ):
                self.faults.append(f"<{tag} {name}={value!r}> leads elsewhere")
            if name == "id" and value:
                self.ids.append(value)
            if name in {"for", "aria-labelledby", "aria-describedby", "form"} and value:
                self.references += value.split()
        if tag == "style" or (tag == "script" and "src" not in names):
            self.faults.append(f"<{tag}> is inline")


def read(html: str) -> Reader:
    """Parses and asserts what holds for any fragment."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    reader.faults += [f"<{tag}> stays open" for tag in reader.open]
    reader.faults += [f"id {one!r} twice" for one in sorted(set(reader.ids)) if reader.ids.count(one) > 1]
    assert not reader.faults, reader.faults
    assert "{{" not in html
    assert "{%" not in html
    return reader


def read_page(html: str) -> Reader:
    """Parses and asserts what holds for a whole page: also that every label and description exists."""
    reader = read(html)
    lost = set(reader.references) - set(reader.ids)
    assert not lost, f"nothing has the id {lost}"
    assert sum(tag == "h1" for tag, _ in reader.tags) == 1
    assert sum(tag == "main" for tag, _ in reader.tags) == 1
    return reader
