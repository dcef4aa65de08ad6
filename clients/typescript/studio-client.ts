// The runtime of generated TypeScript clients: sends operations to a Studio, renews the access token when it runs
// out, resumes subscriptions. Needs `fetch` with streamed bodies: browsers, Node 18 and later, Deno, Bun.

/** Any JSON. */
export type JSONValue = null | boolean | number | string | JSONValue[] | { [key: string]: JSONValue };

/** An operation with the types of its answer and its variables. */
export interface TypedDocument<Data, Variables> {
  readonly kind: "query" | "mutation" | "subscription";
  readonly name: string;
  /** `sha256:` and the hash of the text, for servers that only execute documents they trust. */
  readonly id: string;
  readonly text: string;
  /** Never there; carries the types. */
  readonly __types?: (variables: Variables) => Data;
}

/** One error of an answer. */
export interface GraphQLError {
  message: string;
  path?: Array<string | number>;
  extensions?: { code?: string; field?: string; [key: string]: JSONValue | undefined };
}

/** An answer that may be partial: fields that failed are null and named by an error. */
export interface GraphQLResponse<Data> {
  data?: Data | null;
  errors?: GraphQLError[];
}

/** Why an operation has no answer. */
export class GraphQLFailure extends Error {
  /** The server's errors; empty where what came is not GraphQL. */
  readonly errors: GraphQLError[];
  /** The status of HTTP, where that is the reason. */
  readonly status?: number;
  /** Milliseconds that the server asks to wait (`Retry-After`). */
  readonly retryAfter?: number;

  constructor(message: string, errors: GraphQLError[] = [], status?: number, retryAfter?: number) {
    super(message);
    this.name = "GraphQLFailure";
    this.errors = errors;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** The first error's code. */
  get code(): string | undefined {
    return this.errors[0]?.extensions?.code;
  }
}

/** What signing in gives. */
export interface Tokens {
  accessToken: string;
  /** Works once. */
  refreshToken: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Where tokens are kept. */
export interface TokenStore {
  load(): Tokens | null | Promise<Tokens | null>;
  /** Null when the user is signed out. */
  save(tokens: Tokens | null): void | Promise<void>;
}

/** Keeps tokens while the page lives. */
export class MemoryTokenStore implements TokenStore {
  private tokens: Tokens | null;

  constructor(tokens: Tokens | null = null) {
    this.tokens = tokens;
  }

  load(): Tokens | null {
    return this.tokens;
  }

  save(tokens: Tokens | null): void {
    this.tokens = tokens;
  }
}

export interface ClientOptions {
  /** Such as `https://studio.example.com/graphql`. */
  url: string;
  tokens?: TokenStore;
  fetch?: typeof fetch;
  /** Attempts to take a subscription up again without an event in between. */
  attempts?: number;
}

/** Tokens that end this soon are renewed before they are used. */
const refreshMargin = 20_000;
/** Characters of one event of a stream. */
const maximumEvent = 16 << 20;
/** A stream without a sign of life for so long is taken up again. */
const silence = 60_000;
/** What a server asks to wait is heeded up to here. */
const longestRetryAfter = 60_000;

/** Letter for letter what `--manifest` writes for servers that execute trusted documents alone. */
const refreshText =
  "mutation RefreshTokens($refreshToken: String!) {" +
  " refreshToken(input: {refreshToken: $refreshToken}) { accessToken refreshToken expiresIn } }";

/** Sends operations to a Studio. One for each server and user. */
export class StudioClient {
  private readonly url: string;
  private readonly store: TokenStore;
  private readonly fetch: typeof fetch;
  private readonly attempts: number;
  private refreshing: Promise<Tokens> | null = null;
  /** The refresh token that was used last, and what it gave. */
  private renewed: { used: string; tokens: Tokens } | null = null;

  constructor(options: ClientOptions) {
    this.url = options.url;
    this.store = options.tokens ?? new MemoryTokenStore();
    this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.attempts = options.attempts ?? 10;
  }

  /** Keeps what signing in gave; null signs out. */
  async signIn(payload: { accessToken: string; refreshToken: string; expiresIn: number } | null): Promise<void> {
    await this.store.save(payload === null ? null : tokensOf(payload));
  }

  /** Sends a query or mutation. Throws `GraphQLFailure` for any error of the answer. */
  async execute<Data, Variables>(document: TypedDocument<Data, Variables>, variables: Variables): Promise<Data> {
    const response = await this.response(document, variables);
    if (response.errors?.length) throw new GraphQLFailure(response.errors[0].message, response.errors);
    if (!response.data) throw new GraphQLFailure("an answer without data and errors");
    return response.data;
  }

