/** Colours of CSS as a canvas takes them. */

/** Each colour with its variables and mixes worked out, as it is at a place of the page now. */
export function resolve(place: HTMLElement, colours: readonly string[]): readonly string[] {
  const probes = new Map<string, HTMLElement>();
  const all = document.createElement('span');
  all.hidden = true;
  for (const colour of new Set(colours)) {
    const probe = document.createElement('i');
    probe.style.color = colour;
    probes.set(colour, probe);
    all.append(probe);
  }
  place.append(all);
  const found = new Map([...probes].map(([colour, at]) => [colour, getComputedStyle(at).color]));
  all.remove();
  return colours.map(colour => found.get(colour) ?? colour);
}
