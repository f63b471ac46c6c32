/** A widget of a type that is not drawn yet: its type, its queries, and that nothing of it is lost. */
import { Shapes } from "lucide-react";
import type { JsonObject } from "../data/json";
import { asString } from "../data/json";
import { queryText, targetsOf } from "../data/sources";
import { typeLabel } from "./catalogue";
import { Message, Queries } from "./Message";

export function Placeholder({ json }: { readonly json: JsonObject }) {
  const type = asString(json.type) ?? "";
  const queries = targetsOf(json).map((target, index) => ({
    refId: asString(target.refId) ?? String(index + 1),
    query: queryText(target)?.text ?? "",
  }));
  return (
    <Message icon={<Shapes size={14} />} headline={`${typeLabel(type)}: not drawn here yet`}>
      <p>Everything in it is kept, and is exported unchanged.</p>
      <Queries queries={queries} />
    </Message>
  );
}
