"""What citizens send: what passes, what is refused and how that is said, and what is left of it afterwards."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from tests.kernel.files import samples
from tests.kernel.files.samples import docx, opened, pdf, picture, relation, stream, xlsx
from yakuba.kernel.actions import ANYONE, Context, MunicipalityRef, Problem
from yakuba.kernel.fields import PERSONAL
from yakuba.kernel.files import content, kinds, limits, sandbox, store, uploads
from yakuba.kernel.files.uploads import Inspected, Taken
from yakuba.kernel.files.wire import Wire
from yakuba.kernel.town.models import Municipality

ALL = frozenset(kinds.ENDINGS)


@pytest.fixture(autouse=True)
def home(settings: object, tmp_path: Path) -> Path:
    settings.HOME = tmp_path  # type: ignore[attr-defined]  # pytest-django's own object
    settings.SCANNER = ""  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the parsers in this process: what a sample of ours holds needs no child, which takes its time to start."""

    def read(function: Callable[..., Wire], *args: Wire, bounds: object, files: object) -> Wire:
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
        try:
            return function(*args)
        except Exception:  # noqa: BLE001 – as the child does
            raise sandbox.unreadable() from None

    monkeypatch.setattr(sandbox, "read", read)


def inspect(data: bytes, name: str, **bounds: object) -> Inspected:
    return uploads.inspect(io.BytesIO(data), name, allow=ALL, **bounds)  # type: ignore[arg-type]


def take(data: bytes, name: str, allow: frozenset[str] = ALL) -> Taken:
    return uploads.take(io.BytesIO(data), name, allow=allow)


def kept(taken: Taken) -> bytes:
    with store.backend().open(taken.sha256) as stream:
        return stream.read()


def refused(data: bytes, name: str, **bounds: object) -> Problem:
    """The problem; nothing was kept, and the words are Japanese and end."""
    call = (lambda: inspect(data, name, **bounds)) if bounds else (lambda: take(data, name))
    with pytest.raises(Problem) as caught:
        call()
    assert re.search(r"[ぁ-ん].*。$", caught.value.message)
    assert list(store.backend().kept()) == []
    return caught.value


# --- what passes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (picture("JPEG"), "写真.JPG", Inspected("image/jpeg", 0, 1, 40, 30)),
        (picture("PNG", "RGBA"), "図.png", Inspected("image/png", 0, 1, 40, 30)),
        (picture("WEBP"), "写真.webp", Inspected("image/webp", 0, 1, 40, 30)),
        (pdf(pages=3), "書類.pdf", Inspected("application/pdf", 0, 3)),
        (docx(), "書類.docx", Inspected(content.DOCX, 0, None)),
        (xlsx(), "表.xlsx", Inspected(content.XLSX, 0, None)),
        (pdf(), "令和6.4.1", Inspected("application/pdf", 0, 1)),
    ],
    ids=["jpeg", "png", "webp", "pdf", "docx", "xlsx", "no ending"],
)
def test_ordinary_files_pass(data: bytes, name: str, expected: Inspected) -> None:
    found = inspect(data, name)
    assert found.size == len(data)
    assert (found.content_type, found.pages, found.width, found.height) == (
        expected.content_type,
        expected.pages,
        expected.width,
        expected.height,
    )


def test_a_form_asks_for_kinds_that_exist() -> None:
    for allow in (frozenset(), frozenset({"image/svg+xml"})):
        with pytest.raises(ValueError, match="nothing can meet"):
            uploads.inspect(io.BytesIO(pdf()), "a.pdf", allow=allow)
    assert kinds.accept({"application/pdf", "image/png"}) == "image/png,.png,application/pdf,.pdf"


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        ("写真.webp", "image/jpeg", "写真.jpg"),
        ("写真.JPEG", "image/jpeg", "写真.JPEG"),
        ("写真", "image/png", "写真.png"),
        ("令和6.4.1", "application/pdf", "令和6.4.1.pdf"),
        ("あ" * 300 + ".webp", "image/png", "あ" * 251 + ".png"),
    ],
)
def test_names_end_as_their_kind_does(given: str, kind: str, expected: str) -> None:
    assert store.tidy_name(kinds.renamed(given, kind)) == expected


