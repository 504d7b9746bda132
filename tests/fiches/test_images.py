"""What becomes of the pictures that people send."""

import random
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image, ImageCms

from fiches.media import images, sandboxed_reader
from fiches.media.images import CleanImage, SafeImageField, safe_name, sanitise_image
from tests import pictures

RED, BLUE = (255, 0, 0), (0, 0, 255)


def sent(data, name="photo.jpg"):
    return ContentFile(data, name)


def refusal_of(data):
    with pytest.raises(ValidationError) as caught:
        sanitise_image(sent(data))
    return caught.value.messages


def near(pixel, colour):
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=False))


def test_a_sideways_photograph_is_stored_upright_without_what_it_told():
    clean = sanitise_image(sent(pictures.jpeg_with_position(), "Été au lac.JPG"))
    data = clean.read()
    image = Image.open(BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (80, 120))
    assert (clean.name, clean.content_type) == ("ete-au-lac.jpg", "image/jpeg")
    assert near(image.getpixel((40, 20)), RED) and near(image.getpixel((40, 100)), BLUE)
    assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert dict(image.getexif()) == {}
    assert pictures.SECRET not in data and b"PK\x03\x04" not in data and b"Exif" not in data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_of_a_camera_is_undone(orientation):
    turned = {1: (0, 1), 2: (1, 0), 3: (1, 0), 4: (0, 1), 5: (0, 1), 6: (0, 1), 7: (1, 0), 8: (1, 0)}
    data = pictures.picture(exif=pictures.exif_of_phone(orientation), quality=95)
    image = Image.open(sanitise_image(sent(data)))
    lying = orientation < 5
    assert image.size == ((120, 80) if lying else (80, 120))
    ends = [(10, 40), (110, 40)] if lying else [(40, 10), (40, 110)]
    colours = [(RED, BLUE)[index] for index in turned[orientation]]
    assert [near(image.getpixel(end), colour) for end, colour in zip(ends, colours, strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("format", "mode", "written", "name"),
    [
        ("JPEG", "CMYK", ("JPEG", "RGB"), "photo.jpg"),
        ("JPEG", "L", ("JPEG", "RGB"), "photo.jpg"),
        ("PNG", "RGBA", ("PNG", "RGBA"), "photo.png"),
        ("PNG", "P", ("PNG", "RGB"), "photo.png"),
        ("PNG", "1", ("PNG", "RGB"), "photo.png"),
        ("PNG", "I;16", ("PNG", "RGB"), "photo.png"),
        ("GIF", "P", ("PNG", "RGB"), "photo.png"),
        ("WEBP", "RGB", ("WEBP", "RGB"), "photo.webp"),
        ("AVIF", "RGB", ("JPEG", "RGB"), "photo.jpg"),
        ("HEIF", "RGB", ("JPEG", "RGB"), "photo.jpg"),
    ],
)
def test_the_content_decides_the_format_whatever_the_name(format, mode, written, name):
    image = pictures.pixels(mode="L").convert(mode) if mode == "I;16" else pictures.pixels(mode=mode)
    clean = sanitise_image(sent(pictures.picture(format, image=image), "photo.bmp"))
    stored = Image.open(clean)
    assert ((stored.format, stored.mode), clean.name, stored.size) == (written, name, (120, 80))


def test_transparency_survives_in_png_and_webp_and_becomes_white_in_jpeg():
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    assert Image.open(sanitise_image(sent(pictures.picture("PNG", image=clear)))).getpixel((9, 9))[3] == 0
    assert Image.open(sanitise_image(sent(pictures.picture("WEBP", image=clear)))).getpixel((9, 9))[3] == 0
    jpeg = Image.open(sanitise_image(sent(pictures.picture("AVIF", image=clear))))
    assert near(jpeg.getpixel((9, 9)), (255, 255, 255))


def test_colours_are_brought_to_srgb_and_the_profile_dropped():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    stored = Image.open(sanitise_image(sent(pictures.picture("PNG", icc_profile=lab))))
    assert near(stored.getpixel((10, 10)), RED)
    assert "icc_profile" not in stored.info


def test_a_telephone_s_photograph_in_several_versions_keeps_the_first():
    other = pictures.pixels((30, 20))
    for format in ("MPO", "HEIF"):
        data = pictures.picture(format, save_all=True, append_images=[other])
        assert Image.open(sanitise_image(sent(data))).size == (120, 80)


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "AVIF"])
def test_an_animation_is_refused(format):
    assert refusal_of(pictures.animation(format)) == [
        "Les images animées ne sont pas acceptées\u00a0: envoyez une image fixe."
    ]


