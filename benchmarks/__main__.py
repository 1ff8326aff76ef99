"""`make benchmark`: prints what, n, median, p95, ratio to the bare view, queries; and the machine.

`make benchmark OPTIONS="--people 10,1000 --years 1"` is what is measured by default;
`OPTIONS="--people 10,1000 --years 1,10"` is the growth goal of about five million entries;
`OPTIONS="--url https://… --cookie name=value"` measures the pages of a server that already runs,
with the session of somebody who signed in there.
"""

import argparse
import json
import platform
import statistics
import sys
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from . import pages, rotation
from .scratch import Scratch
from .serving import Server
from .visiting import Measure, Visitor, measure

LINE = "{:<38}{:>7}{:>11}{:>11}{:>9}{:>9}{:>9}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--people", default="10,1000", help="sizes of the co-op, separated by commas")
    parser.add_argument("--years", default="1", help="years of hours and pays behind them, as well")
    parser.add_argument("--requests", type=int, default=200, help="requests of each kind, at least 100")
    parser.add_argument("--only", default="pages,runs,pdf,deductions", help="what to measure; rotation too")
    parser.add_argument("--url", help="a server that already runs, instead of a scratch one")
    parser.add_argument("--cookie", help="with --url: the session cookie of somebody signed in, name=value")
    given = parser.parse_args()
    machine()
    if given.url:
        name, _, session = (given.cookie or "").partition("=")
        if not session:
            parser.error("--url needs --cookie name=value")
        heading("a server that already runs")
        week = (date.today() - timedelta(days=date.today().weekday())).isoformat()  # noqa: DTZ011
        for one in pages.pages(
            given.url, name, {"worker": session}, week, requests=given.requests, at_once=1
        ):
            show(one, None)
        return
    parts = set(given.only.split(","))
    if "deductions" in parts:
        deductions()
    if "rotation" in parts:
        rotation_proposals()
    if not parts - {"deductions", "rotation"}:
        return
    costs = {}
    for people, years in product(*(map(int, sizes.split(",")) for sizes in (given.people, given.years))):
        with Scratch("koumbit_benchmark") as scratch:
            seeded = json.loads(scratch.python("-m", "benchmarks.seed", str(people), str(years)))
            entries = f"{seeded['entries']:,}".replace(",", " ")
            heading(f"{people} people, {years} year(s), {entries} entries")
            if "pages" in parts:
                costs[f"{people} × {years}"] = served(scratch, seeded, given.requests)
            if "runs" in parts or "pdf" in parts:
                run(scratch, seeded, people, with_pdf="pdf" in parts)
    if len(costs) > 1:
        growth(costs)


def machine() -> None:
    processors = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024 // 1024
    software = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    print(f"{len(processors)} cores of {processors[0]}, {memory} GB, {software}")


def heading(text: str) -> None:
    print(f"\n{text}\n" + LINE.format("what", "n", "median ms", "p95 ms", "× bare", "queries", "kB"))


def show(found: Measure) -> None:
    ratio = "–" if found.ratio is None else f"{found.ratio:.2f}"
    queries = "–" if found.queries is None else str(found.queries)
    times = (f"{found.median:.1f}", f"{found.p95:.1f}")
    print(
        LINE.format(found.what, len(found.seconds), *times, ratio, queries, f"{found.kilobytes:.1f}"),
        flush=True,
    )


def growth(costs: dict[str, dict[str, float]]) -> None:
    """How many times as much each page costs at each size as at the first: its cost in bare views, compared."""
    first, *_others = costs.values()
    print(f"\n{'growth (people × years)':<38}" + "".join(f"{size:>12}" for size in costs))
    for what, cost in first.items():
        print(f"{what:<38}" + "".join(f"{size[what] / cost:>12.2f}" for size in costs.values()))


