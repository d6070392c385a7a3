import type { ISidebarHost } from '../src/components/sidebar/host';

/** A host that says in the console what it was asked. */
export function galleryHost(withNotebook = true): ISidebarHost {
  const say = (what: string) => (text: string) => console.warn(what, text);
  return {
    confirm: message => Promise.resolve(window.confirm(message)),
    notify: (level, message) => console.warn(level, message),
    openRun: say('open'),
    pinRun: say('pin'),
    prompt: (title, label) => Promise.resolve(window.prompt(`${title}: ${label}`)),
    compareRuns: ids => console.warn('compare', ids.join()),
    offerUndo: say('undo'),
    ...(withNotebook ? { insertCell: say('insert') } : {}),
    openModel: (name, version) => console.warn('model', name, version),
    openQueue: () => console.warn('queue'),
    restartKernel: async kernel => console.warn('restart', kernel)
  };
}
