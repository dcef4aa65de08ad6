/**
 * Shows how an explained operation was executed: its steps by level, with their statements.
 * @module
 */

import { element } from "../shared/dom.js";

/**
 * @typedef {{ name: string, sql: string, parameters: string[], rows: number, milliseconds: number | null,
 *   failed?: boolean }} Statement
 * @typedef {{ level: number, kind: string, path: string, field: string, type: string, leaves: string[],
 *   loadedWith?: string, calls: { count: number, statements: Statement[] }[] }} Step
 * @typedef {{ levels: number, statements: number, rows: number, milliseconds: number, steps: Step[],
 *   others?: Statement[] }} Plan
 */

/**
 * @param {Plan} plan `extensions.explain` of a response
 * @returns {Element}
 */
export function planView(plan) {
  const slowest = Math.max(0.01, ...statements(plan).map((statement) => statement.milliseconds ?? 0));
  return element("details", { class: "plan", open: true },
    element("summary", { class: "plan-head" }, "Plan: ",
      `${plan.levels} levels, ${plan.statements} statements, ${plan.rows} rows, ${plan.milliseconds} ms`),
    element("ol", { class: "plan-steps" }, plan.steps.map((step) => stepItem(step, slowest))),
    plan.others && element("div", {}, "Beside the plan",
      plan.others.map((statement) => statementView(statement, slowest))));
}

/** @param {Plan} plan */
function statements(plan) {
  const planned = plan.steps.flatMap((step) => step.calls.flatMap((call) => call.statements));
  return [...planned, ...(plan.others ?? [])];
}

/**
 * @param {Step} step
 * @param {number} slowest milliseconds of the slowest statement
 */
function stepItem(step, slowest) {
  const count = step.calls.reduce((sum, call) => sum + call.count, 0);
  const many = step.kind === "loader" ? "keys" : "parents";
  return element("li", { class: "plan-step", data: { level: Math.min(step.level, 9) } },
    element("div", { class: "plan-line" },
      element("span", { class: "plan-level" }, step.level),
      element("span", { class: "plan-path", title: `${step.field}: ${step.type}` }, step.path),
      element("span", { class: "fact" },
        step.loadedWith ? `loaded with ${step.loadedWith}` : `${step.kind}, ${count} ${many}`)),
    step.calls.flatMap((call) => call.statements.map((statement) => statementView(statement, slowest))));
}

/**
 * @param {Statement} statement
 * @param {number} slowest
 */
function statementView(statement, slowest) {
  const time = statement.milliseconds;
  const parameters = statement.parameters.map((value, place) => `$${place + 1} ${value}`).join(", ");
  return element("details", { class: statement.failed ? "plan-sql plan-failed" : "plan-sql" },
    element("summary", {},
      element("meter", { class: "plan-time", min: 0, max: slowest, value: time ?? 0, "aria-hidden": true }),
      element("span", { class: "plan-name" }, statement.name),
      element("span", { class: "fact" },
        `${statement.rows} rows, ${time === null ? "no answer" : `${time} ms`}`)),
    element("pre", { class: "raw" }, statement.sql),
    parameters && element("p", { class: "fact" }, parameters));
}