def served(scratch: Scratch, seeded: dict, requests: int) -> dict[str, float]:
    """Every page with one connection and with four, each beside the bare view asked in the same way.

    Returns what each costs with one connection, in bare views.
    """
    quiet = ("--workers", "2", "--no-control-socket", "--log-level", "warning")
    bare = Server(scratch.environment, *quiet, "benchmarks.bare:application", first_page="/")
    ours = Server(scratch.environment, "-c", "python:koumbit.gunicorn", "koumbit.wsgi", first_page="/health/")
    costs: dict[str, float] = {}

    def told(found: Measure) -> None:
        show(found)
        if found.ratio is not None:
            costs.setdefault(found.what, found.ratio)

    cookie, sessions, week = seeded["cookie"], seeded["sessions"], seeded["week"]
    with bare, ours:
        for at_once in (1, 4):
            print(f"  {at_once} at a time")
            asking = [Visitor(bare.url) for _ in range(at_once)]
            show(measure("a bare view", lambda visitor: visitor.get("/"), asking, requests))
            for one in pages.pages(
                ours.url, cookie, sessions, week, requests=requests, at_once=at_once, bare=bare.url
            ):
                told(one)
            if at_once == 1:
                for saves in (pages.saving, pages.saving_one_cell):
                    told(saves(ours.url, cookie, sessions["worker"], week, requests=requests, bare=bare.url))
        print(
            f"  first answer after {ours.seconds_to_answer:.1f} s; {ours.megabytes():.0f} MB with 2 workers"
        )
    return costs


def run(scratch: Scratch, seeded: dict, people: int, *, with_pdf: bool) -> None:
    """Preview, preparation and issue of the period that is due; then the PDF of one of its stubs."""
    asked = json.dumps({"period": seeded["period"], "holder": seeded["holder"], "issuer": seeded["issuer"]})
    done = json.loads(scratch.python("-m", "benchmarks.runs", asked))
    for what in ("preview", "prepare", "issue without PDF"):
        seconds, busy = done[what]
        of_processor = "" if busy is None else f"{busy:>9.2f} s of processor"
        print(f"{what:<38}{seconds:>9.2f} s{seconds / people * 1000:>11.2f} ms a person{of_processor}")
    print(f"{'memory at most':<38}{done['megabytes']:>9.0f} MB")
    if with_pdf:
        pdf = json.loads(scratch.python("-m", "benchmarks.pdfs", str(done["stub"])))
        ours, naive = (statistics.median(pdf[name]) * 1000 for name in ("ours", "naive"))
        print(f"{'a stub as PDF':<38}{ours:>9.0f} ms, {pdf['kilobytes']:.0f} kB; naive {naive:.0f} ms")
        print(f"{'… against the naive way':<38}{pdf['ratio']:>9.2f}")
        print(f"{'… two workers against one':<38}{pdf['workers']:>9.2f}")
        print(f"{'… memory grown in thirty more':<38}{pdf['grown_megabytes']:>9.1f} MB")


def deductions() -> None:
    speed = float(Scratch("none").python("-m", "benchmarks.deductions"))
    print(f"source deductions, one process: {speed:,.0f} pays a second".replace(",", " "))


def rotation_proposals() -> None:
    """Proposals of made-up periods: the ratio of the largest gap to what no plan can beat, or the band."""
    form = "{:<22}{:>9}{:>9}{:>10}{:>8}{:>11}{:>11}{:>9}"
    print(
        "\n"
        + form.format("people × roles × tasks", "pairs", "seconds", "goal", "R", "uncovered", "moved", "MB")
    )
    for people, roles, tasks, seconds, ratio in rotation.SIZES:
        sizes = [str(size) for size in (people, roles, tasks)]
        found = json.loads(Scratch("none").python("-m", "benchmarks.rotation", *sizes))
        goal = f"{seconds} s" + (f", {ratio}" if ratio else "")
        moved = f"{found['moved'] / found['work']:.0%}"
        figures = (
            f"{found['seconds']:.1f}",
            goal,
            f"{found['ratio']:.3f}",
            f"{found['uncovered']:.1f} h",
            moved,
        )
        print(
            form.format(" × ".join(sizes), found["pairs"], *figures, f"{found['megabytes']:.0f}"), flush=True
        )


if __name__ == "__main__":
    sys.exit(main())
