"""What continuous integration promises: the fast job first, every test in one part, nothing published untested."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from _pytest.mark.expression import Expression

from tests import parts
from tests.bench import compare, weight
from tests.browser.support import ROOT

WORKFLOWS = ROOT / ".github/workflows"


@pytest.fixture(scope="module")
def jobs() -> dict[str, dict]:
    return yaml.safe_load((WORKFLOWS / "test.yml").read_text(encoding="utf-8"))["jobs"]


def needed(jobs: dict[str, dict], name: str) -> set[str]:
    """All jobs that come before one."""
    needs = jobs[name].get("needs", [])
    direct = {needs} if isinstance(needs, str) else set(needs)
    return direct.union(*(needed(jobs, each) for each in direct))


def runs(job: dict) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


# Jobs that test nothing of the commit, or whose failure says nothing of it.
NO_TESTS = {"publish", "measures", "newest-dependencies"}


def test_nothing_is_published_that_was_not_tested(jobs):
    assert needed(jobs, "publish") == set(jobs) - NO_TESTS
    assert "refs/heads/main" in jobs["publish"]["if"] and "always()" not in jobs["publish"]["if"]
    # No other way to the pages, and no job before them may fail unseen.
    deploying = [path.name for path in WORKFLOWS.glob("*.yml") if "deploy-pages" in path.read_text(encoding="utf-8")]
    assert deploying == ["test.yml"]
    for name in needed(jobs, "publish"):
        assert "continue-on-error" not in str(jobs[name]), name
    # What is published is the book that was looked at, not another build of it.
    assert "make book" not in runs(jobs["publish"])
    assert [name for name, job in jobs.items() if "make book" in runs(job)] == ["book"]


def test_the_fast_job_comes_first(jobs):
    assert [name for name, job in jobs.items() if "needs" not in job] == ["fast", "newest-dependencies"]
    assert "make quick" in runs(jobs["fast"]) and jobs["fast"]["timeout-minutes"] <= 8
    slowest = {
        name: job["timeout-minutes"] for name, job in jobs.items() if name not in {*NO_TESTS, "package-and-notebooks"}
    }
    assert max(slowest.values()) <= 15, slowest


def make(target: str, *variables: str) -> str:
    """What make would run for a target, with no book to be built first."""
    done = subprocess.run(
        ["make", "--dry-run", target, "LIVING_SYNAPSE_HTML=x", *variables],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


COLLECT = """
import json, sys, pytest
class Told:
    def pytest_collection_finish(self, session):
        marks = {item.nodeid: [mark.name for mark in item.iter_markers()] for item in session.items}
        print("ITEMS" + json.dumps(marks))