@pytest.mark.django_db
def test_what_was_taken_becomes_a_row_inside_an_action() -> None:
    town = Municipality.unscoped.create(code="990019", name="みほん市")
    now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    ctx = Context(ANYONE, MunicipalityRef(town.pk, town.code, town.name), now, "request")
    row = uploads.refer(ctx, take(picture("WEBP"), "写真.webp"), retention_class="five_years")
    assert (row.name, row.content_type, row.file_class, row.made_by_us) == (
        "写真.jpg",
        "image/jpeg",
        PERSONAL.value,
        True,
    )
    paper = take(pdf(), "書類.pdf")
    assert kept(paper) == pdf()
    assert not uploads.refer(ctx, paper, retention_class="five_years").made_by_us


# --- what a picture leaves behind -------------------------------------------------------------------------------------


def test_nothing_that_a_camera_wrote_remains() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Kamera Himitsu"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 0.0, 1.5), 3: "E", 4: (139.0, 0.0, 1.5)})
    data = picture("JPEG", exif=exif, comment=b"Himitsu", xmp=b"<x>Himitsu</x>", dpi=(72, 72))
    assert opened(data).getexif().get_ifd(0x8825)
    taken = take(data + b"Himitsu behind", "a.jpg")
    left = kept(taken)
    assert b"imitsu" not in left
    assert b"Exif" not in left
    assert b"http://" not in left
    image = opened(left)
    assert not image.getexif()
    assert image.size == (30, 40)  # turned upright
    assert (taken.inspected.width, taken.inspected.height) == (30, 40)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.usefixtures("here")
def test_every_way_of_holding_a_camera_ends_upright(orientation: int) -> None:
    upright = Image.new("RGB", (40, 30), "white")
    upright.paste("black", (0, 0, 20, 15))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose that undoes the turning
    turned = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = io.BytesIO()
    turned.save(data, "JPEG", quality=95, exif=exif)
    image = opened(kept(take(data.getvalue(), "a.jpg"))).convert("L")
    assert image.size == (40, 30)
    assert [image.getpixel(at) < 128 for at in ((8, 6), (32, 6), (8, 24), (32, 24))] == [  # type: ignore[operator]  # grey
        True,
        False,
        False,
        False,
    ]


@pytest.mark.usefixtures("here")
def test_texts_in_a_png_go_and_its_pixels_stay() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Himitsu")
    texts.add_itxt("XML:com.adobe.xmp", "Himitsu")
    data = picture("PNG", "RGBA", pnginfo=texts, dpi=(300, 300))
    left = kept(take(data, "a.png"))
    assert b"Himitsu" not in left
    assert re.findall(rb"(?:tEXt|iTXt|zTXt|eXIf|pHYs|iCCP|tIME)", left) == []
    assert opened(left).tobytes() == opened(data).tobytes()


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("JPEG", "CMYK", ("JPEG", "RGB")),
        ("JPEG", "L", ("JPEG", "L")),
        ("PNG", "1", ("PNG", "L")),
        ("PNG", "P", ("PNG", "RGB")),
        ("PNG", "LA", ("PNG", "LA")),
        ("PNG", "I;16", ("PNG", "L")),
        ("WEBP", "RGBA", ("PNG", "RGBA")),
    ],
)
@pytest.mark.usefixtures("here")
def test_every_make_of_picture_becomes_a_plain_one(kind: str, mode: str, expected: tuple[str, str]) -> None:
    if mode == "I;16":
        made = io.BytesIO()
        deep = Image.new("I;16", (40, 30))
        deep.putdata([257 * (at % 40) * 6 for at in range(1200)])
        deep.save(made, "PNG")
        data = made.getvalue()
    else:
        data = picture(kind, mode)
        if mode == "RGBA":
            image = opened(data)
            image.putalpha(100)
            made = io.BytesIO()
            image.save(made, kind, lossless=True)
            data = made.getvalue()
    image = opened(kept(take(data, "a." + kind.lower())))
    assert (image.format, image.mode) == expected
    left, right = (image.convert("L").getpixel((at, 15)) for at in (3, 36))
    assert left < 70  # type: ignore[operator]  # grey
    assert right > 180  # type: ignore[operator]  # grey


