// START and JumpSTART: what is asked next, and the colour; the rules of `corridor/journey/care/triage.py`.

const START_BREATHS_MAX = 30;
const START_REFILL_MAX = 2;
const JUMPSTART_BREATHS_MIN = 15;
const JUMPSTART_BREATHS_MAX = 45;

/** The next step for what was seen so far: `ask`, the name of what to look at, or `colour`. */
export function triage(system, seen) {
  if (seen.walks === undefined) return { ask: "walks" };
  if (seen.walks) return { colour: "green" };
  if (seen.breathing_per_minute === undefined) return { ask: "breathing_per_minute" };
  return system === "start" ? start(seen) : jumpstart(seen);
}

function start(seen) {
  if (seen.breathing_per_minute === 0) {
    if (seen.breathes_after === undefined) return { ask: "breathes_after" };
    return { colour: seen.breathes_after === "neither" ? "black" : "red" };
  }
  if (seen.breathing_per_minute > START_BREATHS_MAX) return { colour: "red" };
  if (seen.pulse === false || (seen.refill_seconds ?? 0) > START_REFILL_MAX) return { colour: "red" };
  if (seen.pulse === undefined && seen.refill_seconds === undefined) return { ask: "pulse" };
  if (seen.obeys === undefined) return { ask: "obeys" };
  return { colour: seen.obeys ? "yellow" : "red" };
}

function jumpstart(seen) {
  const breaths = seen.breathing_per_minute;
  if (breaths === 0) {
    if (seen.breathes_after === "airway" || seen.breathes_after === "rescue_breaths") return { colour: "red" };
    if (seen.breathes_after === undefined) return { ask: "breathes_after" };
    return seen.pulse === undefined ? { ask: "pulse" } : { colour: "black" };
  }
  if (breaths < JUMPSTART_BREATHS_MIN || breaths > JUMPSTART_BREATHS_MAX) return { colour: "red" };
  if (seen.pulse === undefined) return { ask: "pulse" };
  if (!seen.pulse) return { colour: "red" };
  if (seen.avpu === undefined) return { ask: "avpu" };
  return { colour: seen.avpu === "pain_inappropriate" || seen.avpu === "unresponsive" ? "red" : "yellow" };
}
