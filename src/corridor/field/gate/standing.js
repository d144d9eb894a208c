// Where people stand as this phone knows it: the roster, and on top what was recorded here since.

export const MARK_HOURS = 18; // how long "stood at the gate" counts as being here

const MARKS = new Set(["at_gate", "turned_back", "sighted", "crossed", "boarded", "alighted", "received"]);

/** What was recorded here of each person, without what was corrected: person -> records, the oldest first. */
export function recordsByPerson(records) {
  const voided = new Set(records.filter(({ event }) => event.kind === "corrected").map(({ event }) => event.body.of));
  const found = new Map();
  for (const record of records) {
    if (voided.has(record.id)) continue;
    for (const person of record.event.persons) {
      if (!found.has(person)) found.set(person, []);
      found.get(person).push(record);
    }
  }
  return found;
}

/** A person's `account`, by which own record it is (`by`, null: the roster's), and the last `mark` of today here. */
export function standing(row, records = [], { now, rosterAt }) {
  const isNews = ({ receipted, receiptedAt }) => !receipted || rosterAt === null || receiptedAt > rosterAt;
  const moved = records.filter((record) => record.event.target && isNews(record)).at(-1) ?? null;
  const today = ({ at, event }) => now - at < MARK_HOURS * 3_600_000 && MARKS.has(event.kind);
  return {
    account: moved ? moved.event.target : (row?.account ?? null),
    by: moved,
    mark: records.filter(today).at(-1) ?? null,
  };
}

/** Whether somebody is at a place: their account says so, or they were seen at its gate and have not left it since. */
export function isHere({ account, mark }, place) {
  if (account === `place:${place}`) return true;
  return mark?.event.kind === "at_gate" && mark.event.body.gate === place;
}

/** The colour as it stands at a moment: a clearance may have run out since the roster came. */
export function colourOf(row, now) {
  if (!row) return { colour: "unknown", why: null };
  if (row.colour === "cleared" && row.until !== null && now >= row.until) return { colour: "not", why: "expired" };
  return { colour: row.colour ?? "unknown", why: row.why };
}

/** What speaks against an action, each as `{code, people}`: facts to look at before it is recorded, never a refusal.
 *
 * `chosen` and `party` are `{row, id, stands, colour}`; `source` and `target` are accounts, null where nobody moves. */
export function warnings({ action, chosen, party, source, target, movement = null, seatsLeft = null, expired = false }) {
  const found = [];
  const say = (code, people) => {
    if (people.length) found.push({ code, people });
  };
  const travels = action === "crossed" || action === "boarded";
  if (expired) found.push({ code: "roster_expired", people: [] });
  const already = target ? chosen.filter(({ stands }) => stands.account === target) : [];
  const going = chosen.filter((one) => !already.includes(one));
  say(`already_${action}`, already);
  if (travels) {
    say("hold", going.filter(({ colour }) => colour.colour === "hold"));
    say("not_cleared", going.filter(({ colour }) => colour.colour === "not"));
    say("not_in_roster", going.filter(({ row }) => !row));
    const ids = new Set(chosen.map(({ id }) => id));
    const stays = ({ id, stands }) => !ids.has(id) && (stands.account === source || stands.account === null);
    say("party_split", party.filter(stays));
  }
  if (source) {
    const elsewhere = ({ row, stands }) => row && stands.account !== source && stands.account !== target;
    say("elsewhere", going.filter(elsewhere));
  }
  if (action === "boarded") say("not_planned", going.filter(({ row }) => row && row.movement !== movement));
  if (seatsLeft !== null && going.length > seatsLeft) found.push({ code: "no_seats", people: [] });
  return found;
}

/** How a movement's columns differ: planned and not aboard, aboard and not planned. */
export function differences(people, movement) {
  const aboard = ({ stands }) => stands.account === `aboard:${movement}`;
  return {
    aboard: people.filter(aboard),
    missing: people.filter((one) => one.row?.movement === movement && !aboard(one) && one.stands.mark?.event.kind !== "alighted"),
    extra: people.filter((one) => aboard(one) && one.row?.movement !== movement),
  };
}
