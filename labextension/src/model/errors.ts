import type { ISourceError } from './source';

/** A question or command that a source could not answer; `code` is stable (docs/http-api.md). */
export class SourceError extends Error implements ISourceError {
  constructor(
    readonly code: string,
    message: string,
    /** What a person can do about it, or null. */
    readonly hint: string | null = null
  ) {
    super(message);
    this.name = 'SourceError';
  }
}

/** Any thrown thing as code and sentence. */
export function asSourceError(reason: unknown): ISourceError {
  if (reason instanceof SourceError) {
    return reason;
  }
  const message = reason instanceof Error ? reason.message : String(reason);
  return new SourceError('unknown', message);
}
