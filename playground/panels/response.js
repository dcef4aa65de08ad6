/**
 * The right half of the page: one answer, or the live events of a subscription.
 * @module
 */

import { byId, element, fill } from "../shared/dom.js";
import { jsonView } from "./json-view.js";
import { planView } from "./plan.js";

/** Events kept on the page; older ones go. */
const mostEvents = 500;

/** Text shown when an answer is no JSON. */
const longestText = 20_000;

/** What each state of a subscription is called. */
const stateNames = {
  connecting: "Connecting …", acknowledging: "Signing on …", live: "Live", completed: "Completed",
  stopped: "Stopped", failed: "Failed", closed: "Closed",
};

/** The states that have a chip of their own colour. */
const stateTones = { live: "chip-live", failed: "chip-bad", closed: "chip-bad", completed: "chip-good" };

export class ResponsePanel {
  constructor() {
    this.status = byId("response-status");
    this.body = byId("response-body");
    this.copyButton = byId("copy-response");
    this.copyButton.addEventListener("click", () => this.copy());
    this.text = "";
    this.clear();
  }

  clear() {
    this.setText("");
    this.setStatus([]);
    fill(
      this.body,
      element("div", { class: "empty" },
        element("p", { class: "empty-title" }, "No answer yet"),
        element("p", {}, "Write a query on the left and press ", element("kbd", {}, "Ctrl"), " ",
          element("kbd", {}, "Enter"), ". Subscriptions stay open and show each event as it happens.")),
    );
  }

  /** @param {string} text what the copy button copies */
  setText(text) {
    this.text = text;
    this.copyButton.disabled = text === "";
  }

  async copy() {
    await navigator.clipboard.writeText(this.text).catch(() => undefined);
    this.copyButton.textContent = "Copied";
    setTimeout(() => (this.copyButton.textContent = "Copy"), 1500);
  }

  /** @param {(Node | string)[]} parts */
  setStatus(parts) {
    fill(this.status, parts);
  }

  /** Shows that an answer is awaited. */
  wait() {
    this.setStatus([element("span", { class: "chip chip-wait" }, "Running …")]);
    this.body.setAttribute("aria-busy", "true");
  }

  /** @param {import("../network/request.js").Answer} answer */
  showAnswer(answer) {
    this.body.removeAttribute("aria-busy");
    const hasErrors = Boolean(answer.body?.errors?.length) || answer.status >= 400;
    const chip = hasErrors ? "chip chip-bad" : "chip chip-good";
    this.setStatus([
      element("span", { class: chip }, `${answer.status} ${answer.statusText}`.trim()),
      element("span", { class: "fact" }, duration(answer.milliseconds)),
      element("span", { class: "fact" }, size(answer.bytes)),
    ]);
    this.setText(answer.body === undefined ? answer.text : JSON.stringify(answer.body, null, 2));
    if (answer.body === undefined) this.showText(answer.text, answer.isCut);
    else fill(this.body, answerViews(answer.body));
    this.body.scrollTop = 0;
  }

  /**
   * @param {string} text
   * @param {boolean} isCut
   */
  showText(text, isCut) {
    const note = isCut
      ? "The answer is larger than the playground reads; this is its beginning."
      : "The answer is not JSON.";
    const beginning = element("pre", { class: "raw" }, text.slice(0, longestText));
    fill(this.body, element("p", { class: "note" }, note), beginning);
  }

  /** @param {string} message */
  showFailure(message) {
    this.body.removeAttribute("aria-busy");
    this.setStatus([element("span", { class: "chip chip-wait" }, "No answer")]);
    this.setText(message);
    fill(this.body, element("p", { class: "note note-bad" }, message));
  }

  /** Begins a list of events. */
  beginEvents() {
    this.body.removeAttribute("aria-busy");
    this.started = performance.now();
    this.count = 0;
    /** @type {any[]} */
    this.payloads = [];
    this.dropped = element("p", { class: "note", hidden: true });
    this.events = element("ol", { class: "events", "aria-live": "polite", "aria-relevant": "additions" });
    this.notice = element("div", { class: "events-notice" });
    this.setText("");
    fill(this.body, this.dropped, this.events, this.notice);
  }