  /** Sends a query or mutation and gives the answer with its errors, which may be partial. */
  async response<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables
  ): Promise<GraphQLResponse<Data>> {
    const token = await this.accessToken();
    const first = await this.send(document, variables, token);
    if (token === null || !isTokenRefused(first)) return first;
    return this.send(document, variables, await this.accessToken(token));
  }

  /**
   * Follows a subscription until the server completes it. A broken connection is taken up behind the last event,
   * so nothing is missed and nothing comes twice.
   */
  async *subscribe<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    signal?: AbortSignal
  ): AsyncGenerator<Data, void, undefined> {
    let lastEventId: string | undefined;
    let refused: string | undefined;
    // Since the last event that could be read.
    let failures = 0;
    let refusals = 0;
    while (!signal?.aborted) {
      let token: string | null = null;
      try {
        token = await this.accessToken(refused);
        refused = undefined;
        for await (const event of this.events(document, variables, token, lastEventId, signal)) {
          if (event.name === "complete") return;
          if (event.name !== "next") {
            // Where the subscription begins, before there is an event.
            if (event.id !== undefined) lastEventId = event.id;
            continue;
          }
          // One that only tells of an error moves nothing on: it may be that event that comes again.
          const data = dataOf<Data>(event.data);
          if (event.id !== undefined) lastEventId = event.id;
          failures = 0;
          refusals = 0;
          yield data;
        }
        throw new TypeError("the connection was closed");
      } catch (error) {
        if (signal?.aborted) return;
        const isTokenRefused =
          error instanceof GraphQLFailure && (error.status === 401 || error.code === "UNAUTHENTICATED");
        if (isTokenRefused) {
          refusals += 1;
          if (token === null || refusals > 2) throw error;
          refused = token;
        } else {
          failures += 1;
          if (!isTemporary(error) || failures > this.attempts) throw error;
          const asked = error instanceof GraphQLFailure ? (error.retryAfter ?? 0) : 0;
          const own = Math.min(10_000, 250 * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
          await delay(Math.max(own, Math.min(asked, longestRetryAfter)), signal);
        }
      }
    }
  }

  // Requests

  private async send<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    token: string | null
  ): Promise<GraphQLResponse<Data>> {
    const answer = await this.post(
      requestOf(document.text, document.name, variables),
      "application/graphql-response+json, application/json",
      token
    );
    return responseOf<Data>(answer);
  }

  private post(request: RequestParts, accept: string, token: string | null, more: RequestInit = {}): Promise<Response> {
    const headers: Record<string, string> = {
      ...request.headers,
      ...(more.headers as Record<string, string> | undefined),
      Accept: accept,
      "GraphQL-Require-Preflight": "1",
    };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    return this.fetch(this.url, { ...more, method: "POST", headers, body: request.body });
  }

  private async *events<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    token: string | null,
    lastEventId: string | undefined,
    signal: AbortSignal | undefined
  ): AsyncGenerator<ServerEvent, void, undefined> {
    const abort = new AbortController();
    const stop = () => abort.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    let watch = setTimeout(stop, silence);
    try {
      const answer = await this.post(
        requestOf(document.text, document.name, variables),
        "text/event-stream",
        token,
        { signal: abort.signal, headers: lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId } }
      );
      if (answer.status !== 200 || answer.body === null) throw await refusalOf(answer);
      const reader = answer.body.getReader();
      const parser = new EventStreamParser();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(watch);
        watch = setTimeout(stop, silence);
        yield* parser.append(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(watch);
      signal?.removeEventListener("abort", stop);
      abort.abort();
    }
  }

  // Tokens

  /** A token that works; however many ask at once, a refresh token is used once. */
  private async accessToken(refused?: string): Promise<string | null> {
    let tokens = (await this.refreshing) ?? (await this.store.load());
    if (tokens === null) return null;
    // Renewed while the store was read: the old refresh token, used again, would end the session.
    if (this.renewed?.used === tokens.refreshToken) tokens = this.renewed.tokens;
    const isFresh = tokens.expiresAt - Date.now() > refreshMargin && tokens.accessToken !== refused;
    if (isFresh) return tokens.accessToken;
    // Others may have come here while the store was read: the first begins, all wait for it.
    this.refreshing ??= this.refresh(tokens.refreshToken).finally(() => {
      this.refreshing = null;
    });
    return (await this.refreshing).accessToken;
  }

  private async refresh(refreshToken: string): Promise<Tokens> {
    const request = requestOf(refreshText, "RefreshTokens", { refreshToken });
    const answer = await this.post(request, "application/graphql-response+json", null);
    const response = await responseOf<{ refreshToken: Parameters<typeof tokensOf>[0] }>(answer);
    if (response.data) {
      const tokens = tokensOf(response.data.refreshToken);
      this.renewed = { used: refreshToken, tokens };
      await this.store.save(tokens);
      return tokens;
    }
    const failure = new GraphQLFailure(response.errors?.[0]?.message ?? "no answer", response.errors);
    if (failure.code === "UNAUTHENTICATED") await this.store.save(null);
    throw failure;
  }
}

