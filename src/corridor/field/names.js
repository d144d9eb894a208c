// Names on the phone: brought into the same form as at headquarters, found by the same keys, spelled as a zone spells.
//
// Everything that is a rule stands in the tables that headquarters hands out (`corridor.names.phone.phone_tables`);
// what follows is how they are read, step by step as in `corridor/names/normalise.py`, `skeleton.py` and
// `mrz/spelling.py`. Golden vectors and drawn names hold the two to each other.

const ARTICLE = "+";
const ABD = "=";
const ZONE_CHARS_MAX = 300;
const ORIGINALS_MAX = 32;
const MARKED = ["XH", "XKH", "XSH", "XTH", "XDH", "XSS", "XDZ", "XTT", "XZZ", "XAY", "XAH", "XTA", "XE"];

const chars = (text) => [...text];
const cut = (text, most) => (text.length <= most ? text : chars(text).slice(0, most).join(""));
const size = (text) => chars(text).length;
const isAscii = (text) => /^[\x00-\x7f]*$/.test(text);
const isLatin = (letter) => letter >= "a" && letter <= "z";
const escaped = (text) => text.replace(/[\\\]^-]/g, "\\$&");

/** What the tables of one version make of names. Tables of another format are refused. */
export function namesBy(tables) {
  if (tables.format !== 1) throw new Error(`names.js reads tables of format 1, not ${tables.format}`);
  const normalise = reader(tables.normalise);
  const zone = speller(tables.spelling);
  return { version: tables.version, ...normalise, ...zone };
}

