/**
 * A client of the Palabre API. What a call takes and gives comes from the API's document (`schema.ts`, generated).
 *
 * Reads are repeated, and so are writes that have an Idempotency-Key, which is made once for each POST: a repeat gets the
 * answer of the first. A refusal is thrown as a `Problem`, with its code.
 */
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type { components, paths };
export type Schemas = components["schemas"];

export interface Options {
  /** Where the API is, with `/v1`. */
  address: string;
  /** An API key or an access token, or what gives one whenever it is asked. */
  token: string | (() => string | Promise<string>);
  /** The agency, for members of several. */
  agency?: string;
  /** For how many milliseconds an answer is waited for before it is asked for again. */
  patience?: number;
  /** How often a request is made at most. */
  attempts?: number;
}

/** A refusal (RFC 9457). Go by its code. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly requestId: string | undefined;

  constructor(
    status: number,
    readonly details: Partial<Schemas["Problem"]>,
  ) {
    super(details.detail ?? details.title ?? `The answer was ${status}.`);
    this.name = "Problem";
    this.status = status;
    this.code = details.code ?? "unreadable";
    this.field = details.field;
    this.requestId = details.request_id;
  }
}

const LONGEST_WAIT = 60_000;

export function connect(options: Options): Client<paths> {
  return createClient<paths>({ baseUrl: options.address, fetch: (request) => ask(request, options) });
}

/** Every item of a list, page by page: `each((cursor) => api.GET("/brands", { params: { query: { cursor } } }))`. */
export async function* each<Item>(
  page: (cursor: string | undefined) => Promise<{ data?: { items: Item[]; next: string | null } }>,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const { data } = await page(cursor);
    yield* data?.items ?? [];
    cursor = data?.next ?? undefined;
  } while (cursor);
}

async function ask(request: Request, options: Options): Promise<Response> {
  const { attempts = 4, patience = 30_000, token, agency } = options;
  const headers = new Headers(request.headers);
  headers.set("Authorization", `Bearer ${typeof token === "string" ? token : await token()}`);
  if (agency && !headers.has("Palabre-Agency")) headers.set("Palabre-Agency", agency);
  if (request.method === "POST" && !headers.has("Idempotency-Key")) headers.set("Idempotency-Key", crypto.randomUUID());
  const body = request.body ? await request.text() : null;
  const repeatable = request.method === "GET" || headers.has("Idempotency-Key");
  for (let attempt = 1; ; attempt++) {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(patience)]);
    const last = attempt >= attempts || !repeatable;
    let milliseconds: number | undefined = 250 * 2 ** attempt;
    try {
      const answer = await fetch(request.url, { method: request.method, headers, body, signal });
      if (answer.ok || answer.status === 304) return answer;
      const problem = await problemOf(answer);
      milliseconds = pause(answer, problem, milliseconds);
      if (last || milliseconds === undefined) throw problem;
    } catch (error) {
      if (error instanceof Problem ? last || milliseconds === undefined : last || request.signal.aborted) throw error;
    }
    await sleep(Math.min(milliseconds ?? 0, LONGEST_WAIT));
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  const details: unknown = await answer.json().catch(() => ({}));
  return new Problem(answer.status, (details ?? {}) as Partial<Schemas["Problem"]>);
}

/** How long to wait before asking again; undefined where that would change nothing. */
function pause(answer: Response, problem: Problem, usual: number): number | undefined {
  if (![429, 503].includes(answer.status) && problem.code !== "idempotency_in_flight") return undefined;
  const seconds = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : usual;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