  /**
   * @param {import("../network/subscription.js").State} state
   * @param {string} detail
   */
  showState(state, detail) {
    const isBad = state === "failed" || state === "closed";
    const tone = stateTones[state] ?? "chip-wait";
    this.setStatus([
      element("span", { class: `chip ${tone}`, data: { state } }, stateNames[state]),
      element("span", { class: "fact" }, `${this.count} ${this.count === 1 ? "event" : "events"}`),
    ]);
    this.state = { state, detail };
    const notices = {
      live: this.count === 0 ? "Waiting for the first event …" : "",
      completed: `Completed: ${detail}.`,
      stopped: "Stopped. The connection is closed.",
    };
    const text = notices[state] ?? detail;
    const isAtEnd = this.isAtEnd();
    fill(this.notice, text ? element("p", { class: isBad ? "note note-bad" : "note" }, text) : null);
    if (isAtEnd) this.body.scrollTop = this.body.scrollHeight;
  }

  /** Whether the reader follows the newest event, and has not scrolled back. */
  isAtEnd() {
    return this.body.scrollHeight - this.body.scrollTop - this.body.clientHeight < 60;
  }

  /** @param {any} payload */
  addEvent(payload) {
    const isAtEnd = this.isAtEnd();
    this.count += 1;
    this.payloads.push(payload);
    this.events.appendChild(eventItem(payload, this.count, performance.now() - this.started));
    if (this.payloads.length > mostEvents) {
      this.payloads.shift();
      this.events.firstElementChild?.remove();
      this.dropped.hidden = false;
      this.dropped.textContent = `The first ${this.count - mostEvents} events are no longer shown.`;
    }
    this.copyButton.disabled = false;
    if (this.state) this.showState(this.state.state, this.state.detail);
    if (isAtEnd) this.body.scrollTop = this.body.scrollHeight;
  }

  /** @param {any[]} errors */
  addErrors(errors) {
    this.setText(JSON.stringify({ errors }, null, 2));
    this.events.appendChild(element("li", { class: "event event-bad" }, jsonView({ errors })));
  }

  /** What was received, for the copy button, written only when somebody copies. */
  get text() {
    return this.payloads?.length ? JSON.stringify(this.payloads, null, 2) : this.plainText;
  }

  set text(value) {
    this.plainText = value;
    this.payloads = [];
  }
}

/**
 * The answer, behind its plan where it was explained.
 * @param {any} body
 */
function answerViews(body) {
  const plan = body?.extensions?.explain;
  if (!plan) return jsonView(body);
  const { explain, ...extensions } = body.extensions;
  const { extensions: all, ...rest } = body;
  const others = Object.keys(extensions).length > 0 ? { extensions } : {};
  return [planView(plan), jsonView({ ...rest, ...others })];
}

/**
 * @param {any} payload
 * @param {number} number counts the events of this subscription from 1
 * @param {number} elapsed milliseconds since it began
 */
function eventItem(payload, number, elapsed) {
  const value = Object.values(payload?.data ?? {})[0];
  const name = typeof value?.__typename === "string" ? value.__typename : "";
  const clock = new Date().toLocaleTimeString([], { hour12: false });
  const head = element("div", { class: "event-head" },
    element("span", { class: "event-number" }, `#${number}`),
    name && element("span", { class: "event-name" }, name),
    value?.sequence !== undefined && element("span", { class: "fact" }, `sequence ${value.sequence}`),
    element("span", { class: "event-time" }, `${clock} · +${duration(elapsed)}`));
  const isBad = Boolean(payload?.errors?.length);
  const shown = jsonView(payload?.errors ? payload : payload?.data);
  return element("li", { class: isBad ? "event event-bad" : "event" }, head, shown);
}

/** @param {number} milliseconds */
function duration(milliseconds) {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1048576).toFixed(1)} MiB`;
}