function reader(table) {
  const letters = new Map(Object.entries(table.letters));
  const articles = new Set(table.articles);
  const beforeHyphen = new Set([...table.articles, ...table.articles_before_hyphen]);
  const abd = new Set(table.abd);
  const abdInitials = new Set(table.abd_glued.map(([prefix]) => chars(prefix)[0]));
  const toCyrillic = new Map(table.look_alikes);
  const toLatin = new Map(table.look_alikes.map(([latin, cyrillic]) => [cyrillic, latin]));
  const tied = `${escaped(table.geresh.letters)}ץ`;
  const marks = escaped(table.geresh.marks);
  const geresh = new RegExp(`(?<=[${tied}])[${marks}]`, "gu");
  const stray = new RegExp(`(?<![${tied}])[${marks}]`, "gu");
  const hebrew = /[\u0590-\u05ff\ufb1d-\ufb4f]/;

  /** The letters and digits of a name in their common form, parts apart by spaces, hyphens kept. */
  function fold(name) {
    let text = cut(name, table.name_chars_max);
    if (!isAscii(text)) {
      text = cut(text.normalize("NFKC"), table.name_chars_max);
      if (hebrew.test(text)) text = text.replace(stray, "").replace(geresh, "׳");
    }
    return chars(text.toLowerCase()).map(letterOf).join("");
  }

  function letterOf(letter) {
    let kept = letters.get(letter);
    if (kept === undefined) {
      kept = /[\p{L}\p{N}]/u.test(letter) ? letter : /[\p{M}\p{Cf}]/u.test(letter) ? "" : " ";
      letters.set(letter, kept);
    }
    return kept;
  }

  /** The keys of the parts of a name, in the order written. */
  function keys(name) {
    const found = [];
    let before = ""; // the prefix that waits for its part, and how it was written
    let written = [];
    for (const [piece, hyphen] of pieces(name)) {
      if (!before && abd.has(piece)) {
        [before, written] = [ABD, [piece]];
      } else if ((hyphen ? beforeHyphen : articles).has(piece)) {
        [before, written] = [before || ARTICLE, [...written, piece]];
      } else {
        found.push(keyOf(piece, before));
        [before, written] = ["", []];
      }
      if (found.length === table.parts_max) return found;
    }
    return [...found, ...written].slice(0, table.parts_max);
  }

  function* pieces(name) {
    for (const word of fold(name).split(" ").filter(Boolean)) {
      const runs = word.includes("-") ? word.split("-").filter(Boolean) : [word];
      for (const [place, run] of runs.entries()) {
        yield [oneScript(cut(run, table.part_chars_max)), place + 1 < runs.length];
      }
    }
  }

  /** A word that mixes Latin and Cyrillic letters which look alike is read in the script of its other letters. */
  function oneScript(piece) {
    if (isAscii(piece)) return piece;
    const latin = chars(piece).filter(isLatin).length;
    if (!latin || latin === size(piece)) return piece;
    const cyrillic = chars(piece).map((letter) => toCyrillic.get(letter) ?? letter);
    if (!cyrillic.some(isLatin)) return cyrillic.join("");
    const back = chars(piece).map((letter) => toLatin.get(letter) ?? letter).join("");
    return isAscii(back) ? back : piece;
  }

  function keyOf(written, before) {
    const piece = Object.hasOwn(table.parts, written) ? table.parts[written] : written;
    if (before) return before + (withoutArticle(piece, before === ABD ? 2 : 3) ?? piece);
    if (abdInitials.has(chars(piece)[0])) {
      for (const [prefix, instead] of table.abd_glued) {
        if (!piece.startsWith(prefix)) continue;
        const rest = instead + piece.slice(prefix.length);
        if (size(rest) >= (prefix === "عبدال" ? 2 : table.abd_rest_min)) return ABD + rest;
      }
    }
    const rest = withoutArticle(piece, 3);
    return rest === null ? piece : ARTICLE + rest;
  }

  /** What follows an article written together with its word; null when it has none. */
  function withoutArticle(piece, restMin) {
    for (const [article, rule] of Object.entries(table.article_glued)) {
      if (!piece.startsWith(article) || size(piece) - size(article) < restMin) continue;
      if (rule.not.includes(piece) || rule.not_starting.some((start) => piece.startsWith(start))) return null;
      return piece.slice(article.length);
    }
    return null;
  }

  /** The script of the first letter that has one. */
  function scriptOf(text) {
    for (const letter of text) {
      const code = letter.codePointAt(0);
      for (const [script, ranges] of Object.entries(table.scripts)) {
        if (ranges.some(([first, last]) => first <= code && code <= last)) return script;
      }
    }
    return "other";
  }

  const textOf = (key) => (key.startsWith(ARTICLE) || key.startsWith(ABD) ? key.slice(1) : key);

  /** The classes of the consonants of one part: MMT for Mohammed, Мухаммед and محمد. */
  function skeleton(key) {
    const text = chars(textOf(key));
    const digraphs = table.skeleton.digraphs[scriptOf(text)] ?? {};
    let found = "";
    for (let place = 0; place < text.length; ) {
      const groups = [3, 2].filter((many) => place + many <= text.length);
      const length = groups.find((many) => Object.hasOwn(digraphs, text.slice(place, place + many).join("")));
      if (length !== undefined) {
        found += digraphs[text.slice(place, place + length).join("")];
        place += length;
        continue;
      }
      const letter = Object.hasOwn(table.skeleton.letters, text[place]) ? table.skeleton.letters[text[place]] : "";
      if (!letter || !found.endsWith(letter)) found += letter;
      place += 1;
    }
    return found;
  }

  /** By what a name is found: `n:` and the letters of each part, `s:` and its consonants where there are two or more. */
  function searchKeys(name) {
    const found = new Set();
    for (const key of keys(name)) {
      found.add(`n:${textOf(key)}`);
      const bones = skeleton(key);
      if (bones.length > 1) found.add(`s:${bones}`);
    }
    return [...found];
  }

  return { fold, keys, skeleton, scriptOf, searchKeys };
}

