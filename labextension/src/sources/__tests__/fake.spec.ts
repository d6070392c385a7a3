import { LOG, RUN, describeSource } from './contract';
import { contractWorld } from './world';

describeSource('memory', () => {
  const source = contractWorld();
  return {
    source,
    interrupt: async () => {
      source.lose();
      await Promise.resolve();
      source.heal();
    },
    appendLog: text => source.appendLog(RUN, LOG, text),
    putRun: change => void source.patchRun(RUN, change),
    close: () => undefined
  };
});
