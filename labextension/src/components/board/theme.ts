/** TensorBoard in the colours of its surroundings, by the parameter that its page reads when it is opened. */
import { useEffect, useState } from 'react';

/** Whether JupyterLab's theme is a dark one. */
export function isDark(): boolean {
  return document.body.dataset['jpThemeLight'] === 'false';
}

/** Tells of each change of JupyterLab's theme; what is returned ends that. */
export function onTheme(listener: (dark: boolean) => void): () => void {
  const themes = new MutationObserver(() => listener(isDark()));
  themes.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light'] });
  return () => themes.disconnect();
}

/** Whether the theme is dark, now and after each change. */
export function useDark(): boolean {
  const [dark, setDark] = useState(isDark);
  useEffect(() => onTheme(setDark), []);
  return dark;
}

/** Address of a TensorBoard's page in dark or light colours. */
export function themed(url: string, dark: boolean): string {
  const [page = '', mark] = url.split('#');
  const kept = page.replace(/([?&])darkMode=\w+&?/, '$1').replace(/[?&]$/, '');
  const found = `${kept}${kept.includes('?') ? '&' : '?'}darkMode=${dark}`;
  return mark === undefined ? found : `${found}#${mark}`;
}
