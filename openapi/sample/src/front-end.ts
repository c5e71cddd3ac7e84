// What a front end for units does with the API, without its pixels. All types come from the contract: `generated/api.d.ts` is made
// by openapi-typescript, and openapi-fetch checks every path, parameter and body against it when this is compiled.
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "../generated/api.js";

type Schemas = components["schemas"];
export type Application = Schemas["ApplicationView"];
export type Problem = Schemas["Problem"];
type Tokens = Schemas["TokensView"];

/** The API refused, and says why: `code` is stable and for programs, `title` and `detail` are for people. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${status} ${problem.code}: ${problem.detail} (request ${problem.request_id})`);
  }
}

/** What openapi-fetch answers: either data or an error, whose type is the problem document of the contract. */
interface Answer<Data> {
  data?: Data;
  error?: Problem;
  response: Response;
}

/** The data of an answer, or the refusal. */
function given<Data>({ data, error, response }: Answer<Data>): Data {
  if (error !== undefined) throw new Refused(response.status, error);
  if (data === undefined) throw new Error(`${response.status} without a body`);
  return data;
}

/** A declaration as it was read, with the version that it is. */
export interface Declaration {
  readonly application: Application;
  /** Its `ETag`, to be sent as `If-Match` with every change. */
  readonly version: string;
}

/** What came of an attempt to change something. */
export type Outcome =
  | { kind: "saved"; declaration: Declaration }
  /** Somebody else was faster. The page shows what is there now; nothing is lost, nothing is overwritten. */
  | { kind: "stale"; now: Declaration }
  /** Every fault at once, by JSON pointer into what was sent, in the caller's language. */
  | { kind: "faulty"; faults: Map<string, string> };

/** A button of the page. */
export interface Button {
  readonly operation: string;
  readonly enabled: boolean;
  /** Why it is grey. */
  readonly reasons: readonly string[];
}

export class FrontEnd {
  private readonly api: Client<paths>;
  private tokens: Tokens | undefined;

  constructor(baseUrl: string, language: "zh-CN" | "en", fetcher: (request: Request) => Promise<Response> = fetch) {
    this.api = createClient<paths>({ baseUrl, fetch: fetcher, headers: { "Accept-Language": language } });
    this.api.use({
      onRequest: ({ request }) => {
        if (this.tokens) request.headers.set("Authorization", `Bearer ${this.tokens.access_token}`);
        return request;
      },
    });
  }

  /** With a second factor the log-in waits for its code, which the page asks for. */
  async logIn(username: string, password: string, askForCode = (): Promise<string> => Promise.resolve("")): Promise<void> {
    const answer = given(await this.api.POST("/api/v1/auth/login", { body: { username, password } }));
    if (!("pending_token" in answer)) {
      this.tokens = answer;
      return;
    }
    const body = { pending_token: answer.pending_token, code: await askForCode() };
    this.tokens = given(await this.api.POST("/api/v1/auth/second-factor", { body }));
  }

  /** To be called before `expires_in` is over: the refresh token works once and is replaced. */
  async renew(): Promise<void> {
    if (!this.tokens) throw new Error("nobody is logged in");
    const body = { refresh_token: this.tokens.refresh_token };
    this.tokens = given(await this.api.POST("/api/v1/auth/refresh", { body }));
  }

  async logOut(): Promise<void> {
    const { error, response } = await this.api.POST("/api/v1/auth/logout");
    if (error) throw new Refused(response.status, error);
    this.tokens = undefined;
  }

  /** The pages of a list, one after the other, until there is no next cursor. */
  async *unitsByPage(limit: number): AsyncGenerator<Schemas["UnitView"][]> {
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? { limit } : { limit, cursor };
      const page = given(await this.api.GET("/api/v1/units", { params: { query } }));
      yield page.items;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** The declarations of the unit, the newest first, with their number. */
  async declarations(): Promise<{ items: Application[]; total: number | undefined }> {
    const query = { include: "total,allowed_actions", sort: "-created_at" };
    const page = given(await this.api.GET("/api/v1/applications", { params: { query } }));
    return { items: page.items, total: page.total };
  }

  async open(id: string): Promise<Declaration> {
    return this.versioned(await this.api.GET("/api/v1/applications/{application_id}", { params: { path: { application_id: id } } }));
  }

  /** Changes members of the form and leaves the others (a merge patch): what is null is taken away. */
  async change({ application, version }: Declaration, form: Record<string, unknown>): Promise<Outcome> {
    const answer = await this.api.PATCH("/api/v1/applications/{application_id}", {
      params: { path: { application_id: application.id }, header: { "If-Match": version } },
      headers: { "Content-Type": "application/merge-patch+json" },
      body: { form },
    });
    return this.outcome(application.id, answer);
  }

  /** Submits. The key makes a second try safe after a broken connection: it gets the first answer again. */
  async submit({ application, version }: Declaration): Promise<Outcome> {
    const answer = await this.api.POST("/api/v1/applications/{application_id}/submit", {
      params: { path: { application_id: application.id }, header: { "If-Match": version } },
      headers: { "Idempotency-Key": crypto.randomUUID() },
    });
    return this.outcome(application.id, answer);
  }

  private versioned(answer: Answer<Application>): Declaration {
    const application = given(answer);
    const version = answer.response.headers.get("ETag");
    if (version === null) throw new Error("a version is missing");
    return { application, version };
  }

  private async outcome(id: string, answer: Answer<Application>): Promise<Outcome> {
    const { error, response } = answer;
    if (response.status === 412) return { kind: "stale", now: await this.open(id) };
    if (error && (response.status === 422 || response.status === 409)) return { kind: "faulty", faults: faultsOf(error) };
    return { kind: "saved", declaration: this.versioned(answer) };
  }
}

/** The faults of a problem by pointer; what has no pointer is about the whole. */
function faultsOf(problem: Problem): Map<string, string> {
  const faults = problem.errors ?? [];
  if (faults.length === 0) return new Map([["", problem.detail]]);
  return new Map(faults.map(({ pointer, detail }) => [pointer ?? "", detail]));
}

/** The buttons of a page: those that the caller's role has in this state, grey where something is in the way. */
export function buttons({ allowed_actions: actions }: Application): Button[] {
  return (actions ?? []).map(({ operation_id: operation, blocked_by: blocked }) => ({
    operation,
    enabled: blocked.length === 0,
    reasons: blocked.map(({ detail }) => detail),
  }));
}