sys.exit(pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", *sys.argv[1:]], plugins=[Told()]))
"""


def collected(*options: str) -> dict[str, list[str]]:
    """The tests that pytest would run, and their marks."""
    done = subprocess.run([sys.executable, "-c", COLLECT, *options], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return json.loads(re.search(r"^ITEMS(.*)$", done.stdout, flags=re.M)[1])


def test_the_jobs_together_run_every_test_once(jobs):
    """By the commands that the workflow itself runs: quick, the rest, each part of the browser layer, each engine."""
    wanted = [make("quick"), make("test-rest")]
    assert ".ci/run test-rest" in runs(jobs["rest"]) and ".ci/run test-browser PART=" in runs(jobs["browser"])
    wanted += [make("test-browser", f"PART={part}") for part in jobs["browser"]["strategy"]["matrix"]["part"]]
    assert ".ci/run test-engines ENGINE=${{ matrix.engine }}" in runs(jobs["engines"])
    wanted += [make("test-engines", f"ENGINE={name}") for name in jobs["engines"]["strategy"]["matrix"]["engine"]]
    everything = collected()
    shares = []
    for command in wanted:
        chooses = Expression.compile(re.search(r'-m "([^"]+)"', command)[1])
        share = [name for name, marks in everything.items() if chooses.evaluate(lambda mark, m=marks: mark in m)]
        if part := re.search(r"--part (\S+)", command):
            number, of = parts.chosen(part[1])
            share = parts.split(share, of)[number - 1]
        shares.append(set(share))
    assert len(shares) >= 8 and all(len(share) >= 20 for share in shares), [len(share) for share in shares]
    assert set().union(*shares) == set(everything)
    assert sum(map(len, shares)) == len(everything), "a test is in two parts"
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").glob("*/test_*.py")}
    assert len(files) >= 9 and files <= {name.split("::")[0] for name in everything}


def test_each_engine_is_asked_and_none_may_be_missing(jobs):
    """A machine without an engine skips its tests; .ci/run, by which CI runs them, says that it must not."""
    assert sorted(jobs["engines"]["strategy"]["matrix"]["engine"]) == ["chromium", "firefox", "webkit"]
    run = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert re.search(r"^CI=true make ", run, flags=re.M)
    for package in ("firefox-esr", "webkit2gtk-driver", "xvfb", "chromium", "epubcheck", "poppler-utils"):
        assert f"missing+=({package})" in run, package
    assert "--no-install-recommends" in run


def test_without_apt_what_is_missing_is_named(tmp_path):
    """On a path that holds bash and little else."""
    for tool in ("bash", "dirname", "id"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    done = subprocess.run(
        [tmp_path / "bash", ROOT / ".ci/run"], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 1 and "lacks chromium firefox-esr webkit2gtk-driver" in done.stderr, done.stderr


def test_every_python_runs_every_test_that_needs_no_browser(jobs):
    """No list of files is kept by hand, or one would be forgotten."""
    job = jobs["every-python"]
    assert job["strategy"]["matrix"]["python"] == ["3.12", "3.13"]  # the fast job and the rest have 3.11
    asked = [line for line in runs(job).splitlines() if "-m pytest" in line]
    assert len(asked) == 1 and "tests/" not in asked[0], asked
    assert re.search(r'-m "([^"]+)"', asked[0])[1] == "not book and not browser and not engine"


def test_pytest_keeps_to_a_part_of_what_else_is_chosen():
    file = "tests/test_links.py"
    chosen = collected(file, "-m", "not book")
    first = collected(file, "-m", "not book", "--part", "1/2")
    assert len(chosen) >= 10 and sorted(first) == sorted(parts.split(list(chosen), 2)[0])


def test_parts_are_whole_and_about_equally_long():
    many = [f"tests/browser/test_x.py::test_{letter}[{n}]" for letter in "abc" for n in range(40)]
    shares = parts.split(many, 3)
    assert sorted(nodeid for share in shares for nodeid in share) == sorted(many)
    assert [len(share) for share in shares] == [40, 40, 40]
    assert parts.split(many[::-1], 3) == shares, "whoever asks gets the same parts"


def test_known_times_weigh(monkeypatch):
    monkeypatch.setattr(parts, "durations", lambda: {"a::long": 30.0, "a::short": 1.0, "a::many": 0.5})
    shares = parts.split(["a::long", *(f"a::short[{n}]" for n in range(30))], 2)
    assert ["a::long"] in shares
    assert parts.slow(["a::long", "a::short[1]", *(f"a::many[{n}]" for n in range(20))]) == {
        "a::long", *(f"a::many[{n}]" for n in range(20))
    }  # fmt: skip


@pytest.mark.parametrize("part", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_a_part_that_is_none_is_refused(part):
    with pytest.raises(ValueError, match=re.escape(f"got {part!r}")):
        parts.chosen(part)
    assert parts.chosen("2/3") == (2, 3)


def test_times_are_read_from_a_report(tmp_path, monkeypatch):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase classname="tests.test_a" file="tests/test_a.py" name="test_x[1]" time="2"/>'
        '<testcase classname="tests.test_a" file="tests/test_a.py" name="test_x[2]" time="4"/>'
        '<testcase classname="tests.test_a" file="tests/test_a.py" name="test_y" time="9"><skipped/></testcase>'
        "</testsuite></testsuites>"
    )
    monkeypatch.setattr(parts, "DURATIONS", tmp_path / "durations.json")
    parts.main([str(report)])
    assert parts.durations() == {"tests/test_a.py::test_x": 3.0}


def test_the_known_times_are_of_tests_that_are_there():
    """Or the parts would be weighed by what is long gone."""
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    files = {name.split("::")[0] for name in parts.durations()}
    assert len(files) >= 8 and files <= there, files - there


# -- weights and comparisons ----------------------------------------------------------------------------------------


def test_weights_stand_side_by_side():
    told = weight.table({"a.js": 1500, "new.js": 10}, {"a.js": 1400, "old.js": 7})
    assert "| a.js | 1,500 | 1,400 | +100 |" in told and "| old.js | 0 | 7 | -7 |" in told
    assert told.endswith("| all | 1,510 | 1,407 | +103 |")
    assert weight.table({"a.js": 1500}, {}).endswith("| a.js | 1,500 |\n| all | 1,500 |")


def test_a_folder_without_a_book_is_refused(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match="No book in .*after `make book`"):
        compare.compare(tmp_path, tmp_path)
    monkeypatch.setattr(sys, "argv", ["weight", str(tmp_path)])
    with pytest.raises(SystemExit, match="is a book there"):
        weight.main()


def test_a_comparison_tells_both_and_their_ratio():
    rows = [
        {"what": "a key", "unit": "ms", "now": 2.0, "before": 4.0},
        {"what": "new", "unit": "", "now": 1.0, "before": 0},
    ]
    assert compare.table(rows).splitlines()[2:] == ["| a key | 2 ms | 4 ms | 0.50 |", "| new | 1 | 0 | new |"]
