# SPDX-License-Identifier: ISC
"""Every graph as a picture, by the code of Cacti's own pages."""
import re
import shutil
from pathlib import Path

PROGRAM = Path(__file__).with_name("render.php")
PARTS = 2  # side by side
BLANK = 3000  # octets; a picture with axes and a legend has more


def name_of(title):
    return re.sub(r"[^A-Za-z0-9.]+", "-", title).strip("-")


def titles(cacti):
    """id -> title."""
    return dict(cacti.rows("SELECT local_graph_id, title_cache FROM "
                           "graph_templates_graph WHERE local_graph_id > 0"))


def everything(cacti, start, end, out):
    """Draws all graphs into the folder; title -> path."""
    inside = cacti.inside("/run")
    shutil.copy(PROGRAM, inside / "render.php")
    cacti.run("install", "-d", "-m", "777", "/run/png")
    said = "".join(cacti.side_by_side(*(
        ("/run/render.php", "/run/png", str(start), str(end), str(part),
         str(PARTS)) for part in range(PARTS))))
    lines = dict(re.findall(r"^(\d+)\t(.*)$", said, re.M))
    found, wrong = {}, []
    for number, title in titles(cacti).items():
        path = inside / "png" / f"{number}.png"
        if not path.exists() or path.stat().st_size < BLANK:
            wrong.append(f"{title}: {lines.get(number, said[-500:])}")
            continue
        found[title] = out / f"{name_of(title)}.png"
        shutil.copy(path, found[title])
    assert not wrong, f"{len(wrong)} graphs: {wrong[:5]}"
    return found
