/**
 * One subscription over one WebSocket with the `graphql-transport-ws` protocol: init, acknowledge, subscribe,
 * events, complete. Answers pings; a server that goes silent during the handshake is given up.
 * @module
 */

import { endpoint } from "./request.js";

/** How long the server may take to accept and acknowledge, in milliseconds. */
const handshakeTimeout = 10_000;

const subscriptionId = "1";

/** What the close codes of the protocol, and the common ones of RFC 6455, mean. */
const meanings = {
  1000: "closed normally",
  1001: "the server is going away",
  1002: "the server saw a protocol error",
  1006: "the connection broke, or the server refused it",
  1009: "a message was too big",
  1011: "the server met an unexpected error",
  1012: "the server restarts",
  1013: "the server is overloaded; try again later",
  4400: "the server did not understand a message",
  4401: "not authorized: the connection was not acknowledged",
  4403: "forbidden: the server refused the credentials",
  4406: "the server speaks another subprotocol",
  4408: "the connection was not initialised in time",
  4409: "a subscription with this id exists already",
  4429: "too many initialisations, or too many requests",
  4500: "the server met an unexpected error",
  4504: "the server did not acknowledge in time",
};

/**
 * A close code for people.
 * @param {number} code
 * @param {string} reason
 * @returns {string}
 */
export function explainClose(code, reason) {
  const meaning = meanings[code] ?? "no meaning is registered for this code";
  return `${code}: ${meaning}${reason && reason.toLowerCase() !== meaning ? ` (${reason})` : ""}`;
}

/**
 * @typedef {"connecting" | "acknowledging" | "live" | "completed" | "stopped" | "failed" | "closed"} State
 * @typedef {{
 *   onstate: (state: State, detail: string) => void,
 *   onevent: (payload: any) => void,
 *   onerrors: (errors: any[]) => void,
 * }} Listeners
 */

export class Subscription {
  /**
   * Connects at once.
   * @param {import("./request.js").Operation} operation
   * @param {Record<string, string>} payload of `connection_init`, such as `authorization`
   * @param {Listeners} listeners
   */
  constructor(operation, payload, listeners) {
    this.operation = operation;
    this.payload = payload;
    this.listeners = listeners;
    this.isOver = false;
    const url = new URL(endpoint, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.tell("connecting", "");
    this.socket = new WebSocket(url, "graphql-transport-ws");
    this.timer = setTimeout(() => this.giveUp(), handshakeTimeout);
    this.socket.addEventListener("open", () => this.opened());
    this.socket.addEventListener("message", (event) => this.received(event.data));
    this.socket.addEventListener("close", (event) => {
      this.end("closed", explainClose(event.code, event.reason));
    });
  }

  /** Tells the server that nobody listens any more, and closes. */
  stop() {
    if (this.isOver) return;
    if (this.socket.readyState === WebSocket.OPEN) this.send({ id: subscriptionId, type: "complete" });
    this.end("stopped", "");
  }

  opened() {
    this.tell("acknowledging", "");
    this.send({ type: "connection_init", payload: this.payload });
  }

  /** @param {any} data */
  received(data) {
    if (this.isOver) return;
    const message = readMessage(data);
    switch (message?.type) {
      case "connection_ack":
        clearTimeout(this.timer);
        this.tell("live", "");
        this.send({ id: subscriptionId, type: "subscribe", payload: this.operation });
        break;
      case "ping":
        this.send({ type: "pong" });
        break;
      case "next":
        this.listeners.onevent(message.payload);
        break;
      case "error":
        this.listeners.onerrors(Array.isArray(message.payload) ? message.payload : [message.payload]);
        this.end("failed", "the server refused the subscription");
        break;
      case "complete":
        this.end("completed", "the server sent everything");
        break;
      case "pong":
        break;
      default:
        this.end("failed", "the server sent a message that the protocol does not know");
    }
  }

  giveUp() {
    this.end("failed", "the server did not answer within 10 seconds");
  }

  /**
   * @param {State} state
   * @param {string} detail
   */
  end(state, detail) {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    if (this.socket.readyState <= WebSocket.OPEN) this.socket.close(1000);
    this.tell(state, detail);
  }

  /** @param {Record<string, any>} message */
  send(message) {
    this.socket.send(JSON.stringify(message));
  }

  /**
   * @param {State} state
   * @param {string} detail
   */
  tell(state, detail) {
    this.listeners.onstate(state, detail);
  }
}

/**
 * @param {any} data
 * @returns {any}
 */
function readMessage(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
