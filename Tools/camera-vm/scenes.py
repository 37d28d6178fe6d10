"""The scenes that Tools/test-camera plays: digits of MNIST on a frame, and frames as JPEG."""
import ctypes
import gzip
import random

WIDTH, HEIGHT = 640, 480
MOST_SCENES = 500


def make_scenes(folder, count):
    """Digits of MNIST's test set at random places, of random size, dark on light or light on dark: the scenes as the
    guest draws them, and each one's label and square. One more than is asked for: the first is held at the beginning."""
    pictures = gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((folder / "t10k-labels-idx1-ubyte.gz").read_bytes())[8:]
    chance = random.Random(500)
    scenes, squares = bytearray(), []
    # The scenes of a short run are the first of a long one.
    for index in chance.sample(range(len(labels)), MOST_SCENES + 1)[:count + 1]:
        side = chance.randint(90, 380)
        left, top = chance.randint(0, WIDTH - side), chance.randint(0, HEIGHT - side)
        dark = chance.random() < 0.5
        paper = chance.randint(150, 240) if dark else chance.randint(15, 90)
        ink = paper - chance.randint(90, 140) if dark else paper + chance.randint(90, 150)
        scenes += b"".join(value.to_bytes(2, "little") for value in (left, top, side))
        scenes += bytes([paper, ink]) + pictures[784 * index:784 * (index + 1)]
        squares.append((labels[index], left, top, side))
    return bytes(scenes), squares


def make_jpeg(picture):
    """A grey picture as JPEG, and what the library makes of that again; ARM and x86 make the same bytes of it."""
    jpeg = pack_jpeg(picture, quality=90)
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitDecompress.restype = ctypes.c_void_p
    decoder = ctypes.c_void_p(library.tjInitDecompress())
    pixels = ctypes.create_string_buffer(WIDTH * HEIGHT)
    grey = 6
    if library.tjDecompress2(decoder, jpeg, len(jpeg), pixels, WIDTH, 0, HEIGHT, grey, 0) != 0:
        raise OSError("TurboJPEG cannot unpack a picture")
    library.tjDestroy(decoder)
    return jpeg, b"P5\n%d %d\n255\n" % (WIDTH, HEIGHT) + pixels.raw


def pack_jpeg(picture, quality):
    """A grey picture of the camera's size as JPEG."""
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitCompress.restype = ctypes.c_void_p
    grey, subsampling = 6, 3
    packed, size = ctypes.POINTER(ctypes.c_ubyte)(), ctypes.c_ulong()
    coder = ctypes.c_void_p(library.tjInitCompress())
    if library.tjCompress2(coder, picture, WIDTH, 0, HEIGHT, grey, ctypes.byref(packed), ctypes.byref(size), subsampling,
                           quality, 0) != 0:
        raise OSError("TurboJPEG cannot pack a picture")
    jpeg = ctypes.string_at(packed, size.value)
    library.tjFree(packed)
    library.tjDestroy(coder)
    return jpeg
