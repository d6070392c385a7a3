/**
 * Views in the place of still pictures. An output that names no widget can never say that its widget is gone: the
 * picture is in the notebook, and while the kernel lives its widget draws the run where the picture is.
 */

/** What JupyterLab and Notebook 6 style an HTML output by: tables and texts of a view have styles of their own. */
const HTML_OUTPUT = ['jp-RenderedHTMLCommon', 'rendered_html'] as const;
/** A cell that prints changes the page many times a second. */
const LOOK_AGAIN_MS = 100;

/** Draws into an element, and returns what takes it all back. */
type Draw = (el: HTMLElement) => () => void;

function replace(still: HTMLElement, draw: Draw): () => void {
  const output = still.closest<HTMLElement>(HTML_OUTPUT.map(name => `.${name}`).join());
  const names = HTML_OUTPUT.filter(name => output?.classList.contains(name));
  const place = document.createElement('div');
  still.hidden = true;
  still.after(place);
  output?.classList.remove(...names);
  const takeBack = draw(place);
  return () => {
    takeBack();
    place.remove();
    still.hidden = false;
    output?.classList.add(...names);
  };
}

/**
 * Draws in the place of every still of a class, of those in the page and of those that come; a still that leaves the
 * page takes its view along. What is returned ends it, and the stills are seen again.
 */
export function drawInPlaceOf(className: string, draw: Draw): () => void {
  const stills = document.getElementsByClassName(className);
  const drawn = new Map<HTMLElement, () => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    timer = undefined;
    for (const [still, takeBack] of drawn) {
      if (!still.isConnected) {
        drawn.delete(still);
        takeBack();
      }
    }
    for (const still of stills) {
      if (still instanceof HTMLElement && !drawn.has(still)) {
        drawn.set(still, replace(still, draw));
      }
    }
  };
  const watch = new MutationObserver(() => {
    timer ??= setTimeout(look, LOOK_AGAIN_MS);
  });
  watch.observe(document.body, { childList: true, subtree: true });
  look();
  return () => {
    watch.disconnect();
    clearTimeout(timer);
    drawn.forEach(takeBack => takeBack());
    drawn.clear();
  };
}
