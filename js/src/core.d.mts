// Types of the core's door, shared by every loader.

/** Why a call was refused. */
export class EfectivoError extends Error {
  /** For programs; never changes its meaning. */
  readonly code: string;
  /** What a person can do; may be empty. */
  readonly help: string;
  /** Whether the same call may succeed when it is made again. */
  readonly retry: 'no' | 'later' | 'now';
  constructor(why: { code: string; message: string; help?: string; retry?: 'no' | 'later' | 'now' }, options?: { cause?: unknown });
}

/** What a call answers: an object, and bytes beside it (a page, a picture, a request's body). */
export interface Answer<Ok = any> {
  ok: Ok;
  bytes: Uint8Array;
}

/** The core: pure functions behind one door. The calls are listed in src/calls/mod.rs of its source. */
export interface Core {
  /** Makes one call; `lang` is the language of a refusal. @throws {EfectivoError} */
  call<Ok = any>(name: string, ask?: object, bytes?: Uint8Array, lang?: 'es' | 'es-PE' | 'en' | 'zh-CN'): Answer<Ok>;
  /** The same door without objects: JSON bytes in, JSON bytes out; a refusal is part of the answer. */
  raw(json: Uint8Array, bytes?: Uint8Array): [json: Uint8Array, bytes: Uint8Array];
}
