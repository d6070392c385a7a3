import { describe, expect, it } from 'vitest';
import { ALL_STATUSES, isEnded, isStoppable, progressOf, stateLook, timeLeft } from '../state';
import { countLines, shortenMiddle } from '../shorten';
import type { RunStatus } from '../types';

describe('states', () => {
  it('gives each status of the contract a word and a shape', () => {
    expect(ALL_STATUSES).toHaveLength(12);
    expect(stateLook('CancelRequested')).toEqual({
      word: 'Stopping',
      family: 'stopping',
      ended: false
    });
    expect(stateLook('Provisioning').word).toBe('Preparing');
    expect(stateLook('NotResponding').family).toBe('lost');
    expect(ALL_STATUSES.filter(isEnded)).toEqual(['Completed', 'Failed', 'Canceled']);
  });

  it('shows a status of a newer server under its own name', () => {
    expect(stateLook('Paused' as RunStatus).word).toBe('Paused');
  });

  it('offers Stop to those who may, once, while the run is not over', () => {
    expect(isStoppable({ status: 'Running', can_write: true })).toBe(true);
    expect(isStoppable({ status: 'Queued', can_write: true })).toBe(true);
    expect(isStoppable({ status: 'CancelRequested', can_write: true })).toBe(false);
    expect(isStoppable({ status: 'Completed', can_write: true })).toBe(false);
    expect(isStoppable({ status: 'Running', can_write: false })).toBe(false);
  });

  it('tells the time left by the pace so far, and nothing when there is none', () => {
    const run = { status: 'Running', started_ms: 0, progress: { step: 25, total: 100 } } as const;
    expect(timeLeft(run, 1000)).toBe(3000);
    expect(timeLeft({ ...run, progress: null }, 1000)).toBeNull();
    expect(timeLeft({ ...run, status: 'Completed' }, 1000)).toBeNull();
    expect(progressOf({ progress: { step: 5, total: 0 } })).toBeNull();
    expect(progressOf({ progress: { step: 7, total: 5 } })).toBe(1);
  });
});

describe('names', () => {
  const width = (text: string): number => Array.from(text).length;

  it('leaves out the middle and keeps the tail', () => {
    const short = shortenMiddle('unet-retina-512-dice-bce-augment-fold2', 20, width);
    expect(width(short)).toBe(20);
    expect(short).toMatch(/^unet-reti.*…/);
    expect(short.endsWith('fold2')).toBe(true);
  });

  it('cuts nothing that fits, and nothing while the room is unknown', () => {
    expect(shortenMiddle('short', 5, width)).toBe('short');
    expect(shortenMiddle('short', 0, width)).toBe('short');
  });

  it('counts the lines of a sentence as a browser breaks it', () => {
    expect(countLines('waiting for one slot', 20, width)).toBe(1);
    expect(countLines('waiting for one slot', 19, width)).toBe(2);
    expect(countLines('waiting for one slot', 8, width)).toBe(3);
    expect(countLines('anything', 0, width)).toBe(1);
  });

  it('does not cut a letter of two code units in half', () => {
    expect(shortenMiddle('😀😀😀😀😀😀', 4, width)).toBe('😀😀…😀');
  });
});
