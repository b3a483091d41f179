/**
 * The little of jQuery that widgets touch: `$(element)`, `[0]`, `instanceof $` and `empty()`.
 *
 * Backbone and ipywidgets keep a `$el` beside every `el` by habit but work on the element itself; bundling all of
 * jQuery for that would cost every reader 30 kB.
 */
interface Wrapped {
  [index: number]: Element;
  length: number;
  empty(): Wrapped;
}

function $(element: Element): Wrapped {
  const wrapped = Object.create($.prototype) as Wrapped;
  wrapped[0] = element;
  return wrapped;
}
$.prototype.length = 1;
$.prototype.empty = function empty(this: Wrapped) {
  this[0].replaceChildren();
  return this;
};

export default $;
