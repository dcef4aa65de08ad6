/**
 * The playground's beginning: makes the editors and panels and connects them.
 * @module
 */

import { byId, debounced } from "./shared/dom.js";
import { load, save } from "./shared/storage.js";
import { CompletionList } from "./editor/completion-list.js";
import { Editor } from "./editor/editor.js";
import { formatGraphQL } from "./language/formatter.js";
import { highlightGraphQL, highlightJSON } from "./language/highlighter.js";
import { parseObject } from "./language/json.js";
import { postOperation } from "./network/request.js";
import { Session } from "./network/session.js";
import { AccountPanel } from "./panels/account.js";
import { DocsPanel } from "./panels/docs.js";
import { History } from "./panels/history.js";
import { setUpLayout } from "./panels/layout.js";
import { ResponsePanel } from "./panels/response.js";
import { Tabs } from "./panels/tabs.js";
import { Runner } from "./runner.js";
import { complete } from "./schema/completion.js";
import { introspectionQuery, SchemaIndex } from "./schema/introspection.js";

/** @type {SchemaIndex | null} */
let schema = null;

setUpLayout();
const session = new Session();
new AccountPanel(session);
const response = new ResponsePanel();
const docs = new DocsPanel(loadSchema);
const tabs = new Tabs(showTab);
const history = new History(({ query, variables }) => tabs.add({ query, variables }));

const query = new Editor({
  label: "GraphQL document",
  highlight: highlightGraphQL,
  comment: "#",
  onkey: (event) => runKey(event) || completions.handleKey(event),
  onchange: (text) => {
    tabs.update({ query: text });
    runner.showProblems([]);
    runner.renderChoice();
    completions.refresh();
  },
});
const variables = new Editor({
  label: "Variables as JSON",
  highlight: highlightJSON,
  placeholder: '{ "first": 3 }',
  onkey: runKey,
  onchange: (text) => {
    tabs.update({ variables: text });
    checkVariables();
  },
});
const headers = new Editor({
  label: "Request headers as JSON",
  highlight: highlightJSON,
  placeholder: '{ "x-request-id": "playground" }',
  onkey: runKey,
  onchange: (text) => {
    save("headers", text);
    checkHeaders();
  },
});
const completions = new CompletionList(query, (text, offset) => {
  return schema ? complete(schema, text, offset) : null;
});
const runner = new Runner({ query, variables, headers }, response, session, history);
const checkVariables = checker(variables, "Variables");
const checkHeaders = checker(headers, "Headers");

byId("query-editor").appendChild(query.root);
byId("variables-editor").appendChild(variables.root);
byId("headers-editor").appendChild(headers.root);
byId("format").addEventListener("click", format);
headers.text = String(load("headers", ""));
tabs.select(tabs.selected);
window.addEventListener("keydown", (event) => {
  if (!event.defaultPrevented && runKey(event)) event.preventDefault();
});
loadSchema();

/** @param {import("./panels/tabs.js").Tab} tab */
function showTab(tab) {
  query.text = tab.query;
  variables.text = tab.variables;
  runner.showProblems([]);
  runner.renderChoice();
}

/**
 * The keys that work in every editor; returns whether it was one.
 * @param {KeyboardEvent} event
 * @returns {boolean}
 */
function runKey(event) {
  if (!(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return false;
  if (event.key === "Enter") runner.run();
  else if (event.shiftKey && event.key.toLowerCase() === "f") format();
  else return false;
  completions.close();
  return true;
}

function format() {
  const pretty = formatGraphQL(query.text);
  if (pretty === null) {
    response.setStatus(["Not formatted: the document is not complete, or a bracket has no partner."]);
    return;
  }
  if (pretty !== query.text) {
    query.replace(0, query.text.length, pretty);
    query.goTo(0);
  }
  const read = parseObject(variables.text, "Variables");
  if (read.value && variables.text.trim()) {
    variables.replace(0, variables.text.length, JSON.stringify(read.value, null, 2));
    query.area.focus();
  }
  completions.close();
}

/**
 * Marks broken JSON when typing pauses.
 * @param {Editor} editor
 * @param {string} what
 */
function checker(editor, what) {
  return debounced(500, () => {
    const { problem } = parseObject(editor.text, what);
    editor.showProblems(problem ? [problem] : []);
  });
}

async function loadSchema() {
  const status = byId("schema-status");
  status.textContent = "Loading the schema …";
  try {
    const answer = await postOperation({ query: introspectionQuery }, await session.headers());
    const problem = answer.body?.errors?.[0]?.message;
    if (!answer.body?.data?.__schema) throw new Error(problem ?? `status ${answer.status}`);
    schema = new SchemaIndex(answer.body.data);
    docs.show(schema);
    status.textContent = "";
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    status.textContent = "No schema";
    if (!schema) docs.showProblem(`The schema could not be read: ${reason}. "Reload" tries again.`);
  }
}
