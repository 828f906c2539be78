#!/usr/bin/env python3
"""Makes docs/demo.png: what `cargo demo` shows, as a terminal would.

Needs Chromium and a font with Japanese (Debian: chromium, fonts-noto-cjk)."""

import html
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def grey(number):
    level = round((int(number) - 232) * 255 / 23)
    return f"rgb({level},{level},{level})"


def to_html(text):
    out, open_spans = [], 0
    for piece in re.split(r"(\x1b\[[0-9;]*m)", text):
        match = re.fullmatch(r"\x1b\[([0-9;]*)m", piece)
        if not match:
            out.append(html.escape(piece))
            continue
        code = match.group(1)
        colours = re.fullmatch(r"38;5;(\d+);48;5;(\d+)", code)
        if code == "0":
            out.append("</span>" * open_spans)
            open_spans = 0
        elif colours:
            front, back = (grey(number) for number in colours.groups())
            out.append("</span>" * open_spans)
            out.append(f'<span style="color:{front};background:{back}">')
            open_spans = 1
        else:
            out.append('<span style="font-weight:bold;color:#fff">')
            open_spans += 1
    return "".join(out)


def main():
    command = ["cargo", "run", "--quiet", "--package", "mynacard-ambulance", "--", "--yes"]
    env = {"CLICOLOR_FORCE": "1"}
    shown = subprocess.run(
        command, cwd=ROOT, env={**__import__("os").environ, **env}, check=True, capture_output=True
    ).stdout.decode()
    page = f"""<!doctype html><meta charset="utf-8"><style>
body {{ background:#16181d; color:#c8ccd4; margin:16px; }}
pre {{ font:13px/16px "Noto Sans Mono CJK JP", monospace; white-space:pre-wrap; width:1080px; margin:0 }}
</style><pre>{to_html(shown.strip())}</pre>"""
    lines = sum(1 + len(line) // 95 for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines())
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "demo.html")
        source.write_text(page)
        subprocess.run(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-quic", f"--user-data-dir={folder}/profile", "--hide-scrollbars",
                f"--window-size=1120,{min(lines * 16 + 40, 1900)}",
                f"--screenshot={ROOT / 'docs' / 'demo.png'}", source.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


if __name__ == "__main__":
    sys.exit(main())
