"""Each lab on a page of its own, in a frame of 788 x 560 px, with and without an origin."""

from __future__ import annotations

import re

import pytest

from tests.browser.harness import LAB_PAGES, LABS, Lab, run_axe

COURSE = {"width": 788, "height": 560}
HOST = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A course</title>
<iframe id="lab" title="A lab" width="788" height="560" style="border:0" %s></iframe>
<script>
  window.told = [];
  addEventListener("message", (event) => window.told.push(event.data));
</script></html>"""
SANDBOXES = {"a frame": "", "a sandboxed frame": 'sandbox="allow-scripts"'}


def names(book) -> list[str]:
    """Every lab by the name of its page."""
    return sorted(path.stem for path in (book.html / "labs").glob("*.html"))


def told(page, frame, name: str) -> dict:
    """What stands in the frame, once the page around it has been told its height."""
    for _ in range(400):
        seen = frame.locator("body").evaluate("looking.framed")
        last = page.evaluate("window.told.at(-1)")
        if last == {"type": "living-synapse:height", "height": seen["height"], "lab": name}:
            return seen
        page.wait_for_timeout(25)
    raise AssertionError(f"{name} is {seen['height']} px tall, but told {last}")


def test_every_lab_has_a_page_and_says_how_to_use_it(book):
    said = []
    for name in LAB_PAGES:
        html = (book.html / f"{name}.html").read_text(encoding="utf-8")
        uses = re.findall(r'<details class="lab-use" data-lab="([^"]+)">.*?<a href="([^"]+)">.*?</details>', html, re.S)
        assert len(uses) == LABS[name], name
        for lab, address in uses:
            assert (book.html / f"{name}.html").parent.joinpath(address).resolve() == book.html / "labs" / f"{lab}.html"
            said.append(lab)
    assert sorted(said) == names(book) and len(said) == sum(LABS.values()) >= 33


def test_the_lines_to_copy_hold_the_address_where_the_page_stands(open_page, book):
    page = open_page(book.address(LAB_PAGES[-1]))
    code = page.locator(".lab-use code").first
    lab = page.locator(".lab-use").first.get_attribute("data-lab")
    assert f'<iframe src="{book.url}/labs/{lab}.html" title="' in code.text_content()
    page.goto(book.address(LAB_PAGES[-1], "file"))
    assert f'<iframe src="{lab}.html" title="' in page.locator(".lab-use code").first.text_content()


@pytest.mark.parametrize("kind", SANDBOXES)
def test_every_lab_lives_in_a_frame_with_its_sliders_in_view(open_page, book, kind):
    page = open_page(None, viewport={"width": 900, "height": 700})
    page.route("**/host.html", lambda route: route.fulfill(body=HOST % SANDBOXES[kind], content_type="text/html"))
    page.goto(f"{book.url}/host.html")
    looked, faults = 0, []
    for name in names(book):
        page.evaluate("looking.frameAnew", f"{book.url}/labs/{name}.html")
        frame = page.frame_locator("#lab")
        frame.locator("html[data-widgets=ready]").wait_for(state="attached")
        seen = told(page, frame, name)
        if seen["trouble"] or not seen["sliders"] or max(seen["sliders"]) > COURSE["height"] or seen["wide"]:
            faults.append(f"{name}: {seen}")
        looked += len(seen["sliders"])
    assert not faults, "\n".join(faults)
    assert looked >= 90
    page.watch.assert_clean()


@pytest.mark.parametrize("kind", SANDBOXES)
def test_a_framed_lab_is_used_and_its_link_sets_it(open_page, book, kind):
    page = open_page(None, viewport={"width": 900, "height": 700})
    page.route("**/host.html", lambda route: route.fulfill(body=HOST % SANDBOXES[kind], content_type="text/html"))
    page.goto(f"{book.url}/host.html")
    address = f"{book.url}/labs/half-the-pumps.html#lab=half-the-pumps&reuptake_inhibition=0.5"
    page.evaluate("(address) => { document.getElementById('lab').src = address }", address)
    frame = page.frame_locator("#lab")
    frame.locator("html[data-widgets=ready]").wait_for(state="attached")
    lab = Lab(page, frame.locator(".synapse-lab"))
    before = lab.shown()
    assert 0.5 in before.values
    lab.sliders[before.values.index(0.5)].press("ArrowRight")
    lab.root.evaluate("looking.settle")
    assert lab.shown().curves != before.curves
    frame.get_by_role("button", name="Link").click()
    told = frame.locator(".lab-notice")
    told.filter(has_text=re.compile("copied|link is http")).wait_for()
    if kind == "a sandboxed frame":
        frame.get_by_role("button", name="CSV").click()
        told.filter(has_text="may not save files").wait_for()


@pytest.mark.parametrize("width", [360, 788])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_lab_alone_is_accessible_and_takes_the_theme_it_is_asked_for(open_page, book, theme, width):
    other = {"light": "dark", "dark": "light"}[theme]
    page = open_page(None, viewport={"width": width, "height": 560}, color_scheme=other)
    for name in names(book)[:: len(names(book)) // 4]:
        page.goto(f"{book.url}/labs/{name}.html?theme={theme}")
        page.wait_for_function("() => document.documentElement.dataset.widgets === 'ready'")
        assert page.evaluate("getComputedStyle(document.body).colorScheme") == theme
        assert run_axe(page, f"labs/{name} {theme} {width}") > 10
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.watch.assert_clean()
