/** Text cases against `ot-text-unicode`: compose, transform on both sides, invert, apply. */
import { type } from "ot-text-unicode";
import { isDeepStrictEqual } from "node:util";

/** Our order of the two sides is theirs: the earlier insert goes first, as `left` does. */
const SIDES = { earlier: "left", later: "right" };

export class Text {
  run(found, report) {
    const { text, a, b, next, after } = found;
    const same = (what, theirs, ours) => {
      const [spelled, wanted] = [canonical(theirs), canonical(ours)];
      const equal = isDeepStrictEqual(spelled, wanted);
      const kind = !equal ? "unexplained" : isDeepStrictEqual(theirs, ours) ? "equal" : "equal, spelled otherwise";
      report(what, kind, `ot-text-unicode ${JSON.stringify(theirs)}, ours ${JSON.stringify(ours)}`);
    };
    const is = (what, theirs, ours) =>
      report(what, theirs === ours ? "equal" : "unexplained", `ot-text-unicode ${theirs}, ours ${ours}`);
    const strip = type.normalize;
    is("apply", type.apply(text, a), after[0]);
    is("apply the next", type.apply(after[0], next), after[1]);
    same("compose", strip(type.compose(a, next)), found.composed);
    for (const [side, theirs] of Object.entries(SIDES)) {
      same(`transform, ${side}`, strip(type.transform(a, b, theirs)), found[side]);
    }
    same("invert", strip(type.invert(a)), found.inverse);
  }
}

/** Between two skips one insert stands before one delete; both orders mean the same. */
export function canonical(op) {
  const out = [];
  for (const part of op) {
    const last = out.at(-1);
    if (typeof part === "string" && typeof last === "object") {
      out.pop();
      if (typeof out.at(-1) === "string") out[out.length - 1] += part;
      else out.push(part);
      out.push(last);
    } else if (typeof part === "object" && typeof last === "object") {
      last.d += part.d;
    } else if (typeof part === "string" && typeof last === "string") {
      out[out.length - 1] += part;
    } else {
      out.push(typeof part === "object" ? { ...part } : part);
    }
  }
  return out;
}
