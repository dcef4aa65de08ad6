/**
 * Runs what stands in the editors: chooses the operation, reads variables and headers, sends it by HTTP or
 * subscribes by WebSocket, and carries errors back to their places in the text.
 * @module
 */

import { byId, element, fill } from "./shared/dom.js";
import { offsetAt, parseObject } from "./language/json.js";
import { operationAt, operations } from "./language/operations.js";
import { postOperation } from "./network/request.js";
import { Subscription } from "./network/subscription.js";

/** Problems listed below the editor. */
const mostProblems = 20;

export class Runner {
  /**
   * @param {{ query: any, variables: any, headers: any }} editors
   * @param {import("./panels/response.js").ResponsePanel} response
   * @param {import("./network/session.js").Session} session
   * @param {import("./panels/history.js").History} history
   */
  constructor(editors, response, session, history) {
    this.editors = editors;
    this.response = response;
    this.session = session;
    this.history = history;
    this.button = byId("run");
    this.choice = byId("operation");
    /** What runs now; stopping it is calling it. @type {(() => void) | null} */
    this.stopRunning = null;
    this.button.addEventListener("click", () => this.toggle());
    this.explain = byId("explain");
    this.explain.addEventListener("click", () => this.toggleExplaining());
  }

  /** Offers the operations of the document when there are several. */
  renderChoice() {
    const named = operations(this.editors.query.text).filter((operation) => operation.name);
    const wanted = this.choice.value;
    fill(this.choice, element("option", { value: "" }, "At the caret"),
      named.map(({ kind, name }) => element("option", { value: name }, `${kind} ${name}`)));
    if (named.some((operation) => operation.name === wanted)) this.choice.value = wanted;
    byId("operation-row").hidden = named.length < 2;
  }

  toggleExplaining() {
    this.explain.setAttribute("aria-pressed", String(!this.isExplaining));
  }

  /** Whether answers come with their plan. */
  get isExplaining() {
    return this.explain.getAttribute("aria-pressed") === "true";
  }

  toggle() {
    if (this.stopRunning) this.stopRunning();
    else this.run();
  }

  async run() {
    this.stopRunning?.();
    const request = this.prepare();
    if (!request) return;
    const { operation, kind, headers } = request;
    this.history.add(operation.query, this.editors.variables.text, operation.operationName ?? null);
    this.showProblems([]);
    this.response.wait();
    const stop = new AbortController();
    // Shown at once: what comes later may belong to the next run already.
    this.setRunning(() => {
      stop.abort();
      this.response.showFailure("Stopped before the answer came.");
      this.setRunning(null);
    });
    const own = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
    const asked = this.isExplaining && kind !== "subscription" ? { "studio-explain": "true" } : {};
    const all = { ...(own ? {} : await this.session.headers()), ...asked, ...headers };
    if (stop.signal.aborted) return;
    if (kind === "subscription") this.subscribe(operation, all);
    else await this.post(operation, all, stop.signal);
  }

  /**
   * The request, or null after showing why there is none.
   */
  prepare() {
    const { query, variables, headers } = this.editors;
    const inputs = [[variables, "Variables"], [headers, "Headers"]].map(([editor, what]) => {
      const read = parseObject(editor.text, what);
      editor.showProblems(read.problem ? [read.problem] : []);
      return read;
    });
    const problem = inputs.find((input) => input.problem)?.problem;
    const all = operations(query.text);
    const chosen = all.find((candidate) => candidate.name && candidate.name === this.choice.value);
    const operation = chosen ?? operationAt(all, query.caret);
    if (problem || !operation) {
      this.response.showFailure(problem?.message ?? "The document has no operation to run.");
      return null;
    }
    /** @type {Record<string, string>} */
    const sent = mapEntries(inputs[1].value ?? {}, (name, value) => [name, String(value)]);
    /** @type {import("./network/request.js").Operation} */
    const body = { query: query.text, variables: inputs[0].value ?? {} };
    if (operation.name) body.operationName = operation.name;
    return { operation: body, kind: operation.kind, headers: sent };
  }

  /**
   * @param {import("./network/request.js").Operation} operation
   * @param {Record<string, string>} headers
   * @param {AbortSignal} signal
   */
  async post(operation, headers, signal) {
    try {
      const answer = await postOperation(operation, headers, signal);
      if (signal.aborted) return;
      this.response.showAnswer(answer);
      this.showErrors(operation.query, answer.body?.errors);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (signal.aborted) return;
      this.response.showFailure(`The server did not answer: ${reason}.`);
    }
    this.setRunning(null);
  }

  /**
   * @param {import("./network/request.js").Operation} operation
   * @param {Record<string, string>} headers
   */
  subscribe(operation, headers) {
    const payload = mapEntries(headers, (name, value) => [name.toLowerCase(), value]);
    this.response.beginEvents();
    const subscription = new Subscription(operation, payload, {
      onstate: (state, detail) => {
        this.response.showState(state, detail);
        if (/^(completed|stopped|failed|closed)$/.test(state)) this.setRunning(null);
      },
      onevent: (event) => this.response.addEvent(event),
      onerrors: (errors) => {
        this.response.addErrors(errors);
        this.showErrors(operation.query, errors);
      },
    });
    this.setRunning(() => subscription.stop());
  }

  /** @param {(() => void) | null} stop */
  setRunning(stop) {
    this.stopRunning = stop;
    this.button.classList.toggle("is-running", stop !== null);
    this.button.querySelector(".run-label").textContent = stop ? "Stop" : "Run";
  }

  /**
   * Underlines errors that name a place, when the document is still the one that was sent.
   * @param {string} source
   * @param {any} errors
   */
  showErrors(source, errors) {
    if (!Array.isArray(errors) || source !== this.editors.query.text) return;
    const problems = errors.slice(0, mostProblems).flatMap((error) =>
      (error?.locations ?? []).slice(0, 4).map(({ line, column }) => ({
        offset: offsetAt(source, line, column), message: String(error.message), line,
      })),
    );
    this.showProblems(problems);
  }

  /** @param {{ offset: number, message: string, line: number }[]} problems */
  showProblems(problems) {
    this.editors.query.showProblems(problems);
    const list = byId("problems");
    list.hidden = problems.length === 0;
    fill(list, problems.map(({ offset, line, message }) => {
      const onclick = () => this.editors.query.goTo(offset);
      return element("li", {}, element("button", { type: "button", class: "problem", onclick },
        element("span", { class: "problem-line" }, `Line ${line}`), " ", message));
    }));
  }
}

/**
 * @param {Record<string, any>} object
 * @param {(name: string, value: any) => [string, string]} change
 * @returns {Record<string, string>}
 */
function mapEntries(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => change(name, value)));
}