@pytest.mark.usefixtures("here")
def test_see_through_colours_of_a_palette_stay_see_through() -> None:
    image = Image.new("P", (20, 20), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(1, (10, 0, 20, 20))
    made = io.BytesIO()
    image.save(made, "PNG", transparency=0)
    left = opened(kept(take(made.getvalue(), "a.png")))
    assert (left.getpixel((2, 2)), left.getpixel((15, 2))) == ((255, 0, 0, 0), (0, 0, 255, 255))


@pytest.mark.parametrize(
    "profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"no profile"]
)
@pytest.mark.usefixtures("here")
def test_profiles_are_applied_and_dropped_and_a_broken_one_harms_nothing(profile: bytes) -> None:
    left = kept(take(picture("JPEG", icc_profile=profile), "a.jpg"))
    assert "icc_profile" not in opened(left).info
    assert b"ICC_PROFILE" not in left


def test_a_camera_that_writes_nonsense_is_no_reason_to_refuse_its_picture() -> None:
    nonsense = b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 40
    data = picture("JPEG", exif=nonsense)
    assert take(data, "a.jpg").inspected.width == 40


@pytest.mark.usefixtures("here")
def test_the_second_picture_of_a_photograph_is_left_out() -> None:
    data = io.BytesIO()
    first, second = Image.new("RGB", (40, 30), "white"), Image.new("RGB", (20, 10), "black")
    first.save(data, "MPO", save_all=True, append_images=[second])
    image = opened(kept(take(data.getvalue(), "a.jpg")))
    assert (image.format, image.size) == ("JPEG", (40, 30))


# --- what is refused --------------------------------------------------------------------------------------------------

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.pdf", "file_empty"),
        (SVG, "a.png", "file_kind"),
        (SVG, "a.svg", "file_kind"),
        (b"<html><script>alert(1)</script>", "a.pdf", "file_kind"),
        (picture("GIF", "P"), "a.gif", "file_kind"),
        (picture("TIFF"), "a.tiff", "file_kind"),
        (samples.archive({"a.txt": b"text"}), "a.docx", "file_kind"),
        (samples.archive({"a.txt": b"text"}), "a.zip", "file_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "file_kind"),
        (HEIC, "a.heic", "file_heic"),
        (HEIC, "a.jpg", "file_heic"),
        (picture("AVIF"), "a.avif", "file_kind"),
        (b"MZ" + bytes(100), "a.exe", "file_kind"),
        (b"junk\n" + pdf(), "a.pdf", "file_kind"),
        (picture("JPEG"), "a.pdf", "file_ending"),
        (pdf(), "a.jpg", "file_ending"),
        (pdf(), "a.pdf.exe", "file_ending"),
        (docx(), "a.xlsx", "file_ending"),
        (docx(), "a.docm", "file_ending"),
        (picture("PNG")[:-40], "a.png", "file_unreadable"),
        (picture("JPEG", size=(400, 300))[:-500], "a.jpg", "file_unreadable"),
        (b"\xff\xd8\xff" + bytes(100), "a.jpg", "file_unreadable"),
        (pdf()[:-60], "a.pdf", "file_broken"),
        (b"%PDF-1.7\nnothing\n%%EOF", "a.pdf", "file_unreadable"),
        (pdf(trailer=b"/Encrypt 10 0 R"), "a.pdf", "file_unreadable"),
        (pdf({10: b"<</Filter/Standard/V 1/R 2/O<00>/U<00>/P -4>>"}, trailer=b"/Encrypt 10 0 R/ID[<00><00>]"), "a.pdf",
         "file_encrypted"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_what_is_no_file_for_us_is_refused_in_words(data: bytes, name: str, code: str) -> None:
    assert refused(data, name).code == code


def test_the_words_say_what_was_found_and_what_is_expected() -> None:
    with pytest.raises(Problem) as caught:
        uploads.take(io.BytesIO(picture("GIF", "P")), "a.gif")
    assert caught.value.found == "GIFの画像"
    assert caught.value.expected == "JPEGの写真・画像、PNGの画像、WebPの画像、PDF"
    assert caught.value.found in caught.value.message
    assert caught.value.expected in caught.value.message
    with pytest.raises(Problem, match="Word"):
        uploads.take(io.BytesIO(docx()), "a.docx")


def test_sizes_pages_and_pixels_are_bounded() -> None:
    assert refused(pdf(), "a.pdf", max_bytes=100).code == "file_too_large"
    assert refused(bytes(limits.LIMITS.size + 1), "a.pdf", max_bytes=10**12).code == "file_too_large"
    assert inspect(pdf(pages=3), "a.pdf", max_pages=3).pages == 3
    assert refused(pdf(pages=4), "a.pdf", max_pages=3).code == "file_pages"
    assert refused(pdf(pages=10_000), "a.pdf").code == "file_pages"
    assert refused(picture(size=(100, 10)), "a.jpg", max_pixels=999).code == "file_pixels"
    for size in ((60_000, 60_000), (1, 30_000), (2**31 - 1, 1)):
        problem = refused(samples.png_claiming(*size), "a.png")
        assert problem.code == "file_pixels"
        assert f"{size[0]}×{size[1]}" in problem.message


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.usefixtures("here")
def test_moving_pictures_are_refused(kind: str) -> None:
    data = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(data, kind, save_all=True, append_images=frames[1:])
    assert refused(data.getvalue(), "a." + kind.lower()).code == "file_moves"


# --- two files in one -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_a_program_behind_a_picture_does_not_go_over() -> None:
    program = samples.archive({"META-INF/MANIFEST.MF": b"Main-Class: A", "A.class": b"\xca\xfe\xba\xbe"})
    left = kept(take(picture() + program, "a.jpg"))
    assert not content.holds_archive(io.BytesIO(left))
    assert b"PK\x03\x04" not in left


@pytest.mark.usefixtures("here")
def test_a_pdf_inside_a_picture_does_not_go_over() -> None:
    assert b"%PDF" not in kept(take(picture("JPEG", comment=pdf()), "a.jpg"))


@pytest.mark.usefixtures("here")
def test_an_archive_behind_or_inside_a_pdf_is_refused() -> None:
    program = samples.archive({"A.class": b"\xca\xfe\xba\xbe"})
    part = b"PK\x06\x07" + b"\0" * 12 + b"\2\0\0\0" + b"PK\x05\x06" + bytes(18)  # the last of two
    behind = [pdf() + program, pdf() + program + b"\n%%EOF\n", pdf() + part]
    for data in (*behind, pdf({10: stream(program)})):
        assert refused(data, "a.pdf").code in {"file_active", "file_broken"}


def test_a_gif_that_is_an_archive_is_no_kind_of_ours() -> None:
    assert refused(picture("GIF", "P") + samples.archive({"A.class": b""}), "a.gif").code == "file_kind"


# --- what a PDF would do ----------------------------------------------------------------------------------------------

SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (pdf(catalog=b"/OpenAction" + SCRIPT), "JavaScript"),
        (pdf(catalog=b"/OpenAction<</S/J#61vaScript/J#53(1)>>"), "JavaScript"),
        (pdf(catalog=b"/Names<</JavaScript<</Names[(a) 10 0 R]>>>>", more={10: SCRIPT}), "JavaScript"),
        (pdf(page=b"/AA<</O 10 0 R>>", more={10: SCRIPT}), "JavaScript"),
        (pdf(more={10: SCRIPT}), "JavaScript"),  # nothing leads to it, in our eyes
        (pdf(page=b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(cmd.exe)>>>>]"), "動かす"),
        (pdf(catalog=b"/OpenAction<</S/SubmitForm/F(http://example.invalid/)>>"), "送る"),
        (pdf(catalog=b"/OpenAction<</S/GoToR/F(\\\\\\\\host\\\\a.pdf)>>"), "ほかの場所"),
        (pdf(catalog=b"/OpenAction<</S 10 0 R/F(a)>>", more={10: b"/GoToE"}), "ほかのファイル"),
        (pdf(catalog=b"/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a.exe)/EF<</F 10 0 R>>>>]>>>>",
             more={10: stream(b"MZ", b"/Type/EmbeddedFile")}), "ほかのファイル"),
        (pdf(page=b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI( JavaScript:alert\\(1\\))>>>>]"), "JavaScript"),
        (pdf(page=b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI<FF80>>>>>]/B<</URI(file:///etc)>>"), "ほかの場所"),
        (pdf(catalog=b"/B<</URI<FEFF006A006100760061007300630072006900700074003A>>>"), "JavaScript"),
        (pdf(catalog=b"/AcroForm<</Fields[]/XFA 10 0 R>>", more={10: stream(b"<xdp/>")}), "XFA"),
        (pdf(page=b"/Annots[<</Type/Annot/Subtype/RichMedia/Rect[0 0 9 9]>>]"), "動画"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_a_pdf_that_would_do_something_is_refused(data: bytes, word: str) -> None:
    problem = refused(data, "a.pdf")
    assert problem.code == "file_active"
    assert word in problem.message
    assert "作り直した" in problem.message


@pytest.mark.usefixtures("here")
def test_a_pdf_that_only_leads_about_passes() -> None:
    link = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.invalid/)>>>>]"
    assert (
        inspect(
            pdf(page=link, catalog=b"/OpenAction[3 0 R/Fit]/Names<</EmbeddedFiles<</Names[]>>>>"), "a.pdf"
        ).pages
        == 1
    )


@pytest.mark.parametrize(
    "data",
    [
        pdf(catalog=b"/A" + b"[" * 20_000 + b"]" * 20_000),
        pdf({2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}),
        pdf({10: b"11 0 R", 11: b"10 0 R"}, catalog=b"/A 10 0 R"),
        pdf(trailer=b"/Prev 1"),
    ],
    ids=["deep", "pages in a circle", "references in a circle", "no earlier table"],
)
def test_a_pdf_that_leads_a_reader_astray_ends_in_an_answer(data: bytes) -> None:
    answered(data, "a.pdf")


# --- what Word and Excel would do -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (docx({"word/vbaProject.bin": b"x"}), "a.docx", "マクロ"),
        (docx({"[Content_Types].xml": b"<T>application/vnd.ms-word.document.macroEnabled.main+xml</T>"}), "a.docx", "マクロ"),
        (xlsx({"xl/macrosheets/sheet1.xml": b"<x/>"}), "a.xlsx", "マクロ"),
        (docx({"word/embeddings/oleObject1.bin": b"x"}), "a.docx", "プログラム"),
        (docx({"word/_rels/settings.xml.rels": relation("attachedTemplate", "http://example.invalid/a.dotm")}), "a.docx",
         "ほかの場所"),
        (docx({"word/_rels/document.xml.rels": relation("image", "http://example.invalid/a.png")}), "a.docx", "ほかの場所"),
        (xlsx({"xl/externalLinks/externalLink1.xml": b"<externalLink><ddeLink ddeService='cmd'/></externalLink>"}), "a.xlsx",
         "ほかの場所"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_an_office_file_that_would_do_something_is_refused(data: bytes, name: str, word: str) -> None:
    problem = refused(data, name)
    assert problem.code == "file_active"
    assert word in problem.message


@pytest.mark.usefixtures("here")
def test_links_that_a_person_follows_pass() -> None:
    links = {"word/_rels/document.xml.rels": relation("hyperlink", "https://example.invalid/")}
    assert inspect(docx(links), "a.docx").content_type == content.DOCX


@pytest.mark.usefixtures("here")
def test_what_forms_in_excel_are_made_of_passes() -> None:
    parts = {
        "xl/ctrlProps/ctrlProp1.xml": b"<formControlPr/>",  # a box to tick
        "xl/printerSettings/printerSettings1.bin": b"x",
        "xl/externalLinks/externalLink1.xml": b"<externalLink><externalBook/></externalLink>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": relation("externalLinkPath", "file:///C:/a.xlsx"),
    }
    assert inspect(xlsx(parts), "a.xlsx").content_type == content.XLSX


@pytest.mark.usefixtures("here")
def test_damage_inside_an_office_file_is_found() -> None:
    data = bytearray(docx({"word/styles.xml": bytes(range(256)) * 8}))
    at = data.find(b"word/styles.xml") + 40
    data[at] ^= 0xFF
    assert refused(bytes(data), "a.docx").code == "file_unreadable"


# --- a child that was taken over, and whatever else comes --------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [None, {}, {"fault": 7}, {"fault": "?"}, {"width": "a"}, {"pages": -1}, {"pages": True}]
)
def test_a_senseless_answer_is_no_answer(answer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "read", lambda *_, **__: answer)
    for data, name in ((picture(), "a.jpg"), (pdf(), "a.pdf")):
        assert refused(data, name).code == "file_unreadable"


def test_a_picture_that_is_none_after_all_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "read", lambda *_, **__: {"width": 1, "height": 1})
    assert refused(picture(), "a.jpg").code == "file_unreadable"


SEEDS = [
    picture("JPEG"),
    picture("PNG", "P"),
    picture("WEBP"),
    pdf({10: stream(b"0 0 m", b"/A[1 2(x)]")}),
    docx(),
    xlsx(),
]
NAMES = ["a.jpg", "a.png", "a.webp", "a.pdf", "a.docx", "a.xlsx"]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, str]:
    """A file of ours with bytes changed, cut out and put in; its beginning stays, so that a parser is asked."""
    which = draw(st.sampled_from(range(len(SEEDS))))
    data = bytearray(SEEDS[which])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(16, len(data)))
        data[at : at + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
    return bytes(data), NAMES[which]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
def test_whatever_comes_the_answer_is_a_finding_or_a_problem(sent: tuple[bytes, str]) -> None:
    answered(*sent)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.text(max_size=20))
def test_whatever_bytes_and_name_come_the_answer_is_a_finding_or_a_problem(data: bytes, name: str) -> None:
    answered(data, name)


def answered(data: bytes, name: str) -> None:
    try:
        found = inspect(data, name)
    except Problem as problem:
        assert problem.message  # noqa: PT017 – either answer is right
    else:
        assert found.content_type in ALL
