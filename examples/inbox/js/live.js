// Hears what happens. The socket is quick, the log is complete: what the socket misses is read from GET /events.

import { get, post } from "./api.js";

const MOST_KNOWN = 2000;

/** Calls `show(events)` for each event once, in order, from `cursor` on; `reload()` if too much was missed. Ends with the page. */
export function follow(cursor, show, reload, state) {
  const known = new Set();
  let sequence = 0, failures = 0, socket, work = Promise.resolve();

  const take = (events) => {
    const fresh = events.filter((event) => !known.has(event.id));
    for (const event of fresh) known.add(event.id);
    for (const id of known) { if (known.size <= MOST_KNOWN) break; known.delete(id); }
    if (fresh.length) show(fresh);
  };

  async function readOn() {
    for (let more = true; more;) {
      try {
        const page = await get("/events", { after: cursor, detail: "thin" });
        take(page.items);
        ({ cursor, more } = page);
      } catch (problem) {
        if (problem.code !== "resync_required") throw problem;
        cursor = problem.cursor;
        await reload();
      }
    }
  }

  async function hear(frame, from) {
    if (frame.type === "listening") { failures = 0; state("live"); await readOn(); }
    if (frame.type === "events") { take(frame.events); cursor = frame.cursor; }
    if (frame.type === "behind" || (frame.type === "pong" && frame.sequence > sequence)) await readOn();
    if (frame.type === "reconnect") { await open(); from.close(); }
    if (frame.sequence) sequence = Math.max(sequence, frame.sequence);
  }

  async function open() {
    const ticket = await post("/socket-tickets");
    const opened = new WebSocket(`${ticket.url}?ticket=${encodeURIComponent(ticket.ticket)}`);
    socket = opened;
    opened.onopen = () => opened.send(JSON.stringify({ do: "listen", detail: "thin" }));
    opened.onmessage = (said) => { work = work.then(() => hear(JSON.parse(said.data), opened)).catch(() => opened.close()); };
    opened.onclose = () => { if (opened === socket) again(); };
  }

  function again() {
    state("waiting");
    const seconds = Math.min(30, 2 ** failures++) * (0.5 + Math.random());
    setTimeout(() => readOn().then(open).catch(again), seconds * 1000);
  }

  setInterval(() => socket?.readyState === WebSocket.OPEN && socket.send('{"do": "ping"}'), 60_000);
  open().catch(again);
}
