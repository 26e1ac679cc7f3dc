"""Our own line icons on a 24 × 24 grid. They always stand beside words and are hidden from screen readers."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

_CIRCLE = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18"
PATHS: dict[str, str] = {
    "hall": "M3 9l9-6 9 6zM5 9v9M9.7 9v9M14.3 9v9M19 9v9M2.5 21h19M4 18h16",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "circle": _CIRCLE,
    "circle-check": f"{_CIRCLE}M8 12.2l2.8 2.8L16 9.5",
    "circle-half": f"{_CIRCLE}M12 3v18M15 3.6v16.8M18 5.3v13.4",
    "triangle": "M12 4L2.5 20h19zM12 10v4M12 17v.01",
    "stop": "M5 5h14v14H5zM9 9l6 6M15 9l-6 6",
    "swap": "M4 8h15l-3.5-3.5M20 16H5l3.5 3.5",
    "flag": "M6 21V4h12l-3 4 3 4H6",
    "cross": "M6 6l12 12M18 6L6 18",
    "merge": "M6 4v4c0 4 6 4 6 8v4M18 4v4c0 4-6 4-6 8",
    "moved": "M4 12h15M13 6l6 6-6 6",
    "info": f"{_CIRCLE}M12 11v6M12 7.5v.01",
    "error": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5V13M12 16.5v.01",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16.2 16.2L21 21",
    "up": "M6 15l6-6 6 6",
    "down": "M6 9l6 6 6-6",
    "up-down": "M8 9l4-4 4 4M8 15l4 4 4-4",
    "left": "M15 5l-7 7 7 7",
    "right": "M9 5l7 7-7 7",
    "download": "M12 4v11M7 10.5l5 5 5-5M4 20h16",
    "upload": "M12 16V5M7 9.5l5-5 5 5M4 20h16",
    "tray": "M4 13l3-8h10l3 8v6H4zM4 13h5a3 3 0 0 0 6 0h5",
    "document": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 21c0-4 3.5-6 8-6s8 2 8 6",
    "work": "M4 8h16v12H4zM9 8V5h6v3M4 13h16",
    "plan": "M5 4v16h15M9 16v-4M13 16V8M17 16v-6",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
    "clock": f"{_CIRCLE}M12 7v5l3.5 2",
    "lock": "M6 11h12v10H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
}


def icon(name: str) -> SafeString:
    """Return the decorative SVG icon `name`; KeyError for a name that is not in PATHS."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        PATHS[name],
    )
