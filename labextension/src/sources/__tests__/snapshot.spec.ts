import { describe, expect, it } from 'vitest';
import { SnapshotRunSource } from '../snapshot';
import { RUN, describeSource } from './contract';
import { contractSnapshot } from './world';

describeSource('saved notebook', () => ({
  source: new SnapshotRunSource(contractSnapshot()),
  close: () => undefined
}));

describe('saved notebook', () => {
  it('says from when it is, and that files are not kept', async () => {
    const source = new SnapshotRunSource(contractSnapshot());
    expect(source.connection).toEqual({ state: 'saved', at: 5000 });
    expect(source.fileUrl()).toBeNull();
    await expect(source.query('files', { run: RUN })).rejects.toMatchObject({
      code: 'not_available'
    });
  });
});
