// What a client does in a day. Prints one JSON object of what it saw.
import { GraphQLFailure, MemoryTokenStore, StudioClient } from "./studio-client";
import {
  AnythingQuery,
  CreateFlowMutation,
  ExecuteFlowMutation,
  FlowsQuery,
  LoginMutation,
  RunSubscription,
  SetAvatarMutation,
  SetThemeMutation,
  UpdateFlowMutation,
  ViewerQuery,
} from "./operations";
import type { CreateFlowInput, PersonFragment } from "./operations";

declare const process: { argv: string[] };

// A picture of one pixel.
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const flowInput: CreateFlowInput = {
  name: "Of a TypeScript client",
  intention: "To be watched.",
  nodes: [
    { key: "start", title: "Start", kind: "TRIGGER" },
    { key: "pause", title: "Pause", kind: "DELAY", config: { durationMilliseconds: 400 } },
    { key: "double", title: "Double", kind: "TRANSFORM", config: { expression: "({twice: run.input.order * 2})" } },
  ],
  connections: [
    { from: "start", to: "pause" },
    { from: "pause", to: "double" },
  ],
};

async function codeOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLFailure) return error.code;
    throw error;
  }
}

// What comes of a subscription at a server that has its moods, and how it ends.
async function moods(url: string): Promise<{ sequences: number[]; code?: string }> {
  const tokens = new MemoryTokenStore({ accessToken: "a0", refreshToken: "r0", expiresAt: Date.now() + 900_000 });
  const client = new StudioClient({ url, tokens, attempts: 5 });
  const sequences: number[] = [];
  try {
    for await (const { executionUpdated: event } of client.subscribe(RunSubscription, { id: "exec_1" })) {
      sequences.push(event.sequence);
    }
    return { sequences };
  } catch (error) {
    if (error instanceof GraphQLFailure) return { sequences, code: error.code };
    throw error;
  }
}

async function tour(url: string, streams: string, email: string, password: string, moody: string): Promise<void> {
  const tokens = new MemoryTokenStore();
  const client = new StudioClient({ url, tokens });
  const { login } = await client.execute(LoginMutation, { input: { email, password } });
  // As if the access token had run out: many requests at once renew it once, or the session would be ended.
  await client.signIn({ ...login, expiresIn: 0 });
  const people: Array<PersonFragment | undefined> = await Promise.all(
    Array.from({ length: 20 }, async () => (await client.execute(ViewerQuery, {})).viewer?.user)
  );
  // As if the server had forgotten its keys: it refuses the token, and the client renews it.
  const current = tokens.load();
  if (current) tokens.save({ ...current, accessToken: "forged" });
  const themed = (await client.execute(SetThemeMutation, { theme: "MINT_VOLTAGE" })).setTheme.user;

  // A wrong password is no token that has run out: nothing is renewed, nothing sent again.
  const kept = tokens.load();
  const wrong = await codeOf(() => client.execute(LoginMutation, { input: { email, password: `not-${password}` } }));
  const wrongPassword = tokens.load() === kept ? wrong : undefined;

  const picture = new Blob([Uint8Array.from(atob(pixel), (letter) => letter.charCodeAt(0))], { type: "image/png" });
  const avatar = (await client.execute(SetAvatarMutation, { file: picture })).setAvatar.user.avatarUrl;

  const flow = (await client.execute(CreateFlowMutation, { input: flowInput })).createFlow.flow;
  const page = (await client.execute(FlowsQuery, { first: 5, withNodes: true })).flows;
  const found = (await client.execute(AnythingQuery, { id: flow.id })).node;
  const conflict = await codeOf(() =>
    client.execute(UpdateFlowMutation, { input: { id: flow.id, name: "Another", expectedRevision: 99 } })
  );

  const watcher = new StudioClient({ url: streams, tokens });
  const run = (await client.execute(ExecuteFlowMutation, { flowId: flow.id, input: { order: 7 } })).executeFlow.execution;
  const sequences: number[] = [];
  let result: unknown = null;
  let status: string | undefined;
  for await (const { executionUpdated: event } of watcher.subscribe(RunSubscription, { id: run.id })) {
    sequences.push(event.sequence);
    if (event.__typename === "ExecutionFinished") {
      result = event.result;
      status = event.status;
    }
  }

  const nodeKeys = page.nodes[0]?.nodes?.map((node) => node.key);
  const flowName = found?.__typename === "AutomationFlow" ? found.name : undefined;
  const report = {
    people: people.length, email: people[0]?.email, theme: themed.theme, avatar, flowName, nodeKeys, conflict, sequences,
    result, status, wrongPassword,
    moody: await Promise.all(["resumed", "endless", "forbidden"].map((mood) => moods(`${moody}/${mood}`))),
  };
  console.log(JSON.stringify(report));
}

const [url, streams, email, password, moody] = process.argv.slice(2);
tour(url, streams, email, password, moody).catch((error) => {
  console.error(error);
  throw error;
});
