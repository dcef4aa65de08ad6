/**
 * The page that shows `/openapi.json` to people: every endpoint with its parameters, body and answers.
 * @module
 */

import { byId, element, fill } from "../shared/dom.js";
import { inline, markdown } from "../shared/markdown.js";
import { load } from "../shared/storage.js";
import { describe } from "./schemas.js";

const methods = ["get", "post", "put", "delete"];

/** @typedef {{ method: string, path: string, operation: any, id: string }} Endpoint */

async function start() {
  document.documentElement.dataset.palette = load("palette", "copper-tide");
  const answer = await fetch("/openapi.json");
  if (!answer.ok) throw new Error(`/openapi.json answers ${answer.status}.`);
  const api = await answer.json();
  const endpoints = listed(api);
  byId("status").textContent = `${endpoints.length} endpoints, version ${api.info.version}`;
  fill(byId("contents"), contents(api, endpoints));
  fill(
    byId("endpoints"), markdown(api.info.description), endpoints.map((entry) => card(api, entry)),
    section(api, "Problems", "problems", problems(api)), schemas(api),
  );
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

/** @returns {Endpoint[]} */
function listed(api) {
  return Object.entries(api.paths).flatMap(([path, operations]) =>
    methods.filter((method) => operations[method]).map((method) => {
      const operation = operations[method];
      return { method: method.toUpperCase(), path, operation, id: operation.operationId };
    }));
}

function contents(api, endpoints) {
  const groups = api.tags.map(({ name }) => [
    element("h2", {}, name),
    endpoints.filter(({ operation }) => operation.tags.includes(name)).map(({ operation, id }) =>
      element("a", { href: `#${id}` }, operation.summary ?? id)),
  ]);
  return [groups, element("h2", {}, "more"), element("a", { href: "#problems" }, "Problems")];
}

function section(_, title, id, children) {
  return element("section", { class: "endpoint-card", id }, element("h3", {}, title), children);
}

/** @param {any} api @param {Endpoint} entry */
function card(api, { method, path, operation, id }) {
  const isPublic = operation.security?.length === 0;
  return element(
    "section", { class: "endpoint-card", id },
    element(
      "h3", {}, element("span", { class: "endpoint-method" }, method),
      element("span", { class: "endpoint-path" }, path),
      element("span", { class: "endpoint-summary" }, operation.summary ?? "")),
    operation.description && markdown(operation.description),
    isPublic && element("p", { class: "endpoint-words" }, "Needs no sign-in."),
    operation.parameters && [element("h4", {}, "Parameters"), table(operation.parameters.map(parameter(api)))],
    operation.requestBody && body(api, operation.requestBody),
    element("h4", {}, "Answers"), table(Object.entries(operation.responses).map(response(api))));
}

function table(rows) {
  return element("table", { class: "endpoint-table" }, element("tbody", {}, rows));
}

const row = (name, type, words) => element(
  "tr", {}, element("th", { scope: "row" }, name), element("td", { class: "endpoint-type" }, type),
  element("td", { class: "endpoint-words" }, words ? inline(words) : ""));

const parameter = (api) => (entry) => row(
  entry.name + (entry.required ? " *" : ""), [describe(api, entry.schema), ` in ${entry.in}`], entry.description);

function body(api, request) {
  const { schema, example } = request.content["application/json"];
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties).map(([name, property]) =>
    row(name + (required.has(name) ? " *" : ""), describe(api, property), property.description));
  return [
    element("h4", {}, request.required ? "Body" : "Body (may be left out)"), table(rows),
    example && element("pre", { class: "endpoint-example" }, JSON.stringify(example, null, 2)),
  ];
}

const response = (api) => ([status, answer]) => {
  const known = answer.$ref ? api.components.responses[answer.$ref.split("/").pop()] : answer;
  const schema = known.content?.["application/json"]?.schema;
  const headers = Object.keys(known.headers ?? {}).join(", ");
  return row(status, schema ? describe(api, schema) : "", known.description + (headers ? ` Headers: ${headers}.` : ""));
};

/** The codes of problems, each with an anchor: the `type` of a problem leads here. */
function problems(api) {
  const codes = api.components.schemas.ProblemCode;
  return [
    element("p", {}, "A problem is application/problem+json (RFC 9457). Its type leads to its code here."),
    table(codes.oneOf.map(({ const: code, description }) => {
      const line = row(code, "", description);
      line.id = code;
      return line;
    })),
  ];
}

function schemas(api) {
  return Object.entries(api.components.schemas).filter(([, schema]) => schema.properties || schema.enum).map(
    ([name, schema]) => section(api, name, `schema-${name}`, [
      schema.description && markdown(schema.description),
      schema.enum && element("p", { class: "endpoint-type" }, schema.enum.join(" | ")),
      schema.properties && table(Object.entries(schema.properties).map(([key, property]) =>
        row(key, describe(api, property), property.description))),
    ]));
}

start().catch((error) => {
  byId("status").textContent = String(error.message ?? error);
});