function speller(table) {
  const { latin, cyrillic, arabic, marks } = table;
  const letters = {
    ...latin.letters, ...cyrillic.beyond, ...cyrillic.letters, ...arabic.beyond, ...arabic.letters,
  };
  const dropped = new Set(chars(cyrillic.dropped + arabic.dropped + marks.dropped));
  const filler = new Set(chars(marks.filler));
  const back = {
    Arabic: turned({ ...arabic.letters, ...arabic.last }),
    Cyrillic: turned(cyrillic.letters),
  };
  for (const [letter, code] of Object.entries(arabic.letters)) {
    if (!back.Arabic.has(code)) back.Arabic.set(code, [letter]);
  }
  const russianPassport = new Map(Object.entries(table.russian_passport.letters).map(([letter, code]) => [code, letter]));
  const isCapital = (letter) => letter >= "A" && letter <= "Z" && letter.length === 1;

  /** A name in the zone's letters, and the characters that the tables do not know. */
  function spelled(name, language = null) {
    const exceptions = cyrillic.languages[language] ?? { letters: {}, first: {} };
    const text = chars(cut(cut(name, ZONE_CHARS_MAX).normalize("NFKC").toUpperCase().normalize("NFC"), ZONE_CHARS_MAX));
    const made = [];
    const leftOut = new Set();
    text.forEach((letter, index) => {
      const first = index === 0 || filler.has(text[index - 1]);
      const last = index + 1 === text.length || filler.has(text[index + 1]);
      if (isCapital(letter)) made.push(letter);
      else if (filler.has(letter)) made.push("<");
      else if (dropped.has(letter)) return;
      else if (letter === arabic.doubles) made.push(made.length && made.at(-1) !== "<" ? made.at(-1) : "");
      else if (first && letter in exceptions.first) made.push(exceptions.first[letter]);
      else if (letter in exceptions.letters) made.push(exceptions.letters[letter]);
      else if (last && letter in arabic.last) made.push(arabic.last[letter]);
      else if (letter in letters) made.push(letters[letter]);
      else {
        const bare = chars(letter.normalize("NFD")).filter(isCapital).join("");
        made.push(bare);
        if (!bare && !/\p{Mn}/u.test(letter)) leftOut.add(letter);
      }
    });
    return { text: made.join("").split("<").filter(Boolean).join("<"), leftOut: [...leftOut].join("") };
  }

  /** Names that a zone's spelling can stand for in a script, the likeliest first; none when it cannot come from it. */
  function originals(spelling, script) {
    const text = cut(spelling, ZONE_CHARS_MAX).replaceAll("<", " ").trim();
    if (script === "Latin") return text ? [text] : [];
    const codes = back[script];
    const longest = Math.max(...[...codes.keys()].map((code) => code.length));
    const choices = [];
    for (let at = 0; at < text.length; ) {
      let length = text[at] === " " ? 1 : Math.min(longest, text.length - at);
      if (text[at] !== " ") while (length && !codes.has(text.slice(at, at + length))) length -= 1;
      if (!length) return [];
      choices.push(text[at] === " " ? [" "] : codes.get(text.slice(at, at + length)));
      at += length;
    }
    return choices.length ? firstOf(choices, ORIGINALS_MAX) : [];
  }

  const fromRussianPassport = (spelling) => chars(spelling).map((code) => russianPassport.get(code) ?? code).join("");
  const mayBeArabic = (spelling) =>
    MARKED.some((code) => spelling.includes(code)) && originals(spelling, "Arabic").length > 0;

  return { spelled, originals, fromRussianPassport, mayBeArabic };
}

function turned(letters) {
  const found = new Map();
  for (const [letter, code] of Object.entries(letters)) found.set(code, [...(found.get(code) ?? []), letter]);
  return found;
}

/** The first combinations of one of each, the last choice changing quickest. */
function firstOf(choices, most) {
  const places = choices.map(() => 0);
  const found = [];
  while (found.length < most) {
    found.push(choices.map((some, index) => some[places[index]]).join(""));
    let turn = choices.length - 1;
    while (turn >= 0 && places[turn] + 1 === choices[turn].length) places[turn--] = 0;
    if (turn < 0) break;
    places[turn] += 1;
  }
  return found;
}
