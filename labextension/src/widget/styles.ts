declare const ML_JUPYTER_STYLES: string;

/** The package's style sheet, put here by scripts/build-widget.mjs. */
export const STYLES: string = typeof ML_JUPYTER_STYLES === 'string' ? ML_JUPYTER_STYLES : '';
