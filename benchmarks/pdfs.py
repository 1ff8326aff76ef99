"""The PDF of a real stub, against the naive way to make the same page: `python -m benchmarks.pdfs STUB`.

Naive: the same page and stylesheet through `HTML(...).write_pdf()`, tagged as well, with nothing
shared from one document to the next.
"""

import json
import multiprocessing
import resource
import statistics
import sys
import time

import django

django.setup()

from django.template.loader import render_to_string  # noqa: E402
from django.utils import translation  # noqa: E402
from weasyprint import CSS, HTML  # noqa: E402

from koumbit import press  # noqa: E402
from payroll import documents  # noqa: E402
from payroll.models import PayStub  # noqa: E402
from payroll.papers import Paper, arrange  # noqa: E402

DOCUMENTS = 30


def _paper(pk: int) -> Paper:
    stub = PayStub.objects.get(pk=pk)
    with translation.override(stub.language):
        return arrange(stub)


def _naive(paper: Paper) -> bytes:
    with translation.override(paper.language):
        html = render_to_string("payroll/pdf/paper.html", {"paper": paper})
    css = CSS(string=render_to_string("page/paper.css", {"faces": press._font_faces()}))
    return HTML(string=html).write_pdf(stylesheets=[css], pdf_variant="pdf/ua-1")


def _seconds_each(make, paper: Paper) -> list[float]:
    make(paper)
    found = []
    for _ in range(DOCUMENTS):
        began = time.perf_counter()
        make(paper)
        found.append(time.perf_counter() - began)
    return found


def _one_worker(pk: int, ready, results) -> None:
    paper = _paper(pk)
    documents.make(paper)
    ready.wait()
    began = time.perf_counter()
    for _ in range(DOCUMENTS):
        documents.make(paper)
    results.put(DOCUMENTS / (time.perf_counter() - began))


def _a_second(pk: int, workers: int) -> float:
    """Documents a second of that many processes at once."""
    context = multiprocessing.get_context("spawn")
    ready, results = context.Barrier(workers), context.Queue()
    processes = [context.Process(target=_one_worker, args=(pk, ready, results)) for _ in range(workers)]
    for process in processes:
        process.start()
    total = sum(results.get() for _ in processes)
    for process in processes:
        process.join()
    return total


def main(pk: int) -> dict:
    paper = _paper(pk)
    ours, naive = _seconds_each(documents.make, paper), _seconds_each(_naive, paper)
    after_sixty = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _seconds_each(documents.make, paper)
    return {
        "ours": ours,
        "ratio": statistics.median(ours) / statistics.median(naive),
        "naive": naive,
        "workers": _a_second(pk, 2) / _a_second(pk, 1),
        "grown_megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - after_sixty) / 1024,
        "kilobytes": len(documents.make(paper)) / 1000,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
