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

# Every lab has drawn its curves, every block of questions stands, and the runtime says it is done.
ALIVE = """([labs, questions]) => {
  const drawn = [...document.querySelectorAll('.synapse-lab')].filter((lab) =>
    [...lab.querySelectorAll('path.curve')].some((path) => path.getAttribute('d')));
  return drawn.length >= labs && document.querySelectorAll('.ls-questions').length >= questions
    && (labs + questions === 0 || document.documentElement.dataset.widgets === 'ready');
}"""


def wait_alive(page: Page, name: str) -> None:
    try:
        page.wait_for_function(ALIVE, arg=[LABS[name], QUESTIONS[name]])
    except TimeoutError:
        shown = page.evaluate(
            "() => [document.querySelectorAll('.synapse-lab').length, document.querySelectorAll('path.curve').length,"
            " document.querySelectorAll('.ls-questions').length, document.documentElement.dataset.widgets]"
        )
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
    # What is fading in is judged when it has arrived. An animation of something that is not drawn (JupyterLab keeps
    # such) never ends, so the waiting does.
    page.evaluate(
        "() => Promise.race([new Promise((enough) => setTimeout(enough, 2000)), Promise.allSettled("
        "document.getAnimations().filter((a) => a.playState === 'running'"
        " && a.effect.getComputedTiming().endTime !== Infinity).map((a) => a.finished))])"
    )
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


# What axe does not judge: SVG text is painted with `fill`, and traces are graphics (WCAG 1.4.3 and 1.4.11).
SVG_CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor); if (colour[3] === 1) return colour;
    }
    return [255, 255, 255, 1];
  };
  const seen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const faults = []; let texts = 0, traces = 0;
  for (const text of document.querySelectorAll('svg text')) {
    if (!text.textContent.trim() || !seen(text) || getComputedStyle(text).display === 'none') continue;
    const style = getComputedStyle(text), size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    if (style.fill === 'none') continue;
    texts++;
    const got = ratio(rgba(style.fill), ground(text.ownerSVGElement));
    if (got < (size >= 24 || (bold && size >= 18.66) ? 3 : 4.5))
      faults.push(`text "${text.textContent.trim().slice(0, 40)}" ${style.fill}: ${got.toFixed(2)}`);
  }
  for (const path of document.querySelectorAll('path.curve')) {
    if (!seen(path) || !path.getAttribute('d')) continue;
    traces++;
    const stroke = getComputedStyle(path).stroke, got = ratio(rgba(stroke), ground(path.ownerSVGElement));
    if (got < 3) faults.push(`curve ${stroke}: ${got.toFixed(2)}`);
  }
  return { faults, texts, traces };
}"""


def check_drawn_contrast(page: Page, where: str) -> tuple[int, int]:
    """Contrast of SVG text and of the curves against their ground; returns how many (texts, curves) were judged."""
    found = page.evaluate(SVG_CONTRAST)
    assert not found["faults"], f"contrast, {where}:\n" + "\n".join(found["faults"])
    return found["texts"], found["traces"]


# What a lab shows, in one reading. The status is the live sentence: the last word of the lab on what is drawn. Of a
# curve's path, which is long and read at every frame of a wait, its length and a hash (FNV-1a) stand for it.
READ = {
    "curves": """[...lab.querySelectorAll('path.curve')].map((path) => {
      const drawn = path.getAttribute('d') ?? '';
      let hash = 0x811c9dc5;
      for (let i = 0; i < drawn.length; i++) hash = Math.imul(hash ^ drawn.charCodeAt(i), 0x01000193);
      return drawn && `${drawn.length}:${(hash >>> 0).toString(16)}`;
    })""",
    "sentence": "[...lab.querySelectorAll('[role=status]')].map((node) => node.textContent.trim()).join(' | ')",
    "values": "[...lab.querySelectorAll('[role=slider]')].map((handle) => Number(handle.ariaValueNow))",
}
READ_ALL = "(lab) => ({" + ", ".join(f"{name}: {code}" for name, code in READ.items()) + "})"


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
        read = self.root.evaluate(READ_ALL)
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
        self._wait(
            "(lab) => !lab.querySelector('[role=slider][aria-disabled=true]')",
            "the prediction was answered, but the sliders stay locked",
        )
        return True

    def _wait(self, condition: str, complaint: str, argument=None) -> None:
        handle = self.root.element_handle()
        try:
            self.page.wait_for_function(
                f"([lab, argument]) => ({condition})(lab, argument)", arg=[handle, argument], timeout=self.limit
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
        for what in READ:
            self._changes(what, before, f"the {what} should have changed")

    def _changes(self, what: str, before: Shown, complaint: str) -> None:
        then = getattr(before, what)
        self._wait(
            f"(lab, before) => JSON.stringify({READ[what]}) !== JSON.stringify(before)",
            complaint,
            list(then) if isinstance(then, tuple) else then,
        )

    def settle(self) -> Shown:
        """What the lab shows once the (debounced) sentence and the drawing no longer change: same over 300 ms."""
        self.page.evaluate(
            f"""async (lab) => {{
              const read = () => JSON.stringify(({READ_ALL})(lab));
              let last = read(), since = performance.now(), end = since + 5000;
              while (performance.now() - since < 300 && performance.now() < end) {{
                await new Promise(requestAnimationFrame);
                const now = read();
                if (now !== last) {{ last = now; since = performance.now(); }}
              }}
            }}""",
            self.root.element_handle(),
        )
        return self.shown()

    def reset(self) -> Shown:
        self.root.get_by_role("button", name="Reset").press("Enter")
        return self.settle()


def labs(page: Page) -> list[Lab]:
    return [Lab(page, root) for root in page.locator(".synapse-lab").all()]


# A number that is no number, or a missing value, in anything a reader or a drawing program would meet.
NONSENSE = r"""(lab) => {
  const markup = lab.outerHTML;
  return [...markup.matchAll(/NaN|undefined|Infinity|\[object |\bnull\b/g)]
    .map((hit) => markup.slice(Math.max(0, hit.index - 80), hit.index + 60));
}"""


def nonsense(lab: Lab) -> list[str]:
    """Nonsense in the markup of a lab (attributes included), with its surroundings."""
    return lab.root.evaluate(NONSENSE)
