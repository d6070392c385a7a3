/**
 * The second press of a double click, wherever it falls: the first may have brought another page to the front, which
 * would take it as a press of its own, or select its text.
 */
const DOUBLE_MS = 500;

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** The click that this press ends with, if it ends with one. */
function stopItsClick(): void {
  document.addEventListener('click', stop, { capture: true, once: true });
  const after = (): void => document.removeEventListener('click', stop, true);
  document.addEventListener('mouseup', () => setTimeout(after), { capture: true, once: true });
}

/** Calls when the press that is going on becomes a double click; nothing else hears of the second one. */
export function onSecondPress(call: () => void): void {
  const pressed = (event: MouseEvent): void => {
    forget();
    if (event.detail > 1) {
      stop(event);
      stopItsClick();
      call();
    }
  };
  const timer = setTimeout(() => forget(), DOUBLE_MS);
  const forget = (): void => {
    clearTimeout(timer);
    document.removeEventListener('mousedown', pressed, true);
  };
  document.addEventListener('mousedown', pressed, true);
}
