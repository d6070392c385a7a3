"""Whether two pictures of a page show the same: square by square, edges of letters forgiven."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops

#: Side of a square in pixels: a small icon fills one.
SQUARE = 16
#: A pixel has changed when a channel differs by more, of 255: smoothing of edges stays below it.
CHANNEL = 40
#: A square has changed when more than this share of its pixels has.
SHARE = 0.2


def changed_squares(seen: Path, kept: Path, marked: Path) -> list[tuple[int, int]]:
    """Where two pictures differ, as left and top of squares in pixels.

    Parameters
    ----------
    seen, kept : Path
        The pictures; another size is a change everywhere.
    marked : Path
        Gets a copy of ``seen`` with the changes in red, when there are any.

    Examples
    --------
    >>> changed_squares(Path("a.png"), Path("a.png"), Path("marked.png"))
    []
    """
    now, then = (Image.open(path).convert("RGB") for path in (seen, kept))
    if now.size != then.size:
        return [(0, 0)]
    channels = ImageChops.difference(now, then).split()
    worst = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    changed = worst.point(lambda value: 255 if value > CHANNEL else 0)
    found = [place for place in _squares(now.size) if _share(changed, place) > SHARE]
    if found:
        red = Image.new("RGB", (SQUARE, SQUARE), "red")
        for place in found:
            now.paste(Image.blend(now.crop(_box(place)).resize(red.size), red, 0.5), place)
        now.save(marked)
    return found


def _squares(size: tuple[int, int]) -> list[tuple[int, int]]:
    width, height = size
    return [(x, y) for y in range(0, height, SQUARE) for x in range(0, width, SQUARE)]


def _box(place: tuple[int, int]) -> tuple[int, int, int, int]:
    return (*place, place[0] + SQUARE, place[1] + SQUARE)


def _share(changed: Image.Image, place: tuple[int, int]) -> float:
    return changed.crop(_box(place)).histogram()[255] / SQUARE**2