// Requests

interface RequestParts {
  headers: Record<string, string>;
  body: string | FormData;
}

/** JSON; multipart where variables carry files. */
function requestOf(query: string, operationName: string, variables: unknown): RequestParts {
  const files: Array<{ path: string; file: Blob }> = [];
  const plain = withoutFiles(variables, "variables", files);
  const operations = JSON.stringify({ query, operationName, variables: plain });
  if (files.length === 0) return { headers: { "Content-Type": "application/json" }, body: operations };
  const body = new FormData();
  body.append("operations", operations);
  body.append("map", JSON.stringify(Object.fromEntries(files.map(({ path }, index) => [String(index), [path]]))));
  files.forEach(({ file }, index) => body.append(String(index), file));
  return { headers: {}, body };
}

function withoutFiles(value: unknown, path: string, files: Array<{ path: string; file: Blob }>): unknown {
  if (value instanceof Blob) {
    files.push({ path, file: value });
    return null;
  }
  if (Array.isArray(value)) return value.map((item, index) => withoutFiles(item, `${path}.${index}`, files));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutFiles(item, `${path}.${key}`, files)])
  );
}

async function responseOf<Data>(answer: Response): Promise<GraphQLResponse<Data>> {
  const type = answer.headers.get("Content-Type") ?? "";
  if (!/^application\/(graphql-response\+)?json/.test(type)) {
    throw new GraphQLFailure(`status ${answer.status}`, [], answer.status);
  }
  return (await answer.json()) as GraphQLResponse<Data>;
}

/** Why there is no stream: the server's errors where it tells them, the status in any case. */
async function refusalOf(answer: Response): Promise<GraphQLFailure> {
  let errors: GraphQLError[] = [];
  try {
    errors = (await responseOf<unknown>(answer)).errors ?? [];
  } catch {
    // No GraphQL: the status alone.
  }
  const asked = Number(answer.headers.get("Retry-After") ?? NaN);
  const retryAfter = Number.isFinite(asked) ? asked * 1000 : undefined;
  return new GraphQLFailure(errors[0]?.message ?? `status ${answer.status}`, errors, answer.status, retryAfter);
}

function dataOf<Data>(text: string): Data {
  const response = JSON.parse(text) as GraphQLResponse<Data>;
  if (response.errors?.length) throw new GraphQLFailure(response.errors[0].message, response.errors);
  if (!response.data) throw new GraphQLFailure("an event without data and errors");
  return response.data;
}

function tokensOf(payload: { accessToken: string; refreshToken: string; expiresIn: number }): Tokens {
  return {
    accessToken: payload.accessToken,
    refreshToken: payload.refreshToken,
    expiresAt: Date.now() + payload.expiresIn * 1000,
  };
}

/** Whether nothing was executed because of the token; a wrong password is an error of a field. */
function isTokenRefused(response: GraphQLResponse<unknown>): boolean {
  const isRefused = response.errors?.some(({ extensions, path }) => extensions?.code === "UNAUTHENTICATED" && !path);
  return isRefused === true && !response.data;
}

function isTemporary(error: unknown): boolean {
  if (!(error instanceof GraphQLFailure)) return true;
  if (error.status !== undefined) return error.status === 429 || error.status >= 500;
  return ["RATE_LIMITED", "SLOW_READER", "UNAVAILABLE", "TIMEOUT"].includes(error.code ?? "");
}

/** Waits; not longer than until `signal` is aborted. */
function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
  });
}

// Event streams

interface ServerEvent {
  name: string;
  data: string;
  id?: string;
}

/** Takes the text of an event stream apart (WHATWG HTML § 9.2.6). */
class EventStreamParser {
  private rest = "";
  private event: ServerEvent = { name: "message", data: "" };
  private lines = 0;

  append(text: string): ServerEvent[] {
    this.rest += text;
    if (this.rest.length + this.event.data.length > maximumEvent) {
      throw new GraphQLFailure(`an event is larger than ${maximumEvent} characters`);
    }
    const events: ServerEvent[] = [];
    // A CR at the end may be the first half of a CR LF.
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") {
        this.field(line);
        continue;
      }
      const isEvent = this.lines > 0 || this.event.name !== "message" || this.event.id !== undefined;
      if (isEvent) events.push(this.event);
      this.event = { name: "message", data: "" };
      this.lines = 0;
    }
    return events;
  }

  private field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.event.name = value;
    if (name === "id") this.event.id = value;
    if (name === "data") {
      this.event.data += this.lines > 0 ? `\n${value}` : value;
      this.lines += 1;
    }
  }
}
