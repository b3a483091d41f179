"""How the browser layer looks at a page: open it, wait until it is alive, drive its labs, read what it shows.

Waiting is always for a condition, with a limit; nothing sleeps. Each helper that counts returns its count, so that a
test can say how much it looked at: a check that looked at nothing must not pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import nbformat
from playwright.sync_api import Locator, Page, TimeoutError

from tests.browser.support import ROOT, pages, source_of

PAGES = pages()
AXE = ROOT / "widgets/frontend/node_modules/axe-core/axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _calls(page: str, name: str) -> int:
    """How many code cells of a page's notebook show such a widget."""
    source = source_of(page)
    if source.suffix != ".ipynb":
        return 0
    code = [cell.source for cell in nbformat.read(source, as_version=4).cells if cell.cell_type == "code"]
    return sum(bool(re.search(rf"^[^#\n]*\b{name}\(", text, flags=re.M)) for text in code)


DRUG_LABS = {page: _calls(page, "DrugLab") for page in PAGES}
LABS = {page: _calls(page, "SynapseLab") + DRUG_LABS[page] for page in PAGES}
PREDICTIONS = {page: _calls(page, "Predict") for page in PAGES}
QUESTIONS = {page: _calls(page, "CheckYourself") for page in PAGES}
LAB_PAGES = [page for page in PAGES if LABS[page]]
QUESTION_PAGES = [page for page in PAGES if QUESTIONS[page]]


def wait_alive(page: Page, name: str) -> None:
    try:
        page.wait_for_function("looking.alive", arg=[LABS[name], QUESTIONS[name]])
    except TimeoutError:
        shown = page.evaluate("looking.life")
        raise AssertionError(
            f"{name} did not come alive: {LABS[name]} labs and {QUESTIONS[name]} blocks of questions in the notebook; "
            f"on the page (labs, curves, questions, runtime) {shown}; {page.watch.complaints}"
        ) from None
    # The drawn labs are all of them: none twice (a bundle loaded twice renders each widget twice).
    assert page.locator(".synapse-lab").count() == LABS[name]
    assert page.locator(".ls-questions").count() == QUESTIONS[name]


def set_theme(page: Page, theme: str) -> None:
    """What furo's own switch does."""
    page.evaluate("(theme) => { document.body.dataset.theme = theme; localStorage.setItem('theme', theme) }", theme)


