import type { ProblemDocument } from './types';

/** Why a request did not do what it asked. `status` 0: no answer came, so nobody knows whether it was done. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<ProblemDocument> = {},
    options?: ErrorOptions,
  ) {
    super(problem.detail ?? problem.title ?? `status ${status}`, options);
    this.name = 'Failure';
  }

  /** The same request may be made again later, and may succeed then. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** The last part of the problem's type: `opted-out` of `urn:porchlight:problem:opted-out`. */
  get slug(): string {
    return this.problem.type?.split(':').at(-1) ?? '';
  }

  /** Our server says that it is not there (any more); a 404 of whoever else answers says nothing. */
  get gone(): boolean {
    return this.status === 404 && (this.problem.type?.startsWith('urn:porchlight:problem:') ?? false);
  }

  static from(cause: unknown): Failure {
    return cause instanceof Failure ? cause : new Failure(0, {}, { cause });
  }
}
