/** The stored transmitter: vesicles with dots in them, and the one that fuses with the membrane to let them out. */
import { addCargo, dotsAt, slots } from "./cargo";
import { FusingVesicle, type Places, type Store } from "./fusing";
import { clamp, VESICLE_DOTS, VESICLE_SLOTS } from "./quantities";
import { add, set, show } from "./svg";

export interface Vesicles {
  update(reading: Store): void;
  /** Moves the fusing vesicle on by `seconds`. */
  step(seconds: number): void;
  /** Puts the fusing vesicle in the pose of the still drawing. */
  still(): void;
}

export function addVesicles(parent: Element, layout: Places): Vesicles {
  const updateStore = addStore(parent, layout);
  const fusing = new FusingVesicle(parent, layout);
  return {
    update(reading) {
      updateStore(reading);
      fusing.update(reading);
    },
    step: (seconds) => fusing.step(seconds),
    still: () => fusing.still(),
  };
}

/** The vesicles in store; their dots are shared out evenly, what is left over to the first ones. */
function addStore(parent: Element, layout: Places): (reading: Store) => void {
  const { centres, radius, dotRadius } = layout.vesicles;
  const group = add(parent, "g", { class: "scene-vesicles" });
  const vesicles = centres.map((centre, i) => {
    add(group, "circle", {
      cx: centre.x,
      cy: centre.y,
      r: radius,
      fill: "var(--ls-card)",
      stroke: "var(--scene-hue)",
      "stroke-width": 1.5,
    });
    return { places: slots(centre, radius - 2.5 - dotRadius, i + 3), cargo: addCargo(group, dotRadius) };
  });
  return (reading) => {
    const level = reading.vesicular;
    show(group, level !== undefined);
    const total = Math.round(clamp((level ?? 0) * VESICLE_DOTS, 0, VESICLE_SLOTS) * vesicles.length);
    set(group, "data-count", total);
    vesicles.forEach(({ places, cargo }, i) => {
      const count = Math.floor(total / vesicles.length) + (i < total % vesicles.length ? 1 : 0);
      set(cargo, "d", dotsAt(places, count));
    });
  };
}