FORMATS = "JPEG, PNG, WebP, GIF, HEIC ou AVIF"
NOT_READ = [f"Cette image est abîmée, ou d’un type que le site ne lit pas. Envoyez un fichier {FORMATS}."]
TOO_LARGE = [
    "Cette image est trop grande, ou trop complexe à lire. Le maximum est 30\u00a0Mo, 50 millions de pixels, et 16\u202f000 pixels de côté."
]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF"])
def test_a_truncated_picture_is_refused(format):
    assert refusal_of(pictures.truncated(pictures.picture(format))) == NOT_READ


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + b"\xff" * 200 + b";",
        b"GIF89a/*" + b" " * 200 + b"*/=1;alert(1);",
        b"\x00\x00\x00\x10ftypavif\x00\x00\x00\x00",
        b"<svg onload='alert(1)'/>",
        b"%PDF-1.7",
    ],
)
def test_what_is_no_picture_is_refused_with_the_formats_that_are_read(data):
    assert refusal_of(data) == NOT_READ


def test_a_bomb_is_refused_on_its_header_alone():
    for size in ((30_000, 30_000), (9000, 6000), (30_000, 1)):
        assert refusal_of(pictures.png_of(size)) == TOO_LARGE


def test_a_picture_beyond_the_limits_of_the_settings_is_refused(settings):
    photo = ContentFile(pictures.picture())
    sanitise_image(photo)
    assert photo.tell() == 0  # for who reads it after
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1000
    assert "trop grande" in refusal_of(pictures.picture())[0]
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1000
    assert "1000\u00a0octets" in refusal_of(bytes(1010))[0]


@pytest.mark.nightly
def test_no_corruption_whatever_makes_another_error():
    chance = random.Random(25)
    formats = ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "MPO"]
    sources = [pictures.picture(format) for format in formats] + [
        pictures.jpeg_with_position(),
        pictures.animation("GIF"),
    ]
    outcomes = set()
    for source in sources * 40:
        data = bytearray(source)
        for _change in range(chance.choice([1, 3, 20])):
            data[chance.randrange(min(len(data), chance.choice([64, 512, len(data)])))] = chance.randrange(256)
        try:
            outcomes.add(type(sanitise_image(sent(bytes(data)))))
        except ValidationError as refused:
            outcomes.add(refused.code)
    assert outcomes >= {CleanImage, "unreadable", "animated"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Été à Œuf.HEIC", "ete-a-oeuf.jpg"),
        (r"C:\fakepath\..\photo.PNG", "photo.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("photo.php.jpg", "photophp.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("写真.jpg", "xiezhen.jpg"),
        ("\x00\u202e.jpg", "image.jpg"),
        ("", "image.jpg"),
        (None, "image.jpg"),
        ("a" * 300 + ".jpeg", "a" * 60 + ".jpg"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    assert safe_name(name, "jpg") == safe


def test_a_form_s_picture_is_clean_and_so_is_the_file_in_the_request():
    request_files = [
        SimpleUploadedFile("photo.heic", pictures.jpeg_with_position(), "image/heic"),
        TemporaryUploadedFile("photo.jpg", "image/jpeg", len(pictures.jpeg_with_position()), None),
    ]
    request_files[1].write(pictures.jpeg_with_position())
    for file in request_files:
        clean = SafeImageField().clean(file)
        assert isinstance(clean, CleanImage)
        assert (clean.name, clean.width, clean.height) == ("photo.jpg", 80, 120)
        file.seek(0)
        assert file.read() == clean.read()
        assert (file.size, file.content_type) == (clean.size, "image/jpeg")
    with open(request_files[1].temporary_file_path(), "rb") as on_disk:
        assert pictures.SECRET not in on_disk.read()


def test_a_form_says_why_a_picture_is_refused_and_may_do_without():
    assert SafeImageField(required=False).clean(None) is None
    with pytest.raises(ValidationError) as caught:
        SafeImageField().clean(SimpleUploadedFile("a.png", pictures.png_of((30_000, 1))))
    assert caught.value.code == "too_large"


def test_heic_is_named_only_where_the_extra_is_installed(monkeypatch):
    assert images.format_names() == FORMATS
    monkeypatch.setattr(images, "reads_heic", lambda: False)
    assert images.format_names() == "JPEG, PNG, WebP, GIF ou AVIF"


@pytest.mark.usefixtures("readers_started_anew")
def test_a_picture_that_takes_too_long_to_read_is_refused(monkeypatch):
    monkeypatch.setattr(sandboxed_reader, "SECONDS", 0)
    assert refusal_of(pictures.picture("WEBP")) == TOO_LARGE


def test_a_bomb_of_text_in_a_small_picture_is_refused():
    assert refusal_of(pictures.png_with_text_bomb()) == NOT_READ
