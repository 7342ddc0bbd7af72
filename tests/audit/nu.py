"""Every page, stylesheet and drawing is valid by the Nu HTML checker, warnings included."""

import json
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

CHECKER = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def faults(output: Path) -> list[str]:
    """Give a line for each error and each warning of the checker.

    Args:
        output: a built site; all its HTML, CSS and SVG files are checked.

    Raises:
        FileNotFoundError: there is no Java.
        RuntimeError: the checker did not give its report.
    """
    done = subprocess.run(
        [
            *("java", "-jar", str(CHECKER), "--format", "json", "--stdout"),
            *("--skip-non-html", "--also-check-css", "--also-check-svg", str(output)),
        ],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError) as error:
        raise RuntimeError(f"vnu gave no report: {done.stdout}{done.stderr}") from error
    return [_line(message, output) for message in messages]


def _line(message: dict[str, str | int], output: Path) -> str:
    file = Path(unquote(urlsplit(str(message.get("url", ""))).path))
    if file.is_relative_to(output):
        file = file.relative_to(output)
    place = f"{file}:{message.get('lastLine', 0)}:{message.get('lastColumn', 0)}"
    extract = " ".join(str(message.get("extract", "")).split())
    return f"{place}: {message.get('subType', message['type'])}: {message['message']} [{extract}]"
