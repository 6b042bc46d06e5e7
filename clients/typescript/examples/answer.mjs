// Reads an inbox page by page, answers a conversation, and says what became of it: `answer.mjs CONVERSATION TEXT`.
import { connect, each, Problem } from "../dist/index.js";

const [conversation, text] = process.argv.slice(2);
const api = connect({
  address: process.env.PALABRE_API,
  token: process.env.PALABRE_TOKEN,
  patience: 1000 * Number(process.env.PATIENCE ?? 30),
});
const path = { id: conversation };
const { data: shown } = await api.GET("/conversations/{id}", { params: { path } });
const inbox = [];
const pages = each((cursor) =>
  api.GET("/conversations", { params: { query: { channel: [shown.channel], limit: 1, ...(cursor && { cursor }) } } }),
);
for await (const found of pages) inbox.push(found.id);
const { data: reply } = await api.POST("/conversations/{id}/replies", { params: { path }, body: { text } });
const code = await api.GET("/replies/{id}", { params: { path: { id: "rpl_none" } } }).catch((problem) => {
  if (problem instanceof Problem) return problem.code;
  throw problem;
});
const { data: kept } = await api.GET("/replies/{id}", { params: { path: { id: reply.id } } });
console.log(JSON.stringify({ inbox, reply: reply.id, text: kept.text, code }));
