/** The clipboard of the browser. */

/** By the old way of copying, which pages without TLS have left: they have no `navigator.clipboard`. */
function copyByCommand(text: string): boolean {
  let given = false;
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    // JupyterLab would copy its cell instead.
    event.stopImmediatePropagation();
    given = event.clipboardData !== null;
  };
  document.addEventListener('copy', give, true);
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand('copy') && given;
  } catch {
    return false;
  } finally {
    document.removeEventListener('copy', give, true);
  }
}

/** Copies text, as an answer to what a person does. False where the browser does not allow it. */
export async function toClipboard(text: string): Promise<boolean> {
  // Absent from pages without TLS, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) {
    return copyByCommand(text);
  }
  return clipboard.writeText(text).then(
    () => true,
    () => copyByCommand(text)
  );
}
