/**
 * Who is signed in. Tokens live in this browser tab's session storage and nowhere else; the access token goes
 * out as `Authorization: Bearer`, and is renewed with the refresh token shortly before it ends.
 * @module
 */

import { loadForTab, saveForTab } from "../shared/storage.js";
import { postOperation } from "./request.js";

/** @typedef {{ accessToken: string, refreshToken: string, expiresAt: number, email: string }} Account */

/** Renewed this many milliseconds before the end, so that a request under way does not outlive its token. */
const renewalMargin = 60_000;

const selection = "{ accessToken refreshToken expiresIn user { id email } }";
const documents = {
  login: `mutation Login($input: LoginInput!) { login(input: $input) ${selection} }`,
  register: `mutation Register($input: RegisterInput!) { register(input: $input) ${selection} }`,
  refreshToken: `mutation Refresh($input: RefreshTokenInput!) { refreshToken(input: $input) ${selection} }`,
  logout: "mutation Logout($input: LogoutInput!) { logout(input: $input) { wasSignedIn } }",
};

export class Session extends EventTarget {
  constructor() {
    super();
    /** @type {Account | null} */
    this.account = loadForTab("account", null);
    /** @type {Promise<void> | null} */
    this.renewal = null;
  }

  /**
   * @param {"login" | "register"} operation
   * @param {Record<string, string>} input
   */
  async enter(operation, input) {
    this.keep(await this.run(operation, input));
  }

  /** Forgets the tokens at once and tells the server. */
  async leave() {
    const refreshToken = this.account?.refreshToken;
    this.set(null);
    if (refreshToken) await this.run("logout", { refreshToken }).catch(() => undefined);
  }

  /**
   * The headers that a request needs now.
   * @returns {Promise<Record<string, string>>}
   */
  async headers() {
    if (this.account && this.account.expiresAt - Date.now() < renewalMargin) await this.renew();
    return this.account ? { authorization: `Bearer ${this.account.accessToken}` } : {};
  }

  /**
   * One renewal at a time: a refresh token works once, and using it twice would end the session.
   */
  async renew() {
    this.renewal ??= this.run("refreshToken", { refreshToken: this.account?.refreshToken ?? "" })
      .then((payload) => this.keep(payload))
      .catch(() => this.set(null))
      .finally(() => {
        this.renewal = null;
      });
    await this.renewal;
  }

  /**
   * @param {keyof typeof documents} operation
   * @param {Record<string, string>} input
   * @returns {Promise<any>} the payload; throws an error whose message is for people
   */
  async run(operation, input) {
    const answer = await postOperation({ query: documents[operation], variables: { input } }, {});
    const problem = answer.body?.errors?.[0];
    if (problem) throw new Error(problem.message);
    const payload = answer.body?.data?.[operation];
    if (!payload) throw new Error(`The server answered with status ${answer.status} and no ${operation}.`);
    return payload;
  }

  /** @param {any} payload */
  keep(payload) {
    const { accessToken, refreshToken, expiresIn, user } = payload;
    this.set({ accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1000, email: user.email });
  }

  /** @param {Account | null} account */
  set(account) {
    this.account = account;
    saveForTab("account", account);
    this.dispatchEvent(new Event("change"));
  }
}
