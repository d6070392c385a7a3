/** The anywidget: a run in hosts without our JupyterLab extension, by the messages of its kernel. */
import type { InitializeProps, RenderProps } from '@anywidget/types';
import React, { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Banner } from '../components/ui/Banner';
import { RunWidget } from '../components/widget/RunWidget';
import { speakOneOf } from '../model/catalogue';
import type { IViewHost } from '../model/host';
import type { IRunSnapshot } from '../model/types';
import { KernelRunSource } from '../sources/kernel';
import { drawInPlaceOf } from './places';
import { STYLES } from './styles';

interface IWidgetTraits {
  snapshot: IRunSnapshot | null;
  workspace_id: string;
  run_id: string;
  /** The class of the stills in whose place the run is drawn; empty where an output names the widget. */
  place: string;
}

/** The host there is inside a widget: the browser's own question, and a line above the run for messages. */
function useHost(): { host: IViewHost; message: string | null } {
  const [message, setMessage] = useState<string | null>(null);
  const [host] = useState<IViewHost>(() => ({
    confirm: question => Promise.resolve(window.confirm(question)),
    notify: (_level, text) => setMessage(text),
    openRun: () => undefined
  }));
  return { host, message };
}

function KernelRun(props: { source: KernelRunSource; runId: string }): React.JSX.Element {
  const { host, message } = useHost();
  return (
    <div className="jp-ml-root">
      {message !== null && <Banner icon="info">{message}</Banner>}
      <RunWidget {...props} host={host} hasPages={false} />
    </div>
  );
}

/**
 * Draws the widget into its cell, in the language that the page says it is in, as JupyterLab, VS Code and Colab do; what
 * is returned takes everything back.
 */
function render({ model, el }: RenderProps<IWidgetTraits>): () => void {
  speakOneOf([document.documentElement.lang]);
  const style = document.createElement('style');
  style.textContent = STYLES;
  const body = document.createElement('div');
  el.append(style, body);
  const source = new KernelRunSource(model);
  const root = createRoot(body);
  root.render(<KernelRun source={source} runId={model.get('run_id')} />);
  return () => {
    root.unmount();
    source.dispose();
    style.remove();
    body.remove();
  };
}

/** Draws the run where its still pictures are; called when the kernel makes the widget, and when a page finds it. */
function initialize({ model }: InitializeProps<IWidgetTraits>): (() => void) | void {
  const place = model.get('place');
  if (place) {
    return drawInPlaceOf(place, el => render({ model, el } as RenderProps<IWidgetTraits>));
  }
}

export default { initialize, render };
