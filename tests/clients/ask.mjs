// Asks the endpoint of the first argument with Comunica, and prints one JSON object.
import { QueryEngine } from "@comunica/query-sparql";

const [, , endpoint, questions] = process.argv;
const { select, ask, construct, large, wrong } = JSON.parse(questions);
const engine = new QueryEngine();
const context = { sources: [{ type: "sparql", value: endpoint }] };
const rows = await (await engine.queryBindings(select, context)).toArray();
const many = await (await engine.queryBindings(large, context)).toArray();
const triples = await (await engine.queryQuads(construct, context)).toArray();
const truth = await engine.queryBoolean(ask, context);
// Comunica parses a query itself, so the wrong one is sent by the client inside it, unparsed.
let complaint = "";
try {
  const { SparqlEndpointFetcher } = await import("fetch-sparql-endpoint");
  await new SparqlEndpointFetcher().fetchBindings(endpoint, wrong);
} catch (error) {
  complaint = error.message;
}
console.log(
  JSON.stringify({
    rows: rows.map((row) => [row.get("pillar").value, row.get("grade").value]),
    many: many.length,
    triples: triples.length,
    truth,
    complaint,
  }),
);