def run_axe(page: Page, where: str, part: str = "html") -> int:
    """Run axe-core over the page or a part; AssertionError with what and where if it objects. Returns rules passed."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # What is fading in is judged when it has arrived.
    page.evaluate("looking.faded")
    # Nothing is preloaded: no rule of these tags reads style sheets or media by itself.
    found = page.evaluate(
        "([part, values]) => axe.run(part,"
        " { runOnly: { type: 'tag', values }, resultTypes: ['violations'], preload: false })",
        [part, AXE_TAGS],
    )
    faults = [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:200]}\n    "
        + "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
        for rule in found["violations"]
        for node in rule["nodes"][:4]
    ]
    assert not faults, f"axe, {where}:\n" + "\n".join(faults)
    return len(found["passes"])


def check_drawn_contrast(page: Page, where: str) -> tuple[int, int]:
    """Contrast of SVG text and of the curves against their ground; returns how many (texts, curves) were judged."""
    found = page.evaluate("looking.contrast")
    assert not found["faults"], f"contrast, {where}:\n" + "\n".join(found["faults"])
    return found["texts"], found["traces"]


# What a lab shows, as `Shown` below and `looking.shown` in the page have it.
WHAT = ("curves", "sentence", "values")


@dataclass(frozen=True)
class Shown:
    """What a lab shows at one moment."""

    curves: tuple[str, ...]
    sentence: str
    values: tuple[float, ...]


class Lab:
    """One lab on a page, driven as a reader drives it: keys, never scripts."""

    def __init__(self, page: Page, root: Locator, limit: int = 15_000):
        self.page, self.root = page, root
        self.limit = limit  # ms a lab has to answer
        self.sliders: list[Locator] = root.get_by_role("slider", include_hidden=True).all()

    def shown(self) -> Shown:
        read = self.root.evaluate("looking.shown")
        return Shown(tuple(read["curves"]), read["sentence"], tuple(read["values"]))

    @property
    def gate(self) -> Locator:
        return self.root.locator("fieldset").filter(
            has=self.page.locator("legend", has_text=re.compile(r"^\s*Predict"))
        )

    def locked(self) -> list[bool]:
        """Which sliders are shown disabled (to the eye by ipywidgets' attribute, to a screen reader by aria)."""
        return [
            slider.evaluate("(handle) => handle.getAttribute('aria-disabled') === 'true'") for slider in self.sliders
        ]

    def answer_gate(self, choice: int = 0) -> bool:
        """Answer the prediction, if the lab asks for one, by keyboard; True if it did."""
        if not self.gate.count():
            return False
        radios = self.gate.get_by_role("radio").all()
        assert len(radios) >= 2, "a prediction with fewer than two choices is no choice"
        radios[choice].press("Space")
        self.wait(
            "(lab) => !lab.querySelector('[role=slider][aria-disabled=true]')",
            "the prediction was answered, but the sliders stay locked",
        )
        return True

    def wait(self, condition: str, complaint: str, *arguments) -> None:
        """Wait until `condition`, a function in JavaScript, is true of the lab's element and the arguments."""
        handle = self.root.element_handle()
        try:
            self.page.wait_for_function(
                f"([lab, ...others]) => ({condition})(lab, ...others)", arg=[handle, *arguments], timeout=self.limit
            )
        except TimeoutError:
            raise AssertionError(f"{complaint}; the lab shows {self.shown()!r:.600}") from None

    def label_of(self, index: int) -> str:
        """The visible label of a slider, as text."""
        control = self.sliders[index].locator("xpath=ancestor::*[contains(@class, 'widget-slider')][1]")
        return control.locator(".widget-label").inner_text().strip()

    def at_end(self, index: int, shown: Shown) -> bool:
        return shown.values[index] >= float(self.sliders[index].get_attribute("aria-valuemax"))

    def step(self, index: int, key: str | None = None) -> Shown:
        """Move a slider one step (down if it stands at its end) and wait until curve and sentence have answered."""
        slider, before = self.sliders[index], self.shown()
        if key is None:
            key = "ArrowLeft" if self.at_end(index, before) else "ArrowRight"
        slider.focus()
        self.page.keyboard.press(key)
        name = f"{key} on the slider {self.label_of(index)!r} at {before.values[index]:g}"
        self._changes("values", before, f"{name}: the slider does not move")
        self._changes("curves", before, f"{name}: no curve changes")
        self._changes("sentence", before, f"{name}: the sentence stays")
        after = self.shown()
        assert after.values[index] != before.values[index], f"{name}: another slider moves: {after.values}"
        return after

    def nudge_all(self, steps: int = 1) -> Shown:
        """Move every slider so many steps, upwards unless it stands at its end, without asking what each does.

        Returns what is shown once all has come to rest. AssertionError if a slider or every curve stays as it was.
        """
        before = self.shown()
        for index, slider in enumerate(self.sliders):
            for _ in range(steps):
                slider.press("ArrowLeft" if self.at_end(index, before) else "ArrowRight")
        after = self.settle()
        pairs = enumerate(zip(before.values, after.values, strict=True))
        still = [self.label_of(i) for i, (old, new) in pairs if old == new]
        assert not still, f"these sliders do not move: {still}"
        assert after.curves != before.curves, "every slider was moved, and no curve"
        return after

    def wait_for_change(self, before: Shown) -> None:
        """Wait until a slider, a curve and the sentence differ from `before`."""
        for what in WHAT:
            self._changes(what, before, f"the {what} should have changed")

    def _changes(self, what: str, before: Shown, complaint: str) -> None:
        then = getattr(before, what)
        self.wait("looking.differs", complaint, what, list(then) if isinstance(then, tuple) else then)

    def settle(self) -> Shown:
        """What the lab shows once the (debounced) sentence and the drawing no longer change: same over 300 ms."""
        self.root.evaluate("looking.settle")
        return self.shown()

    def reset(self) -> Shown:
        self.root.get_by_role("button", name="Reset").press("Enter")
        return self.settle()


def labs(page: Page) -> list[Lab]:
    return [Lab(page, root) for root in page.locator(".synapse-lab").all()]


def nonsense(lab: Lab) -> list[str]:
    """Nonsense in the markup of a lab (attributes included), with its surroundings."""
    return lab.root.evaluate("looking.nonsense")
