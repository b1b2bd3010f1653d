// What a user of the document writes: each answer's members have the types that the gateway's answers have.
import createClient from "openapi-fetch";
import type { components, paths } from "./gateway.js";

type Conflict = components["schemas"]["Conflict"];
type CloudEvent = components["schemas"]["CloudEvent"];

export async function tryAll(baseUrl: string): Promise<string[]> {
  const client = createClient<paths>({ baseUrl });
  const told: string[] = [];
  const path = { channel: "orders-client" };

  const published = await client.POST("/api/realtime/publish", {
    body: { channel: path.channel, type: "order.updated", data: { a: 1 } },
  });
  const cursor: string = must(published.data).cursor;
  told.push(`published ${cursor.includes("-")}`);

  const cloudEvent: CloudEvent = {
    specversion: "1.0",
    id: "1",
    source: "/client",
    type: "order.updated",
    channel: path.channel,
    data: { a: 1 },
    sequence: 7,
  };
  // @ts-expect-error: it names no channel
  const nowhere: CloudEvent = { specversion: "1.0", id: "1", source: "/client", type: "order.updated", data: {} };
  told.push(`cloud events ${cloudEvent.id === nowhere.id}`);

  const batch = await client.POST("/api/realtime/publish/batch", {
    body: {
      events: [
        { channel: path.channel, type: "order.updated", data: { a: 2 } },
        { channel: path.channel, type: "nope", data: {} },
      ],
    },
  });
  for (const result of must(batch.data).results) {
    told.push("error" in result ? `refused ${result.error.field}` : `accepted ${result.channel}`);
  }

  const poll = await client.GET("/api/realtime/poll", { params: { query: { channel: [path.channel], cursor } } });
  const news = must(poll.data);
  const value: unknown = news.events[0]?.data["a"];
  told.push(`polled ${value} ${news.payload?.["type"]} ${news.hasUpdate} ${news.gap?.[0]?.reason}`);

  const made = await client.PUT("/api/realtime/documents/{channel}", { params: { path }, body: { status: "new" } });
  const version = must(made.response.headers.get("ETag"));
  const read = await client.GET("/api/realtime/documents/{channel}", { params: { path } });
  const status: unknown = must(read.data)["status"];
  told.push(`read ${status}`);

  const change = { params: { path, header: { "If-Match": version } }, bodySerializer: JSON.stringify };
  const headers = { "Content-Type": "application/merge-patch+json" };
  await client.PATCH("/api/realtime/documents/{channel}", { ...change, headers, body: { status: "paid" } });
  const late = await client.PATCH("/api/realtime/documents/{channel}", { ...change, headers, body: { status: "lost" } });
  told.push(isConflict(late.error) ? shown(late.error) : `no conflict: ${late.response.status}`);
  return told;
}

function shown(conflict: Conflict): string {
  const place = must(conflict.conflicts[0]);
  const current: unknown = conflict.current?.["status"];
  const merged: unknown = conflict.proposals.merge?.["status"];
  return `conflict ${place.pointer} ${place.base} ${place.theirs} ${place.yours} ${current} ${merged} ${conflict.base}`;
}

function isConflict(problem: { type: string } | undefined): problem is Conflict {
  return problem?.type === "urn:heliograph:problem:precondition-failed";
}

function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) {
    throw new Error("nothing is there");
  }
  return value;
}
