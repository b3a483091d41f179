"""A lab on a bare page: the labs' own script, and a widget model that does what the sliders' links do, no more."""

from __future__ import annotations

SHOW = """async ([script, traits, classes]) => {
  const listeners = {}, state = { ...traits };
  window.model = {
    get: (name) => state[name],
    set: (name, value) => {
      if (Object.is(state[name], value)) return;
      state[name] = value;
      for (const call of listeners['change:' + name] ?? []) call();
    },
    on: (event, call) => (listeners[event] ??= []).push(call),
    off: (event, call) => (listeners[event] = (listeners[event] ?? []).filter((each) => each !== call)),
    save_changes: () => {},
  };
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const box = document.createElement('div'), el = document.createElement('div');
  box.className = classes;
  box.append(el);
  document.querySelector('main').append(box);
  window.close_lab = await (await import(address)).default.render({ model: window.model, el });
}"""
PAGE = """<!doctype html><html lang="en"><head><title>A lab</title><style>%s
body { margin: 8px; color: var(--ls-ink); background: var(--ls-paper) }</style></head>
<body data-theme="%s"><main><h1>A lab</h1></main></body></html>"""


def traits(lab) -> dict:
    """A lab's view as the page reads it."""
    view = lab.view
    return {name: view.get_state()[name] for name in view.keys if name[:1] != "_" and name != "layout"}
