/** Runs as one HTML file, made by the server (docs/http-api.md, `export`). */

/** Address of the file, below the server's base URL. */
export function exportPath(workspace: string, runs: readonly string[]): string {
  const parameters = new URLSearchParams(runs.map(run => ['runs', run]));
  return `ml-jupyter/workspaces/${encodeURIComponent(workspace)}/export?${parameters}`;
}

/** Lets the browser save what lies at an address, under the name that the server gives it. */
export function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
