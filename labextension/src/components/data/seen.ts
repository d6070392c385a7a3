/** Whether a person can see something. */

/**
 * Whether an element can be seen: neither the browser's tab nor JupyterLab's own lies behind another. JupyterLab hides
 * tabs by `display`, by `content-visibility` or by a scale of zero, as its settings say.
 */
export function isSeen(element: Element | null | undefined): boolean {
  if (document.hidden) {
    return false;
  }
  // A browser that cannot tell sees everything.
  return !element || typeof element.checkVisibility !== 'function'
    ? true
    : element.checkVisibility() && element.getBoundingClientRect().width > 0;
}
